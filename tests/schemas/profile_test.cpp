// The profile 画像 of an enterprise: values of their kinds, consent before matching, and a push
// only to who wants it, once.
#include "schemas/profile.h"

#include <doctest/doctest.h>

#include <memory>

#include "tests/support/policies.h"

namespace profile_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::enterprise;
using support::officer;
using F = ProfileField;

ProfileUpdatedT update(F field, const std::string& value, std::string_view as_of = "2021-06-30") {
  ProfileUpdatedT event;
  event.values.push_back(std::make_unique<ProfileValueT>());
  event.values.back()->field = field;
  event.values.back()->value = value;
  event.source = "税务";
  event.as_of = day(as_of);
  return event;
}
QualificationGrantedT qualification(std::string_view from, std::string_view until = {}) {
  QualificationGrantedT event;
  event.qualification = "高新技术企业";
  event.from = day(from);
  if (!until.empty()) event.until = day(until);
  event.source = "科技";
  return event;
}
SizeClassifiedT figures(const std::string& industry) {
  SizeClassifiedT event;
  event.industry = industry;
  event.source = "统计";
  event.as_of = day("2020-12-31");
  return event;
}
const PolicyPushedT kPush{{}, "X001", "SB001", "因为贵企业从业人员 120 人，达到 100 人。", "", 0};

class OneEnterprise : public support::Subject<Enterprise> {
 public:
  explicit OneEnterprise(support::Neighbourhood& around)
      : Subject("enterprise", support::kCode, around) {
    EnterpriseRegisteredT event;
    event.name = "示例有限公司";
    REQUIRE(act(enterprise(), event) == "ok");
  }
  [[nodiscard]] const Profile& profile() const { return state().profile; }
};

// A match that is met, and everything else that a push needs.
struct Pushable {
  support::WithItem around;
  OneEnterprise one{around};
  Pushable() {
    Application& match = around.applications["SB001"];
    match.verdict = Verdict::met;
    match.enterprise = support::kCode;
    match.item = "X001";
    match.conditions_version = 2;
    REQUIRE(one.act(enterprise(), ConsentGivenT{{}, ConsentPurpose::pushing}) == "ok");
    subscribe({});
  }
  void subscribe(std::vector<std::string> tags, int from = 0, int until = 0) {
    SubscriptionSetT event;
    event.subscribed = true;
    event.tags = std::move(tags);
    if (from != until) {
      event.quiet_from = from;
      event.quiet_until = until;
    }
    REQUIRE(one.act(enterprise(), event) == "ok");
  }
};

}  // namespace

TEST_CASE("profile: a value fits its field, and holds as of a day that is not ahead") {
  support::WithItem around;
  OneEnterprise one(around);
  CHECK(one.act(clerk(), ProfileUpdatedT{}) == "NothingChanged");
  CHECK(one.act(clerk(), update(F::people, "many")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::people, "-1")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::industry, "C12")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::founded, "2018")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::listed, "maybe")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::size, "huge")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::tag, "专精特新")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::people, "5", "2021-09-17")) == "OutOfRange");
  CHECK(one.act(enterprise(), update(F::people, "5")) == "WrongRole");
  CHECK(one.act(clerk(), update(F::founded, "1839-12-31")) == "BadProfileValue");
  CHECK(one.act(clerk(), update(F::founded, "1903-08-15")) == "ok");
  CHECK(one.act(officer("D01"), update(F::people, "5")) == "ok");
  CHECK(one.act(clerk(), update(F::revenue_growth, "-250")) == "ok");
}

TEST_CASE(
    "profile: what held on a day is the latest value up to it, of equal days the last recorded") {
  support::WithItem around;
  OneEnterprise one(around);
  REQUIRE(one.act(clerk(), update(F::people, "10", "2021-01-31")) == "ok");
  REQUIRE(one.act(clerk(), update(F::people, "30", "2021-03-31")) == "ok");
  REQUIRE(one.act(clerk(), update(F::people, "20", "2021-02-28")) == "ok");
  REQUIRE(one.act(clerk(), update(F::people, "31", "2021-03-31")) == "ok");
  const auto on = [&](std::string_view when) {
    const KnownValue* const value = value_on(one.profile(), F::people, day(when));
    return value == nullptr ? std::string("-") : value->value;
  };
  CHECK(on("2021-01-30") == "-");
  CHECK(on("2021-01-31") == "10");
  CHECK(on("2021-03-30") == "20");
  CHECK(on("2021-09-16") == "31");
  CHECK(value_on(one.profile(), F::people, day("2021-09-16"))->version == 5);
}

TEST_CASE("profile: a qualification is held once at a time and ends on its day") {
  support::WithItem around;
  OneEnterprise one(around);
  CHECK(one.act(clerk(), qualification("2021-02-01", "2021-01-31")) == "OutOfRange");
  CHECK(one.act(clerk(), qualification("2018-10-01", "2021-09-30")) == "ok");
  CHECK(one.act(clerk(), qualification("2021-09-30")) == "AlreadyHeld");
  CHECK(one.act(clerk(), qualification("2021-10-01")) == "ok");
  CHECK(one.act(clerk(), QualificationEndedT{{}, "专精特新", day("2021-09-01"), "撤销"}) ==
        "NotHeld");
  CHECK(one.act(clerk(), QualificationEndedT{{}, "高新技术企业", day("2021-09-01"), "撤销"}) ==
        "ok");
  CHECK(holding_on(one.profile().qualifications, "高新技术企业", day("2021-08-31")) != nullptr);
  CHECK(holding_on(one.profile().qualifications, "高新技术企业", day("2021-09-01")) == nullptr);
}

