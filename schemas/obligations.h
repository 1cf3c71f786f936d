// ONE table of obligations 时限义务: what starts each, which limit of the rule set it has, what meets it.
// decide() computes dues through it and pins them into events; lights, reports and reminders read the
// changes that an event makes through duty_changes(), so no projection holds a deadline rule.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/rules.h"

namespace schemas {

// Where an obligation lives: the whole stream, one assignment, or one rating round (of the stream).
enum class DutyScope : std::uint8_t { stream, assignment, round };

struct ObligationRow {
  Obligation obligation;
  std::string_view name, chinese;      // "contact", "联系企业"
  DutyScope scope;
  std::string_view starts_at;          // in words, for docs
  int RuleSet::*limit;                 // nullptr: not a number of working days of the rule set
  std::string_view met_by, source;     // in words; the clause or "our choice"
};
[[nodiscard]] std::span<const ObligationRow> obligations();
[[nodiscard]] const ObligationRow& row_of(Obligation obligation);

// How a due came about (Due.workdays): the number of working days after the day of the start, or one of these.
inline constexpr std::int16_t kSameDay = 0;  // 24:00 of the very day of the start
inline constexpr std::int16_t kFixed = -1;   // set by a date: no calendar moves it

// D(t, limit) of an obligation under a rule set; nullopt: switched off. For obligations with a limit.
// return_ruling is "the same working day, else D(limit)".
[[nodiscard]] std::optional<Due> due_of(Obligation obligation, Micros start, const RuleSet& rules,
                                        const Calendar& calendar);

enum class DutyOp : std::uint8_t {
  start,    // a clock starts at `due`; one that runs (not met, not stopped) is moved there
  meet,     // met at the record's time
  reopen,   // a met one is open again with the same due (completion sent back)
  stop,     // its light goes out without having been met
  suspend,  // grey
  resume,
  weekly,   // the weekly progress duty begins with the week after this record's (LongTermApproved)
  filed,    // progress of `week` was filed
  restore,  // takes back one `stop` (completion sent back, appeal unmerged); what is met stays met
};

struct DutyChange {
  DutyOp op = DutyOp::start;
  bool all = false;                      // every obligation of the scope (obligation is then unused)
  Obligation obligation = Obligation::accept;
  DutyScope scope = DutyScope::stream;   // scope stream with all=true: everything in the stream, assignments too
  int matter = 0;                        // of an assignment: the newest one of matter and department
  std::string_view department{};
  Micros due = 0;
  bool provisional = false;
  std::int16_t workdays = kFixed;        // of `start`: Due.workdays
  bool same_day = false;                 // of `start`: the same-day track 即办, yellow from dispatch
  bool new_terms = false;                // of `start`: extended or long-term, so no longer same-day
  Day week = 0;                          // Monday, for `filed`
};

// The changes that one record makes, in a fixed order. Total: known types without duties give none.
// Scope round means the newest round of the stream. Changes of clocks that do not exist mean nothing.
void duty_changes(const engine::RecordView& record,
                  absl::FunctionRef<void(const DutyChange&)> change);

// Lights 灯 (domain.md section 4): a pure function of one obligation and a moment.
enum class Light : std::uint8_t { none, green, yellow, red, grey };
[[nodiscard]] std::string_view light_name(Light light);  // "" for none
struct DutyState {
  Micros started = 0, due = 0, met = 0;   // 0: not (yet)
  Obligation obligation = Obligation::accept;
  std::uint8_t stopped = 0;               // how many stops are in force: `restore` takes back one
  bool suspended = false, provisional = false;
  bool same_day = false;                  // yellow from dispatch
  std::int16_t workdays = kFixed;
  [[nodiscard]] bool running() const { return due != 0 && met == 0 && stopped == 0; }
};
[[nodiscard]] Light light_of(const DutyState& duty, Micros at);
// What a change does to the one clock that it is about (weekly and filed do nothing to a clock).
void apply(DutyState& duty, const DutyChange& change, Micros at);

}  // namespace schemas
