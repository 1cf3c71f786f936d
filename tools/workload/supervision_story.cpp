// Supervisors 监督员 with their terms, and what they report (domain.md sections 1 and 9).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "schemas/supervisor.h"
#include "tools/workload/story.h"

namespace tools {
namespace {

constexpr int kEachCategory = 5;
constexpr std::string_view kActivities[] = {"营商环境座谈会", "政务大厅体验日", "重点项目走访",
                                            "年度测评会"};
constexpr std::string_view kSuggestions[] = {"建议增加企业开办窗口", "建议公开中介服务收费标准",
                                             "建议统一各街道帮办代办标准",
                                             "建议延长园区公交运营时间"};
constexpr std::string_view kClues[] = {"某单位要求企业重复提交材料", "某部门检查未出示证件",
                                       "某协会强制收取会费", "某窗口工作时间无人值守"};

Day two_years_after(Day from) {
  using namespace std::chrono;
  const year_month_day start{sys_days{days{from}}};
  const auto end = sys_days{(start.year() + years{2}) / start.month() / 1} +
                   days{static_cast<unsigned>(start.day()) - 1};
  return static_cast<Day>(end.time_since_epoch().count());
}

class SupervisorStory : public Story {
 public:
  SupervisorStory(World& world, int number)
      : Story(world, Seed::supervisor, static_cast<std::uint64_t>(number),
              fmt::format("supervisor/JD{:03}", number + 1)),
        id_(fmt::format("JD{:03}", number + 1)),
        category_(schemas::supervisor_categories()[static_cast<std::size_t>(number) % 9]) {}

  void tell() {
    Day from = world_.begin - 8;
    const std::string name = person_name(random_);
    if (random_.per_mille(300))
      script_.add(pace_.on(from - 2), clerk(), "NominateSupervisor",
                  Fields().text("name", name).text("category", category_));
    script_.add(pace_.on(from), lead(), "AppointSupervisor",
                Fields()
                    .text("name", name)
                    .text("category", category_)
                    .text("from", schemas::date_text(from)));
    while (from < world_.end) {
      const Day until = two_years_after(from);
      if (!serve(from, until)) return;
      if (until >= world_.end || !fires(Path::supervisor_reappointed)) return;
      const Micros t = pace_.on(until - 10);
      script_.add(pace_.on(until - 30), clerk(), "AssessSupervisor",
                  Fields().text("result", "合格"));
      script_.add(t, lead(), "ReappointSupervisor",
                  Fields().text("from", schemas::date_text(until)));
      from = until;
    }
  }

 private:
  // One term; false: it ended by dismissal.
  bool serve(Day from, Day until) {
    ActiveTerm term{.id = id_, .from = from + 1, .until = until};
    const Day middle = from + static_cast<Day>(random_.between(90, 500));
    const bool leaves = fires(Path::supervisor_dismissed);
    if (leaves) {
      term.until = middle;
      script_.add(pace_.on(middle), lead(), "DismissSupervisor",
                  Fields().text("reason", "工作调离本区"));
    } else if (fires(Path::supervisor_suspended)) {
      term.pause_from = middle;
      term.pause_until = middle + 40;
      script_.add(pace_.on(middle), lead(), "SuspendSupervisor",
                  Fields().text("reason", "长期出差"));
      script_.add(pace_.on(middle + 39), lead(), "ReinstateSupervisor");
    }
    for (Day on = from + 60; on < std::min(term.until, world_.end); on += 120) {
      const Day day = on + static_cast<Day>(random_.below(40));
      const Micros t = pace_.on(day + 1);
      if (day + 1 >= term.until || (day + 1 >= term.pause_from && day <= term.pause_until))
        continue;
      script_.add(t, clerk(), "AttendActivity",
                  Fields()
                      .text("activity", random_.one_of(kActivities))
                      .text("on", schemas::date_text(day)));
    }
    world_.terms.push_back(std::move(term));
    return !leaves;
  }

  std::string id_;
  std::string_view category_;
};

class ReportStory : public Story {
 public:
  ReportStory(World& world, std::int64_t number, const std::string& no, Micros filed)
      : Story(world, Seed::report, static_cast<std::uint64_t>(number), "supervisor-report/" + no),
        filed_(filed) {}

  void tell() {
    const ActiveTerm* term = choose();
    if (term == nullptr) return;
    clue_ = fires(Path::report_clue);
    sealed_ = fires(Path::report_sealed);
    reporter_ = {term->id, "supervisor", {}};
    const std::string_view title = clue_ ? random_.one_of(kClues) : random_.one_of(kSuggestions);
    const bool by_office = fires(Path::report_by_office);
    script_.add(filed_, by_office ? clerk() : reporter_, "FileSupervisorReport",
                Fields()
                    .text("supervisor", term->id)
                    .text("kind", clue_ ? "clue" : "suggestion")
                    .flag("sealed", sealed_)
                    .text("title", title)
                    .text("text", fmt::format("{}，请研究办理。地点：{}。", title, town(random_))));
    const Micros dispatched = take_in();
    if (dispatched == 0) return;
    if (sealed_ && fires(Path::identity_accessed))
      script_.add(pace_.soon(dispatched, 60, 600), {"inspector-1", "inspector", {}},
                  "AccessIdentity",
                  Fields().text("person", "inspector-1").text("reason", "核查线索需当面了解"));
    settle(dispatched);
  }