TEST_CASE("profile: tags come from a vocabulary and are there once") {
  support::WithItem around;
  OneEnterprise one(around);
  CHECK(one.act(clerk(), EnterpriseTaggedT{{}, "外星", "V1"}) == "UnknownTag");
  CHECK(one.act(clerk(), EnterpriseTaggedT{{}, "专精特新", "V9"}) == "UnknownTag");
  CHECK(one.act(clerk(), EnterpriseTaggedT{{}, "专精特新", "V1"}) == "ok");
  CHECK(one.act(clerk(), EnterpriseTaggedT{{}, "专精特新", "V1"}) == "AlreadyHeld");
  CHECK(one.act(clerk(), EnterpriseUntaggedT{{}, "专精特新"}) == "ok");
  CHECK(one.act(clerk(), EnterpriseUntaggedT{{}, "专精特新"}) == "NotHeld");
}

TEST_CASE("profile: the size class follows from the figures, and both are known from then on") {
  support::WithItem around;
  OneEnterprise one(around);
  CHECK(one.act(clerk(), figures("Z99")) == "BadProfileValue");
  SizeClassifiedT event = figures("C2661");
  CHECK(one.act(clerk(), event) == "FiguresMissing");
  event.people = 300;
  event.revenue = 2'000;
  CHECK(one.act(clerk(), event) == "ok");
  CHECK(one.last_as<SizeClassified>().size() == SizeClass::medium);
  CHECK(value_on(one.profile(), F::size, day("2021-09-16"))->value == "medium");
  CHECK(value_on(one.profile(), F::revenue, day("2021-09-16"))->number == 2'000);
  event.as_of = day("2021-09-17");
  CHECK(one.act(clerk(), event) == "OutOfRange");
}

TEST_CASE("profile: consent and subscription are the enterprise's, and say what changes") {
  support::WithItem around;
  OneEnterprise one(around);
  CHECK(one.act(enterprise("91512081MA62K0260E"), ConsentGivenT{{}, ConsentPurpose::matching}) ==
        "WrongRole");
  CHECK(one.act(enterprise(), ConsentWithdrawnT{{}, ConsentPurpose::matching}) == "NothingChanged");
  CHECK(one.act(enterprise(), ConsentGivenT{{}, ConsentPurpose::matching}) == "ok");
  CHECK(one.act(enterprise(), ConsentGivenT{{}, ConsentPurpose::matching}) == "NothingChanged");
  CHECK(one.profile().may_match);
  CHECK_FALSE(one.profile().may_push);
  CHECK(one.act(enterprise(), ConsentWithdrawnT{{}, ConsentPurpose::matching}) == "ok");
  CHECK_FALSE(one.profile().may_match);
  SubscriptionSetT event;
  event.subscribed = true;
  event.quiet_from = 1'320;
  CHECK(one.act(enterprise(), event) == "OutOfRange");
  event.quiet_until = 1'440;
  CHECK(one.act(enterprise(), event) == "OutOfRange");
  event.quiet_until = 480;
  CHECK(one.act(enterprise(), event) == "ok");
}

TEST_CASE("push: once for an item and the version of its conditions, and read once") {
  Pushable p;
  CHECK(p.one.act(enterprise(), PolicyReadT{{}, "X001"}) == "NothingToRead");
  CHECK(p.one.act(clerk(), kPush) == "ok");
  CHECK(p.one.last_as<PolicyPushed>().conditions() == 2);
  CHECK(p.one.last_as<PolicyPushed>().policy()->string_view() == "ZC001");
  CHECK(p.one.act(clerk(), kPush) == "AlreadyPushed");
  CHECK(p.one.act(enterprise(), PolicyReadT{{}, "X001"}) == "ok");
  CHECK(p.one.act(enterprise(), PolicyReadT{{}, "X001"}) == "NothingToRead");
  p.around.items["X001"].conditions_version = 5;
  CHECK(p.one.act(clerk(), kPush) == "NotMatched");
  p.around.applications["SB001"].conditions_version = 5;
  CHECK(p.one.act(clerk(), kPush) == "ok");
}

TEST_CASE("push: not of what was withdrawn, is not in force, or was not matched as met") {
  Pushable p;
  p.around.applications["SB001"].verdict = Verdict::unknown;
  CHECK(p.one.act(clerk(), kPush) == "NotMatched");
  p.around.applications["SB001"].verdict = Verdict::met;
  p.around.policies["ZC001"].last = day("2021-09-15");
  CHECK(p.one.act(clerk(), kPush) == "PolicyNotInForce");
  p.around.policies["ZC001"].last = day("2021-09-16");
  p.around.items["X001"].status = ItemStatus::withdrawn;
  CHECK(p.one.act(clerk(), kPush) == "UnknownItem");
}

TEST_CASE(
    "push: only with consent, to who subscribed to such policies, and outside the quiet hours") {
  Pushable p;
  p.subscribe({"人才"});
  CHECK(p.one.act(clerk(), kPush) == "NotSubscribed");
  p.subscribe({"人才", "财政补贴"}, 22 * 60, 8 * 60);
  p.one.at("2021-09-16T22:00:00+08:00");
  CHECK(p.one.act(clerk(), kPush) == "QuietHours");
  p.one.at("2021-09-17T07:59:59+08:00");
  CHECK(p.one.act(clerk(), kPush) == "QuietHours");
  REQUIRE(p.one.act(enterprise(), ConsentWithdrawnT{{}, ConsentPurpose::pushing}) == "ok");
  p.one.at("2021-09-17T08:00:00+08:00");
  CHECK(p.one.act(clerk(), kPush) == "NoConsent");
  REQUIRE(p.one.act(enterprise(), ConsentGivenT{{}, ConsentPurpose::pushing}) == "ok");
  CHECK(p.one.act(clerk(), kPush) == "ok");
}

}  // namespace profile_test
