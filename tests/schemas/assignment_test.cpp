// Assignments 承办单: the guards of a department's acts and of the rulings on them, each with the
// instant on which it turns.
#include "schemas/appeal.h"

#include <doctest/doctest.h>

#include "tests/support/given.h"

namespace assignment_test {

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

TEST_CASE("assignment: a department acts for itself, and nobody signs or reports for it") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  CHECK(one.act(officer("D02"), of<AssignmentSignedT>("D01")) == "WrongDepartment");
  CHECK(one.act(lead(), of<AssignmentSignedT>("D01")) == "WrongRole");
  CHECK(one.act(clerk(), of<EnterpriseContactedT>("D01")) == "WrongRole");
  CHECK(one.act(lead(), of<CompletionReportedT>("D01")) == "WrongRole");
  CHECK(one.act(officer("D02"), of<CompletionReportedT>("D01")) == "WrongDepartment");
}

TEST_CASE("assignment: the person contacted is sealed under the event's own place") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.contact() == "ok");
  const auto* person = one.last_as<EnterpriseContacted>().person();
  REQUIRE(person != nullptr);
  const std::vector<std::uint8_t> stored(person->begin(), person->end());
  CHECK(district.sealer.unseal({"appeal", "SQ2021-000001", one.last().version, "person"}, stored) ==
        "王经理");
}

TEST_CASE("assignment: signing is done once, and is not contact") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.sign() == "ok");
  CHECK(one.sign() == "WrongState");
  CHECK(one.duty(sign).met != 0);
  CHECK(one.duty(contact).met == 0);
  REQUIRE(one.contact() == "ok");
  CHECK(one.duty(contact).met != 0);
}

TEST_CASE("assignment: contact implies signing, and the signature may still follow") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.contact() == "ok");
  CHECK(one.duty(sign).met == moment("2021-09-16T09:00:00+08:00"));
  one.at("2021-09-17T09:00:00+08:00");
  CHECK(one.sign() == "ok");
  CHECK(one.assignment().status == AssignmentStatus::contacted);
  CHECK(one.duty(sign).met == moment("2021-09-16T09:00:00+08:00"));
}

TEST_CASE(
    "assignment: three failed attempts on different half-days meet the contact, within its due") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  const auto attempt = [&](std::string_view at) {
    one.at(at);
    REQUIRE(one.by_department<ContactAttemptFailedT>() == "ok");
    return one.last_as<ContactAttemptFailed>().meets();
  };
  CHECK_FALSE(attempt("2021-09-16T10:00:00+08:00"));
  CHECK_FALSE(attempt("2021-09-16T11:59:59.999999+08:00"));
  CHECK_FALSE(attempt("2021-09-16T12:00:00+08:00"));
  SUBCASE("a fourth on the third half-day meets") {
    CHECK(attempt("2021-09-17T09:00:00+08:00"));
    CHECK(one.duty(contact).met == moment("2021-09-17T09:00:00+08:00"));
    CHECK(one.duty(sign).met != 0);
    CHECK_FALSE(attempt("2021-09-17T15:00:00+08:00"));
  }
  SUBCASE("in the last microsecond") { CHECK(attempt("2021-09-17T23:59:59.999999+08:00")); }
  SUBCASE("at the due it is too late") { CHECK_FALSE(attempt("2021-09-18T00:00:00+08:00")); }
}

TEST_CASE("assignment: a return is asked for within one working day, before contact, once") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  SUBCASE("in the last microsecond") {
    one.at(end_of("2021-09-17") - 1);
    CHECK(one.ask_return() == "ok");
  }
  SUBCASE("at its end") {
    one.at(end_of("2021-09-17"));
    CHECK(one.ask_return() == "ReturnTooLate");
  }
  SUBCASE("after contact") {
    REQUIRE(one.contact() == "ok");
    CHECK(one.ask_return() == "ReturnAfterContact");
  }
  SUBCASE("once: a refusal is final") {
    CHECK(one.by_office<ReturnApprovedT>() == "NoPendingRequest");
    REQUIRE(one.ask_return() == "ok");
    CHECK(one.ask_return() == "ReturnAskedBefore");
    REQUIRE(one.by_office<ReturnRefusedT>() == "ok");
    CHECK(one.assignment().status == AssignmentStatus::dispatched);
    CHECK(one.ask_return() == "ReturnAskedBefore");
  }
  SUBCASE("the office rules on the same working day, the clocks run, what is done stays done") {
    REQUIRE(one.ask_return() == "ok");
    CHECK(one.duty(return_ruling).due == end_of("2021-09-16"));
    CHECK(one.duty(return_ruling).workdays == kSameDay);
    CHECK(one.duty(contact).running());
    REQUIRE(one.sign() == "ok");
    REQUIRE(one.contact() == "ok");
    CHECK(one.assignment().status == AssignmentStatus::returning);
    CHECK(one.complete() == "WrongState");
    REQUIRE(one.by_office<ReturnRefusedT>() == "ok");
    CHECK(one.assignment().status == AssignmentStatus::contacted);
    CHECK(one.duty(return_ruling).met != 0);
  }
  SUBCASE("approved, it ends the assignment and the matter may go elsewhere") {
    REQUIRE(one.ask_return() == "ok");
    REQUIRE(one.by_office<ReturnApprovedT>() == "ok");
    CHECK_FALSE(one.duty(completion).running());
    CHECK(one.sign() == "WrongState");
    CHECK(one.dispatch("D02") == "ok");
  }
}