 private:
  const ActiveTerm* choose() {
    const Day day = schemas::day_of(filed_);
    std::vector<const ActiveTerm*> active;
    for (const ActiveTerm& term : world_.terms)
      if (term.from <= day && day < term.until &&
          !(term.pause_from <= day && day <= term.pause_until))
        active.push_back(&term);
    if (active.empty()) return nullptr;
    return active[static_cast<std::size_t>(random_.below(std::ssize(active)))];
  }

  // Registered, graded and handed out; 0: declined or moved out of the office's hands.
  Micros take_in() {
    const Micros due = pace_.due(filed_, 1), dispatch_due = pace_.due(filed_, 5);
    Micros t =
        fires(Path::report_register_late) ? pace_.late(filed_, due, 2) : pace_.within(filed_, due);
    if (fires(Path::report_declined)) {
      script_.add(
          t, clerk(), "DeclineSupervisorReport",
          Fields().text("reason", "已有明确规定").text("reply", "已当面说明情况，感谢建议"));
      return 0;
    }
    script_.add(t, clerk(), "RegisterSupervisorReport");
    if (clue_ || fires(Path::report_graded)) {
      t = pace_.soon(t, 10, 200);
      static constexpr char kGrades[] = {'A', 'B', 'B', 'C', 'C', 'C', 'C'};
      grade_ = random_.one_of(kGrades);
      script_.add(t, clerk(), "GradeSupervisorReport",
                  Fields().text("grade", std::string(1, grade_)));
    }
    if (clue_ && fires(Path::clue_transferred)) {
      script_.add(pace_.soon(t, 60, 900), lead(), "TransferClue",
                  Fields().text("to", "纪检监察机关").text("receipt", "移交函及登记表"));
      return 0;
    }
    t = t < dispatch_due ? pace_.within(t, dispatch_due) : pace_.soon(t, 20, 300);
    department_ = static_cast<int>(random_.below(kDepartments));
    script_.add(t, clerk(), "DispatchSupervisorReport",
                Fields().text("department", department_id(department_)).text("mode", "转办"));
    return t;
  }

  void settle(Micros t) {
    bool again = fires(Path::report_reopened);
    while (true) {
      // A month is at least 28 days; half the time is taken for a complex one (our choice).
      const Micros due =
          grade_ == 'A' ? t + 14 * schemas::kDayMicros : pace_.due(t, grade_ == 'B' ? 15 : 5);
      if (due - t > 7 * schemas::kDayMicros) {
        const Micros told = pace_.within(t, t + 5 * schemas::kDayMicros);
        script_.add(told, officer(department_), "RecordSupervisorReportProgress",
                    Fields().text("text", "已与相关单位研究，正在制定措施"));
        t = told;
      }
      const Micros late_due = grade_ == 'A' ? t + 31 * schemas::kDayMicros : due;
      t = fires(Path::report_conclude_late) ? pace_.late(t, late_due, 5) : pace_.within(t, due);
      static constexpr std::string_view kClasses[] = {"A", "A", "A", "B", "B", "C", "D"};
      script_.add(t, officer(department_), "ConcludeSupervisorReport",
                  Fields().text("class", random_.one_of(kClasses)).text("text", "已按建议改进"));
      t = pace_.within(t, pace_.due(t, 3));
      script_.add(t, clerk(), "AnswerSupervisorReport",
                  Fields().text("text", "办理情况已当面反馈"));
      if (!again) break;
      again = false;
      t = pace_.soon(t, 300, 3000);
      script_.add(t, lead(), "ReopenSupervisorReport", Fields().text("reason", "反映的问题又出现"));
    }
    finish(t);
  }

  void finish(Micros t) {
    if (fires(Path::report_rated)) {
      t = pace_.at_leisure(t, t + 3 * schemas::kDayMicros);
      script_.add(t, reporter_, "RateSupervisorReport",
                  Fields().number("level", random_.between(3, 5)));
    }
    if (fires(Path::retaliation_reported)) {
      t = pace_.at_leisure(t, t + 2 * schemas::kDayMicros);
      script_.add(t, reporter_, "ReportRetaliation",
                  Fields().text("text", "相关人员多次打听反映人"));
    }
    script_.add(pace_.soon(t, 60, 1500), lead(), "CloseSupervisorReport");
  }

  const Micros filed_;
  bool clue_ = false, sealed_ = false;
  char grade_ = 'C';
  int department_ = 0;
  Person reporter_;
};

}  // namespace

std::vector<Script> supervisor_scripts(World& world) {
  std::vector<Script> scripts;
  const int count = kEachCategory * static_cast<int>(schemas::supervisor_categories().size());
  for (int number = 0; number < count; ++number) {
    SupervisorStory story(world, number);
    story.tell();
    scripts.push_back(story.take());
  }
  return scripts;
}

Script report_script(World& world, std::int64_t number, const std::string& no, Micros filed) {
  ReportStory story(world, number, no, filed);
  story.tell();
  return story.take();
}

}  // namespace tools
