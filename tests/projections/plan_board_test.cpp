// The plan: where each task stands against its milestones, and the environment's figures.
#include <doctest/doctest.h>

#include "tests/support/sample_history.h"

using support::cell;
using support::History;

TEST_CASE(
    "a task is green, yellow or red by how far it is behind, and red when a milestone passed "
    "undone") {
  History history;
  history.tell(History::kFoundation).tell(support::kSampleStart);
  const auto light = [&](std::string_view minute) {
    return cell(history.draw("plan", history.ask(minute)), "tasks/RW-001/light");
  };
  CHECK(light("2021-01-05 12:00") == "null");   // not started
  CHECK(light("2021-05-01 12:00") == "green");  // nothing planned yet
  CHECK(light("2021-07-01 12:00") == "green");  // 50 planned, 45 done
  CHECK(light("2022-01-01 12:00") == "red");    // 上线 passed undone
}

TEST_CASE("the figures of an environment add up to the plan's own count") {
  const History history = support::sample_history();
  const auto report = history.draw("plan", history.ask());
  CHECK(cell(report, "plan/市场环境/total") == "3");
  CHECK(cell(report, "plan/市场环境/not_started") == "2");  // RW-002, and one not yet created
  CHECK(cell(report, "plan/市场环境/on_plan") == "1");
  CHECK(cell(report, "plan/投资环境/not_started") == "1");
  CHECK(cell(report, "totals/environments") == "2");
  CHECK(cell(report, "totals/domains") == "3");
  CHECK(cell(report, "totals/tasks") == "4");
  const auto weekly = history.weekly("2021-W38");
  CHECK(cell(weekly, "plan/市场环境/on_plan") == "1");
}

TEST_CASE("the task ledger prints one line a task with its environment and domain") {
  const History history = support::sample_history();
  const auto report = history.draw("plan", history.ask());
  const auto* kind = projections::find_report("plan");
  REQUIRE(kind != nullptr);
  const auto rows = projections::table_cells(report, kind->tables[0]);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][0] == "市场环境");
  CHECK(rows[0][1] == "开办企业");
  CHECK(rows[0][2] == "RW-001");
  CHECK(rows[0][6] == "D05");  // co-operating
  CHECK(rows[1][1] == "招标投标");
}
