// Tasks 攻坚任务: counted against the plan, progress that falls only by a correction, work that
// others verify.
#include "schemas/task.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/cells.h"
#include "tests/support/subject.h"

namespace task_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::lead;
using support::officer;
using E = EventType;
using S = TaskStatus;

// A plan with two tasks in its first environment; D01 and D02 exist, D09 is merged away.
class WithPlan : public support::Neighbourhood {
 public:
  WithPlan() {
    Plan& plan = plans["P2021"];
    plan.status = PlanStatus::published;
    plan.environments = {{"市场环境", {"开办企业", "项目建设"}, 2}, {"投资环境", {"跨境贸易"}, 1}};
    add_department("D01");
    add_department("D02");
    add_department("D03");
    add_department("D09", DepartmentStatus::merged);
  }
};

TaskCreatedT creation(const std::string& environment = "市场环境",
                      const std::string& domain = "开办企业") {
  return {{}, "P2021", environment, domain, "企业开办一日办结", day("2021-12-31"), "一日"};
}
TaskProgressedT progress(int percent, const std::string& milestone = "", bool correction = false) {
  return {{}, percent, "进展", milestone, correction};
}
const TaskOwnerSetT kOwner{{}, "D01", {"D02"}};
const TaskStartedT kStart{{}, ""};
const TaskCompletionReportedT kDone{{}, "完成", "验收单 2021-7"};
const TaskVerifiedT kVerified{{}, "属实"};
const TaskClosedT kClosed{{}, ""};

class OneTask : public support::Subject<Task> {
 public:
  explicit OneTask(support::Neighbourhood& around) : Subject("task", "T001", around) {}
};

TaskAdjustmentRequestedT adjustment() { return {{}, day("2022-06-30"), "半日", "系统改造"}; }

void bring_to(OneTask& one, S status, bool adjustment_asked = false) {
  if (status == S::none) return;
  REQUIRE(one.act(clerk(), creation()) == "ok");
  REQUIRE(one.act(clerk(), kOwner) == "ok");
  if (adjustment_asked) REQUIRE(one.act(officer("D01"), adjustment()) == "ok");
  if (status == S::created) return;
  if (status == S::split) {
    REQUIRE(one.act(lead(), TaskSplitT{{}, {"T101", "T102"}, "太大"}) == "ok");
    return;
  }
  if (status == S::merged) {
    REQUIRE(one.act(lead(), TaskMergedT{{}, "T002", "重复"}) == "ok");
    return;
  }
  if (status == S::cancelled) {
    REQUIRE(one.act(lead(), TaskCancelledT{{}, "区政办〔2021〕7号", ""}) == "ok");
    return;
  }
  REQUIRE(one.act(officer("D01"), kStart) == "ok");
  if (status == S::started) return;
  if (status == S::blocked) {
    REQUIRE(one.act(officer("D01"), TaskBlockedT{{}, "等待上级系统"}) == "ok");
    return;
  }
  REQUIRE(one.act(officer("D01"), kDone) == "ok");
  if (status == S::reported) return;
  REQUIRE(one.act(clerk(), kVerified) == "ok");
  if (status == S::verified) return;
  REQUIRE(one.act(lead(), kClosed) == "ok");
}

