#include "tests/simulation/days.h"

#include <chrono>
#include <cstdio>
#include <utility>

namespace simulation {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Micros kShanghai = 8 * kHour;

year_month_day date(Day day) { return year_month_day{sys_days{std::chrono::days{day}}}; }

}  // namespace

Day day_of(Micros at) { return static_cast<Day>((at + kShanghai) / kDay); }
Micros midnight(Day day) { return day * kDay - kShanghai; }
int weekday(Day day) { return (day + 3) % 7; }  // 1970-01-01 was a Thursday
Day monday_of(Day day) { return day - weekday(day); }
int year_of(Day day) { return static_cast<int>(date(day).year()); }

Day day(int year, int month, int number) {
  const year_month_day of{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                          std::chrono::day(static_cast<unsigned>(number))};
  return static_cast<Day>(sys_days{of}.time_since_epoch().count());
}

Day parse_day(std::string_view text) {
  const std::string of(text);
  return day(std::stoi(of.substr(0, 4)), std::stoi(of.substr(5, 2)), std::stoi(of.substr(8, 2)));
}

std::string day_text(Day of) {
  const year_month_day at = date(of);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(at.year()),
                static_cast<unsigned>(at.month()), static_cast<unsigned>(at.day()));
  return text;
}

// ISO: a week belongs to the year of its Thursday.
std::string week_text(Day monday) {
  const int year = year_of(monday + 3);
  const int number = (monday + 3 - day(year, 1, 1)) / 7 + 1;
  char text[40];
  std::snprintf(text, sizeof text, "%04d-W%02d", year, number);
  return text;
}

std::string time_text(Micros at) {
  const Micros inside = at - midnight(day_of(at));
  char text[40];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%06d+08:00", static_cast<int>(inside / kHour),
                static_cast<int>(inside / kMinute % 60), static_cast<int>(inside / kSecond % 60),
                static_cast<int>(inside % kSecond));
  return day_text(day_of(at)) + text;
}

void WallCalendar::publish(int year, std::set<Day> holidays, std::set<Day> makeup_workdays) {
  years_[year] = {std::move(holidays), std::move(makeup_workdays)};
}

bool WallCalendar::works(Day day) const {
  if (closed_.contains(day)) return false;
  const auto year = years_.find(year_of(day));
  if (year != years_.end()) {
    if (year->second.holidays.contains(day)) return false;
    if (year->second.makeup_workdays.contains(day)) return true;
  }
  return weekday(day) < 5;
}

Deadline WallCalendar::after(Day from, int workdays) const {
  Deadline deadline;
  Day last = from;
  for (int left = workdays; left > 0;) {
    ++last;
    if (!is_published(year_of(last))) deadline.provisional = true;
    if (works(last)) --left;
  }
  deadline.due = midnight(last + 1);
  return deadline;
}

Deadline WallCalendar::same_day(Day day) const {
  Deadline deadline = works(day) ? Deadline{midnight(day + 1), false} : after(day, 1);
  if (!is_published(year_of(day))) deadline.provisional = true;
  return deadline;
}

int WallCalendar::workdays_between(Day first, Day last) const {
  int count = 0;
  for (Day day = first; day <= last; ++day) count += works(day) ? 1 : 0;
  return count;
}

Day WallCalendar::last_workday(Day monday) const {
  Day day = monday + 6;
  while (day >= monday && !works(day)) --day;
  return day;
}

}  // namespace simulation
