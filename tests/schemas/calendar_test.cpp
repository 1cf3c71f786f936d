// Working days against an independent count over the real State Council notices of 2019 to 2026,
// and the vectors of domain.md section 4.
#include "schemas/calendar.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <set>
#include <sstream>

#include "schemas/event.h"
#include "tests/support/subject.h"

namespace calendar_test {

namespace {

namespace bj = boost::json;
using namespace schemas;

constexpr int kFirst = 2019, kLast = 2026;

const bj::object& notices() {
  static const bj::object document = [] {
    std::ifstream file(TESTS_DIR "/golden/calendar/cn-workdays.json");
    std::ostringstream text;
    text << file.rdbuf();
    return bj::parse(text.str()).as_object();
  }();
  return document;
}

std::set<std::string> dates_of(int year, const char* list) {
  std::set<std::string> dates;
  for (const auto& one : notices().at("years").at(std::to_string(year)).at(list).as_array())
    dates.insert(std::string(one.at("date").as_string()));
  return dates;
}

struct YearDates {
  std::set<std::string> holidays, makeups;
};

// As known now, or as known before the amendment of that year was published.
YearDates year_dates(int year, bool before_amendment = false) {
  YearDates dates{dates_of(year, "holidays"), dates_of(year, "makeup_workdays")};
  if (!before_amendment) return dates;
  for (const auto& amendment : notices().at("amendments").as_array()) {
    if (!std::string_view(amendment.at("published").as_string()).starts_with(std::to_string(year)))
      continue;
    for (const auto& day : amendment.at("added_holidays").as_array())
      dates.holidays.erase(std::string(day.as_string()));
    for (const auto& day : amendment.at("added_makeup_workdays").as_array())
      dates.makeups.erase(std::string(day.as_string()));
    for (const auto& day : amendment.at("removed_makeup_workdays").as_array())
      dates.makeups.insert(std::string(day.as_string()));
  }
  return dates;
}

std::vector<Day> days_of(const std::set<std::string>& dates) {
  std::vector<Day> days;
  for (const std::string& date : dates) days.push_back(parse_date(date).value());
  return days;
}

template <class Native>
void apply(Calendar& calendar, Native event, int year) {
  const std::vector<std::uint8_t> payload = pack(event);
  const std::string no = std::to_string(year);
  engine::RecordView record;
  record.type = static_cast<std::uint16_t>(support::TypeOf<Native>::kType);
  record.kind = "calendar";
  record.no = no;
  record.payload = payload;
  calendar.apply(record);
}

template <class Native>
void apply_year(Calendar& calendar, int year, const YearDates& dates) {
  Native event;
  event.year = static_cast<std::int16_t>(year);
  event.holidays = days_of(dates.holidays);
  event.makeup_workdays = days_of(dates.makeups);
  apply(calendar, event, year);
}

Calendar real_calendar() {
  Calendar calendar;
  for (int year = kFirst; year <= kLast; ++year)
    apply_year<CalendarPublishedT>(calendar, year, year_dates(year));
  return calendar;
}

// The rule as the data file states it, from dates as texts and std::chrono; it shares nothing with
// the implementation. Only `closed` is ours.
class DayByDay {
 public:
  explicit DayByDay(bool before_amendments = false) {
    for (int year = kFirst; year <= kLast; ++year)
      years_[year] = year_dates(year, before_amendments);
  }
  static std::string text(std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
  }
  [[nodiscard]] bool published(std::chrono::sys_days day) const {
    return years_.contains(static_cast<int>(std::chrono::year_month_day{day}.year()));
  }
  [[nodiscard]] bool works(std::chrono::sys_days day) const {
    const unsigned weekday = std::chrono::weekday{day}.iso_encoding();
    const auto year = years_.find(static_cast<int>(std::chrono::year_month_day{day}.year()));
    if (year == years_.end()) return weekday <= 5;
    if (year->second.makeups.contains(text(day))) return true;
    return weekday <= 5 && !year->second.holidays.contains(text(day));
  }

