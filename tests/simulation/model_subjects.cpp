// The other subjects: calendars, rule sets, directory, supervisors and what they report, plan and
// tasks.
#include <algorithm>

#include "tests/simulation/model.h"

namespace simulation {
namespace {

constexpr std::string_view kCategories =
    "人大代表 政协委员 企业家代表 驻区高校专家学者 媒体行业从业人员 法律行业从业人员 注册会计师 "
    "注册税务师 第三方评估机构营商专家";

std::set<Day> days_of(const Ask& ask, std::string_view field) {
  std::set<Day> out;
  for (const auto& day : ask.data.at(field).as_array())
    out.insert(parse_day(std::string(day.as_string())));
  return out;
}

std::string lists_of(const Ask& ask) {
  std::string out;
  for (const char* const field : {"holidays", "makeup_workdays"}) {
    for (const Day day : days_of(ask, field)) out += day_text(day) + " ";
    out += "/";
  }
  return out;
}

// 24:00 of the same day of the next month, of its last day where it is shorter.
Micros month_after(Micros at) {
  const std::string today = day_text(day_of(at));
  const int year = std::stoi(today.substr(0, 4)), month = std::stoi(today.substr(5, 2));
  const Day first = month == 12 ? day(year + 1, 1, 1) : day(year, month + 1, 1);
  const Day after = month >= 11 ? day(year + 1, month - 10, 1) : day(year, month + 2, 1);
  return midnight(std::min(first + std::stoi(today.substr(8, 2)) - 1, after - 1) + 1);
}

// Two years later, and 1 March where the day is not in the calendar.
Day end_of_term(Day from) {
  const std::string text = day_text(from);
  const int year = std::stoi(text.substr(0, 4)) + 2;
  if (text.substr(5) == "02-29") return day(year, 3, 1);
  return day(year, std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2)));
}

bool blank(const std::string& text) { return text.find_first_not_of(" \t\n") == text.npos; }

}  // namespace

void Model::judge_subject(const Ask& ask, Wrong& wrong) const {
  static const Subject kNothing;
  const auto& all = subjects(ask.kind);
  const auto found = all.find(ask.no);
  const Subject& subject = found == all.end() ? kNothing : found->second;
  const std::string about = ask.kind == "supervisor-report" ? "report" : ask.kind;
  judge_step(ask, about, subject.status, wrong);
  if (ask.kind == "task") judge_task(ask, subject, wrong);
  if (row_for(ask, about, subject.status) == nullptr) return;
  if (ask.kind == "supervisor-report") {
    judge_report(ask, subject, wrong);
  } else if (ask.kind == "supervisor") {
    if (ask.command == "AppointSupervisor") {
      if (!has_word(kCategories, ask.text("category"))) wrong.insert("UnknownCategory");
      if (parse_day(ask.text("from")) < subject.until) wrong.insert("TermOverlaps");
    }
    const Day today = day_of(ask.at);
    if (ask.command == "AssessSupervisor" && (today < subject.since || today >= subject.until))
      wrong.insert("SupervisorNotActive");
  } else if (ask.kind == "item") {
    judge_item(ask, subject, wrong);
  } else if (ask.kind == "application") {
    judge_application(ask, subject, wrong);
  } else if (ask.kind != "task") {
    judge_directory(ask, subject, wrong);
  }
}

void Model::judge_directory(const Ask& ask, const Subject& subject, Wrong& wrong) const {
  const std::string& command = ask.command;
  if (ask.kind == "enterprise") {
    if (ask.by.role == "enterprise" && ask.by.id != ask.no) wrong.insert("WrongRole");
    if (command == "RenameEnterprise" && ask.text("name") == subject.name)
      wrong.insert("NothingChanged");
  }
  if (command == "RenameDepartment" && ask.text("name") == subject.name)
    wrong.insert("NothingChanged");
  if (command == "MergeDepartment") {
    if (ask.text("into") == ask.no) wrong.insert("MergeCycle");
    if (!is_active_department(ask.text("into"))) wrong.insert("UnknownDepartment");
  }
  if (command == "PublishCalendar" || command == "AmendCalendar") {
    const int year = ask.number("year");
    if (std::to_string(year) != ask.no) wrong.insert("YearMismatch");
    const auto holidays = days_of(ask, "holidays"), makeups = days_of(ask, "makeup_workdays");
    for (const auto* const days : {&holidays, &makeups})
      for (const Day day : *days)
        if (year_of(day) != year) wrong.insert("DateOutsideYear");
    for (const Day day : holidays)
      if (makeups.contains(day)) wrong.insert("DateListedTwice");
    if (command == "AmendCalendar" && subject.name == lists_of(ask)) wrong.insert("NothingChanged");
  }
  if (command == "PublishPlan") {
    for (const auto& value : ask.data.at("environments").as_array())
      if (value.as_object().at("domains").as_array().empty()) wrong.insert("PlanCountsWrong");
  }
}