std::string act(OneTask& one, E event) {
  switch (event) {
    case E::TaskCreated:
      return one.act(clerk(), creation());
    case E::TaskOwnerSet:
      return one.act(clerk(), kOwner);
    case E::MilestoneSet:
      return one.act(clerk(), MilestoneSetT{{}, "上线", day("2021-11-30"), 40});
    case E::TaskStarted:
      return one.act(officer("D01"), kStart);
    case E::TaskProgressed:
      return one.act(officer("D01"), progress(30));
    case E::TaskBlocked:
      return one.act(officer("D01"), TaskBlockedT{{}, "等待上级系统"});
    case E::TaskUnblocked:
      return one.act(officer("D01"), TaskUnblockedT{{}, ""});
    case E::TaskAdjustmentRequested:
      return one.act(officer("D01"), adjustment());
    case E::TaskAdjustmentApproved:
      return one.act(lead(), TaskAdjustmentApprovedT{{}, "", 0, ""});
    case E::TaskAdjustmentRefused:
      return one.act(lead(), TaskAdjustmentRefusedT{{}, "理由不足"});
    case E::TaskSplit:
      return one.act(lead(), TaskSplitT{{}, {"T101", "T102"}, "太大"});
    case E::TaskMerged:
      return one.act(lead(), TaskMergedT{{}, "T002", "重复"});
    case E::TaskCompletionReported:
      return one.act(officer("D01"), kDone);
    case E::TaskVerified:
      return one.act(clerk(), kVerified);
    case E::TaskVerificationFailed:
      return one.act(clerk(), TaskVerificationFailedT{{}, "不足"});
    case E::TaskClosed:
      return one.act(lead(), kClosed);
    case E::TaskReopened:
      return one.act(clerk(), TaskReopenedT{{}, "反弹"});
    case E::TaskCancelled:
      return one.act(lead(), TaskCancelledT{{}, "区政办〔2021〕7号", ""});
    case E::TaskSupervised:
      return one.act(lead(), TaskSupervisedT{{}, "进展缓慢"});
    case E::InnovationRecorded:
      return one.act(officer("D02"), InnovationRecordedT{{}, "一窗", ""});
    default:
      return "no command in this test";
  }
}

}  // namespace

