// Policy items 可申报项目: conditions before a window, a window within the policy, and a quota that
// counts.
#include "schemas/item.h"

#include <doctest/doctest.h>

#include <memory>

#include "schemas/policy.h"
#include "tests/support/cells.h"
#include "tests/support/subject.h"

namespace item_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::lead;
using support::officer;
using E = EventType;
using S = ItemStatus;

// Department D01, and the policy ZC001, in force from 2021-09-01 to 2021-12-31.
class WithPolicy : public support::Neighbourhood {
 public:
  WithPolicy() {
    add_department("D01");
    add_department("D09", DepartmentStatus::merged);
    Policy& policy = policies["ZC001"];
    policy.status = PolicyStatus::published;
    policy.from = day("2021-09-01");
    policy.last = day("2021-12-31");
  }
};

ItemListedT listing(const std::string& policy = "ZC001", const std::string& department = "D01") {
  ItemListedT event;
  event.policy = policy;
  event.title = "研发投入补助";
  event.department = department;
  event.standard = "按投入的 5% 补助";
  return event;
}
ItemConditionsSetT conditions(int node = 1) {
  ItemConditionsSetT event;
  event.conditions.push_back(std::make_unique<ConditionT>());
  ConditionT& leaf = *event.conditions.back();
  leaf.node = node;
  leaf.kind = ConditionKind::leaf;
  leaf.field = ProfileField::research;
  leaf.comparison = Comparison::at_least;
  leaf.values = {"100"};
  leaf.clause = "第三条";
  return event;
}
const ItemWindowOpenedT kWindow{{}, day("2021-10-01"), day("2021-10-31")};
ItemQuotaSetT quota(std::optional<int> places, std::optional<std::int64_t> budget = std::nullopt) {
  ItemQuotaSetT event;
  if (places) event.places = *places;
  if (budget) event.budget = *budget;
  return event;
}

class OneItem : public support::Subject<Item> {
 public:
  explicit OneItem(support::Neighbourhood& around) : Subject("item", "X001", around) {}
};

void bring_to(OneItem& one, S status) {
  if (status == S::none) return;
  REQUIRE(one.act(clerk(), listing()) == "ok");
  REQUIRE(one.act(clerk(), conditions()) == "ok");
  if (status == S::open) REQUIRE(one.act(clerk(), kWindow) == "ok");
  if (status == S::withdrawn) REQUIRE(one.act(lead(), ItemWithdrawnT{{}, "政策调整"}) == "ok");
}

std::string act(OneItem& one, E event) {
  switch (event) {
    case E::ItemListed:
      return one.act(clerk(), listing());
    case E::ItemConditionsSet:
      return one.act(officer("D01"), conditions());
    case E::ItemMaterialsSet:
      return one.act(officer("D01"), ItemMaterialsSetT{{}, {"审计报告"}});
    case E::ItemModeSet:
      return one.act(officer("D01"), ItemModeSetT{{}, ItemMode::direct});
    case E::ItemWindowOpened:
      return one.act(officer("D01"), kWindow);
    case E::ItemWindowClosed:
      return one.act(officer("D01"), ItemWindowClosedT{{}, ""});
    case E::ItemQuotaSet:
      return one.act(clerk(), quota(100));
    case E::ItemWithdrawn:
      return one.act(lead(), ItemWithdrawnT{{}, "政策调整"});
    default:
      return "no command in this test";
  }
}

std::string code_of(const std::optional<Refusal>& refusal) {
  return refusal ? std::string(code_name(refusal->code)) : "ok";
}

}  // namespace

