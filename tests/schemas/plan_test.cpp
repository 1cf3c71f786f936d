// The plan 行动计划: its counts add up, or it is not published.
#include "schemas/plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "tests/support/cells.h"
#include "tests/support/subject.h"

namespace plan_test {

namespace {

using namespace schemas;
using support::lead;
using E = EventType;
using S = PlanStatus;

struct Part {
  std::string name;
  std::vector<std::string> domains;
  int tasks;
};

PlanPublishedT plan(const std::vector<Part>& parts) {
  PlanPublishedT event;
  event.name = "三年行动计划";
  for (const Part& part : parts) {
    event.environments.push_back(std::make_unique<EnvironmentT>());
    event.environments.back()->name = part.name;
    event.environments.back()->domains = part.domains;
    event.environments.back()->tasks = part.tasks;
  }
  return event;
}

// The plan of 2021 as published (domain.md section 1).
PlanPublishedT plan_of_2021() {
  return plan({
      {"市场环境", {"开办企业", "项目建设", "政府采购", "招标投标"}, 53},
      {"投资环境", {"自贸区改革", "跨境贸易", "企业融资"}, 68},
      {"政务环境", {"纳税服务", "不动产登记", "获得电力", "获得水气", "政务服务"}, 70},
      {"监管执法环境", {"市场监管", "劳动力市场监管"}, 33},
      {"法治环境", {"合同执行", "办理破产", "中小投资者保护", "知识产权保护和运用"}, 43},
      {"人文环境", {"人才服务", "包容普惠创新"}, 24},
  });
}

class OnePlan : public support::Subject<Plan> {
 public:
  explicit OnePlan(support::Neighbourhood& around) : Subject("plan", "P2021", around) {}
};

std::string publish(const PlanPublishedT& event, const Actor& by = lead()) {
  support::Neighbourhood around;
  OnePlan one(around);
  return one.act(by, event);
}

}  // namespace

TEST_CASE("a plan is published once") {
  support::compare_cells(
      kPlanLifecycle, TESTS_DIR "/golden/lifecycles/plan.txt", [](E, unsigned status) {
        support::Neighbourhood around;
        OnePlan one(around);
        if (status != 0) REQUIRE(one.act(lead(), plan_of_2021()) == "ok");
        const std::string answer = one.act(lead(), plan_of_2021());
        if (answer != "ok") return answer;
        return std::string(kPlanLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("the plan of 2021 adds up to 6 environments, 20 domains and 291 tasks, pinned with it") {
  support::Neighbourhood around;
  OnePlan one(around);
  REQUIRE(one.act(lead(), plan_of_2021()) == "ok");
  const auto& event = one.last_as<PlanPublished>();
  CHECK(event.totals_environments() == 6);
  CHECK(event.totals_domains() == 20);
  CHECK(event.totals_tasks() == 291);
  CHECK(one.state().environments.size() == 6);
  CHECK(one.state().environments[2].name == "政务环境");
  CHECK(one.state().environments[2].domains.size() == 5);
  CHECK(one.state().environments[2].tasks == 70);
}

TEST_CASE("totals that a command brings along are not believed") {
  support::Neighbourhood around;
  OnePlan one(around);
  PlanPublishedT boasting = plan_of_2021();
  boasting.totals_tasks = 300;
  REQUIRE(one.act(lead(), boasting) == "ok");
  CHECK(one.last_as<PlanPublished>().totals_tasks() == 291);
}

TEST_CASE("a plan whose counts cannot be true is refused") {
  CHECK(publish(plan({})) == "PlanCountsWrong");
  CHECK(publish(plan({{"市场环境", {"开办企业"}, 1}, {"市场环境", {"项目建设"}, 1}})) ==
        "PlanCountsWrong");
  CHECK(publish(plan({{"市场环境", {"开办企业"}, 1}, {"投资环境", {"开办企业"}, 1}})) ==
        "PlanCountsWrong");
  CHECK(publish(plan({{"市场环境", {"开办企业", "开办企业"}, 5}})) == "PlanCountsWrong");
  CHECK(publish(plan({{"市场环境", {}, 5}})) == "PlanCountsWrong");
  CHECK(publish(plan({{"市场环境", {"开办企业"}, -1}})) == "PlanCountsWrong");
}

TEST_CASE("every domain has at least one task") {
  CHECK(publish(plan({{"市场环境", {"开办企业", "项目建设"}, 1}})) == "PlanCountsWrong");
  CHECK(publish(plan({{"市场环境", {"开办企业", "项目建设"}, 2}})) == "ok");
}

TEST_CASE("a plan beyond all measure is refused, and its sum cannot overflow") {
  CHECK(publish(plan({{"甲", {"一"}, 1'000'000}})) == "ok");
  CHECK(publish(plan({{"甲", {"一"}, 1'000'000}, {"乙", {"二"}, 1}})) == "OutOfRange");
  CHECK(publish(plan({{"甲", {"一"}, 2'147'483'647}, {"乙", {"二"}, 2'147'483'647}})) ==
        "OutOfRange");
}

TEST_CASE("a plan is published by the lead, a district leader or the system, and nobody else") {
  for (const Role role : EnumValuesRole()) {
    const bool may =
        role == Role::office_lead || role == Role::district_leader || role == Role::system;
    CHECK_MESSAGE(publish(plan_of_2021(), support::actor(role)) == (may ? "ok" : "WrongRole"),
                  EnumNameRole(role));
  }
}

}  // namespace plan_test
