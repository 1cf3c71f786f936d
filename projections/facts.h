// The facts of a ledger: what reports need of every record, in columns, and nothing else. Row i is
// record i + 1, so a state "as of seq N" is the fold of the first N rows and no report reads a
// record again. Obligations come from schemas::duty_changes alone; there is no deadline rule here.
//
// Derived data: thrown away and rebuilt when kVersion changes. Any number of threads may read while
// nobody applies or loads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "engine/result.h"
#include "event_generated.h"
#include "projections/texts.h"
#include "schemas/calendar.h"
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
  other
};
inline constexpr std::size_t kSubjects = 10;

// A stream. `ordinal` counts the items of one subject in order of their first seq.
struct Item {
  Subject subject = Subject::other;
  std::uint32_t ordinal = 0;
  std::uint32_t no = 0;     // text
  std::uint32_t first = 0;  // seq
};

// An assignment row: one a dispatch. `previous`: the one before it in the same appeal, or kNone.
struct AssignmentKey {
  std::uint32_t item = 0;
  std::int32_t matter = 0;
  std::uint32_t department = 0;  // text
  std::uint32_t previous = kNone;
  std::uint32_t seq = 0;  // of AssignmentDispatched
};

// A rating round: one a conclusion.
struct RoundKey {
  std::uint32_t item = 0;
  std::int32_t number = 0;  // from 1
  std::uint32_t previous = kNone;
  std::uint32_t seq = 0;  // of AppealConcluded
};

// One change of one obligation; `part` is an assignment, a round, or kNone for the whole stream.
struct DutyFact {
  std::uint32_t seq = 0;
  schemas::DutyOp op = schemas::DutyOp::start;
  schemas::Obligation obligation = schemas::Obligation::accept;
  schemas::DutyScope scope = schemas::DutyScope::stream;
  bool all = false, provisional = false, same_day = false, new_terms = false;
  std::uint32_t part = kNone;
  std::int64_t value = 0;  // due, or the Monday of the week filed
};

// A whole payload, for what a fold has to read as it was recorded: calendars and plans.
struct Whole {
  std::uint32_t seq = 0;
  std::vector<std::uint8_t> payload;
};

class Facts {
 public:
  static constexpr std::string_view kName = "facts";
  static constexpr std::uint32_t kVersion = 1;

  Facts();
  ~Facts();
  Facts(Facts&&) noexcept;
  Facts& operator=(Facts&&) noexcept;

  // ---- engine::Projection ----
  [[nodiscard]] std::uint64_t seq() const { return type_.size(); }
  void apply(const engine::RecordView& record);  // CHECKs that it is record seq() + 1
  [[nodiscard]] std::vector<std::uint8_t> save(std::uint64_t from) const;
  [[nodiscard]] engine::Result<void> load(std::span<const std::uint8_t> segment);

  // ---- the two times ----
  [[nodiscard]] Micros time_of(std::uint64_t seq) const { return time_[seq - 1]; }
  // The last seq with recorded_at <= at; 0 if none.
  [[nodiscard]] std::uint64_t seq_at(Micros at) const;

  // ---- rows, by seq from 1 ----
  [[nodiscard]] schemas::EventType type_of(std::uint64_t seq) const {
    return static_cast<schemas::EventType>(type_[seq - 1]);
  }
  [[nodiscard]] std::uint32_t item_of(std::uint64_t seq) const { return item_[seq - 1]; }
  // The assignment or the round that the event is about (its type says which), or kNone.
  [[nodiscard]] std::uint32_t part_of(std::uint64_t seq) const { return part_[seq - 1]; }
  // What was kept of the event; fact_fields.cpp says which fields of which event, in which order.
  [[nodiscard]] std::span<const std::int64_t> args_of(std::uint64_t seq) const {
    const std::uint32_t begin = seq == 1 ? 0 : args_end_[seq - 2];
    return {args_.data() + begin, args_end_[seq - 1] - begin};
  }

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] const std::vector<AssignmentKey>& assignments() const { return assignments_; }
  [[nodiscard]] const std::vector<RoundKey>& rounds() const { return rounds_; }
  [[nodiscard]] const std::vector<DutyFact>& duties() const { return duties_; }  // by seq
  [[nodiscard]] const std::vector<Whole>& wholes() const { return wholes_; }     // by seq
  // The items of one subject, in order of ordinal.
  [[nodiscard]] const std::vector<std::uint32_t>& items_of(Subject subject) const {
    return of_subject_[static_cast<std::size_t>(subject)];
  }
  [[nodiscard]] std::string_view text(std::int64_t id) const {
    return texts_[static_cast<std::uint32_t>(id)];
  }
  // The item of a stream, or kNone.
  [[nodiscard]] std::uint32_t find_item(Subject subject, std::string_view no) const;

 private:
  friend class SegmentReader;
  std::uint32_t item_for(Subject subject, std::string_view no, std::uint32_t seq);
  std::uint32_t find_assignment(std::uint32_t item, int matter, std::string_view department) const;
  std::uint32_t part_for(const engine::RecordView& record, std::uint32_t item, std::uint32_t seq);
  std::uint32_t intern(std::string_view text, std::uint32_t seq);
  void add_item(const Item& item);
  void add_assignment(const AssignmentKey& key);
  void add_round(const RoundKey& key);
  void add_duty(const schemas::DutyChange& change, std::uint32_t seq, std::uint32_t item);

  std::vector<std::uint16_t> type_;
  std::vector<std::uint32_t> item_, part_, args_end_;
  std::vector<Micros> time_;
  std::vector<std::int64_t> args_;
  std::vector<Item> items_;
  std::vector<AssignmentKey> assignments_;
  std::vector<RoundKey> rounds_;
  std::vector<DutyFact> duties_;
  std::vector<Whole> wholes_;
  Texts texts_;
  std::vector<std::uint32_t> text_seq_;  // the record that brought a text first

  // Found again from the columns, never stored.
  std::array<std::vector<std::uint32_t>, kSubjects> of_subject_;
  std::vector<std::uint32_t> last_assignment_, last_round_;  // by item
  struct Names;
  std::unique_ptr<Names> names_;  // (subject, no) -> item
};

// Of a stream kind.
[[nodiscard]] Subject subject_of(std::string_view kind);

// Is the part of such an event a rating round? All other parts are assignments, of
// DeadlineRecomputed too.
[[nodiscard]] constexpr bool is_round_event(schemas::EventType type) {
  return type == schemas::EventType::AppealConcluded ||
         (type >= schemas::EventType::RatingInvited &&
          type <= schemas::EventType::RatingInvalidated);
}

}  // namespace projections
