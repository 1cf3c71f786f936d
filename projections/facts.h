// The facts of a ledger: what reports need of every record, and nothing else. Row i is record i + 1
// and names the next record of the same item, so the state of one item as of seq N is the fold of
// its own few rows, and no report reads a record again. Obligations come from schemas::duty_changes
// alone; there is no deadline rule here.
//
// Derived data: thrown away and rebuilt when kVersion changes. Any number of threads may read while
// nobody applies, absorbs, loads or settles.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/record.h"
#include "engine/result.h"
#include "event_generated.h"
#include "projections/fact_batch.h"
#include "projections/texts.h"
#include "schemas/appeal.h"
#include "schemas/calendar.h"

namespace projections {

class Activity;

// One record, in half a cache line.
struct Row {
  Micros at = 0;  // recorded_at
  std::uint32_t item = 0;
  std::uint32_t part = kNone;  // the assignment or round it is about (its type says which)
  std::uint32_t next = 0;      // the next record of the item; 0: there is none yet
  std::uint32_t words = 0;     // where its words begin: arguments, then duties
  std::uint16_t type = 0;
  std::uint16_t args = 0, duties = 0;  // how many words of each
  std::int8_t opened = 0;              // 1: it opens its appeal, -1: it ends its being open
  bool operator==(const Row&) const = default;
};
static_assert(sizeof(Row) == 32);

// A stream. `ordinal` counts the items of one subject in order of their first seq.
struct Item {
  Subject subject = Subject::other;
  std::uint32_t ordinal = 0;
  std::uint32_t no = 0;            // text
  std::uint32_t first = 0;         // seq
  std::uint32_t last = 0;          // seq
  std::uint32_t namesake = kNone;  // another item with the same no, of another subject
  bool operator==(const Item&) const = default;
};

// An assignment row: one a dispatch. `previous`: the one before it in the same appeal, or kNone.
struct AssignmentKey {
  bool operator==(const AssignmentKey&) const = default;

  std::uint32_t item = 0;
  std::int32_t matter = 0;
  std::uint32_t department = 0;  // text
  std::uint32_t previous = kNone;
  std::uint32_t seq = 0;  // of AssignmentDispatched
};

// A rating round: one a conclusion.
struct RoundKey {
  bool operator==(const RoundKey&) const = default;

  std::uint32_t item = 0;
  std::int32_t number = 0;  // from 1
  std::uint32_t previous = kNone;
  std::uint32_t seq = 0;  // of AppealConcluded
};

class Facts {
 public:
  static constexpr std::string_view kName = "facts";
  static constexpr std::uint32_t kVersion = 4;

  Facts();
  ~Facts();
  Facts(Facts&&) noexcept;
  Facts& operator=(Facts&&) noexcept;

  // ---- engine::Projection ----
  using Batch = FactBatch;
  [[nodiscard]] std::uint64_t seq() const { return rows_.size(); }
  void apply(const engine::RecordView& record);  // CHECKs that it is record seq() + 1
  // The records of a batch, which begins at seq() + 1.
  void absorb(const FactBatch& batch);
  [[nodiscard]] std::vector<std::uint8_t> save(std::uint64_t from, std::uint64_t to) const;
  // Is this what save(from, to) gives, byte for byte?
  [[nodiscard]] bool is_saved(std::uint64_t from, std::uint64_t to,
                              std::span<const std::uint8_t> segment) const;
  [[nodiscard]] engine::Result<void> load(std::span<const std::uint8_t> segment);
  // Do both keep the same of the same records?
  [[nodiscard]] bool operator==(const Facts& other) const;
  // Makes room for so many records in all.
  void reserve(std::uint64_t records);

  // Finds out of every item since when it has come to rest, on up to `threads` threads. Reports are
  // the same without it, and slow.
  void settle(unsigned threads);
  [[nodiscard]] const Activity& activity() const { return *activity_; }

  // ---- the two times ----
  [[nodiscard]] Micros time_of(std::uint64_t seq) const { return rows_[seq - 1].at; }
  // The last seq with recorded_at <= at; 0 if none.
  [[nodiscard]] std::uint64_t seq_at(Micros at) const;

