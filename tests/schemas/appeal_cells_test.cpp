// Every event in every status of the appeal, its assignments and its rating rounds, against the
// tables in tests/golden/lifecycles that were read beside domain.md section 10.
#include <doctest/doctest.h>

#include "tests/support/cells.h"
#include "tests/support/given.h"

namespace appeal_cells_test {

namespace {

using namespace schemas;
using support::appellant;
using support::clerk;
using support::GivenAppeal;
using support::GivenDistrict;
using support::lead;
using support::of;
using support::officer;
using E = EventType;

template <class Status>
std::string after(const std::string& answer, const Lifecycle& lifecycle, Status status) {
  if (answer != "ok") return answer;
  return std::string(lifecycle.statuses[static_cast<std::size_t>(status)]);
}

// ---- the appeal ----
void bring_appeal_to(GivenAppeal& one, AppealStatus status) {
  using enum AppealStatus;
  const auto ok = [](const std::string& answer) { REQUIRE(answer == "ok"); };
  if (status == none) return;
  ok(one.submit());
  if (status == submitted) return;
  if (status == supplement_requested) return ok(one.act(clerk(), SupplementRequestedT{}));
  if (status == rejected) return ok(one.act(clerk(), AppealRejectedT{}));
  if (status == withdrawn) return ok(one.act(appellant(), AppealWithdrawnT{}));
  if (status == transferred) return ok(one.act(clerk(), AppealTransferredOutT{}));
  if (status == merged) return ok(one.act(clerk(), AppealMergedT{{}, "SQ2021-000002", "同一事项"}));
  ok(one.accept());
  if (status == accepted) return;
  if (status == excluded) return ok(one.act(lead(), AppealExcludedT{}));
  if (status == shelved)
    return ok(
        one.act(lead(), AppealShelvedT{{}, "等待政策", support::days({"2021-10-10"}).front()}));
  ok(one.conclude());
  if (status == concluded) return;
  ok(one.answer());
  ok(one.call_back(true));
  ok(one.rate(5));
  if (status == answered) return;
  REQUIRE(status == closed);
  ok(one.close());
}

std::string act_on_appeal(GivenAppeal& one, E event) {
  switch (event) {
    case E::AppealSubmitted:
      return one.submit();
    case E::AppealSupplemented:
      return one.act(appellant(), AppealSupplementedT{});
    case E::SupplementRequested:
      return one.act(clerk(), SupplementRequestedT{});
    case E::AppealAccepted:
      return one.accept();
    case E::AppealRejected:
      return one.act(clerk(), AppealRejectedT{});
    case E::AppealWithdrawn:
      return one.act(appellant(), AppealWithdrawnT{});
    case E::AppealClassified:
      return one.act(clerk(), AppealClassifiedT{});
    case E::AppealDecomposed:
      return one.decompose();
    case E::AppealTransferredOut:
      return one.act(clerk(), AppealTransferredOutT{});
    case E::AppealMerged:
      return one.act(clerk(), AppealMergedT{{}, "SQ2021-000002", ""});
    case E::AppealUnmerged:
      return one.act(clerk(), AppealUnmergedT{});
    case E::SupervisionOrdered:
      return one.act(lead(), SupervisionOrderedT{});
    case E::SupervisionLifted:
      return one.act(lead(), SupervisionLiftedT{});
    case E::AppealEscalated:
      return one.act(clerk(), AppealEscalatedT{});
    case E::AppealShelved:
      return one.act(lead(), AppealShelvedT{{}, "", support::days({"2021-10-10"}).front()});
    case E::AppealUnshelved:
      return one.act(lead(), AppealUnshelvedT{});
    case E::AppealConcluded:
      return one.conclude();
    case E::AppealAnswered:
      return one.answer();
    case E::CallbackRecorded:
      return one.call_back(true);
    case E::AppealReopened:
      return one.reopen();
    case E::AppealExcluded:
      return one.act(lead(), AppealExcludedT{});
    case E::AppealClosed:
      return one.close();
    case E::AppealCorrected:
      return one.act(lead(), AppealCorrectedT{{}, 1, "title", "", "", ""});
    case E::ReminderIssued:
      return one.act(clerk(), ReminderIssuedT{});
    case E::YellowCardIssued:
      return one.act(clerk(), YellowCardIssuedT{});
    case E::RedCardIssued:
      return one.act(clerk(), RedCardIssuedT{});
    default:
      FAIL("not an event of the appeal");
      return "";
  }
}

std::string appeal_cell(E event, unsigned number) {
  GivenDistrict district;
  district.appeals["SQ2021-000002"].status = AppealStatus::accepted;
  GivenAppeal one(district);
  const auto status = static_cast<AppealStatus>(number);
  bring_appeal_to(one, status);
  REQUIRE(one.state().status == status);
  if (event == E::SupervisionLifted) one.act(lead(), SupervisionOrderedT{});
  if (event == E::YellowCardIssued) one.at("2021-09-17T09:00:00+08:00");
  if (event == E::RedCardIssued) one.at("2021-09-18T00:00:00+08:00");
  return after(act_on_appeal(one, event), kAppealLifecycle, one.state().status);
}

// ---- the assignment ----
// What an event needs to have happened before it, beside the status.
void prepare(GivenAppeal& one, E event) {
  const auto ok = [](const std::string& answer) { REQUIRE(answer == "ok"); };
  if (event == E::LongTermApproved || event == E::LongTermRefused)
    ok(one.ask_long_term("2021-12-31"));
  if (event == E::ExtensionApproved || event == E::ExtensionRefused ||
      event == E::ExtensionNotified)
    ok(one.ask_extension(2));
  if (event == E::ExtensionNotified) ok(one.by_office<ExtensionApprovedT>());
  if (event == E::CardContested || event == E::CardWaived || event == E::CardUpheld) {
    one.at("2021-09-17T09:00:00+08:00");
    auto card = of<YellowCardIssuedT>("D01");
    card.obligation = Obligation::contact;
    ok(one.act(clerk(), card));
  }
}

void bring_assignment_to(GivenAppeal& one, AssignmentStatus status, E event) {
  using enum AssignmentStatus;
  const auto ok = [](const std::string& answer) { REQUIRE(answer == "ok"); };
  one.accepted_and_decomposed();
  if (status == none) return;
  const bool co = event == E::CoOpinionFiled && status != long_term;
  ok(one.dispatch("D01", co ? Duty::co : Duty::lead));
  prepare(one, event);
  if (status == dispatched) return;
  if (status == completed) return ok(one.complete());
  if (status == cancelled) return ok(one.by_office<AssignmentCancelledT>());
  if (status == redispatched) {
    auto move = of<AssignmentRedispatchedT>("D01");
    move.to = "D02";
    move.track = Track::standard;
    return ok(one.act(clerk(), move));
  }
  if (status == long_term) {
    if (!one.assignment().long_term_pending) ok(one.ask_long_term("2021-12-31"));
    return ok(one.by_office<LongTermApprovedT>());
  }
  if (status == signed_) return ok(one.sign());
  if (status == contacted) return ok(one.contact());
  ok(one.ask_return());
  if (status == returning) return;
  REQUIRE(status == returned);
  ok(one.by_office<ReturnApprovedT>());
}

template <class Native>
std::string card_of(GivenAppeal& one, const Actor& by, Obligation obligation) {
  auto event = of<Native>("D01");
  event.obligation = obligation;
  return one.act(by, event);
}

std::string act_on_terms(GivenAppeal& one, E event) {
  switch (event) {
    case E::LongTermRequested:
      return one.ask_long_term("2021-12-31");
    case E::LongTermApproved:
      return one.by_office<LongTermApprovedT>();
    case E::LongTermRefused:
      return one.by_office<LongTermRefusedT>();
    case E::ProgressReported:
      return one.report_week("2021-W37");
    case E::ExtensionRequested:
      return one.ask_extension(3);
    case E::ExtensionApproved:
      return one.by_office<ExtensionApprovedT>();
    case E::ExtensionRefused:
      return one.by_office<ExtensionRefusedT>();
    case E::ExtensionNotified:
      return one.by_department<ExtensionNotifiedT>();
    case E::CoOpinionFiled:
      return one.by_department<CoOpinionFiledT>();
    case E::CompletionReported:
      return one.complete();
    case E::CompletionAccepted:
      return one.by_office<CompletionAcceptedT>();
    case E::CompletionSentBack:
      return one.by_office<CompletionSentBackT>();
    case E::ClockSuspended:
      return one.by_office<ClockSuspendedT>();
    case E::ClockResumed:
      one.by_office<ClockSuspendedT>();
      return one.by_office<ClockResumedT>();
    case E::ReminderIssued:
      return one.by_office<ReminderIssuedT>();
    case E::YellowCardIssued:
      one.at("2021-09-22T09:00:00+08:00");
      return card_of<YellowCardIssuedT>(one, clerk(), Obligation::completion);
    case E::RedCardIssued:
      one.at("2021-09-23T00:00:00+08:00");
      return card_of<RedCardIssuedT>(one, clerk(), Obligation::completion);
    case E::CardContested:
      return card_of<CardContestedT>(one, officer("D01"), Obligation::contact);
    case E::CardWaived:
      return card_of<CardWaivedT>(one, lead(), Obligation::contact);
    case E::CardUpheld:
      return card_of<CardUpheldT>(one, lead(), Obligation::contact);
    default:
      FAIL("not an event of the assignment");
      return "";
  }
}

std::string act_on_assignment(GivenAppeal& one, E event) {
  switch (event) {
    case E::AssignmentDispatched:
      return one.dispatch();
    case E::AssignmentSigned:
      return one.sign();
    case E::HandlerNamed:
      return one.by_department<HandlerNamedT>();
    case E::EnterpriseContacted:
      return one.contact();
    case E::ContactAttemptFailed:
      return one.by_department<ContactAttemptFailedT>();
    case E::ReturnRequested:
      return one.ask_return();
    case E::ReturnApproved:
      return one.by_office<ReturnApprovedT>();
    case E::ReturnRefused:
      return one.by_office<ReturnRefusedT>();
    case E::AssignmentRedispatched: {
      auto move = of<AssignmentRedispatchedT>("D01");
      move.to = "D03";
      move.track = Track::standard;
      return one.act(clerk(), move);
    }
    case E::AssignmentCancelled:
      return one.by_office<AssignmentCancelledT>();
    default:
      return act_on_terms(one, event);
  }
}

std::string assignment_cell(E event, unsigned number) {
  GivenDistrict district;
  GivenAppeal one(district);
  const auto status = static_cast<AssignmentStatus>(number);
  bring_assignment_to(one, status, event);
  const auto status_now = [&] {
    const auto& all = one.state().assignments;
    AssignmentStatus found = AssignmentStatus::none;
    for (const Assignment& each : all)
      if (each.department == "D01") found = each.status;
    return found;
  };
  REQUIRE(status_now() == status);
  const std::string answer = act_on_assignment(one, event);
  return after(answer, kAssignmentLifecycle, status_now());
}

// ---- the rating round ----
template <class Native>
Native with_text() {
  Native event;
  event.text = "说明";
  return event;
}

std::string verify_as(GivenAppeal& one, Finding finding) {
  return one.act(clerk(), BadRatingVerifiedT{{}, finding, ""});
}

void bring_round_to(GivenAppeal& one, RoundStatus status) {
  using enum RoundStatus;
  const auto ok = [](const std::string& answer) { REQUIRE(answer == "ok"); };
  if (status == none) {
    one.dispatched();
    return;
  }
  one.concluded();
  if (status == invited) return;
  ok(one.rate(2));
  if (status == rated) return;
  if (status == assigned) return ok(one.act(clerk(), BadRatingAssignedT{{}, "D01"}));
  if (status == invalidated) return ok(one.act(lead(), RatingInvalidatedT{}));
  if (status == contested) return ok(one.act(officer("D01"), RatingContestedT{}));
  ok(verify_as(one, Finding::partly_true));
  if (status == verified) return;
  if (status == planned) return ok(one.act(lead(), with_text<RectificationPlannedT>()));
  ok(one.act(officer("D01"), with_text<RectificationReportedT>()));
  if (status == reported) return;
  ok(one.act(clerk(), RectificationAcceptedT{}));
  if (status == accepted) return;
  REQUIRE(status == fed_back);
  ok(one.act(officer("D01"), with_text<RectificationFedBackT>()));
}

std::string act_on_round(GivenAppeal& one, E event) {
  switch (event) {
    case E::RatingSubmitted:
      return one.rate(5);
    case E::RatingSupplemented:
      return one.act(appellant(), with_text<RatingSupplementedT>());
    case E::BadRatingAssigned:
      return one.act(clerk(), BadRatingAssignedT{{}, "D01"});
    case E::BadRatingVerified:
      return verify_as(one, Finding::true_);
    case E::RatingContested:
      return one.act(officer("D01"), RatingContestedT{});
    case E::ContestUpheld:
      return one.act(lead(), ContestUpheldT{});
    case E::ContestDismissed:
      return one.act(lead(), ContestDismissedT{});
    case E::RectificationPlanned:
      return one.act(lead(), with_text<RectificationPlannedT>());
    case E::RectificationReported:
      return one.act(officer("D01"), with_text<RectificationReportedT>());
    case E::RectificationAccepted:
      return one.act(clerk(), RectificationAcceptedT{});
    case E::RectificationRejected:
      return one.act(clerk(), with_text<RectificationRejectedT>());
    case E::RectificationFedBack:
      return one.act(officer("D01"), with_text<RectificationFedBackT>());
    case E::RatingRevisited:
      return one.act(appellant(), RatingRevisitedT{{}, 4, ""});
    case E::RatingInvalidated:
      return one.act(lead(), RatingInvalidatedT{});
    case E::RatingWindowClosed:
      one.at("2021-12-31T09:00:00+08:00");
      return one.act(support::actor(Role::system, "clock"), RatingWindowClosedT{});
    default:
      FAIL("not an event of the rating round");
      return "";
  }
}

std::string rating_cell(E event, unsigned number) {
  GivenDistrict district;
  GivenAppeal one(district);
  const auto status = static_cast<RoundStatus>(number);
  bring_round_to(one, status);
  const auto status_now = [&] {
    return one.state().rounds.empty() ? RoundStatus::none : one.state().rounds.back().status;
  };
  REQUIRE(status_now() == status);
  const std::string answer = act_on_round(one, event);
  return after(answer, kRatingLifecycle, status_now());
}

}  // namespace

TEST_CASE("appeal: every event in every status does what the table says") {
  support::compare_cells(kAppealLifecycle, TESTS_DIR "/golden/lifecycles/appeal.txt", appeal_cell);
}

TEST_CASE("appeal: every event in every status of an assignment does what the table says") {
  support::compare_cells(kAssignmentLifecycle, TESTS_DIR "/golden/lifecycles/assignment.txt",
                         assignment_cell);
}

TEST_CASE("appeal: every event in every status of a rating round does what the table says") {
  support::compare_cells(kRatingLifecycle, TESTS_DIR "/golden/lifecycles/rating_round.txt",
                         rating_cell);
}

TEST_CASE("appeal: no event of assignments or ratings comes in an appeal that has ended") {
  for (const AppealStatus ended :
       {AppealStatus::rejected, AppealStatus::withdrawn, AppealStatus::transferred,
        AppealStatus::merged, AppealStatus::excluded}) {
    for (const Lifecycle* lifecycle : {&kAssignmentLifecycle, &kRatingLifecycle}) {
      for (const E event : support::commanded_events(*lifecycle)) {
        GivenDistrict district;
        district.appeals["SQ2021-000002"].status = AppealStatus::accepted;
        GivenAppeal one(district);
        bring_appeal_to(one, ended);
        const std::string answer = lifecycle == &kRatingLifecycle ? act_on_round(one, event)
                                                                  : act_on_assignment(one, event);
        CHECK_MESSAGE(answer == "WrongState", info_of(event).name);
      }
    }
  }
}

}  // namespace appeal_cells_test