 private:
  std::map<int, YearDates> years_;
};

std::chrono::sys_days chrono_day(Day day) { return std::chrono::sys_days{std::chrono::days{day}}; }

Micros moment(const std::string& date, const std::string& time = "12:00:00") {
  return parse_time(date + "T" + time + "+08:00").value();
}

// The last day of D(t, n), as a date.
std::string last_day(const Deadline& deadline) { return date_text(day_of(deadline.due - 1)); }

}  // namespace

TEST_CASE("calendar: counting and deadlines agree with a day-by-day count from 2018 to 2027") {
  const Calendar calendar = real_calendar();
  const DayByDay oracle;
  const Day from = *parse_date("2018-12-01"), to = *parse_date("2027-02-28");
  for (Day day = from; day <= to; ++day) {
    CAPTURE(date_text(day));
    REQUIRE(calendar.is_workday(day) == oracle.works(chrono_day(day)));
    REQUIRE(date_text(day) == DayByDay::text(chrono_day(day)));
    Day last = day;
    bool provisional = false;
    int count = 0;
    for (int n = 1; n <= 12; ++n) {
      do {
        ++last;
        provisional = provisional || !oracle.published(chrono_day(last));
      } while (!oracle.works(chrono_day(last)));
      ++count;
      CAPTURE(n);
      for (const Micros t : {start_of(day), start_of(day) + 1, start_of(day + 1) - 1}) {
        const Deadline deadline = calendar.after(t, n);
        REQUIRE(deadline.due == start_of(last + 1));
        REQUIRE(deadline.provisional == provisional);
      }
      REQUIRE(calendar.extend(start_of(day + 1), n).due == start_of(last + 1));
      REQUIRE(calendar.workdays_between(day + 1, last) == count);
      REQUIRE(calendar.overdue_workdays(start_of(day + 1), start_of(last)) == count);
      REQUIRE(calendar.overdue_workdays(start_of(day + 1), start_of(last) - 1) ==
              calendar.workdays_between(day + 1, last - 1));
    }
    REQUIRE(calendar.overdue_workdays(start_of(day + 1), start_of(day + 1) - 1) == 0);
    REQUIRE(calendar.workdays_between(day, day - 1) == 0);
  }
}

TEST_CASE("calendar: long counts agree with a day-by-day count") {
  const Calendar calendar = real_calendar();
  const DayByDay oracle;
  for (const int n : {15, 63, 64, 65, 250, 1000}) {
    for (const char* date : {"2019-01-01", "2020-02-29", "2022-12-31", "2024-06-01"}) {
      Day last = *parse_date(date);
      for (int left = n; left > 0; --left) do {
          ++last;
        } while (!oracle.works(chrono_day(last)));
      CHECK(last_day(calendar.after(moment(date), n)) == date_text(last));
    }
  }
}

TEST_CASE("calendar: the third working day after the dispatch, from the published vectors") {
  const Calendar calendar = real_calendar();
  struct Vector {
    const char* start;
    const char* days[3];
  };
  // domain.md section 4.
  const Vector vectors[] = {
      {"2021-09-16", {"2021-09-17", "2021-09-18", "2021-09-22"}},
      {"2021-09-18", {"2021-09-22", "2021-09-23", "2021-09-24"}},
      {"2021-09-29", {"2021-09-30", "2021-10-08", "2021-10-09"}},
      {"2025-01-24", {"2025-01-26", "2025-01-27", "2025-02-05"}},
      {"2026-02-13", {"2026-02-14", "2026-02-24", "2026-02-25"}},
      {"2026-09-30", {"2026-10-08", "2026-10-09", "2026-10-10"}},
  };
  for (const Vector& vector : vectors)
    for (int n = 1; n <= 3; ++n)
      CHECK(last_day(calendar.after(moment(vector.start), n)) == vector.days[n - 1]);
}

TEST_CASE("calendar: an amendment while clocks run gives the dues known before and after it") {
  Calendar calendar;
  apply_year<CalendarPublishedT>(calendar, 2020, year_dates(2020, /*before_amendment=*/true));
  CHECK(calendar.version() == 1);
  const Micros start = moment("2020-01-22");
  CHECK(last_day(calendar.after(start, 1)) == "2020-01-23");
  CHECK(last_day(calendar.after(start, 2)) == "2020-01-31");
  CHECK(last_day(calendar.after(start, 3)) == "2020-02-01");
  apply_year<CalendarAmendedT>(calendar, 2020, year_dates(2020));
  CHECK(calendar.version() == 2);
  CHECK(last_day(calendar.after(start, 1)) == "2020-01-23");
  CHECK(last_day(calendar.after(start, 2)) == "2020-02-03");
  CHECK(last_day(calendar.after(start, 3)) == "2020-02-04");
}

TEST_CASE("calendar: the amendment of 2019 makes Labour Day four days long") {
  Calendar calendar;
  apply_year<CalendarPublishedT>(calendar, 2019, year_dates(2019, /*before_amendment=*/true));
  CHECK(last_day(calendar.after(moment("2019-04-30"), 1)) == "2019-05-02");
  apply_year<CalendarAmendedT>(calendar, 2019, year_dates(2019));
  CHECK(last_day(calendar.after(moment("2019-04-30"), 1)) == "2019-05-05");
}

TEST_CASE("calendar: the weekly due day is the last working day of the ISO week") {
  const Calendar calendar = real_calendar();
  const auto last = [&](const char* week) {
    return date_text(calendar.last_workday(parse_week(week).value()).value());
  };
  CHECK(last("2021-W38") == "2021-09-26");  // a Sunday: make-up
  CHECK(last("2021-W40") == "2021-10-09");  // a Saturday
  CHECK(last("2021-W7") == "2021-02-20");
  CHECK(last("2021-W37") == "2021-09-18");
}

TEST_CASE("calendar: four weeks from 2019 to 2026 owe no progress report") {
  const Calendar calendar = real_calendar();
  std::vector<std::string> nothing;
  for (Week week = *parse_week("2019-W01"); week <= *parse_week("2026-W52"); week.monday += 7)
    if (!calendar.last_workday(week)) nothing.push_back(week_text(week));
  CHECK(nothing == std::vector<std::string>{"2019-W06", "2020-W05", "2022-W05", "2026-W08"});
}

TEST_CASE("calendar: what is solved the same day is due that day, after the cut-off the next one") {
  const Calendar calendar = real_calendar();
  const int cutoff = 16 * 60;
  const auto due = [&](const char* date, const char* time) {
    return last_day(calendar.same_day(moment(date, time), cutoff));
  };
  CHECK(due("2021-09-16", "00:00:00") == "2021-09-16");
  CHECK(due("2021-09-16", "15:59:59.999999") == "2021-09-16");
  CHECK(due("2021-09-16", "16:00:00") == "2021-09-17");
  CHECK(due("2021-09-18", "09:00:00") == "2021-09-18");  // a Saturday made up for
  CHECK(due("2021-09-19", "09:00:00") == "2021-09-22");  // no working day
  CHECK(last_day(calendar.same_workday(moment("2021-09-16", "23:59:59"))) == "2021-09-16");
  CHECK(last_day(calendar.same_workday(moment("2021-10-01"))) == "2021-10-08");
}

TEST_CASE("calendar: what rests on a year not yet published is provisional") {
  Calendar calendar;
  apply_year<CalendarPublishedT>(calendar, 2021, year_dates(2021));
  CHECK_FALSE(calendar.after(moment("2021-12-30"), 1).provisional);  // 31 December
  CHECK(calendar.after(moment("2021-12-31"), 1).provisional);        // a Monday of 2022
  CHECK(calendar.after(moment("2020-12-31"), 1).provisional == false);
  CHECK(last_day(calendar.after(moment("2021-12-31"), 1)) == "2022-01-03");  // Monday to Friday
  apply_year<CalendarPublishedT>(calendar, 2022, year_dates(2022));
  const Deadline known = calendar.after(moment("2021-12-31"), 1);
  CHECK_FALSE(known.provisional);
  CHECK(last_day(known) == "2022-01-04");
}

TEST_CASE("calendar: a local closure takes days away and stays when the year is amended") {
  Calendar calendar;
  apply_year<CalendarPublishedT>(calendar, 2021, year_dates(2021));
  LocalClosureDeclaredT closure;
  closure.days = {*parse_date("2021-09-17"), *parse_date("2021-09-18")};
  apply(calendar, closure, 2021);
  CHECK(calendar.version() == 2);
  CHECK(last_day(calendar.after(moment("2021-09-16"), 1)) == "2021-09-22");
  apply_year<CalendarAmendedT>(calendar, 2021, year_dates(2021));
  CHECK(last_day(calendar.after(moment("2021-09-16"), 1)) == "2021-09-22");
}

TEST_CASE("calendar: moments far outside every year still have an answer") {
  const Calendar calendar;
  CHECK(calendar.after(std::numeric_limits<Micros>::max(), 3).provisional);
  CHECK(calendar.after(std::numeric_limits<Micros>::min(), 3).due > 0);
  CHECK(calendar.workdays_between(std::numeric_limits<Day>::min(), -1) == 0);
  CHECK(calendar.after(moment("2199-12-30"), 250).provisional);
}

TEST_CASE("calendar: dates and times are read strictly") {
  CHECK(time_text(*parse_time("2021-09-16T01:30:00Z")) == "2021-09-16T09:30:00.000000+08:00");
  CHECK(time_text(*parse_time("2021-09-16T09:30:00.5+08:00")) ==
        "2021-09-16T09:30:00.500000+08:00");
  CHECK(*parse_time("2021-09-16T09:30:00.123456+08:00") -
            *parse_time("2021-09-15T20:30:00-05:00") ==
        123456);
  CHECK(*parse_time("1970-01-01T00:00:00Z") == 0);
  for (const char* bad :
       {"", "2021-09-16", "2021-09-16T09:30:00", "2021-09-16 09:30:00+08:00",
        "2021-09-16T09:30:00+0800", "2021-09-16T24:00:00+08:00", "2021-09-16T09:60:00+08:00",
        "2021-09-16T09:30:60+08:00", "2021-02-29T09:30:00+08:00", "2021-13-01T09:30:00+08:00",
        "2021-09-16T09:30:00.1234567+08:00", "2021-09-16T09:30:00.+08:00", "1969-09-16T09:30:00Z",
        "2200-01-01T00:00:00Z", "2021-9-16T09:30:00+08:00", "2021-09-16T09:30:00+08:00 ",
        "+021-09-16T09:30:00Z", "2021-09-16T09:30:00+24:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad).has_value());
  }
  CHECK(date_text(*parse_date("2020-02-29")) == "2020-02-29");
  for (const char* bad : {"", "2021-02-29", "2021-2-1", "2021/02/01", "2021-00-01", "2021-04-31",
                          "2021-04-010", " 2021-04-01"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_date(bad).has_value());
  }
}

TEST_CASE("calendar: every time from 1970 to 2199 prints as it was read") {
  for (Micros t = 0; t < *parse_time("2199-12-31T00:00:00Z"); t += 9'876'543'210'987) {
    REQUIRE(parse_time(time_text(t)) == t);
    REQUIRE(start_of(day_of(t)) <= t);
    REQUIRE(start_of(day_of(t) + 1) > t);
  }
}

TEST_CASE("calendar: ISO weeks belong to the year of their Thursday") {
  CHECK(week_text(week_of(*parse_date("2021-01-03"))) == "2020-W53");
  CHECK(week_text(week_of(*parse_date("2021-01-04"))) == "2021-W01");
  CHECK(week_text(week_of(*parse_date("2024-12-30"))) == "2025-W01");
  CHECK(date_text(parse_week("2021-W07")->monday) == "2021-02-15");
  CHECK(parse_week("2021-W7") == parse_week("2021-W07"));
  CHECK(parse_week("2020-W53").has_value());
  for (const char* bad : {"2021-W53", "2021-W0", "2021-W00", "2021-W54", "2021W07", "2021-w07",
                          "2021-W007", "21-W07", "", "2021-W-7"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_week(bad).has_value());
  }
  for (Day day = 0; day < 20'000; ++day) {
    REQUIRE(week_of(day).monday <= day);
    REQUIRE(week_of(day).monday + 6 >= day);
    REQUIRE(weekday_of(week_of(day).monday) == 1);
    REQUIRE(parse_week(week_text(week_of(day))) == week_of(day));
  }
}

}  // namespace calendar_test