TEST_CASE("every event of an item does in every status what the reviewed table says") {
  support::compare_cells(
      kItemLifecycle, TESTS_DIR "/golden/lifecycles/item.txt", [](E event, unsigned status) {
        WithPolicy around;
        OneItem one(around);
        bring_to(one, static_cast<S>(status));
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(kItemLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("an item belongs to a policy in force and to a department that exists") {
  WithPolicy around;
  OneItem one(around);
  CHECK(one.act(clerk(), listing("ZC009")) == "UnknownPolicy");
  CHECK(one.act(clerk(), listing("ZC001", "D09")) == "UnknownDepartment");
  CHECK(one.act(officer("D02"), listing()) == "WrongDepartment");
  one.at("2022-01-01T09:00:00+08:00");
  CHECK(one.act(clerk(), listing()) == "PolicyNotInForce");
  one.at("2021-12-31T23:59:59+08:00");
  CHECK(one.act(officer("D01"), listing()) == "ok");
}

TEST_CASE("a window needs conditions, a policy in force, and a last day that is not past") {
  WithPolicy around;
  OneItem one(around);
  REQUIRE(one.act(clerk(), listing()) == "ok");
  CHECK(one.act(clerk(), kWindow) == "NoConditions");
  CHECK(one.act(clerk(), conditions(7)) == "BadConditions");
  CHECK(one.act(clerk(), conditions()) == "ok");
  CHECK(one.act(officer("D02"), kWindow) == "WrongDepartment");
  CHECK(one.act(clerk(), ItemWindowOpenedT{{}, day("2021-10-31"), day("2021-10-01")}) ==
        "OutOfRange");
  CHECK(one.act(clerk(), ItemWindowOpenedT{{}, day("2021-09-01"), day("2021-09-15")}) ==
        "OutOfRange");
  CHECK(one.act(clerk(), kWindow) == "ok");
  CHECK_FALSE(one.state().takes_applications(day("2021-09-30")));
  CHECK(one.state().takes_applications(day("2021-10-01")));
  CHECK(one.state().takes_applications(day("2021-10-31")));
  CHECK_FALSE(one.state().takes_applications(day("2021-11-01")));
}

TEST_CASE("new conditions have a version of their own, other changes of the item leave it") {
  WithPolicy around;
  OneItem one(around);
  REQUIRE(one.act(clerk(), listing()) == "ok");
  REQUIRE(one.act(clerk(), conditions()) == "ok");
  CHECK(one.state().conditions_version == 2);
  REQUIRE(one.act(clerk(), quota(3)) == "ok");
  CHECK(one.state().conditions_version == 2);
  REQUIRE(one.act(clerk(), conditions()) == "ok");
  CHECK(one.state().conditions_version == 4);
}

TEST_CASE("what was granted counts against places and budget, and the last of either says so") {
  WithPolicy around;
  OneItem one(around);
  bring_to(one, S::open);
  CHECK(one.act(clerk(), quota(-1)) == "OutOfRange");
  CHECK(one.act(clerk(), quota(std::nullopt, -1)) == "OutOfRange");
  CHECK(one.act(clerk(), quota(std::nullopt)) == "NothingChanged");
  CHECK(one.act(clerk(), quota(3, 1'000)) == "ok");
  CHECK(one.act(officer("D01"), quota(9)) == "WrongRole");
  one.record(ItemGrantedT{{}, "SB1", "E1", 400});
  CHECK(one.state().granted == 1);
  CHECK(code_of(refuse_grant(one.state(), "E1", 1)) == "AlreadyGranted");
  CHECK(code_of(refuse_grant(one.state(), "E2", 601)) == "BudgetExhausted");
  CHECK(code_of(refuse_grant(one.state(), "E2", -1)) == "OutOfRange");
  CHECK(code_of(refuse_grant(one.state(), "E2", 600)) == "ok");
  CHECK(grant(one.state(), "X001", "SB2", "E2", 599).size() == 1);
  CHECK(grant(one.state(), "X001", "SB2", "E2", 600).size() == 2);
  one.record(ItemGrantedT{{}, "SB2", "E2", 10});
  CHECK(grant(one.state(), "X001", "SB3", "E3", 10).size() == 2);
  one.record(ItemGrantedT{{}, "SB3", "E3", 10});
  CHECK(code_of(refuse_grant(one.state(), "E4", 10)) == "QuotaExhausted");
}

}  // namespace item_test
