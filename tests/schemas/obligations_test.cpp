// Obligations 时限义务: what starts and meets each clock, when its light changes, and how a
// calendar amendment moves what still runs (domain.md section 4).
#include "schemas/obligations.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/given.h"

namespace obligations_test {

namespace {

using namespace schemas;
using support::end_of;
using support::GivenAppeal;
using support::GivenDistrict;
using support::moment;
using support::of;
using enum Obligation;

constexpr Micros kBefore = -1;  // one microsecond before

std::vector<DutyChange> changes_of(const engine::NewEvent& event) {
  std::vector<DutyChange> list;
  duty_changes(event.view(1), [&](const DutyChange& change) { list.push_back(change); });
  return list;
}

template <class Native>
engine::NewEvent recorded(const Native& native, std::string_view at) {
  engine::NewEvent event;
  event.recorded_at = event.occurred_at = moment(at);
  event.type = static_cast<std::uint16_t>(support::TypeOf<Native>::kType);
  event.payload = pack(native);
  return event;
}

// The clocks of one stream fed with records, as a report would keep them.
class Fold {
 public:
  template <class Native>
  Fold& then(const Native& native, std::string_view at) {
    const engine::NewEvent event = recorded(native, at);
    duty_changes(event.view(1),
                 [&](const DutyChange& change) { apply(clocks, change, event.recorded_at); });
    return *this;
  }
  [[nodiscard]] const DutyState& operator[](Obligation obligation) const {
    const Clock* clock = find_clock(clocks, obligation);
    REQUIRE(clock != nullptr);
    return clock->duty;
  }
  std::vector<Clock> clocks;
};

template <class Native>
Native with_due(Obligation obligation, std::string_view last_day) {
  Native event;
  event.dues.emplace_back(end_of(last_day), obligation, false, static_cast<std::int16_t>(1));
  return event;
}

}  // namespace

TEST_CASE("obligations: the table has a row for each, under its own number and name") {
  for (const Obligation obligation : EnumValuesObligation()) {
    CHECK(row_of(obligation).obligation == obligation);
    CHECK(row_of(obligation).name == EnumNameObligation(obligation));
    CHECK_FALSE(row_of(obligation).chinese.empty());
    CHECK_FALSE(row_of(obligation).source.empty());
  }
  CHECK(obligations().size() == std::size(EnumValuesObligation()));
}

TEST_CASE("obligations: a light is yellow on the last day and red from its end on") {
  DutyState duty;
  duty.started = moment("2021-09-16T09:00:00+08:00");
  duty.due = end_of("2021-09-17");
  CHECK(light_of(duty, duty.started + kBefore) == Light::none);
  CHECK(light_of(duty, duty.started) == Light::green);
  CHECK(light_of(duty, moment("2021-09-16T23:59:59.999999+08:00")) == Light::green);
  CHECK(light_of(duty, moment("2021-09-17T00:00:00+08:00")) == Light::yellow);
  CHECK(light_of(duty, duty.due + kBefore) == Light::yellow);
  CHECK(light_of(duty, duty.due) == Light::red);

  duty.same_day = true;
  CHECK(light_of(duty, duty.started) == Light::yellow);
  duty.suspended = true;
  CHECK(light_of(duty, duty.started) == Light::grey);
  CHECK(light_of(duty, duty.due) == Light::grey);
  duty.met = duty.due + 5;
  CHECK(light_of(duty, duty.met) == Light::none);
  duty.met = 0;
  duty.stopped = 1;
  CHECK(light_of(duty, duty.due) == Light::none);
}

TEST_CASE("obligations: dues after a dispatch are those of the published calendar") {
  struct Vector {
    const char *at, *one, *two, *three;
  };
  // domain.md section 4: working days 1, 2, 3 after the dispatch.
  for (const Vector& vector : {
           Vector{"2021-09-16T09:00:00+08:00", "2021-09-17", "2021-09-18", "2021-09-22"},
           Vector{"2021-09-18T00:00:00+08:00", "2021-09-22", "2021-09-23", "2021-09-24"},
           Vector{"2021-09-18T23:59:59.999999+08:00", "2021-09-22", "2021-09-23", "2021-09-24"},
           Vector{"2021-09-29T12:00:00+08:00", "2021-09-30", "2021-10-08", "2021-10-09"},
           Vector{"2020-01-22T12:00:00+08:00", "2020-01-23", "2020-01-31", "2020-02-01"},
       }) {
    CAPTURE(vector.at);
    GivenDistrict district;
    GivenAppeal one(district);
    one.at(vector.at);
    one.accepted_and_decomposed();
    CHECK(one.duty(dispatch).due == end_of(vector.one));
    REQUIRE(one.dispatch("D01") == "ok");
    REQUIRE(one.dispatch("D02", Duty::co) == "ok");
    CHECK(one.duty(sign).due == end_of(vector.one));
    CHECK(one.duty(contact).due == end_of(vector.one));
    CHECK(one.duty(completion).due == end_of(vector.three));
    CHECK(one.assignment(0).return_until == end_of(vector.one));
    CHECK(one.assignment(1).clocks.size() == 1);
    CHECK(one.duty(co_opinion, 1).due == end_of(vector.two));
  }
}

TEST_CASE(
    "obligations: the same-day track is due today, or on the next working day from 16:00 on") {
  struct Vector {
    const char *at, *last_day;
  };
  for (const Vector& vector : {
           Vector{"2021-09-16T15:59:59.999999+08:00", "2021-09-16"},
           Vector{"2021-09-16T16:00:00+08:00", "2021-09-17"},
           Vector{"2021-09-17T23:00:00+08:00", "2021-09-18"},  // the make-up Saturday
           Vector{"2021-09-18T10:00:00+08:00", "2021-09-18"},
           Vector{"2021-09-19T10:00:00+08:00", "2021-09-22"},
       }) {
    CAPTURE(vector.at);
    GivenDistrict district;
    GivenAppeal one(district);
    one.at(vector.at);
    one.accepted_and_decomposed();
    REQUIRE(one.dispatch("D01", Duty::lead, Track::same_day) == "ok");
    CHECK(one.duty(completion).due == end_of(vector.last_day));
    CHECK(one.light(completion, moment(vector.at)) == Light::yellow);
    CHECK(one.light(contact, moment(vector.at)) == Light::green);
  }
}

TEST_CASE("obligations: a rule set switches a duty off, and its limits count from then on") {
  GivenDistrict district;
  district.rules.contact_workdays = kOff;
  district.rules.completion_workdays = 5;
  GivenAppeal one(district);
  one.dispatched();
  CHECK(find_clock(one.assignment().clocks, contact) == nullptr);
  CHECK(one.duty(completion).due == end_of("2021-09-24"));
}

TEST_CASE("obligations: completion meets signing and itself, and a missed contact goes out unmet") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  one.at("2021-09-22T10:00:00+08:00");
  CHECK(one.light(contact, moment("2021-09-22T10:00:00+08:00")) == Light::red);
  REQUIRE(one.complete() == "ok");
  const Micros now = moment("2021-09-22T10:00:00+08:00");
  CHECK(one.duty(completion).met == now);
  CHECK(one.duty(sign).met == now);
  CHECK(one.duty(contact).met == 0);
  CHECK(one.light(contact, now) == Light::none);

