// Applications 政策申报: the match that pins what it rests on, the way from the form to the
// payment, and who may not decide on what they reviewed.
#include "schemas/application.h"

#include <doctest/doctest.h>

#include "schemas/conditions.h"
#include "tests/support/cells.h"
#include "tests/support/policies.h"

namespace application_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::enterprise;
using support::lead;
using support::officer;
using E = EventType;
using S = ApplicationStatus;

MatchComputedT matching(const std::string& item = "X001") {
  MatchComputedT event;
  event.enterprise = support::kCode;
  event.item = item;
  return event;
}
ApplicationStartedT starting(const std::string& item = "X001") {
  return {{}, support::kCode, item, ""};
}
ApplicationSubmittedT submission(std::int64_t amount = 50'000) {
  ApplicationSubmittedT event;
  event.amount = amount;
  return event;
}
ApplicationApprovedT approval(std::int64_t amount = 50'000) {
  ApplicationApprovedT event;
  event.amount = amount;
  return event;
}
ApplicationRejectedT rejection() {
  ApplicationRejectedT event;
  event.reason = "不符合第三条";
  return event;
}
ApplicationReviewedT review(bool passed = true) { return {{}, passed, "已核"}; }

class OneApplication : public support::Subject<Application> {
 public:
  explicit OneApplication(support::Neighbourhood& around)
      : Subject("application", "SB001", around) {}
};

std::string act(OneApplication& one, E event);

void bring_to(OneApplication& one, S status) {
  if (status == S::none) return;
  if (status == S::matched || status == S::confirmed) {
    REQUIRE(act(one, E::MatchComputed) == "ok");
    if (status == S::confirmed) REQUIRE(act(one, E::IntentConfirmed) == "ok");
    return;
  }
  std::vector<E> way{E::ApplicationStarted, E::ApplicationSubmitted, E::ApplicationAccepted,
                     E::ApplicationReviewed, E::PublicityOpened};
  const auto steps = static_cast<std::size_t>(status) - static_cast<std::size_t>(S::started) + 1;
  if (status <= S::publicity) {
    way.resize(steps);
  } else {
    way.pop_back();
    if (status == S::rejected || status == S::withdrawn)
      way.push_back(status == S::rejected ? E::ApplicationRejected : E::ApplicationWithdrawn);
    else
      way.push_back(E::ApplicationApproved);
    if (status == S::paying || status == S::paid) way.push_back(E::PaymentOrdered);
    if (status == S::paid) way.push_back(E::PaymentConfirmed);
    if (status == S::revoked) way.push_back(E::GrantRevoked);
  }
  for (const E event : way) REQUIRE(act(one, event) == "ok");
}

