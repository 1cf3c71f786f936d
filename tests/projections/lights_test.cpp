// Which week a duty belongs to, and whether it counts there: the readings of interfaces.md
// section 6.
#include <doctest/doctest.h>

#include "projections/lights.h"
#include "tests/support/history.h"

using projections::Count;
using projections::DutyClock;
using schemas::DutyOp;
using schemas::EventType;
using support::at;

namespace {

// Week 2021-W38: Monday 09-20 to Sunday 09-26.
projections::Window week38(std::string_view as_of) {
  projections::Window window;
  window.from = at("2021-09-20 00:00");
  window.to = at("2021-09-27 00:00");
  window.judged_at = std::min(window.to, at(as_of));
  window.lights_at = std::min(window.to - 1, at(as_of));
  return window;
}

DutyClock clock_due(std::string_view due) {
  DutyClock clock(schemas::Obligation::contact);
  schemas::DutyChange start;
  start.obligation = schemas::Obligation::contact;
  start.due = at(due);
  projections::apply(clock, start, at("2021-09-16 09:00"), 1, EventType::AssignmentDispatched);
  return clock;
}

void change(DutyClock& clock, DutyOp op, std::string_view minute, EventType by) {
  schemas::DutyChange change;
  change.op = op;
  change.obligation = schemas::Obligation::contact;
  projections::apply(clock, change, at(minute), 2, by);
}

}  // namespace

TEST_CASE(
    "a duty belongs to the week of the earlier of the day it was met and the last day of its due") {
  struct Case {
    std::string_view what, due, met;
    Count counted;
  };
  const Case cases[] = {
      {"met and due in the week", "2021-09-24 00:00", "2021-09-22 10:00", Count::met},
      {"met at the due: late", "2021-09-24 00:00", "2021-09-24 00:00", Count::missed},
      {"a microsecond is enough", "2021-09-24 00:00:01", "2021-09-24 00:00", Count::met},
      {"due Sunday 24:00 belongs to the week that ends there", "2021-09-27 00:00",
       "2021-09-28 10:00", Count::missed},
      {"due on Monday of the next week, not met in this", "2021-09-28 00:00", "2021-09-27 10:00",
       Count::no},
      {"due next week, met in this", "2021-09-29 00:00", "2021-09-26 23:59", Count::met},
      {"due before the week, met in it", "2021-09-20 00:00", "2021-09-21 10:00", Count::no},
      {"met before the week, due in it", "2021-09-24 00:00", "2021-09-19 10:00", Count::no},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    DutyClock clock = clock_due(one.due);
    change(clock, DutyOp::meet, one.met, EventType::EnterpriseContacted);
    CHECK(projections::count_in_week(clock, week38("2021-10-11 00:00")) == one.counted);
  }
}

TEST_CASE("an unmet duty counts as missed from the instant of its due") {
  const DutyClock clock = clock_due("2021-09-24 00:00");
  CHECK(projections::count_in_week(clock, week38("2021-09-23 23:59")) == Count::no);
  CHECK(projections::count_in_week(clock, week38("2021-09-24 00:00")) == Count::missed);
}

TEST_CASE("a duty that ended before its due was missed only if its department left it undone") {
  struct Case {
    EventType by;
    std::string_view minute;
    Count counted;
  };
  const Case cases[] = {
      {EventType::CompletionReported, "2021-09-22 10:00", Count::missed},
      {EventType::AssignmentCancelled, "2021-09-22 10:00", Count::no},
      {EventType::AppealWithdrawn, "2021-09-23 23:59", Count::no},
      {EventType::AppealWithdrawn, "2021-09-24 00:00", Count::missed},
  };
  for (const Case& one : cases) {
    CAPTURE(schemas::EnumNameEventType(one.by));
    CAPTURE(one.minute);
    DutyClock clock = clock_due("2021-09-24 00:00");
    change(clock, DutyOp::stop, one.minute, one.by);
    CHECK(projections::count_in_week(clock, week38("2021-10-11 00:00")) == one.counted);
  }
}

TEST_CASE("a suspended duty does not fall due") {
  DutyClock clock = clock_due("2021-09-24 00:00");
  change(clock, DutyOp::suspend, "2021-09-22 10:00", EventType::ClockSuspended);
  CHECK(projections::count_in_week(clock, week38("2021-10-11 00:00")) == Count::no);
  CHECK(clock.light(at("2021-09-25 00:00")) == schemas::Light::grey);
}

TEST_CASE("a change of a clock that was never started means nothing") {
  DutyClock clock(schemas::Obligation::contact);
  change(clock, DutyOp::stop, "2021-09-22 10:00", EventType::CompletionReported);
  change(clock, DutyOp::meet, "2021-09-22 10:00", EventType::EnterpriseContacted);
  CHECK_FALSE(clock.owed());
  CHECK(clock.stop_seq == 0);
  CHECK(projections::count_in_week(clock, week38("2021-10-11 00:00")) == Count::no);
}

TEST_CASE("red goes before yellow, yellow before green, green before grey") {
  using enum schemas::Light;
  constexpr schemas::Light kOrder[] = {none, grey, green, yellow, red};
  for (std::size_t a = 0; a < 5; ++a)
    for (std::size_t b = 0; b < 5; ++b)
      CHECK(projections::worse(kOrder[a], kOrder[b]) == kOrder[std::max(a, b)]);
}