void Model::judge_report(const Ask& ask, const Subject& report, Wrong& wrong) const {
  const std::string& command = ask.command;
  if (command == "FileSupervisorReport") {
    const std::string reporter = ask.text("supervisor");
    if (ask.by.role == "supervisor" && ask.by.id != reporter) wrong.insert("NotTheReporter");
    const auto& supervisors = subjects("supervisor");
    const auto found = supervisors.find(reporter);
    const Day today = day_of(ask.at);
    if (found == supervisors.end() || found->second.status != "appointed" ||
        today < found->second.since || today >= found->second.until)
      wrong.insert("SupervisorNotActive");
  }
  if (command == "DispatchSupervisorReport") {
    if (report.clue && report.status != "graded") wrong.insert("NotGraded");
    if (!is_active_department(ask.text("department"))) wrong.insert("UnknownDepartment");
  }
  if (ask.by.role == "department_officer" && ask.by.department != report.department)
    wrong.insert("WrongDepartment");
  if (command == "TransferClue" && !report.clue) wrong.insert("NotAClue");
  if (command == "AccessIdentity" && report.sealed.empty()) wrong.insert("NotSealed");
}

void Model::judge_task(const Ask& ask, const Subject& task, Wrong& wrong) const {
  const std::string& command = ask.command;
  const bool owner = ask.by.role != "department_officer" ||
                     (!ask.by.department.empty() && (ask.by.department == task.department ||
                                                     task.co.contains(ask.by.department)));
  if (has_word("VerifyTask FailTaskVerification", command) && task.status == "reported" &&
      ask.by.role == "department_officer" && owner)
    wrong.insert("OwnWork");
  if (row_for(ask, "task", task.status) == nullptr) return;
  if (!owner) wrong.insert("WrongDepartment");
  if (command == "CreateTask") {
    const auto& plans = subjects("plan");
    const auto plan = plans.find(ask.text("plan"));
    if (plan == plans.end()) {
      wrong.insert("UnknownPlan");
      return;
    }
    const auto environment = plan->second.milestones.find(ask.text("environment"));
    if (environment == plan->second.milestones.end()) {
      wrong.insert("UnknownEnvironment");
      return;
    }
    if (!plan->second.co.contains(ask.text("environment") + "/" + ask.text("domain")))
      wrong.insert("UnknownDomain");
    const auto mine = std::ranges::count_if(subjects("task"), [&](const auto& one) {
      return one.second.name == ask.text("environment") && one.second.status != "cancelled";
    });
    if (mine >= environment->second.second) wrong.insert("PlanFull");
  }
  if (command == "SetTaskOwner" && !is_active_department(ask.text("lead")))
    wrong.insert("UnknownDepartment");
  if (command == "SetMilestone") {
    const std::pair<Day, int> set{parse_day(ask.text("date")), ask.number("weight")};
    const auto known = task.milestones.find(ask.text("name"));
    if (set.second < 1 || set.second > 1000) wrong.insert("OutOfRange");
    if (known != task.milestones.end() && known->second == set) wrong.insert("NothingChanged");
  }
  if (command == "RecordTaskProgress") {
    const int percent = ask.number("percent");
    if (percent < 0 || percent > 100) wrong.insert("OutOfRange");
    if (percent < task.percent && !ask.flag("correction").value_or(false))
      wrong.insert("PercentFalls");
    const std::string milestone = ask.text("milestone");
    if (!milestone.empty() && !task.milestones.contains(milestone))
      wrong.insert("UnknownMilestone");
  }
  if (has_word("StartTask ReportTaskCompletion", command) && task.department.empty())
    wrong.insert("NoOwner");
  if (command == "ReportTaskCompletion" && blank(ask.text("evidence")))
    wrong.insert("EvidenceNeeded");
}

