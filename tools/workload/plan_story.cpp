// The plan of 6 environments, 20 domains and 291 tasks (domain.md section 1), and each task's
// years.
#include <fmt/format.h>

#include <algorithm>

#include "tools/workload/story.h"

namespace tools {
namespace {

constexpr std::string_view kVerbs[] = {"推行", "建立", "优化", "完善", "试点", "推广"};
constexpr std::string_view kMeasures[] = {"一件事一次办",   "告知承诺制",   "全流程网办",
                                          "帮办代办服务",   "信用分级监管", "容缺受理",
                                          "跨部门联合检查", "线上评价"};
constexpr std::string_view kSteps[] = {"已完成调研",   "方案已征求意见", "制度已印发",
                                       "试点运行平稳", "已全面推开",     "已完成评估"};

std::string plan_no(const World& world) {
  const int year = schemas::year_of(world.begin);
  return fmt::format("{}-{}", year, year + 2);
}

class PlanStory : public Story {
 public:
  explicit PlanStory(World& world) : Story(world, Seed::task, 0, "plan/" + plan_no(world)) {}
  void tell() {
    std::string list = "[";
    for (const PlanEnvironment& environment : plan_environments()) {
      std::vector<std::string> domains;
      for (const std::string_view domain : environment.domains) domains.emplace_back(domain);
      if (list.size() > 1) list += ',';
      list += fmt::format(R"({{"name":"{}","domains":{},"tasks":{},"aim":"{}"}})", environment.name,
                          json_list(domains), environment.tasks, environment.aim);
    }
    script_.add(pace_.on(world_.begin - 6), {"lead-1", "office_lead", {}}, "PublishPlan",
                Fields().text("name", "优化营商环境三年行动计划").json("environments", list + "]"));
  }
};

class TaskStory : public Story {
 public:
  TaskStory(World& world, int number, const PlanEnvironment& environment, int within)
      : Story(world, Seed::task, static_cast<std::uint64_t>(number) + 1,
              fmt::format("task/T{:03}", number + 1)),
        environment_(environment),
        domain_(environment.domains[static_cast<std::size_t>(within) % environment.domains.size()]),
        lead_department_(static_cast<int>(random_.below(kDepartments))) {}

