// Appeals 诉求 and their assignments 承办单: each guard's refusal, and the instant on which it
// turns.
#include "schemas/appeal.h"

#include <doctest/doctest.h>

#include "tests/support/given.h"

namespace appeal_test {

namespace {

using namespace schemas;
using support::appellant;
using support::clerk;
using support::end_of;
using support::GivenAppeal;
using support::GivenDistrict;
using support::lead;
using support::moment;
using support::of;
using support::officer;
using enum Obligation;

}  // namespace

TEST_CASE("appeal: the core commands lead from submission to closing") {
  GivenDistrict district;
  GivenAppeal one(district);
  CHECK(one.submit() == "ok");
  CHECK(one.accept() == "ok");
  CHECK(one.decompose(2) == "ok");
  CHECK(one.dispatch("D01", Duty::lead, Track::standard, 1) == "ok");
  CHECK(one.dispatch("D02", Duty::lead, Track::same_day, 2) == "ok");
  CHECK(one.sign() == "ok");
  CHECK(one.contact() == "ok");
  CHECK(one.complete() == "ok");
  CHECK(one.conclude() == "AssignmentsOpen");
  CHECK(one.complete("D02", 2) == "ok");
  CHECK(one.by_office<CompletionAcceptedT>() == "ok");
  CHECK(one.conclude() == "ok");
  CHECK(one.call_back(true) == "NotAnswered");
  CHECK(one.close() == "NotAnswered");
  CHECK(one.answer() == "ok");
  CHECK(one.answer() == "AlreadyAnswered");
  CHECK(one.call_back(true) == "ok");
  CHECK(one.rate(5) == "ok");
  CHECK(one.close() == "ok");
  CHECK(one.state().status == AppealStatus::closed);
}

TEST_CASE("appeal: an enterprise submits for itself, the office for it, the system only imports") {
  GivenDistrict district;
  const std::string other(support::kOtherEnterprise);
  CHECK(GivenAppeal(district).submit(appellant(), Channel::web, other) == "NotTheSubmitter");
  CHECK(GivenAppeal(district).submit(clerk(), Channel::phone) == "ok");
  CHECK(GivenAppeal(district).submit(clerk(), Channel::phone, other) == "UnknownEnterprise");
  CHECK(GivenAppeal(district).submit(clerk(), Channel::phone, "91350100M000100Y4Z") ==
        "UnknownEnterprise");
  CHECK(GivenAppeal(district).submit(officer("D01")) == "WrongRole");
  CHECK(GivenAppeal(district).submit(support::system_actor(), Channel::web) == "WrongRole");
  CHECK(GivenAppeal(district).submit(support::system_actor(), Channel::import_) == "ok");
}

TEST_CASE("appeal: the system takes the office's and the department's derived steps of an import") {
  GivenDistrict district;
  GivenAppeal one(district);
  const Actor system = support::system_actor();
  REQUIRE(one.submit(system, Channel::import_) == "ok");
  CHECK(one.act(system, AppealAcceptedT{}) == "WrongRole");
  one.flagged(engine::kDerived);
  CHECK(one.act(system, AppealAcceptedT{}) == "ok");
  REQUIRE(one.decompose() == "ok");
  REQUIRE(one.dispatch() == "ok");
  CHECK(one.act(system, of<CompletionReportedT>("D01")) == "ok");
}

TEST_CASE("appeal: the submitter alone withdraws and rates, the office may supplement for it") {
  GivenDistrict district;
  GivenAppeal one(district);
  REQUIRE(one.submit() == "ok");
  const Actor stranger = support::actor(Role::enterprise, std::string(support::kOtherEnterprise));
  CHECK(one.act(stranger, AppealWithdrawnT{}) == "NotTheSubmitter");
  CHECK(one.act(stranger, AppealSupplementedT{}) == "NotTheSubmitter");
  CHECK(one.act(clerk(), AppealWithdrawnT{}) == "WrongRole");
  CHECK(one.act(clerk(), AppealSupplementedT{}) == "ok");
  CHECK(one.act(appellant(), AppealWithdrawnT{}) == "ok");
}

TEST_CASE("appeal: the office accepts within one working day, and the acceptance meets the duty") {
  GivenDistrict district;
  GivenAppeal one(district);
  REQUIRE(one.submit() == "ok");
  CHECK(one.duty(accept).due == end_of("2021-09-17"));
  CHECK(one.last_as<AppealSubmitted>().rules()->str() == "default");
  CHECK(one.last_as<AppealSubmitted>().calendar() == district.calendar.version());
  one.at(end_of("2021-09-17") - 1);
  REQUIRE(one.accept() == "ok");
  CHECK(one.duty(accept).met == end_of("2021-09-17") - 1);
  CHECK(one.duty(Obligation::dispatch).running());
}

TEST_CASE("appeal: it is decomposed once, into matters with one living lead department each") {
  GivenDistrict district;
  GivenAppeal one(district);
  REQUIRE(one.submit() == "ok");
  REQUIRE(one.accept() == "ok");
  CHECK(one.dispatch() == "NotDecomposed");
  CHECK(one.decompose(0) == "NoMatters");
  CHECK(one.decompose(1, "D09") == "UnknownDepartment");
  CHECK(one.decompose(1, "") == "MissingField");
  const auto matters = [](std::vector<int> numbers, std::vector<std::string> co) {
    AppealDecomposedT event;
    for (const int number : numbers) {
      auto matter = std::make_unique<MatterT>();
      matter->matter = number;
      matter->text = "事项";
      matter->lead = "D01";
      matter->co = co;
      event.matters.push_back(std::move(matter));
    }
    return event;
  };
  CHECK(one.act(clerk(), matters({1, 1}, {})) == "MatterListedTwice");
  CHECK(one.act(clerk(), matters({0}, {})) == "OutOfRange");
  CHECK(one.act(clerk(), matters({1}, {"D01"})) == "AlreadyAssigned");
  CHECK(one.act(clerk(), matters({1}, {"D09"})) == "UnknownDepartment");
  CHECK(one.act(clerk(), matters({1, 2}, {"D02"})) == "ok");
  CHECK(one.decompose() == "AlreadyDecomposed");
}

TEST_CASE("appeal: a matter has one open lead, a department one open assignment of it") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.accepted_and_decomposed();
  CHECK(one.dispatch("D01", Duty::lead, Track::standard, 2) == "UnknownMatter");
  CHECK(one.dispatch("D09") == "UnknownDepartment");
  CHECK(one.dispatch("D01", Duty::lead, Track::long_term) == "OutOfRange");
  REQUIRE(one.dispatch("D01") == "ok");
  CHECK(one.duty(Obligation::dispatch).met != 0);
  CHECK(one.dispatch("D01") == "AlreadyAssigned");
  CHECK(one.dispatch("D02") == "LeadExists");
  CHECK(one.dispatch("D02", Duty::co) == "ok");
  CHECK(one.sign("D03") == "UnknownAssignment");

