// A run of records reduced to what the facts keep of them, with texts under numbers of the batch's
// own. Any thread can make one from its part of the log; Facts::absorb() joins them in order.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"
#include "projections/texts.h"
#include "schemas/obligations.h"

namespace projections {

using engine::Micros;

inline constexpr std::uint32_t kNone = 0xFFFF'FFFF;  // no such item, assignment or round

enum class Subject : std::uint8_t {
  calendar,
  rules,
  department,
  enterprise,
  appeal,
  supervisor,
  supervisor_report,
  plan,
  task,
  policy,
  vocabulary,
  policy_item,
  application,
  other
};
inline constexpr std::size_t kSubjects = 14;
// Of a stream kind.
[[nodiscard]] Subject subject_of(std::string_view kind);

// Is the part of such an event a rating round? All other parts are assignments, of
// DeadlineRecomputed too.
[[nodiscard]] constexpr bool is_round_event(schemas::EventType type) {
  return type == schemas::EventType::AppealConcluded ||
         (type >= schemas::EventType::RatingInvited &&
          type <= schemas::EventType::RatingInvalidated);
}

// A whole payload, for what a fold has to read as it was recorded: calendars, plans, policies,
// items and profiles.
struct Whole {
  std::uint32_t seq = 0;
  std::vector<std::uint8_t> payload;
  bool operator==(const Whole&) const = default;
};

class FactBatch {
 public:
  void clear();
  void add(const engine::RecordView& record);  // CHECKs that seqs are dense
  // The same for a record whose payload is not at hand: it keeps its place and time, and nothing is
  // learned from it. Reports that read its stream cannot be drawn then (catalog.h, reads()).
  void add_unread(const engine::RecordView& record);
  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::size_t size() const { return drafts_.size(); }

 private:
  friend class Facts;
  struct Draft {
    Micros at = 0;
    std::uint32_t no = 0, department = 0;  // texts of the batch
    std::int32_t matter = 0;               // 0: about no assignment
    std::uint32_t args = 0, duties = 0;    // where its own end
    std::uint16_t type = 0;
    Subject subject = Subject::other;
  };
  struct DraftDuty {
    schemas::DutyOp op = schemas::DutyOp::start;
    schemas::Obligation obligation = schemas::Obligation::accept;
    schemas::DutyScope scope = schemas::DutyScope::stream;
    bool all = false, provisional = false, same_day = false, new_terms = false;
    std::int32_t matter = 0;
    std::uint32_t department = 0;
    std::int64_t value = 0;  // due, or the Monday of the week filed
  };
  std::uint32_t intern(std::string_view text);
  void add_duty(const schemas::DutyChange& change, std::string_view own, std::uint32_t own_number);

  std::uint64_t first_seq_ = 0;
  Texts texts_;
  std::vector<std::uint32_t> text_row_;  // the draft that brought a text first
  std::vector<Draft> drafts_;
  std::vector<std::int32_t> args_;
  std::vector<DraftDuty> duties_;
  std::vector<Whole> wholes_;
};

}  // namespace projections
