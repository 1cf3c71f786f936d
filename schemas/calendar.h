// Working days 工作日 of Asia/Shanghai (+08:00, no daylight saving). Start day not counted (民法典
// 201), a deadline ends at 24:00 of its last day (民法典 203). A year whose calendar is not
// published counts Monday to Friday, and what is computed from it is provisional. Pure values; the
// state of stream kind `calendar`.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "engine/record.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

using engine::Micros;
using Day = std::int32_t;  // days since 1970-01-01, in Shanghai
inline constexpr Micros kDayMicros = 86'400'000'000;
inline constexpr int kFirstYear = 1970, kLastYear = 2199;  // dates outside are refused
inline constexpr Micros kShanghai = 8 * 3'600'000'000;     // ahead of UTC

[[nodiscard]] Day day_of(Micros t);      // the Shanghai date of an instant
[[nodiscard]] Micros start_of(Day day);  // 00:00 of the day; 24:00 of day d is start_of(d + 1)
[[nodiscard]] int year_of(Day day);
[[nodiscard]] int weekday_of(Day day);         // 1 Monday .. 7 Sunday
[[nodiscard]] std::string date_text(Day day);  // "2021-09-16"
// Years before `first` are refused; the default is what the ledger's own dates are held to.
[[nodiscard]] std::optional<Day> parse_date(std::string_view text, int first = kFirstYear);
// The same month and day that many years later; of 29 February 1 March where there is none.
[[nodiscard]] Day add_years(Day day, int years);
[[nodiscard]] std::string time_text(Micros t);  // "2021-09-16T09:30:00.000000+08:00"
[[nodiscard]] std::optional<Micros> parse_time(
    std::string_view text);  // RFC 3339, up to microseconds

// ISO week 周: its Monday identifies it.
struct Week {
  Day monday = 0;
  [[nodiscard]] Micros from() const { return start_of(monday); }
  [[nodiscard]] Micros to() const { return start_of(monday + 7); }
  auto operator<=>(const Week&) const = default;
};
[[nodiscard]] Week week_of(Day day);
[[nodiscard]] std::string week_text(Week week);                       // "2021-W07"
[[nodiscard]] std::optional<Week> parse_week(std::string_view text);  // also "2021-W7"

struct Deadline {
  Micros due = 0;  // exclusive instant: 24:00 of the last day
  bool provisional = false;
};

// All published years together. A copyable value that apply() amends.
class Calendar {
 public:
  Calendar();
  [[nodiscard]] bool published(int year) const;
  [[nodiscard]] bool is_workday(Day day) const;
  // D(t, n): 24:00 of the n-th working day after the calendar day of t. n >= 1.
  [[nodiscard]] Deadline after(Micros t, int n) const;
  // 24:00 of the n-th working day after the last day of a deadline in force (extensions).
  [[nodiscard]] Deadline extend(Micros due, int n) const;
  // Same-day solve 即办: 24:00 of the day of t; D(1) when that day is no working day or t is at or
  // after the cut-off.
  [[nodiscard]] Deadline same_day(Micros t, int cutoff_minutes) const;
  // The same working day, else D(1) (the office rules on a return).
  [[nodiscard]] Deadline same_workday(Micros t) const;
  // The last working day of the week; nullopt: the week has none and owes nothing.
  [[nodiscard]] std::optional<Day> last_workday(Week week) const;
  // Working days d with first <= d <= last; 0 when first > last.
  [[nodiscard]] int workdays_between(Day first, Day last) const;
  // Working days after the last day of `due` up to and including the day of t; 0 when not yet due.
  [[nodiscard]] int overdue_workdays(Micros due, Micros t) const;
  // Number of calendar events so far: what events pin as `calendar`.
  [[nodiscard]] std::uint32_t version() const { return version_; }

  void apply(const engine::RecordView&
                 record);  // CalendarPublished, CalendarAmended, LocalClosureDeclared

 private:
  struct Dates {
    std::vector<Day> holidays, makeups, closures;
  };
  [[nodiscard]] int count_until(Day day) const;  // working days before `day`
  [[nodiscard]] Deadline after_day(Day start, int n) const;
  [[nodiscard]] bool touches_unpublished(Day first, Day last) const;
  void publish(int year, std::vector<Day> holidays, std::vector<Day> makeups);
  void rebuild(int year);

  std::map<int, Dates> published_;
  std::bitset<kLastYear - kFirstYear + 1> published_years_;
  std::vector<std::uint64_t> workdays_;  // bit = days since 1970-01-01
  std::vector<std::uint32_t> before_;    // working days before each word
  std::uint32_t version_ = 0;
};

// ---- the subject: stream calendar/YEAR ----
enum class CalendarStatus : std::uint8_t { none, published };
struct CalendarYear {
  CalendarStatus status = CalendarStatus::none;
  std::uint32_t version = 0;  // of the stream
  std::vector<Day> holidays, makeups, closures;
};
extern const Lifecycle kCalendarLifecycle;
[[nodiscard]] bool admits(const CalendarYear& state, const engine::RecordView& record);
void evolve(CalendarYear& state, const engine::RecordView& record);
struct CommandView;
struct Context;
// The first event only; district.cpp adds the DeadlineRecomputed events, because they are in other
// streams.
[[nodiscard]] Decision decide(const CalendarYear& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