TEST_CASE("every event of a task does in every status what the reviewed table says") {
  support::compare_cells(
      kTaskLifecycle, TESTS_DIR "/golden/lifecycles/task.txt", [](E event, unsigned status) {
        WithPlan around;
        OneTask one(around);
        bring_to(one, static_cast<S>(status),
                 event == E::TaskAdjustmentApproved || event == E::TaskAdjustmentRefused);
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(kTaskLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("a task goes from creation to closing, and comes back when it relapses") {
  WithPlan around;
  OneTask one(around);
  CHECK(one.act(clerk(), creation()) == "ok");
  CHECK(one.act(clerk(), kOwner) == "ok");
  CHECK(one.act(clerk(), MilestoneSetT{{}, "上线", day("2021-11-30"), 40}) == "ok");
  CHECK(one.act(officer("D01"), kStart) == "ok");
  CHECK(one.act(officer("D02"), progress(40, "上线")) == "ok");
  CHECK(one.act(officer("D01"), TaskBlockedT{{}, "等待上级系统"}) == "ok");
  CHECK(one.act(officer("D01"), kDone) == "ok");
  CHECK(one.act(clerk(), kVerified) == "ok");
  CHECK(one.act(lead(), kClosed) == "ok");
  CHECK(one.act(clerk(), TaskReopenedT{{}, "反弹"}) == "ok");
  CHECK(one.state().status == S::started);
  CHECK(one.state().percent == 40);
  CHECK(one.state().milestones.at(0).done);
}

TEST_CASE("a task belongs to a plan, an environment of it and a domain of that environment") {
  WithPlan around;
  OneTask one(around);
  TaskCreatedT elsewhere = creation();
  elsewhere.plan = "P1999";
  CHECK(one.act(clerk(), elsewhere) == "UnknownPlan");
  CHECK(one.act(clerk(), creation("海洋环境", "开办企业")) == "UnknownEnvironment");
  CHECK(one.act(clerk(), creation("市场环境", "办理破产")) == "UnknownDomain");
  CHECK(one.act(clerk(), creation("市场环境", "跨境贸易")) == "UnknownDomain");
  CHECK(one.act(clerk(), creation("投资环境", "跨境贸易")) == "ok");
}

TEST_CASE("an environment gets as many tasks as its plan says and not one more") {
  WithPlan around;
  around.task_counts["市场环境"] = 1;
  CHECK(OneTask(around).act(clerk(), creation()) == "ok");
  around.task_counts["市场环境"] = 2;
  CHECK(OneTask(around).act(clerk(), creation()) == "PlanFull");
  CHECK(OneTask(around).act(clerk(), creation("投资环境", "跨境贸易")) == "ok");
}

TEST_CASE("owners are active departments, each named once, and can be changed") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::started);
  CHECK(one.act(clerk(), TaskOwnerSetT{{}, "D77", {}}) == "UnknownDepartment");
  CHECK(one.act(clerk(), TaskOwnerSetT{{}, "D09", {}}) == "UnknownDepartment");
  CHECK(one.act(clerk(), TaskOwnerSetT{{}, "D01", {"D09"}}) == "UnknownDepartment");
  CHECK(one.act(clerk(), TaskOwnerSetT{{}, "D01", {"D01"}}) == "AlreadyAssigned");
  CHECK(one.act(clerk(), TaskOwnerSetT{{}, "D01", {"D02", "D02"}}) == "AlreadyAssigned");
  CHECK(one.act(clerk(), TaskOwnerSetT{{}, "D03", {}}) == "ok");
  CHECK(one.act(officer("D01"), progress(10)) == "WrongDepartment");
  CHECK(one.act(officer("D03"), progress(10)) == "ok");
}

TEST_CASE("a task without an owner cannot be started, and no completion of it be reported") {
  WithPlan around;
  OneTask one(around);
  REQUIRE(one.act(clerk(), creation()) == "ok");
  CHECK(one.act(clerk(), kStart) == "NoOwner");
  REQUIRE(one.act(clerk(), TaskBlockedT{{}, "等待"}) == "ok");
  CHECK(one.act(clerk(), kDone) == "NoOwner");
}

TEST_CASE("the lead and co departments and the office act on a task, other departments do not") {
  const auto may_work = [](const Actor& by) {
    WithPlan around;
    OneTask one(around);
    bring_to(one, S::created);
    std::string answer = one.act(by, kStart);
    if (answer != "ok") return answer;
    CHECK(one.act(by, progress(10)) == "ok");
    CHECK(one.act(by, TaskBlockedT{{}, "等待"}) == "ok");
    CHECK(one.act(by, TaskUnblockedT{{}, ""}) == "ok");
    CHECK(one.act(by, adjustment()) == "ok");
    CHECK(one.act(by, InnovationRecordedT{{}, "一窗", ""}) == "ok");
    CHECK(one.act(by, kDone) == "ok");
    return answer;
  };
  CHECK(may_work(officer("D01")) == "ok");
  CHECK(may_work(officer("D02")) == "ok");
  CHECK(may_work(clerk()) == "ok");
  CHECK(may_work(lead()) == "ok");
  CHECK(may_work(officer("D03")) == "WrongDepartment");
  CHECK(may_work(support::actor(Role::enterprise)) == "WrongRole");
  CHECK(may_work(support::actor(Role::supervisor)) == "WrongRole");
}

TEST_CASE("closing, cancelling, splitting, merging and ruling on an adjustment are the lead's") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::created, true);
  CHECK(one.act(clerk(), TaskAdjustmentApprovedT{{}, "", 0, ""}) == "WrongRole");
  CHECK(one.act(clerk(), TaskAdjustmentRefusedT{{}, "x"}) == "WrongRole");
  CHECK(one.act(clerk(), TaskSplitT{{}, {"T2", "T3"}, "x"}) == "WrongRole");
  CHECK(one.act(clerk(), TaskMergedT{{}, "T2", "x"}) == "WrongRole");
  CHECK(one.act(clerk(), TaskCancelledT{{}, "x", ""}) == "WrongRole");
  CHECK(one.act(clerk(), TaskSupervisedT{{}, "x"}) == "WrongRole");
  CHECK(one.act(support::actor(Role::district_leader), TaskSupervisedT{{}, "x"}) == "ok");
  OneTask done(around);
  bring_to(done, S::verified);
  CHECK(done.act(clerk(), kClosed) == "WrongRole");
}

TEST_CASE("percent is 0 to 100 and falls only by a correction") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::started);
  CHECK(one.act(officer("D01"), progress(-1)) == "OutOfRange");
  CHECK(one.act(officer("D01"), progress(101)) == "OutOfRange");
  CHECK(one.act(officer("D01"), progress(0)) == "ok");
  CHECK(one.act(officer("D01"), progress(60)) == "ok");
  CHECK(one.act(officer("D01"), progress(60)) == "ok");
  CHECK(one.act(officer("D01"), progress(59)) == "PercentFalls");
  CHECK(one.act(officer("D01"), progress(50, "", true)) == "ok");
  CHECK(one.state().percent == 50);
  CHECK(one.act(officer("D01"), progress(-1, "", true)) == "OutOfRange");
  CHECK(one.act(officer("D01"), progress(100)) == "ok");
}