std::string act(OneApplication& one, E event) {
  switch (event) {
    case E::MatchComputed:
      return one.act(clerk(), matching());
    case E::IntentConfirmed:
      return one.act(enterprise(), IntentConfirmedT{});
    case E::ApplicationStarted:
      return one.act(enterprise(), starting());
    case E::ApplicationSubmitted:
      return one.act(enterprise(), submission());
    case E::ApplicationAccepted:
      return one.act(officer("D01"), ApplicationAcceptedT{});
    case E::ApplicationReturned:
      return one.act(officer("D01"), ApplicationReturnedT{{}, "缺审计报告"});
    case E::ApplicationReviewed:
      return one.act(officer("D01"), review());
    case E::PublicityOpened:
      return one.act(officer("D01"), PublicityOpenedT{{}, day("2021-09-16")});
    case E::ObjectionRaised:
      return one.act(enterprise("91512081MA62K0260E"), ObjectionRaisedT{{}, "人数不实"});
    case E::ObjectionSettled:
      if (one.state().status == S::publicity) REQUIRE(act(one, E::ObjectionRaised) == "ok");
      return one.act(officer("D01"), ObjectionSettledT{{}, false, "查无此事"});
    case E::ApplicationApproved:
      if (one.state().status == S::publicity) one.at("2021-09-17T09:00:00+08:00");
      return one.act(lead(), approval());
    case E::ApplicationRejected:
      return one.act(officer("D01"), rejection());
    case E::PaymentOrdered:
      return one.act(officer("D01"), PaymentOrderedT{});
    case E::PaymentConfirmed:
      return one.act(officer("D01"), PaymentConfirmedT{{}, day("2021-09-16")});
    case E::ApplicationWithdrawn:
      return one.act(enterprise(), ApplicationWithdrawnT{});
    case E::GrantRevoked:
      return one.act(lead(), GrantRevokedT{{}, "虚报", 50'000});
    default:
      return "no command in this test";
  }
}

}  // namespace

TEST_CASE("every event of an application does in every status what the reviewed table says") {
  support::compare_cells(
      kApplicationLifecycle, TESTS_DIR "/golden/lifecycles/application.txt",
      [](E event, unsigned status) {
        support::WithItem around;
        OneApplication one(around);
        bring_to(one, static_cast<S>(status));
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(
            kApplicationLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("a match pins its verdict, its findings and the versions that they rest on") {
  support::WithItem around;
  around.enterprises[support::kCode].version = 9;
  OneApplication one(around);
  REQUIRE(one.act(clerk(), matching()) == "ok");
  const auto& event = one.last_as<MatchComputed>();
  CHECK(event.verdict() == Verdict::met);
  CHECK(event.policy()->string_view() == "ZC001");
  CHECK(event.department()->string_view() == "D01");
  CHECK(event.policy_version() == 3);
  CHECK(event.conditions_version() == 2);
  CHECK(event.profile_version() == 9);
  CHECK(event.matcher() == kMatcher);
  REQUIRE(event.leaves()->size() == 1);
  CHECK(event.leaves()->Get(0)->node() == 1);
  CHECK(event.leaves()->Get(0)->value()->string_view() == "120");
  CHECK(event.leaves()->Get(0)->version() == 2);
}

TEST_CASE("a match says how many conditions lack, or for how many data is missing") {
  support::WithItem around;
  Profile& profile = around.enterprises[support::kCode].profile;
  profile.values.front().number = 99;
  OneApplication lacks(around);
  REQUIRE(lacks.act(clerk(), matching()) == "ok");
  CHECK(lacks.last_as<MatchComputed>().verdict() == Verdict::not_met);
  CHECK(lacks.last_as<MatchComputed>().lacking() == 1);
  CHECK(lacks.act(enterprise(), IntentConfirmedT{}) == "NotMatched");
  profile.values.clear();
  OneApplication misses(around);
  REQUIRE(misses.act(clerk(), matching()) == "ok");
  CHECK(misses.last_as<MatchComputed>().verdict() == Verdict::unknown);
  CHECK(misses.last_as<MatchComputed>().missing() == 1);
}

TEST_CASE("nobody is matched without consent, and nothing against what is not there") {
  support::WithItem around;
  OneApplication one(around);
  CHECK(one.act(clerk(), matching("X009")) == "UnknownItem");
  around.enterprises[support::kCode].profile.may_match = false;
  CHECK(one.act(clerk(), matching()) == "NoConsent");
  around.enterprises[support::kCode].profile.may_match = true;
  around.policies["ZC001"].from = day("2022-01-01");
  CHECK(one.act(clerk(), matching()) == "PolicyNotInForce");
  around.policies["ZC001"].from = day("2021-01-01");
  around.items["X001"].conditions_version = 0;
  CHECK(one.act(clerk(), matching()) == "NoConditions");
  around.items["X001"].conditions_version = 2;
  around.enterprises[support::kCode].status = EnterpriseStatus::deregistered;
  CHECK(one.act(clerk(), matching()) == "UnknownEnterprise");
}

TEST_CASE(
    "intent is confirmed only for items granted without application, under the conditions "
    "matched") {
  support::WithItem around;
  OneApplication one(around);
  bring_to(one, S::matched);
  Item& item = around.items["X001"];
  item.mode = ItemMode::ordinary;
  CHECK(one.act(enterprise(), IntentConfirmedT{}) == "NotDirect");
  item.mode = ItemMode::direct;
  item.conditions_version = 4;
  CHECK(one.act(enterprise(), IntentConfirmedT{}) == "NotMatched");
  item.conditions_version = 2;
  item.last = day("2021-09-15");
  CHECK(one.act(enterprise(), IntentConfirmedT{}) == "WindowClosed");
  item.last = day("2021-09-16");
  item.enterprises = {support::kCode};
  CHECK(one.act(enterprise(), IntentConfirmedT{}) == "AlreadyGranted");
  item.enterprises.clear();
  CHECK(one.act(enterprise("91512081MA62K0260E"), IntentConfirmedT{}) == "NotTheSubmitter");
  CHECK(one.act(enterprise(), IntentConfirmedT{}) == "ok");
}

TEST_CASE("one applies in the window, for oneself, and the number stays with enterprise and item") {
  support::WithItem around;
  around.items["X002"] = around.items["X001"];
  OneApplication one(around);
  CHECK(one.act(enterprise("91512081MA62K0260E"), starting()) == "NotTheSubmitter");
  CHECK(one.act(enterprise(), starting("X009")) == "UnknownItem");
  one.at("2021-08-31T23:59:59+08:00");
  CHECK(one.act(enterprise(), starting()) == "WindowClosed");
  one.at("2021-09-16T09:00:00+08:00");
  REQUIRE(one.act(clerk(), matching()) == "ok");
  CHECK(one.act(enterprise(), starting("X002")) == "WrongItem");
  CHECK(one.act(enterprise(), starting()) == "ok");
  CHECK(one.act(enterprise(), submission(-1)) == "OutOfRange");
  one.at("2021-10-01T00:00:00+08:00");
  CHECK(one.act(enterprise(), submission()) == "WindowClosed");
}

TEST_CASE(
    "acceptance, review and payment are due by working days, and what was submitted keeps its "
    "conditions") {
  support::WithItem around;
  OneApplication one(around);
  bring_to(one, S::submitted);
  CHECK(time_text(one.last_as<ApplicationSubmitted>().due()) == "2021-09-24T00:00:00.000000+08:00");
  CHECK(
      one.last_as<ApplicationSubmitted>().provisional());  // no calendar of 2021 is published here
  CHECK(one.last_as<ApplicationSubmitted>().conditions_version() == 2);
  around.items["X001"].conditions_version = 8;
  CHECK(one.state().conditions_version == 2);
  REQUIRE(act(one, E::ApplicationAccepted) == "ok");
  CHECK(time_text(one.last_as<ApplicationAccepted>().due()) == "2021-10-08T00:00:00.000000+08:00");
}

TEST_CASE("who reviewed does not approve, and a review that was not passed is not approved") {
  support::WithItem around;
  OneApplication one(around);
  bring_to(one, S::reviewed);
  CHECK(one.act(officer("D01"), approval()) == "OwnWork");
  CHECK(one.act(lead(), approval()) == "ok");
  OneApplication other(around);
  bring_to(other, S::accepted);
  REQUIRE(other.act(officer("D01"), review(false)) == "ok");
  CHECK(other.act(officer("D01"), PublicityOpenedT{{}, day("2021-09-30")}) == "NotPassed");
  CHECK(other.act(lead(), approval()) == "NotPassed");
  CHECK(other.act(officer("D02"), rejection()) == "WrongDepartment");
}

TEST_CASE(
    "while it is public nothing is approved, an objection is settled first, and may undo the "
    "review") {
  support::WithItem around;
  OneApplication one(around);
  bring_to(one, S::publicity);
  CHECK(one.act(lead(), approval()) == "PublicityOpen");
  CHECK(one.act(officer("D01"), ObjectionSettledT{{}, false, "无"}) == "NoObjection");
  CHECK(act(one, E::ObjectionRaised) == "ok");
  one.at("2021-09-17T00:00:00+08:00");
  CHECK(act(one, E::ObjectionRaised) == "PublicityOver");
  CHECK(one.act(lead(), approval()) == "ObjectionOpen");
  CHECK(one.act(officer("D01"), ObjectionSettledT{{}, true, "属实"}) == "ok");
  CHECK(one.act(lead(), approval()) == "NotPassed");
}

TEST_CASE(
    "an approval is counted by the item in the same batch, and refused when nothing is left") {
  support::WithItem around;
  OneApplication one(around);
  bring_to(one, S::reviewed);
  Item& item = around.items["X001"];
  item.budget = 49'999;
  CHECK(one.act(lead(), approval()) == "BudgetExhausted");
  item.budget = 50'000;
  item.places = 0;
  CHECK(one.act(lead(), approval()) == "QuotaExhausted");
  item.places = 1;
  CHECK(one.act(lead(), approval()) == "ok");
  CHECK(time_text(one.last_as<ApplicationApproved>().due()) == "2021-12-10T00:00:00.000000+08:00");
}

TEST_CASE(
    "a payment is confirmed as of a day that came, and not more is revoked than was granted") {
  support::WithItem around;
  OneApplication one(around);
  bring_to(one, S::paying);
  CHECK(one.act(officer("D01"), PaymentConfirmedT{{}, day("2021-09-17")}) == "OutOfRange");
  CHECK(one.act(officer("D01"), PaymentConfirmedT{{}, day("2021-09-16")}) == "ok");
  CHECK(one.act(clerk(), GrantRevokedT{{}, "虚报", 1}) == "WrongRole");
  CHECK(one.act(lead(), GrantRevokedT{{}, "虚报", 50'001}) == "OutOfRange");
  CHECK(one.act(lead(), GrantRevokedT{{}, "虚报", 50'000}) == "ok");
}

}  // namespace application_test