  SUBCASE("sent back, completion is open again with the same due and the contact is owed again") {
    one.at("2021-09-23T09:00:00+08:00");
    REQUIRE(one.by_office<CompletionSentBackT>() == "ok");
    CHECK(one.duty(completion).due == end_of("2021-09-22"));
    CHECK(one.light(completion, moment("2021-09-23T09:00:00+08:00")) == Light::red);
    CHECK(one.light(contact, moment("2021-09-23T09:00:00+08:00")) == Light::red);
    CHECK(one.duty(sign).met == now);
  }
}

TEST_CASE("obligations: what a merger stops, taking it back restores, and nothing else") {
  GivenDistrict district;
  district.appeals["SQ2021-000002"].status = AppealStatus::accepted;
  GivenAppeal one(district);
  one.accepted_and_decomposed(2);
  REQUIRE(one.dispatch("D01", Duty::lead, Track::standard, 1) == "ok");
  REQUIRE(one.dispatch("D02", Duty::lead, Track::standard, 2) == "ok");
  REQUIRE(one.complete("D02", 2) == "ok");
  const Micros later = moment("2021-09-27T09:00:00+08:00");
  REQUIRE(one.act(support::clerk(), AppealMergedT{{}, "SQ2021-000002", ""}) == "ok");
  CHECK(light_of(one.duty(contact, 0), later) == Light::none);
  REQUIRE(one.act(support::clerk(), AppealUnmergedT{}) == "ok");
  CHECK(one.state().status == AppealStatus::accepted);
  CHECK(light_of(one.duty(contact, 0), later) == Light::red);
  CHECK(light_of(one.duty(contact, 1), later) == Light::none);  // completed before the merger
}