  SUBCASE("after a cancellation the same department may get it anew, with new clocks") {
    REQUIRE(one.by_office<AssignmentCancelledT>() == "ok");
    one.at("2021-09-22T09:00:00+08:00");
    REQUIRE(one.dispatch("D01") == "ok");
    CHECK(one.state().assignments.size() == 3);
    CHECK(one.duty(contact, 2).due == end_of("2021-09-23"));
    REQUIRE(one.contact() == "ok");
    CHECK(one.assignment(2).status == AssignmentStatus::contacted);
    CHECK(one.assignment(0).status == AssignmentStatus::cancelled);
  }
}

TEST_CASE("appeal: cards say what the light says, once for each clock") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  const auto card = [&]<class Native>(Native event, Obligation obligation) {
    event.obligation = obligation;
    return one.act(clerk(), event);
  };
  const auto yellow = of<YellowCardIssuedT>("D01");
  const auto red = of<RedCardIssuedT>("D01");
  one.at("2021-09-16T23:59:59.999999+08:00");
  CHECK(card(yellow, contact) == "LightIsNotSo");
  one.at("2021-09-17T00:00:00+08:00");
  CHECK(card(yellow, accept) == "LightIsNotSo");  // not a duty of an assignment
  CHECK(card(yellow, contact) == "ok");
  CHECK(card(yellow, contact) == "CardExists");
  CHECK(card(red, contact) == "LightIsNotSo");
  one.at("2021-09-18T00:00:00+08:00");
  CHECK(card(yellow, contact) == "LightIsNotSo");
  CHECK(card(red, contact) == "ok");

  auto waiver = of<CardWaivedT>("D01");
  waiver.obligation = contact;
  waiver.card = Card::red;
  CHECK(one.act(clerk(), waiver) == "WrongRole");
  CHECK(one.act(support::actor(Role::district_leader), waiver) == "ok");
  waiver.obligation = completion;
  CHECK(one.act(lead(), waiver) == "NoSuchCard");
}

