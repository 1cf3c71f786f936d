// Stream calendar/YEAR: who may publish and amend a year, and which dates are refused.
#include <doctest/doctest.h>

#include "schemas/calendar.h"
#include "schemas/event.h"
#include "tests/support/subject.h"

namespace calendar_year_test {

using namespace schemas;

namespace {

CalendarPublishedT published_2021() {
  CalendarPublishedT event;
  event.year = 2021;
  event.notice = "http://www.gov.cn/notice";
  event.holidays = {*parse_date("2021-10-01"), *parse_date("2021-05-01")};
  event.makeup_workdays = {*parse_date("2021-09-26")};
  return event;
}

CalendarAmendedT amended_2021() {
  CalendarAmendedT event;
  event.year = 2021;
  event.notice = "http://www.gov.cn/amendment";
  event.holidays = {*parse_date("2021-10-01")};
  event.makeup_workdays = {*parse_date("2021-09-26")};
  event.effective = *parse_date("2021-03-01");
  return event;
}

}  // namespace

TEST_CASE("calendar/YEAR: a year is published once, then amended") {
  support::Neighbourhood around;
  support::Subject<CalendarYear> year("calendar", "2021", around);
  CHECK(year.act(support::lead(), amended_2021()) == "NotFound");
  CHECK(year.act(support::clerk(), published_2021()) == "ok");
  CHECK(year.last_as<CalendarPublished>().content_hash()->size() == 32);
  CHECK(year.act(support::clerk(), published_2021()) == "AlreadyExists");
  CHECK(year.act(support::clerk(), amended_2021()) == "ok");
  CHECK(year.act(support::clerk(), amended_2021()) == "NothingChanged");
  CHECK(year.act(support::actor(Role::district_leader), amended_2021()) == "NothingChanged");
  CHECK(year.act(support::officer("D01"), amended_2021()) == "WrongRole");
  CHECK(year.act(support::actor(Role::enterprise), published_2021()) == "WrongRole");
  CHECK(year.state().holidays == std::vector<Day>{*parse_date("2021-10-01")});
}

TEST_CASE("calendar/YEAR: the hash covers notice and dates, whatever order the dates came in") {
  support::Neighbourhood around;
  const auto hash = [&](const CalendarPublishedT& event) {
    support::Subject<CalendarYear> year("calendar", "2021", around);
    REQUIRE(year.act(support::lead(), event) == "ok");
    const auto* digest = year.last_as<CalendarPublished>().content_hash();
    return std::vector<std::uint8_t>(digest->begin(), digest->end());
  };
  CalendarPublishedT swapped = published_2021();
  std::swap(swapped.holidays[0], swapped.holidays[1]);
  CHECK(hash(swapped) == hash(published_2021()));
  CalendarPublishedT moved = published_2021();
  moved.makeup_workdays.push_back(moved.holidays.back());
  moved.holidays.pop_back();
  CHECK(hash(moved) != hash(published_2021()));
}

TEST_CASE("calendar/YEAR: dates outside the year, given twice or of both kinds are refused") {
  support::Neighbourhood around;
  support::Subject<CalendarYear> year("calendar", "2021", around);
  CalendarPublishedT event = published_2021();
  event.holidays.push_back(*parse_date("2022-01-01"));
  CHECK(year.act(support::lead(), event) == "DateOutsideYear");
  event = published_2021();
  event.holidays.push_back(event.holidays.front());
  CHECK(year.act(support::lead(), event) == "DateListedTwice");
  event = published_2021();
  event.makeup_workdays.push_back(event.holidays.front());
  CHECK(year.act(support::lead(), event) == "DateListedTwice");
  event = published_2021();
  event.year = 2022;
  CHECK(year.act(support::lead(), event) == "YearMismatch");
  support::Subject<CalendarYear> early("calendar", "1989", around);
  event = CalendarPublishedT{};
  event.year = 1989;
  CHECK(early.act(support::lead(), event) == "OutOfRange");
}

TEST_CASE("calendar/YEAR: local closures lie inside a published year") {
  support::Neighbourhood around;
  support::Subject<CalendarYear> year("calendar", "2021", around);
  LocalClosureDeclaredT closure;
  closure.reason = "台风";
  closure.days = {*parse_date("2021-07-26")};
  CHECK(year.act(support::lead(), closure) == "NotFound");
  REQUIRE(year.act(support::lead(), published_2021()) == "ok");
  CHECK(year.act(support::lead(), LocalClosureDeclaredT{}) == "MissingField");
  CHECK(year.act(support::lead(), closure) == "ok");
  CHECK(year.act(support::lead(), closure) == "NothingChanged");
  closure.days = {*parse_date("2022-07-26")};
  CHECK(year.act(support::lead(), closure) == "DateOutsideYear");
  closure.days = {*parse_date("2021-07-27"), *parse_date("2021-07-27")};
  CHECK(year.act(support::lead(), closure) == "DateListedTwice");
}

}  // namespace calendar_year_test
