// Days and deadlines as a person counts them with a wall calendar: one day after another. It shares
// nothing with schemas/calendar.h, which it is held against.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/clock.h"

namespace simulation {

using engine::Micros;
using Day = int;  // since 1970-01-01, in Shanghai

inline constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
inline constexpr Micros kDay = 24 * kHour;

[[nodiscard]] Day day_of(Micros at);
[[nodiscard]] Micros midnight(Day day);  // 00:00 of the day in Shanghai
[[nodiscard]] int weekday(Day day);      // 0: Monday
[[nodiscard]] Day monday_of(Day day);
[[nodiscard]] int year_of(Day day);
[[nodiscard]] Day day(int year, int month, int number);
[[nodiscard]] Day parse_day(std::string_view text);  // "2021-09-16"
[[nodiscard]] std::string day_text(Day day);
[[nodiscard]] std::string week_text(Day monday);  // "2021-W38"
[[nodiscard]] std::string time_text(Micros at);   // "2021-09-16T09:30:00.000000+08:00"

struct Deadline {
  Micros due = 0;            // exclusive: 24:00 of the last day
  bool provisional = false;  // a day was looked at whose year nobody has published
};

class WallCalendar {
 public:
  void publish(int year, std::set<Day> holidays, std::set<Day> makeup_workdays);
  void close(Day day) { closed_.insert(day); }

  [[nodiscard]] bool is_published(int year) const { return years_.contains(year); }
  [[nodiscard]] bool works(Day day) const;
  // 24:00 of the n-th working day after the day `from`.
  [[nodiscard]] Deadline after(Day from, int workdays) const;
  // 24:00 of the very day where it is a working day, else of the next one.
  [[nodiscard]] Deadline same_day(Day day) const;
  [[nodiscard]] int workdays_between(Day first, Day last) const;  // both included
  // The last working day of the week, or a day before its Monday where it has none.
  [[nodiscard]] Day last_workday(Day monday) const;

 private:
  struct Year {
    std::set<Day> holidays, makeup_workdays;
  };
  std::map<int, Year> years_;
  std::set<Day> closed_;
};

}  // namespace simulation