TEST_CASE("assignment: on a day off the ruling on a return has until the next working day") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.at("2021-09-18T09:00:00+08:00");
  one.dispatched();
  one.at("2021-09-20T09:00:00+08:00");
  REQUIRE(one.ask_return() == "ok");
  CHECK(one.duty(return_ruling).due == end_of("2021-09-22"));
}

TEST_CASE("assignment: a redispatch ends one assignment and begins another in one batch") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  const auto move_to = [&](const std::string& to, Track track = Track::standard) {
    auto event = of<AssignmentRedispatchedT>("D01");
    event.to = to;
    event.track = track;
    return one.act(clerk(), event);
  };
  CHECK(move_to("D01") == "AlreadyAssigned");
  CHECK(move_to("D09") == "UnknownDepartment");
  CHECK(move_to("D02", Track::long_term) == "OutOfRange");
  one.at("2021-09-22T09:00:00+08:00");
  REQUIRE(move_to("D02") == "ok");
  CHECK(one.assignment(0).status == AssignmentStatus::redispatched);
  CHECK(one.assignment(1).duty == Duty::lead);
  CHECK(one.last_as<AssignmentDispatched>().redispatched_from()->str() == "D01");
  CHECK(one.duty(completion, 1).due == end_of("2021-09-26"));  // 23, 24, the make-up Sunday 26
}

TEST_CASE("assignment: an extension is asked for one working day before the last day") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();  // completion is due at the end of 09-22; the working day before is 09-18
  CHECK(one.by_office<ExtensionApprovedT>() == "NoPendingRequest");
  CHECK(one.by_office<ExtensionRefusedT>() == "NoPendingRequest");
  CHECK(one.ask_extension(0) == "OutOfRange");
  CHECK(one.ask_extension(8) == "ExtensionTooLong");
  one.at(end_of("2021-09-18"));
  CHECK(one.ask_extension(7) == "RequestTooLate");
  one.at(end_of("2021-09-18") - 1);
  REQUIRE(one.ask_extension(7) == "ok");
  CHECK(one.ask_extension(7) == "RequestPending");
  CHECK(one.by_department<ExtensionNotifiedT>() == "NothingChanged");
  CHECK(one.act(clerk(), of<ExtensionApprovedT>("D01")) == "WrongRole");

  SUBCASE("approved also after the due has passed, as asked; two in all") {
    one.at("2021-09-23T09:00:00+08:00");
    REQUIRE(one.by_office<ExtensionApprovedT>() == "ok");
    CHECK(one.last_as<ExtensionApproved>().old_due() == end_of("2021-09-22"));
    // 23, 24, 26, 27, 28, 29, 30
    CHECK(one.duty(completion).due == end_of("2021-09-30"));
    REQUIRE(one.ask_extension(2) == "ok");
    auto shorter = of<ExtensionApprovedT>("D01");
    shorter.workdays = 1;
    REQUIRE(one.act(lead(), shorter) == "ok");
    CHECK(one.duty(completion).due == end_of("2021-10-08"));
    CHECK(one.ask_extension(1) == "TooManyExtensions");
    CHECK(one.by_department<ExtensionNotifiedT>() == "ok");
  }
  SUBCASE("refused, it may be asked for again while there is time") {
    REQUIRE(one.by_office<ExtensionRefusedT>() == "ok");
    CHECK(one.duty(completion).due == end_of("2021-09-22"));
    CHECK(one.ask_extension(3) == "ok");
  }
}

TEST_CASE("assignment: long-term work needs a later date and then owes a report a week") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.dispatch("D02", Duty::co) == "ok");
  CHECK(one.ask_long_term("2021-12-31", "D02") == "NotLead");
  CHECK(one.report_week("2021-W37") == "NotLongTerm");
  CHECK(one.by_office<LongTermApprovedT>() == "NoPendingRequest");
  CHECK(one.ask_long_term("2021-09-22") == "UntilTooEarly");
  REQUIRE(one.ask_long_term("2021-09-23") == "ok");
  CHECK(one.ask_long_term("2021-12-31") == "RequestPending");
  auto approval = of<LongTermApprovedT>("D01");
  approval.until = support::days({"2021-09-22"}).front();
  CHECK(one.act(lead(), approval) == "UntilTooEarly");
  approval.until = support::days({"2021-10-31"}).front();
  REQUIRE(one.act(lead(), approval) == "ok");
  CHECK(one.duty(completion).due == end_of("2021-10-31"));
  CHECK(one.last_as<LongTermApproved>().weekly());
  CHECK(one.last_as<LongTermApproved>().plan()->str() == "分三步");

  one.at("2021-09-24T09:00:00+08:00");  // Friday of week 38; approved in week 37
  CHECK(one.report_week("2021-W99") == "BadWeek");
  CHECK(one.report_week("2021-W36") == "WeekOutOfRange");
  CHECK(one.report_week("2021-W39") == "WeekOutOfRange");
  CHECK(one.report_week("2021-W38", "推进中", 101) == "OutOfRange");
  CHECK(one.report_week("2021-W38", "推进中", -1) == "OutOfRange");
  CHECK(one.report_week("2021-W37") == "ok");
  CHECK_FALSE(one.last_as<ProgressReported>().repeated());
  CHECK(one.report_week("2021-W38") == "ok");
  CHECK(one.last_as<ProgressReported>().repeated());
  CHECK(one.report_week("2021-W38") == "WeekAlreadyReported");
  CHECK(one.contact() == "ok");
  CHECK(one.assignment().status == AssignmentStatus::long_term);
  REQUIRE(one.complete() == "ok");
  REQUIRE(one.by_office<CompletionSentBackT>() == "ok");
  CHECK(one.assignment().status == AssignmentStatus::long_term);
}

