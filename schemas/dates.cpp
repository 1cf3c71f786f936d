// Dates, times and ISO weeks of Asia/Shanghai as text and back. No locale, no time zone data:
// +08:00 all year.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "schemas/calendar.h"

namespace schemas {
namespace {

constexpr Micros kMinute = 60'000'000;
constexpr Micros kMicrosMax = std::numeric_limits<Micros>::max();
constexpr Day kDaysMax = 100'000'000;  // beyond it 24:00 would not fit into Micros

std::chrono::year_month_day civil(Day day) {
  return std::chrono::sys_days{std::chrono::days{std::clamp(day, -12'000'000, 11'000'000)}};
}

// `count` decimal digits at `at`; -1 where one is not a digit.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Minutes east of UTC of "Z" or "+08:00".
std::optional<int> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

// ".5", ".123456" -> microseconds; empty -> 0.
std::optional<Micros> parse_fraction(std::string_view text) {
  if (text.empty()) return 0;
  if (text.size() < 2 || text.size() > 7 || text[0] != '.') return std::nullopt;
  Micros value = digits(text, 1, text.size() - 1);
  if (value < 0) return std::nullopt;
  for (std::size_t i = text.size(); i < 7; ++i) value *= 10;
  return value;
}

}  // namespace

Day day_of(Micros t) {
  const Micros local = t > kMicrosMax - kShanghai ? kMicrosMax : t + kShanghai;
  const Micros day = local / kDayMicros;
  return static_cast<Day>(local % kDayMicros < 0 ? day - 1 : day);
}

Micros start_of(Day day) {
  return Micros{std::clamp(day, -kDaysMax, kDaysMax)} * kDayMicros - kShanghai;
}

int year_of(Day day) { return static_cast<int>(civil(day).year()); }

int weekday_of(Day day) {
  const int shifted = static_cast<int>((std::int64_t{day} + 3) % 7);  // 1970-01-01 was a Thursday
  return (shifted < 0 ? shifted + 7 : shifted) + 1;
}

std::string date_text(Day day) {
  const auto date = civil(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<Day> parse_date(std::string_view text, int first) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < first || year > kLastYear || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return static_cast<Day>(std::chrono::sys_days{date}.time_since_epoch().count());
}

Day add_years(Day day, int years) {
  using namespace std::chrono;
  const year_month_day start{sys_days{days{day}}};
  const year_month_day same{start.year() + std::chrono::years{years}, start.month(), start.day()};
  const sys_days end = same.ok() ? sys_days{same} : sys_days{same.year() / March / 1};
  return static_cast<Day>(end.time_since_epoch().count());
}

std::string time_text(Micros t) {
  const Day day = day_of(t);
  const Micros rest = std::clamp<Micros>(t - start_of(day), 0, kDayMicros - 1);
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}+08:00", date_text(day), rest / (60 * kMinute),
                     rest / kMinute % 60, rest / 1'000'000 % 60, rest % 1'000'000);
}

std::optional<Micros> parse_time(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  const auto day = parse_date(text.substr(0, 10));
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!day || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;  // no leap seconds: the ledger's time has none
  const std::size_t zone = text.find_first_of("Zz+-", 19);
  if (zone == std::string_view::npos) return std::nullopt;
  const auto fraction = parse_fraction(text.substr(19, zone - 19));
  const auto offset = parse_offset(text.substr(zone));
  if (!fraction || !offset) return std::nullopt;
  const Micros minutes = Micros{hour} * 60 + minute - *offset;
  return Micros{*day} * kDayMicros + minutes * kMinute + Micros{second} * 1'000'000 + *fraction;
}

Week week_of(Day day) { return Week{day - (weekday_of(day) - 1)}; }

std::string week_text(Week week) {
  const int year =
      year_of(week.monday + 3);  // ISO 8601: a week belongs to the year of its Thursday
  const auto new_year = std::chrono::sys_days{std::chrono::year{year} / 1 / 1};
  const int first = static_cast<int>(new_year.time_since_epoch().count());
  return fmt::format("{:04}-W{:02}", year, (week.monday + 3 - first) / 7 + 1);
}

std::optional<Week> parse_week(std::string_view text) {
  if (text.size() < 7 || text.size() > 8 || text.substr(4, 2) != "-W") return std::nullopt;
  const int year = digits(text, 0, 4), number = digits(text, 6, text.size() - 6);
  if (year < kFirstYear || year > kLastYear || number < 1 || number > 53) return std::nullopt;
  // 4 January is always in week 1.
  const auto fourth = std::chrono::sys_days{std::chrono::year{year} / 1 / 4};
  const Week first = week_of(static_cast<Day>(fourth.time_since_epoch().count()));
  const Week week{first.monday + 7 * (number - 1)};
  if (year_of(week.monday + 3) != year) return std::nullopt;
  return week;
}

}  // namespace schemas