  // ---- rows, by seq from 1 ----
  [[nodiscard]] const Row& row(std::uint64_t seq) const { return rows_[seq - 1]; }
  [[nodiscard]] schemas::EventType type_of(std::uint64_t seq) const {
    return static_cast<schemas::EventType>(row(seq).type);
  }
  [[nodiscard]] std::uint32_t item_of(std::uint64_t seq) const { return row(seq).item; }
  [[nodiscard]] std::uint32_t part_of(std::uint64_t seq) const { return row(seq).part; }
  // What was kept of the event; fact_fields.cpp says which fields of which event, in which order.
  [[nodiscard]] std::span<const std::int32_t> args_of(const Row& row) const {
    return {words_.data() + row.words, row.args};
  }
  [[nodiscard]] std::span<const std::int32_t> args_of(std::uint64_t seq) const {
    return args_of(row(seq));
  }
  // What it does to obligations, packed (duty_words.h).
  [[nodiscard]] std::span<const std::int32_t> duties_of(const Row& row) const {
    return {words_.data() + row.words + row.args, row.duties};
  }
  // How many appeals are open after record seq: submitted and not concluded, rejected, withdrawn,
  // merged away or transferred out.
  [[nodiscard]] std::int64_t open_appeals(std::uint64_t seq) const;

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] const std::vector<AssignmentKey>& assignments() const { return assignments_; }
  // The newest assignment of an item, or kNone.
  [[nodiscard]] std::uint32_t last_assignment(std::uint32_t item) const {
    return last_assignment_[item];
  }
  // The newest rating round of an item, or kNone.
  [[nodiscard]] std::uint32_t last_round(std::uint32_t item) const { return last_round_[item]; }
  // Dispatches of appeals that had one before, by seq.
  [[nodiscard]] const std::vector<std::uint32_t>& further_dispatches() const { return further_; }
  [[nodiscard]] const std::vector<RoundKey>& rounds() const { return rounds_; }
  [[nodiscard]] const std::vector<Whole>& wholes() const { return wholes_; }  // by seq
  // The record as far as it is kept: stream, time, type and, where the whole payload is kept, that.
  // `version`: its place in its stream. Valid as long as nothing is applied.
  [[nodiscard]] engine::RecordView record_of(std::uint64_t seq, std::uint32_t version) const;
  // Records of calendars, rules, departments and plans, by seq: few, asked often.
  [[nodiscard]] const std::vector<std::uint32_t>& office_rows() const { return office_rows_; }
  // The calendar in force after record seq.
  [[nodiscard]] const schemas::Calendar& calendar_at(std::uint64_t seq) const;
  // The items of one subject, in order of ordinal.
  [[nodiscard]] const std::vector<std::uint32_t>& items_of(Subject subject) const {
    return of_subject_[static_cast<std::size_t>(subject)];
  }
  // How many items of the subject had begun with record seq.
  [[nodiscard]] std::uint32_t begun(Subject subject, std::uint64_t seq) const;
  [[nodiscard]] std::string_view text(std::int64_t id) const {
    return texts_[static_cast<std::uint32_t>(id)];
  }
  [[nodiscard]] std::uint32_t find_text(std::string_view text) const { return texts_.find(text); }
  // The item of a stream, or kNone.
  [[nodiscard]] std::uint32_t find_item(Subject subject, std::string_view no) const;
  // Items that have moved since they were settled, or never were.
  [[nodiscard]] const std::vector<std::uint32_t>& awake() const { return awake_; }

 private:
  friend class SegmentReader;
  friend class Activity;
  struct Course {
    schemas::AppealStatus status = schemas::AppealStatus::none;
    schemas::AppealStatus before = schemas::AppealStatus::none;
  };

  template <class To>
  void write(To& segment, std::uint64_t from, std::uint64_t to) const;
  std::uint32_t item_named(Subject subject, std::uint32_t no) const;  // by text
  std::uint32_t item_for(Subject subject, std::uint32_t no, std::uint32_t seq);
  std::uint32_t find_assignment(std::uint32_t item, int matter, std::uint32_t department) const;
  std::uint32_t part_for(const FactBatch::Draft& draft, std::uint32_t item, std::uint32_t seq);
  std::uint32_t intern(std::string_view text, std::uint32_t seq);
  void prefetch_item(const FactBatch::Draft& draft) const;
  void prefetch_last(const FactBatch::Draft& draft) const;
  void absorb_row(const FactBatch& batch, const FactBatch::Draft& draft);
  void absorb_duty(const FactBatch::DraftDuty& duty, Row& row, std::uint32_t seq);
  // Appends a row whose item, part and words stand, and joins it to the row before it of its item.
  void add_row(Row row);
  void add_item(const Item& item);
  void add_assignment(const AssignmentKey& key);
  void add_round(const RoundKey& key);
  void add_whole(std::uint32_t seq, std::vector<std::uint8_t> payload);
  void wake(std::uint32_t item);

  std::vector<Row> rows_;
  std::vector<std::int32_t> words_;
  std::vector<Item> items_;
  std::vector<AssignmentKey> assignments_;
  std::vector<RoundKey> rounds_;
  std::vector<Whole> wholes_;
  Texts texts_;
  std::vector<std::uint32_t> text_seq_;  // the record that brought a text first

  // Found again from the columns, never stored.
  std::array<std::vector<std::uint32_t>, kSubjects> of_subject_;
  std::vector<std::uint32_t> item_of_text_;                  // the newest item of that no
  std::vector<std::uint32_t> last_assignment_, last_round_;  // by item
  std::vector<std::uint32_t> further_, office_rows_;
  std::vector<Course> courses_;            // of appeals, by ordinal
  std::vector<std::int64_t> open_before_;  // appeals open before each block of rows
  std::int64_t open_ = 0;
  std::vector<std::pair<std::uint32_t, std::unique_ptr<const schemas::Calendar>>> calendars_;
  std::vector<std::uint8_t> asleep_;  // by item
  std::vector<std::uint32_t> awake_;
  std::vector<std::uint32_t> numbers_;  // of the texts of the batch being absorbed
  FactBatch one_;                       // for apply()
  std::unique_ptr<Activity> activity_;
};

// Does the status let an appeal count as open?
[[nodiscard]] bool is_open(schemas::AppealStatus status, schemas::AppealStatus before);
// What an event makes of an appeal's status; `before` keeps where a merged or
// excluded one came from.
void step(schemas::AppealStatus& status, schemas::AppealStatus& before, schemas::EventType type);

}  // namespace projections