TEST_CASE("appeal: the office's own cards name no matter, and a new clock may get its own") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  const auto red = [&] {
    RedCardIssuedT event;
    event.obligation = callback;
    return one.act(lead(), event);
  };
  CHECK(red() == "LightIsNotSo");
  one.at(one.duty(callback).due);
  CHECK(red() == "ok");
  CHECK(red() == "CardExists");
  REQUIRE(one.reopen() == "ok");
  CHECK_FALSE(one.duty(callback).running());
  REQUIRE(one.conclude() == "ok");
  one.at(one.duty(callback).due);
  CHECK(red() == "ok");
}

TEST_CASE("appeal: three failed callbacks on two working days exhaust the duty") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.answered();
  CHECK(one.act(clerk(), CallbackRecordedT{{}, true, {}, {}, "", false}) == "MissingField");
  CHECK(one.act(officer("D01"), CallbackRecordedT{}) == "WrongRole");
  const auto attempt = [&](std::string_view at) {
    one.at(at);
    REQUIRE(one.call_back(false) == "ok");
    return one.last_as<CallbackRecorded>().exhausted();
  };
  CHECK_FALSE(attempt("2021-09-18T09:00:00+08:00"));
  CHECK_FALSE(attempt("2021-09-18T11:00:00+08:00"));
  CHECK_FALSE(attempt("2021-09-18T15:00:00+08:00"));
  CHECK_FALSE(attempt("2021-09-19T09:00:00+08:00"));  // a day off
  CHECK(attempt("2021-09-22T09:00:00+08:00"));
  CHECK_FALSE(one.duty(callback).running());
  one.at(one.state().rounds.back().until);
  CHECK(one.close() == "ok");
}

TEST_CASE("appeal: the appellant answers the callback itself, once, while it is owed") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  const CallbackRecordedT answer{{}, true, false, false, "门还锁着", false};
  CHECK(one.act(appellant(), answer) == "NotAnswered");
  REQUIRE(one.answer() == "ok");
  const Actor stranger = support::actor(Role::enterprise, std::string(support::kOtherEnterprise));
  CHECK(one.act(stranger, answer) == "NotTheSubmitter");
  CHECK(one.act(appellant(), CallbackRecordedT{{}, false, {}, {}, "", false}) == "OutOfRange");
  CHECK(one.act(appellant(), CallbackRecordedT{{}, true, true, {}, "", false}) == "MissingField");
  CHECK(one.act(appellant(), answer) == "ok");
  CHECK_FALSE(one.duty(callback).running());
  CHECK(one.act(appellant(), answer) == "CallbackDone");
  CHECK(one.call_back(true, true) == "ok");  // the office may still record what it was told
}

TEST_CASE("appeal: reopened, its matters are dispatched anew and the old rows keep their values") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.answered();
  REQUIRE(one.call_back(true, false) == "ok");
  REQUIRE(one.reopen() == "ok");
  CHECK(one.state().reopens == 1);
  CHECK(one.answer() == "WrongState");
  REQUIRE(one.dispatch() == "ok");
  CHECK(one.assignment(0).status == AssignmentStatus::completed);
  CHECK(one.assignment(1).round == 2);
  CHECK(one.conclude() == "AssignmentsOpen");
  REQUIRE(one.complete() == "ok");
  REQUIRE(one.conclude() == "ok");
  CHECK(one.duty(callback).running());
  CHECK(one.close() == "NotAnswered");
}