TEST_CASE("obligations: a supervisor's report is registered, dispatched, concluded and answered") {
  ReportFiledT filed;
  filed.dues.emplace_back(end_of("2021-09-17"), report_register, false, std::int16_t{1});
  filed.dues.emplace_back(end_of("2021-09-24"), report_dispatch, false, std::int16_t{5});
  Fold fold;
  fold.then(filed, "2021-09-16T09:00:00+08:00");
  CHECK(fold[report_register].due == end_of("2021-09-17"));

  SUBCASE("each step meets its duty and starts the next") {
    fold.then(ReportRegisteredT{}, "2021-09-16T10:00:00+08:00");
    CHECK(fold[report_register].met == moment("2021-09-16T10:00:00+08:00"));
    fold.then(with_due<ReportDispatchedT>(report_conclude, "2021-09-24"),
              "2021-09-17T10:00:00+08:00");
    CHECK(fold[report_dispatch].met == moment("2021-09-17T10:00:00+08:00"));
    fold.then(with_due<ReportConcludedT>(report_reply, "2021-09-23"), "2021-09-18T10:00:00+08:00");
    CHECK(fold[report_conclude].met == moment("2021-09-18T10:00:00+08:00"));
    CHECK(fold[report_reply].running());
    fold.then(with_due<ReportReopenedT>(report_conclude, "2021-09-30"),
              "2021-09-22T10:00:00+08:00");
    CHECK_FALSE(fold[report_reply].running());
    CHECK(fold[report_conclude].running());
    CHECK(fold[report_conclude].due == end_of("2021-09-30"));
    fold.then(with_due<ReportConcludedT>(report_reply, "2021-09-29"), "2021-09-24T10:00:00+08:00")
        .then(ReportAnsweredT{}, "2021-09-26T10:00:00+08:00");
    CHECK(fold[report_reply].started == moment("2021-09-24T10:00:00+08:00"));
    CHECK(fold[report_reply].met == moment("2021-09-26T10:00:00+08:00"));
  }
  SUBCASE("declining or transferring it meets both first duties") {
    fold.then(ClueTransferredT{}, "2021-09-16T10:00:00+08:00");
    CHECK(fold[report_register].met != 0);
    CHECK(fold[report_dispatch].met != 0);
  }
}

TEST_CASE("obligations: weekly progress begins with the approval and is filed by week") {
  auto approved = of<LongTermApprovedT>("D01");
  approved.weekly = true;
  auto list = changes_of(recorded(approved, "2021-09-16T09:00:00+08:00"));
  REQUIRE(list.size() == 1);
  CHECK(list[0].op == DutyOp::weekly);
  auto filed = of<ProgressReportedT>("D01");
  filed.week = "2021-W38";
  const auto filing = recorded(filed, "2021-09-24T09:00:00+08:00");  // the change borrows from it
  list = changes_of(filing);
  REQUIRE(list.size() == 1);
  CHECK(list[0].op == DutyOp::filed);
  CHECK(date_text(list[0].week) == "2021-09-20");
  CHECK(list[0].department == "D01");
}

TEST_CASE("obligations: an amended calendar moves what runs, and nothing that a date fixed") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.at("2020-01-22T09:00:00+08:00");
  one.accepted_and_decomposed();
  REQUIRE(one.dispatch("D01") == "ok");
  REQUIRE(one.dispatch("D02", Duty::co) == "ok");
  REQUIRE(one.sign() == "ok");
  Calendar amended = district.calendar;
  support::amend_2020(amended);

  const auto moved = recompute(one.state(), amended);
  // Signed already, and contact due before the holiday: only these two move (domain.md section 4).
  REQUIRE(moved.size() == 2);
  CHECK(moved[0].obligation == completion);
  CHECK(moved[0].department == "D01");
  CHECK(moved[0].old_due == end_of("2020-02-01"));
  CHECK(moved[0].now.due == end_of("2020-02-04"));
  CHECK(moved[1].obligation == co_opinion);
  CHECK(moved[1].department == "D02");
  CHECK(moved[1].now.due == end_of("2020-02-03"));

  SUBCASE("the recorded recomputation puts the clock there, and asks for nothing more") {
    DeadlineRecomputedT event = of<DeadlineRecomputedT>("D01");
    event.obligation = completion;
    event.old_due = moved[0].old_due;
    event.dues.emplace_back(moved[0].now.due, completion, false, moved[0].workdays);
    one.record(event);
    CHECK(one.duty(completion).due == end_of("2020-02-04"));
    CHECK(recompute(one.state(), amended).size() == 1);
  }
  SUBCASE("an extended deadline moves with its whole length") {
    REQUIRE(one.ask_extension(2) == "ok");
    REQUIRE(one.by_office<ExtensionApprovedT>() == "ok");
    CHECK(one.duty(completion).due == end_of("2020-02-04"));
    CHECK(recompute(one.state(), amended)[0].now.due == end_of("2020-02-06"));
  }
  SUBCASE("a long-term date stays") {
    REQUIRE(one.ask_long_term("2020-02-02") == "ok");
    REQUIRE(one.by_office<LongTermApprovedT>() == "ok");
    for (const Recomputed& clock : recompute(one.state(), amended))
      CHECK(clock.obligation != completion);
  }
}

TEST_CASE("obligations: a same-day clock moves only when its day is no working day any more") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.at("2020-01-31T09:00:00+08:00");
  one.accepted_and_decomposed();
  REQUIRE(one.dispatch("D01", Duty::lead, Track::same_day) == "ok");
  CHECK(one.duty(completion).due == end_of("2020-01-31"));
  CHECK(one.duty(completion).workdays == kSameDay);
  Calendar amended = district.calendar;
  support::amend_2020(amended);
  bool seen = false;
  for (const Recomputed& clock : recompute(one.state(), amended)) {
    if (clock.obligation != completion) continue;
    seen = true;
    CHECK(clock.now.due == end_of("2020-02-03"));
    CHECK(clock.workdays == 1);
  }
  CHECK(seen);
}

}  // namespace obligations_test
