// What people write into the fields of a command.
#include <algorithm>

#include "tests/simulation/office.h"

namespace simulation {
namespace {

using boost::json::array;
using boost::json::object;

}  // namespace

array Office::matters() {
  array matters;
  const auto count = random_.between(random_.per_mille(950) ? 1 : 0, 2);
  for (std::int64_t number = 1; number <= count; ++number) {
    object matter{{"matter", random_.per_mille(970) ? number : 1},
                  {"text", "事项"},
                  {"lead", random_.per_mille(970) ? department() : "D99"}};
    if (random_.per_mille(250)) matter["co"] = array{department()};
    matters.push_back(std::move(matter));
  }
  return matters;
}

void Office::fill(Ask& ask, const Model& model, const Appeal* appeal, const Work* work) {
  const std::string& command = ask.command;
  object& data = ask.data;
  const std::string_view about = [&] {
    for (const Row& row : procedure())
      if (row.command == command) return row.about;
    return std::string_view();
  }();
  if (about == "work") return fill_work(ask, model, work);
  if (command == "SubmitAppeal")
    data = {
        {"enterprise", enterprise()}, {"channel", "web"}, {"category", "税费"}, {"title", "问"}};
  if (has_word("RejectAppeal OrderSupervision LiftSupervision EscalateAppeal ReopenAppeal "
               "ShelveAppeal ContestRating UpholdContest DismissContest InvalidateRating",
               command))
    data["reason"] = words();
  if (has_word("SupplementAppeal RequestSupplement AnswerAppeal SupplementRating PlanRectification "
               "ReportRectification RejectRectification FeedBackRectification",
               command))
    data["text"] = words();
  if (command == "ClassifyAppeal") data["category"] = "用工";
  if (command == "TransferAppealOut") data = {{"to", "信访局"}, {"receipt", "2021-1"}};
  if (command == "EscalateAppeal") data["to"] = "专题会";
  if (command == "ExcludeAppeal") data["code"] = "辖区外";
  if (command == "ShelveAppeal")
    data["review"] = day_text(day_of(ask.at) + static_cast<Day>(random_.between(-1, 32)));
  if (command == "MergeAppeal") {
    std::vector<std::string> all;
    for (const auto& [no, other] : model.appeals()) all.push_back(no);
    data["into"] = all.empty() ? "SQ-0" : random_.one_of(std::span<const std::string>(all));
  }
  if (command == "DecomposeAppeal") {
    data["matters"] = matters();
  }
  if (command == "ConcludeAppeal")
    data["outcome"] = random_.per_mille(700) ? "solved" : "explained";
  if (command == "RecordCallback") {
    const bool reached = random_.per_mille(600);
    data["reached"] = reached;
    if (reached && random_.per_mille(950)) {
      data["solved"] = random_.per_mille(700);
      data["satisfied"] = random_.per_mille(600);
    }
  }
  if (command == "RateAppeal" || command == "RevisitRating") {
    const std::int64_t worst =
        random_.per_mille(500) ? 2 : 5;  // the long way is that of the bad ones
    const std::int64_t level = random_.per_mille(30) ? 7 : random_.between(1, worst);
    data["level"] = level;
    if (command == "RateAppeal" && level <= 2 && random_.per_mille(950))
      data["reasons"] = array{"拖延"};
  }
  if (command == "AssignBadRating")
    data["department"] = appeal != nullptr && !appeal->works.empty()
                             ? appeal->works.back().department
                             : department();
  if (command == "VerifyBadRating") {
    static constexpr const char* kFindings[] = {"true", "true", "partly_true", "mistaken",
                                                "untrue"};
    data["finding"] = random_.one_of(kFindings);
  }
}

void Office::fill_work(Ask& ask, const Model& model, const Work* work) {
  const std::string& command = ask.command;
  object& data = ask.data;
  static constexpr const char* kTracks[] = {"standard", "standard", "same_day"};
  static constexpr const char* kObligations[] = {"contact",  "completion", "sign",
                                                 "progress", "co_opinion", "return_ruling"};
  const auto appeal = model.appeals().find(ask.no);
  const bool many = appeal != model.appeals().end() && appeal->second.matters.size() > 1;
  data["matter"] = work != nullptr ? work->matter : random_.between(1, many ? 2 : 1);
  data["department"] = work != nullptr ? work->department : department();
  if (random_.per_mille(20)) data["matter"] = 9;
  if (command == "DispatchAssignment") {
    data["duty"] = random_.per_mille(800) ? "lead" : "co";
    data["track"] = random_.per_mille(20) ? "long_term" : random_.one_of(kTracks);
  } else if (command == "RedispatchAssignment") {
    data["to"] = department();
    data["track"] = random_.one_of(kTracks);
  } else if (command == "NameHandler") {
    data["handler"] = "某某";
  } else if (command == "RecordContact") {
    data["method"] = "电话";
  } else if (has_word("RequestReturn RefuseReturn CancelAssignment SuspendClock", command)) {
    data["reason"] = words();
  } else if (command == "RequestLongTerm") {
    data["plan"] = "分期推进";
    data["until"] = day_text(day_of(ask.at) + static_cast<Day>(random_.between(2, 60)));
  } else if (command == "ReportProgress") {
    const Day monday = monday_of(day_of(ask.at)) - 7 * static_cast<Day>(random_.below(4));
    data["week"] = random_.per_mille(950) ? week_text(monday) : "某周";
    data["text"] = words();
    data["percent"] = random_.between(-1, 101);
  } else if (command == "RequestExtension") {
    data["workdays"] = random_.between(0, 8);
    data["reason"] = words();
  } else if (command == "FileCoOpinion" || command == "SendBackCompletion") {
    data["text"] = words();
  } else if (command == "ReportCompletion") {
    data["outcome"] = "solved";
    data["text"] = words();
  } else if (command == "IssueYellowCard" || command == "IssueRedCard") {
    std::string obligation = random_.one_of(kObligations);
    // Mostly where there is something to warn of.
    const std::string colour = command == "IssueRedCard" ? "red" : "yellow";
    if (work != nullptr && random_.per_mille(800))
      for (const Light& light : model.lights(ask.at))
        if (light.appeal == ask.no && light.department == work->department && light.light == colour)
          obligation = light.obligation;
    data["obligation"] = obligation;
  }
}

void Office::fill_task(Ask& ask) {
  const std::string& command = ask.command;
  object& data = ask.data;
  const std::string today = day_text(day_of(ask.at));
  if (command == "CreateTask")
    data = {{"plan", "P1"},
            {"environment", random_.per_mille(900) ? "市场环境" : "法治环境"},
            {"domain", random_.per_mille(800) ? "开办企业" : "办理破产"},
            {"title", "任务"},
            {"due", today}};
  if (command == "SetTaskOwner") data["lead"] = random_.per_mille(950) ? department() : "D99";
  if (command == "SetMilestone")
    data = {{"name", "节点"}, {"date", today}, {"weight", random_.between(0, 3)}};
  if (command == "RecordTaskProgress") {
    data["percent"] = random_.between(0, 101);
    if (random_.per_mille(200)) data["milestone"] = "节点";
    if (random_.per_mille(200)) data["correction"] = true;
  }
  if (command == "ReportTaskCompletion" && random_.per_mille(900)) data["evidence"] = "照片";
  if (command == "CancelTask") data["approval"] = "批文";
}

void Office::fill_subject(Ask& ask) {
  const std::string& command = ask.command;
  object& data = ask.data;
  const std::string today = day_text(day_of(ask.at));
  if (command == "RenameDepartment" || command == "CreateDepartment" ||
      command == "RenameEnterprise" || command == "RegisterEnterprise")
    data["name"] = words();
  if (command == "MergeDepartment") data["into"] = department();
  if (command == "VerifyEnterprise") data["proof"] = "营业执照";
  if (command == "SetContact") data = {{"name", "某人"}, {"phone", "13800000000"}};
  if (command == "PublishRuleSet") {
    static constexpr const char* kLimits[] = {"contact_workdays", "completion_workdays",
                                              "callback_workdays", "rating_verify_workdays",
                                              "co_opinion_workdays"};
    for (const char* const name : kLimits) {
      if (random_.per_mille(500)) continue;
      if (random_.per_mille(80))
        data[name] = nullptr;
      else
        data[name] = random_.between(1, 5);
    }
    if (random_.per_mille(300)) data["same_day_cutoff"] = "14:30";
  }
  if (command == "AppointSupervisor")
    data = {{"name", "某人"},
            {"category", random_.per_mille(900) ? "注册会计师" : "路人"},
            {"from", today}};
  if (command == "AssessSupervisor") data["result"] = "合格";
  if (has_word("SuspendSupervisor DismissSupervisor DeclineSupervisorReport RetireRuleSet "
               "ReopenSupervisorReport BlockTask ReopenTask DeregisterEnterprise AccessIdentity",
               command))
    data["reason"] = words();
  if (command == "AccessIdentity") data["person"] = "检查员";
  if (command == "DeclineSupervisorReport") data["reply"] = words();
  if (command == "FileSupervisorReport") {
    if (!data.contains("supervisor")) data["supervisor"] = "S01";
    data["kind"] = random_.per_mille(500) ? "clue" : "suggestion";
    data["sealed"] = random_.per_mille(300);
    data["title"] = "建议";
    data["text"] = words();
  }
  if (command == "GradeSupervisorReport") {
    static constexpr const char* kGrades[] = {"A", "B", "C"};
    data["grade"] = random_.one_of(kGrades);
  }
  if (command == "DispatchSupervisorReport")
    data["department"] = random_.per_mille(950) ? department() : "D99";
  if (command == "TransferClue") data = {{"to", "纪委"}, {"receipt", "1"}};
  if (command == "ConcludeSupervisorReport") data["class"] = "B";
  fill_task(ask);
  fill_policy(ask);
  if (command == "PublishPlan") {
    const array environments{object{{"name", "环境"}, {"domains", array{"领域"}}, {"tasks", 1}}};
    data = {{"name", "计划"}, {"environments", environments}};
  }
  if (has_word("RecordSupervisorReportProgress AnswerSupervisorReport RecordTaskProgress "
               "ReportTaskCompletion VerifyTask FailTaskVerification",
               command))
    data["text"] = words();
}

}  // namespace simulation