TEST_CASE("progress completes only a milestone that was set") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::started);
  CHECK(one.act(officer("D01"), progress(20, "上线")) == "UnknownMilestone");
  REQUIRE(one.act(clerk(), MilestoneSetT{{}, "上线", day("2021-11-30"), 40}) == "ok");
  REQUIRE(one.act(clerk(), MilestoneSetT{{}, "验收", day("2021-12-20"), 60}) == "ok");
  CHECK(one.act(officer("D01"), progress(20, "上线")) == "ok");
  CHECK(one.state().milestones.at(0).done);
  CHECK_FALSE(one.state().milestones.at(1).done);
}

TEST_CASE("a milestone set again is moved, not doubled, and has a weight above nothing") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::created);
  const auto set = [&](std::string_view date, int weight) {
    return one.act(clerk(), MilestoneSetT{{}, "上线", day(date), weight});
  };
  CHECK(set("2021-11-30", 0) == "OutOfRange");
  CHECK(set("2021-11-30", 1001) == "OutOfRange");
  CHECK(set("2021-11-30", 1) == "ok");
  CHECK(set("2021-11-30", 1) == "NothingChanged");
  CHECK(set("2021-12-10", 1000) == "ok");
  REQUIRE(one.state().milestones.size() == 1);
  CHECK(one.state().milestones[0].date == day("2021-12-10"));
  CHECK(one.state().milestones[0].weight == 1000);
}

TEST_CASE("a blocked task goes back to where it was blocked") {
  WithPlan around;
  for (const S from : {S::created, S::started}) {
    OneTask one(around);
    bring_to(one, from);
    REQUIRE(one.act(officer("D01"), TaskBlockedT{{}, "等待"}) == "ok");
    REQUIRE(one.act(officer("D01"), TaskUnblockedT{{}, ""}) == "ok");
    CHECK(one.state().status == from);
  }
}

TEST_CASE("an approved adjustment changes what is in force and keeps what was first promised") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::created, true);
  REQUIRE(one.act(lead(), TaskAdjustmentApprovedT{{}, "同意", day("2030-01-01"), "随便"}) == "ok");
  // What is pinned is what was asked for, whatever the approval's own pinned fields said.
  CHECK(date_text(one.last_as<TaskAdjustmentApproved>().due()) == "2022-06-30");
  CHECK(view(one.last_as<TaskAdjustmentApproved>().target()) == "半日");
  CHECK(one.state().due == day("2022-06-30"));
  CHECK(one.state().original_due == day("2021-12-31"));
  CHECK(one.state().target == "半日");
}

TEST_CASE("an adjustment of one thing leaves the other as it is in force") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::created);
  TaskAdjustmentRequestedT only_target;
  only_target.target = "两日";
  only_target.reason = "评估";
  REQUIRE(one.act(officer("D01"), only_target) == "ok");
  REQUIRE(one.act(lead(), TaskAdjustmentApprovedT{{}, "", 0, ""}) == "ok");
  CHECK(one.state().due == day("2021-12-31"));
  CHECK(one.state().target == "两日");
  TaskAdjustmentRequestedT only_due;
  only_due.due = day("2022-01-31");
  only_due.reason = "顺延";
  REQUIRE(one.act(officer("D01"), only_due) == "ok");
  REQUIRE(one.act(lead(), TaskAdjustmentApprovedT{{}, "", 0, ""}) == "ok");
  CHECK(one.state().due == day("2022-01-31"));
  CHECK(one.state().target == "两日");
}

TEST_CASE("one adjustment is ruled on at a time, and it must ask for something new") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::created);
  CHECK(one.act(lead(), TaskAdjustmentApprovedT{{}, "", 0, ""}) == "NoPendingRequest");
  CHECK(one.act(lead(), TaskAdjustmentRefusedT{{}, "x"}) == "NoPendingRequest");
  TaskAdjustmentRequestedT nothing;
  nothing.reason = "x";
  CHECK(one.act(clerk(), nothing) == "NothingChanged");
  nothing.due = day("2021-12-31");
  nothing.target = "一日";
  CHECK(one.act(clerk(), nothing) == "NothingChanged");
  CHECK(one.act(clerk(), adjustment()) == "ok");
  CHECK(one.act(clerk(), adjustment()) == "RequestPending");
  CHECK(one.act(lead(), TaskAdjustmentRefusedT{{}, "理由不足"}) == "ok");
  CHECK(one.state().due == day("2021-12-31"));
  CHECK(one.act(clerk(), adjustment()) == "ok");
}