  void tell() {
    const Day created = world_.begin - 5 + static_cast<Day>(random_.below(4));
    Micros t = create(created);
    t = pace_.soon(t, 1000, 60'000);
    script_.add(t, owner(), "StartTask");
    if (fires(Path::task_cancelled)) {
      t = pace_.late(t, t + 200 * schemas::kDayMicros, 30);
      script_.add(t, lead(), "CancelTask",
                  Fields().text("approval", "区政府专题会议纪要").text("reason", "上级政策调整"));
      return;
    }
    t = advance(t);
    if (t != 0) finish(t);
  }

 private:
  Person owner() { return officer(lead_department_); }

  Micros create(Day created) {
    // Due at the end of one of the three years of the plan (domain.md section 1: year targets).
    const Day span = static_cast<Day>(random_.between(1, 3) * 365 - 1);
    due_ = world_.begin + span;
    const std::string title = fmt::format("在{}领域{}", domain_, random_.one_of(kVerbs));
    Micros t = pace_.on(created);
    script_.add(t, clerk(), "CreateTask",
                Fields()
                    .text("plan", plan_no(world_))
                    .text("environment", environment_.name)
                    .text("domain", domain_)
                    .text("title", title + std::string(random_.one_of(kMeasures)))
                    .text("due", schemas::date_text(due_))
                    .text("target", "形成制度并全区推广"));
    std::vector<std::string> co;
    const int partner = (lead_department_ + 7) % kDepartments;
    if (random_.per_mille(400)) co.push_back(department_id(partner));
    t += 5 * kMinute;
    script_.add(t, clerk(), "SetTaskOwner",
                Fields().text("lead", department_id(lead_department_)).json("co", json_list(co)));
    milestones_ = static_cast<int>(random_.between(2, 4));
    for (int milestone = 1; milestone <= milestones_; ++milestone) {
      t += kMinute;
      script_.add(t, clerk(), "SetMilestone",
                  Fields()
                      .text("name", milestone_name(milestone))
                      .text("date", schemas::date_text(milestone_date(milestone)))
                      .number("weight", 100 / milestones_));
    }
    return t;
  }

  static std::string milestone_name(int milestone) { return fmt::format("节点{}", milestone); }
  [[nodiscard]] Day milestone_date(int milestone) const {
    return world_.begin + (due_ - world_.begin) * milestone / milestones_;
  }

  // Progress about every two months, along the milestones or behind them; 0: not finished in the
  // period.
  Micros advance(Micros t) {
    const bool behind = fires(Path::task_behind);
    int percent = 0;
    for (int milestone = 1; milestone <= milestones_; ++milestone) {
      const Micros goal =
          schemas::start_of(milestone_date(milestone)) + (behind ? 60 : -10) * schemas::kDayMicros;
      while (t + 70 * schemas::kDayMicros < goal) {
        t = pace_.late(t, t + 40 * schemas::kDayMicros, 40);
        if (t >= world_.over()) return 0;
        percent = std::min(milestone * 100 / milestones_ - 2,
                           percent + static_cast<int>(random_.below(12)));
        record(t, percent);
        t = disturb(t, percent);
      }
      t = pace_.late(t, goal - 8 * schemas::kDayMicros, 6);
      if (t >= world_.over()) return 0;
      percent = milestone * 100 / milestones_;
      record(t, percent, milestone_name(milestone));
    }
    return t;
  }

  void record(Micros t, int percent, const std::string& milestone = {}) {
    Fields data;
    data.number("percent", percent).text("text", random_.one_of(kSteps));
    if (!milestone.empty()) data.text("milestone", milestone);
    script_.add(t, owner(), "RecordTaskProgress", data);
  }

  // What comes between: blocked, corrected, supervised, adjusted.
  Micros disturb(Micros t, int& percent) {
    if (fires(Path::task_progress_corrected) && percent > 5) {
      percent -= 5;
      t = pace_.soon(t, 60, 900);
      script_.add(t, owner(), "RecordTaskProgress",
                  Fields()
                      .number("percent", percent)
                      .text("text", "核减重复统计")
                      .flag("correction", true));
    }
    if (fires(Path::task_blocked)) {
      t = pace_.soon(t, 60, 900);
      script_.add(t, owner(), "BlockTask", Fields().text("reason", "系统接口未开放"));
      t = pace_.late(t, t + 10 * schemas::kDayMicros, 20);
      script_.add(t, owner(), "UnblockTask", Fields().text("reason", "接口已开放"));
    }
    if (fires(Path::task_supervised)) {
      t = pace_.soon(t, 60, 900);
      script_.add(t, {"leader-1", "district_leader", {}}, "SuperviseTask",
                  Fields().text("reason", "进度滞后"));
    }
    if (!adjusted_ && fires(Path::task_adjusted)) {
      adjusted_ = true;
      t = pace_.soon(t, 60, 900);
      script_.add(
          t, owner(), "RequestTaskAdjustment",
          Fields().text("due", schemas::date_text(due_ + 60)).text("reason", "上级系统延期上线"));
      t = pace_.soon(t, 300, 3000);
      const bool refused = fires(Path::task_adjustment_refused);
      script_.add(t, lead(), refused ? "RefuseTaskAdjustment" : "ApproveTaskAdjustment",
                  Fields().text("reason", refused ? "按原计划推进" : "同意调整"));
    }
    return t;
  }

  void finish(Micros t) {
    if (fires(Path::task_innovation)) {
      t = pace_.soon(t, 60, 900);
      script_.add(t, owner(), "RecordInnovation",
                  Fields().text("title", "入选全市营商环境创新案例"));
    }
    const auto report = [&] {
      t = pace_.soon(t, 300, 5000);
      script_.add(t, owner(), "ReportTaskCompletion",
                  Fields().text("text", "任务已完成").text("evidence", "印发文件及运行数据"));
      t = pace_.soon(t, 300, 5000);
    };
    report();
    if (fires(Path::task_verification_failed)) {
      script_.add(t, clerk(), "FailTaskVerification", Fields().text("text", "佐证不足"));
      report();
    }
    script_.add(t, clerk(), "VerifyTask", Fields().text("text", "实地核验通过"));
    t = pace_.soon(t, 100, 3000);
    script_.add(t, lead(), "CloseTask");
    if (!fires(Path::task_reopened)) return;
    t = pace_.late(t, t + 60 * schemas::kDayMicros, 60);
    script_.add(t, clerk(), "ReopenTask", Fields().text("reason", "问题反弹"));
    report();
    script_.add(t, clerk(), "VerifyTask", Fields().text("text", "复核通过"));
    script_.add(pace_.soon(t, 100, 3000), lead(), "CloseTask");
  }

  const PlanEnvironment& environment_;
  const std::string_view domain_;
  const int lead_department_;
  int milestones_ = 2;
  bool adjusted_ = false;
  Day due_ = 0;
};

}  // namespace

std::vector<Script> plan_scripts(World& world) {
  std::vector<Script> scripts;
  PlanStory plan(world);
  plan.tell();
  scripts.push_back(plan.take());
  int number = 0;
  for (const PlanEnvironment& environment : plan_environments())
    for (int within = 0; within < environment.tasks; ++within) {
      TaskStory task(world, number++, environment, within);
      task.tell();
      scripts.push_back(task.take());
    }
  return scripts;
}

}  // namespace tools