std::vector<Pinned> Model::accept_report(const Ask& ask, Subject& report) {
  const std::string& command = ask.command;
  std::vector<Pinned> dues;
  const auto begin = [&](const std::string& name, int workdays) {
    if (const Duty* duty = start(report.duties, name, ask.at, workdays))
      dues.push_back(pinned(*duty));
  };
  const auto meet = [&](std::string_view name) {
    if (Duty* duty = find(report.duties, name); duty != nullptr && duty->runs()) duty->met = true;
  };
  const auto begin_handling = [&] {
    begin("report_conclude", report.grade == "B" ? 15 : 5);
    if (report.grade != "A") return;
    Duty& duty = *find(report.duties, "report_conclude");
    duty.due = month_after(ask.at);
    duty.workdays = -1;
    duty.provisional = false;
    dues = {pinned(duty)};
  };
  if (command == "FileSupervisorReport") {
    report.clue = ask.text("kind") == "clue";
    report.sealed = ask.flag("sealed").value_or(false) ? "sealed" : "";
    report.name = ask.text("supervisor");
    begin("report_register", limit("report_register"));
    begin("report_dispatch", limit("report_dispatch"));
  } else if (command == "RegisterSupervisorReport") {
    meet("report_register");
  } else if (command == "GradeSupervisorReport") {
    report.grade = ask.text("grade");
  } else if (command == "DispatchSupervisorReport") {
    report.department = ask.text("department");
    meet("report_dispatch");
    begin_handling();
  } else if (command == "DeclineSupervisorReport" || command == "TransferClue") {
    for (Duty& duty : report.duties) duty.over = true;
  } else if (command == "ConcludeSupervisorReport") {
    meet("report_conclude");
    begin("report_reply", limit("report_reply"));
  } else if (command == "AnswerSupervisorReport") {
    meet("report_reply");
  } else if (command == "ReopenSupervisorReport") {
    if (Duty* duty = find(report.duties, "report_reply")) duty->over = true;
    begin_handling();
  }
  return dues;
}

void Model::accept_task(const Ask& ask, Subject& task) {
  const std::string& command = ask.command;
  if (command == "CreateTask") task.name = ask.text("environment");
  if (command == "SetTaskOwner") {
    task.department = ask.text("lead");
    task.co.clear();
  }
  if (command == "SetMilestone")
    task.milestones[ask.text("name")] = {parse_day(ask.text("date")), ask.number("weight")};
  if (command == "RecordTaskProgress") task.percent = ask.number("percent");
}

void Model::accept_calendar(const Ask& ask) {
  calendar_.publish(ask.number("year"), days_of(ask, "holidays"), days_of(ask, "makeup_workdays"));
  recompute(ask);
}

void Model::accept_subject(const Ask& ask) {
  const std::string& command = ask.command;
  Subject& subject = subjects_[ask.kind][ask.no];
  const std::string about = ask.kind == "supervisor-report" ? "report" : ask.kind;
  const Row& row = *row_for(ask, about, subject.status);
  if (subject.first_seq == 0) subject.first_seq = size() + 1;
  if (command == "BlockTask") subject.before = subject.status;
  if (!row.to.empty()) subject.status = row.to;
  if (command == "UnblockTask") subject.status = subject.before;
  if (command == "DismissSupervisor")
    subject.until = std::max(subject.since, std::min(subject.until, day_of(ask.at)));
  std::vector<Pinned> dues;
  if (ask.kind == "supervisor-report") dues = accept_report(ask, subject);
  if (ask.kind == "task") accept_task(ask, subject);
  if (ask.kind == "item") accept_item(ask, subject);
  if (ask.kind == "application") accept_application(ask, subject);
  if (ask.kind == "department" || ask.kind == "enterprise")
    if (const std::string name = ask.text("name"); !name.empty() && command != "SetContact")
      subject.name = name;
  if (command == "AppointSupervisor") {
    subject.since = parse_day(ask.text("from"));
    subject.until = end_of_term(subject.since);
  }
  if (command == "PublishPlan")
    for (const auto& value : ask.data.at("environments").as_array()) {
      const auto& environment = value.as_object();
      const std::string name(environment.at("name").as_string());
      subject.milestones[name] = {0, static_cast<int>(environment.at("tasks").as_int64())};
      for (const auto& domain : environment.at("domains").as_array())
        subject.co.insert(name + "/" + std::string(domain.as_string()));
    }
  if (command == "PublishRuleSet") {
    RuleSet& set = rule_sets_.emplace_back();
    set.id = ask.no;
    for (const auto& [key, value] : ask.data) {
      const std::string name(key);
      if (name.ends_with("_workdays"))
        set.limits[name.substr(0, name.size() - 9)] = value.is_null() ? -1 : value.to_number<int>();
      if (name == "same_day_cutoff") {
        const std::string clock(value.as_string());
        set.cutoff = std::stoi(clock.substr(0, 2)) * 60 + std::stoi(clock.substr(3, 2));
      }
    }
  }
  if (command == "RetireRuleSet")
    for (RuleSet& set : rule_sets_) set.retired = set.retired || set.id == ask.no;
  record(ask, row.event, dues);
  if (command == "ApproveApplication") grant(ask, subject);
  if (ask.kind == "calendar") {
    subject.name = lists_of(ask);
    accept_calendar(ask);
  }
}

}  // namespace simulation