TEST_CASE("a task is split into at least two others and merged into another, never into itself") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::created);
  CHECK(one.act(lead(), TaskSplitT{{}, {}, "x"}) == "OutOfRange");
  CHECK(one.act(lead(), TaskSplitT{{}, {"T101"}, "x"}) == "OutOfRange");
  CHECK(one.act(lead(), TaskSplitT{{}, {"T101", "T101"}, "x"}) == "OutOfRange");
  CHECK(one.act(lead(), TaskSplitT{{}, {"T101", "T001"}, "x"}) == "MergeCycle");
  CHECK(one.act(lead(), TaskMergedT{{}, "T001", "x"}) == "MergeCycle");
  CHECK(one.act(lead(), TaskSplitT{{}, {"T101", "T102"}, "x"}) == "ok");
}

TEST_CASE("completion is reported with evidence") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::started);
  CHECK(one.act(officer("D01"), TaskCompletionReportedT{{}, "完成", ""}) == "EvidenceNeeded");
  CHECK(one.act(officer("D01"), TaskCompletionReportedT{{}, "完成", " \n"}) == "EvidenceNeeded");
  CHECK(one.act(officer("D01"), TaskCompletionReportedT{{}, "完成", "照片"}) == "ok");
}

TEST_CASE("nobody verifies their own work, not even from within the office") {
  WithPlan around;
  OneTask one(around);
  bring_to(one, S::reported);
  CHECK(one.act(officer("D01"), kVerified) == "OwnWork");
  CHECK(one.act(officer("D01"), TaskVerificationFailedT{{}, "x"}) == "OwnWork");
  CHECK(one.act(officer("D02"), kVerified) == "OwnWork");
  CHECK(one.act(officer("D03"), kVerified) == "WrongRole");
  CHECK(one.act(support::actor(Role::office_lead, "lead-1", "D01"), kVerified) == "OwnWork");
  CHECK(one.act(clerk(), kVerified) == "ok");
}

TEST_CASE("planned percent counts the weights of milestones whose whole day is past") {
  const std::vector<TaskMilestone> milestones{{"一", 100, 30, false}, {"二", 200, 70, true}};
  CHECK(planned_percent(0, 300, milestones, 99) == 0);
  CHECK(planned_percent(0, 300, milestones, 100) == 0);
  CHECK(planned_percent(0, 300, milestones, 101) == 30);
  CHECK(planned_percent(0, 300, milestones, 201) == 100);
  const std::vector<TaskMilestone> thirds{{"一", 1, 1, false}, {"二", 9, 2, false}};
  CHECK(planned_percent(0, 9, thirds, 5) == 33);
}

TEST_CASE("without milestones planned percent runs evenly from creation to the due day") {
  CHECK(planned_percent(100, 200, {}, 90) == 0);
  CHECK(planned_percent(100, 200, {}, 100) == 0);
  CHECK(planned_percent(100, 200, {}, 125) == 25);
  CHECK(planned_percent(100, 200, {}, 200) == 100);
  CHECK(planned_percent(100, 200, {}, 5000) == 100);
  CHECK(planned_percent(100, 100, {}, 100) == 0);
  CHECK(planned_percent(100, 100, {}, 101) == 100);
}

TEST_CASE("a task's light turns on the exact gap: yellow from 10 points, red over 30") {
  const auto behind = [](Day days_of_1000, int percent) {  // planned: days / 10 percent
    return progress_light(0, 1000, {}, percent, days_of_1000);
  };
  CHECK(behind(599, 50) == Light::green);
  CHECK(behind(600, 50) == Light::yellow);
  CHECK(behind(800, 50) == Light::yellow);
  CHECK(behind(801, 50) == Light::red);
  CHECK(behind(300, 50) == Light::green);
}

TEST_CASE("a task's light is red when a milestone's day passed undone, however far it is") {
  const std::vector<TaskMilestone> milestones{{"一", 100, 1, false}, {"二", 900, 99, false}};
  CHECK(progress_light(0, 1000, milestones, 90, 100) == Light::green);
  CHECK(progress_light(0, 1000, milestones, 90, 101) == Light::red);
}

}  // namespace task_test