TEST_CASE("appeal: merged into an open one, never into itself or round in a circle") {
  GivenDistrict district;
  GivenAppeal one(district);
  REQUIRE(one.submit() == "ok");
  const auto merge = [&](const std::string& into) {
    return one.act(clerk(), AppealMergedT{{}, into, ""});
  };
  district.appeals["B"].status = AppealStatus::merged;
  district.appeals["B"].merged_into = "SQ2021-000001";
  district.appeals["C"].status = AppealStatus::concluded;
  district.appeals["D"].status = AppealStatus::submitted;
  CHECK(merge("SQ2021-000001") == "MergeCycle");
  CHECK(merge("B") == "MergeCycle");
  CHECK(merge("C") == "TargetNotOpen");
  CHECK(merge("nowhere") == "TargetNotOpen");
  REQUIRE(merge("D") == "ok");
  CHECK(one.answer() == "ok");  // each appellant still gets an answer
  REQUIRE(one.act(clerk(), AppealUnmergedT{}) == "ok");
  CHECK(one.state().status == AppealStatus::submitted);
  CHECK(one.duty(accept).running());
}

TEST_CASE("appeal: shelved at most thirty days, work goes on, nothing new is dispatched") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.accepted_and_decomposed(2);
  REQUIRE(one.dispatch() == "ok");
  const auto shelve = [&](std::string_view review) {
    return one.act(lead(), AppealShelvedT{{}, "等待政策", support::days({review}).front()});
  };
  CHECK(shelve("2021-10-17") == "ReviewTooFar");
  CHECK(shelve("2021-09-15") == "OutOfRange");
  REQUIRE(shelve("2021-10-16") == "ok");
  CHECK(one.dispatch("D02", Duty::lead, Track::standard, 2) == "WrongState");
  CHECK(one.contact() == "ok");
  REQUIRE(one.act(lead(), AppealUnshelvedT{}) == "ok");
  CHECK(one.dispatch("D02", Duty::lead, Track::standard, 2) == "ok");
}

TEST_CASE("appeal: withdrawn or excluded, every duty goes out") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  SUBCASE("withdrawn") { REQUIRE(one.act(appellant(), AppealWithdrawnT{}) == "ok"); }
  SUBCASE("excluded") { REQUIRE(one.act(lead(), AppealExcludedT{{}, "无理诉求", ""}) == "ok"); }
  SUBCASE("transferred") { REQUIRE(one.act(clerk(), AppealTransferredOutT{}) == "ok"); }
  for (const Clock& clock : one.assignment().clocks)
    CHECK(light_of(clock.duty, moment("2021-12-01T00:00:00+08:00")) == Light::none);
  CHECK(recompute(one.state(), Calendar{}).empty());
}

TEST_CASE("appeal: supervision is lifted only where it was ordered, a correction names its event") {
  GivenDistrict district;
  GivenAppeal one(district);
  REQUIRE(one.submit() == "ok");
  CHECK(one.act(lead(), SupervisionLiftedT{}) == "NothingChanged");
  REQUIRE(one.act(support::actor(Role::district_leader), SupervisionOrderedT{}) == "ok");
  CHECK(one.act(clerk(), SupervisionLiftedT{}) == "WrongRole");
  CHECK(one.act(lead(), SupervisionLiftedT{}) == "ok");
  CHECK(one.act(lead(), AppealCorrectedT{{}, 9, "title", "", "", ""}) == "NoSuchEvent");
  CHECK(one.act(lead(), AppealCorrectedT{{}, 1, "title", "", "", ""}) == "ok");
}

TEST_CASE("appeal: what has not begun is not found, what exists is not begun again") {
  GivenDistrict district;
  GivenAppeal one(district);
  CHECK(one.accept() == "NotFound");
  CHECK(one.sign() == "NotFound");
  CHECK(one.rate(5) == "NotFound");
  REQUIRE(one.submit() == "ok");
  CHECK(one.submit() == "AlreadyExists");
}

}  // namespace appeal_test