TEST_CASE(
    "assignment: the weekly light is yellow on the week's last working day, then red until filed") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.ask_long_term("2021-12-31") == "ok");
  REQUIRE(one.by_office<LongTermApprovedT>() == "ok");
  const auto light = [&](std::string_view at) {
    return progress_light(one.assignment(), district.calendar, moment(at));
  };
  CHECK(light("2021-09-17T23:00:00+08:00") == Light::none);  // the approval week owes none
  CHECK(light("2021-09-20T00:00:00+08:00") == Light::green);
  CHECK(light("2021-09-25T23:59:59.999999+08:00") == Light::green);
  CHECK(light("2021-09-26T00:00:00+08:00") == Light::yellow);  // the make-up Sunday of week 38
  CHECK(light("2021-09-26T23:59:59.999999+08:00") == Light::yellow);
  CHECK(light("2021-09-27T00:00:00+08:00") == Light::red);
  one.at("2021-09-27T09:00:00+08:00");
  REQUIRE(one.report_week("2021-W38") == "ok");
  CHECK(light("2021-09-27T10:00:00+08:00") == Light::green);
}

TEST_CASE("assignment: a standing clock is grey and runs on by the working days it stood") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  CHECK(one.by_office<ClockResumedT>() == "NotSuspended");
  REQUIRE(one.by_office<ClockSuspendedT>() == "ok");
  CHECK(one.by_office<ClockSuspendedT>() == "AlreadySuspended");
  CHECK(one.light(contact, moment("2021-09-20T09:00:00+08:00")) == Light::grey);
  CHECK(one.complete() == "AlreadySuspended");
  one.at("2021-09-22T09:00:00+08:00");
  REQUIRE(one.by_office<ClockResumedT>() == "ok");
  CHECK(one.last_as<ClockResumed>().suspended_workdays() == 3);  // 17, 18, 22
  CHECK(one.duty(contact).due == end_of("2021-09-23"));          // 18, 22, 23 after the 17th
  CHECK(one.duty(completion).due == end_of("2021-09-26"));
  CHECK(one.light(contact, moment("2021-09-22T09:00:00+08:00")) == Light::green);
}

TEST_CASE("assignment: a co-handler owes its opinion, and may report completion instead") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.dispatch("D02", Duty::co) == "ok");
  CHECK(one.by_department<CoOpinionFiledT>("D01") == "NotCoHandler");
  CHECK(one.ask_extension(1, "D02") == "NotLead");
  SUBCASE("opinion") { REQUIRE(one.by_department<CoOpinionFiledT>("D02") == "ok"); }
  SUBCASE("completion") { REQUIRE(one.complete("D02") == "ok"); }
  CHECK(one.duty(co_opinion, 1).met != 0);
  CHECK(one.assignment(1).status == AssignmentStatus::completed);
}

TEST_CASE("assignment: a completion goes back only while its matter has no other open lead") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.dispatched();
  REQUIRE(one.sign() == "ok");
  REQUIRE(one.complete() == "ok");
  REQUIRE(one.by_office<CompletionAcceptedT>() == "ok");
  CHECK(one.by_office<CompletionAcceptedT>() == "NothingChanged");
  SUBCASE("back to where it was") {
    REQUIRE(one.by_office<CompletionSentBackT>() == "ok");
    CHECK(one.assignment().status == AssignmentStatus::signed_);
  }
  SUBCASE("another leads by now") {
    REQUIRE(one.dispatch("D02") == "ok");
    CHECK(one.by_office<CompletionSentBackT>() == "LeadExists");
  }
  SUBCASE("not after the conclusion, nor into the next round") {
    REQUIRE(one.conclude() == "ok");
    CHECK(one.by_office<CompletionSentBackT>() == "WrongState");
    REQUIRE(one.reopen() == "ok");
    CHECK(one.by_office<CompletionSentBackT>() == "WrongState");
  }
}

}  // namespace assignment_test
