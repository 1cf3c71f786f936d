// Who asks for what: foundation, the choice of a subject and of its next step, and the spoiling of
// what would have been right.
#include "tests/simulation/office.h"

#include <algorithm>
#include <map>

#include "tools/workload/cn_calendars.h"

namespace simulation {
namespace {

using boost::json::array;
using boost::json::object;

constexpr const char* kDepartments[] = {"D01", "D02", "D03", "D04"};
constexpr const char* kEnterprises[] = {"91350100M000100Y43", "91512081MA62K0260E"};
constexpr const char* kSupervisors[] = {"S01", "S02"};

const Person kClerk{"office-1", "office_clerk", ""}, kLead{"office-9", "office_lead", ""};

// How eagerly a step is taken where it may be; 2 where nothing is said.
const std::map<std::string_view, int> kEagerness = {{"AcceptAppeal", 40},
                                                    {"SupplementAppeal", 4},
                                                    {"DecomposeAppeal", 60},
                                                    {"ConcludeAppeal", 40},
                                                    {"AnswerAppeal", 30},
                                                    {"RecordCallback", 14},
                                                    {"CloseAppeal", 14},
                                                    {"UnshelveAppeal", 12},
                                                    {"UnmergeAppeal", 4},
                                                    {"ReopenAppeal", 3},
                                                    {"ShelveAppeal", 1},
                                                    {"ExcludeAppeal", 1},
                                                    {"TransferAppealOut", 1},
                                                    {"SignAssignment", 5},
                                                    {"RecordContact", 8},
                                                    {"RecordFailedContact", 6},
                                                    {"RequestReturn", 7},
                                                    {"ApproveReturn", 8},
                                                    {"RefuseReturn", 16},
                                                    {"RequestLongTerm", 12},
                                                    {"ReportProgress", 30},
                                                    {"RequestExtension", 8},
                                                    {"FileCoOpinion", 8},
                                                    {"ReportCompletion", 14},
                                                    {"IssueYellowCard", 3},
                                                    {"IssueRedCard", 3},
                                                    {"RateAppeal", 14},
                                                    {"VerifyBadRating", 10},
                                                    {"ReportRectification", 10},
                                                    {"AcceptRectification", 10},
                                                    {"FeedBackRectification", 20},
                                                    {"RevisitRating", 30},
                                                    {"UpholdContest", 5},
                                                    {"DismissContest", 5},
                                                    {"InvalidateRating", 1},
                                                    {"RegisterSupervisorReport", 12},
                                                    {"GradeSupervisorReport", 8},
                                                    {"DispatchSupervisorReport", 10},
                                                    {"ConcludeSupervisorReport", 8},
                                                    {"AnswerSupervisorReport", 10},
                                                    {"CloseSupervisorReport", 8},
                                                    {"StartTask", 8},
                                                    {"RecordTaskProgress", 6},
                                                    {"ReportTaskCompletion", 5},
                                                    {"VerifyTask", 6},
                                                    {"CloseTask", 5},
                                                    {"SetTaskOwner", 4},
                                                    {"CancelTask", 1},
                                                    {"DismissSupervisor", 1}};

int eagerness(std::string_view command) {
  const auto found = kEagerness.find(command);
  return found == kEagerness.end() ? 2 : found->second;
}

array dates(int year, std::span<const std::int16_t> days) {
  array out;
  for (const std::int16_t one : days) out.emplace_back(day_text(day(year, one / 100, one % 100)));
  return out;
}

}  // namespace

std::string Office::department() { return random_.one_of(kDepartments); }
std::string Office::enterprise() { return random_.one_of(kEnterprises); }

std::string Office::words() {
  static constexpr const char* kWords[] = {"已联系企业", "材料已补齐", "现场已核实", "正在会商",
                                           "按期推进"};
  return random_.one_of(kWords);
}

std::vector<Ask> Office::foundation(Micros from) {
  std::vector<Ask> out;
  const auto add = [&](const char* command, const char* kind, std::string no, object data) {
    out.push_back({.at = from + static_cast<Micros>(out.size()) * kMinute,
                   .by = kLead,
                   .command = command,
                   .kind = kind,
                   .no = std::move(no),
                   .id = fresh_id(),
                   .data = std::move(data)});
  };
  for (const char* const id : kDepartments)
    add("CreateDepartment", "department", id, {{"name", std::string("局 ") + id}});
  for (const char* const code : kEnterprises)
    add("RegisterEnterprise", "enterprise", code, {{"name", std::string("企业 ") + code}});
  for (const char* const id : kSupervisors)
    add("AppointSupervisor", "supervisor", id,
        {{"name", "某人"}, {"category", "人大代表"}, {"from", day_text(day_of(from))}});
  const array environments{
      object{{"name", "市场环境"}, {"domains", array{"开办企业", "招标投标"}}, {"tasks", 3}},
      object{{"name", "法治环境"}, {"domains", array{"办理破产"}}, {"tasks", 2}}};
  add("PublishPlan", "plan", "P1", {{"name", "三年行动"}, {"environments", environments}});
  const auto add_filled = [&](const char* command, const char* kind, const char* no) {
    add(command, kind, no, {});
    fill_policy(out.back());
  };
  add_filled("PublishPolicy", "policy", "Z1");
  for (const char* const no : {"X1", "X2"}) {
    add_filled("ListItem", "item", no);
    add_filled("SetItemConditions", "item", no);
    add_filled("OpenItemWindow", "item", no);
    add_filled("SetItemQuota", "item", no);
  }
  return out;
}

Ask Office::calendar(int year, bool amend, Micros now) {
  Ask ask{.at = now,
          .by = kLead,
          .command = amend ? "AmendCalendar" : "PublishCalendar",
          .kind = "calendar",
          .no = std::to_string(year),
          .id = fresh_id(),
          .data = {{"year", year}, {"notice", "通知"}}};
  array holidays, makeups;
  for (const auto& notice : tools::calendar_notices()) {
    if (notice.year != year || notice.amends) continue;
    holidays = dates(year, notice.holidays);
    makeups = dates(year, notice.makeup_workdays);
  }
  if (amend) {
    // A day off more in the days to come, or one less.
    const Day off = day_of(now) + static_cast<Day>(random_.below(12));
    const boost::json::value text(day_text(off));
    const bool listed = std::ranges::find(holidays, text) != holidays.end() ||
                        std::ranges::find(makeups, text) != makeups.end();
    if (!listed && year_of(off) == year) holidays.push_back(text);
    if (random_.per_mille(300) && !holidays.empty()) holidays.erase(holidays.begin());
    ask.data["effective"] = day_text(day_of(now));
    if (random_.per_mille(250)) ask.by = kClerk;  // who may not shorten
  }
  ask.data["holidays"] = std::move(holidays);
  ask.data["makeup_workdays"] = std::move(makeups);
  return ask;
}

Person Office::person(std::string_view roles, const std::string& of_department,
                      const std::string& of_enterprise, const std::string& of_supervisor) {
  std::string letters;
  for (const char letter : roles)
    if (letter != 'Y') letters += letter;
  const auto at =
      static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(letters.size())));
  switch (letters[at]) {
    case 'E':
      return {of_enterprise, "enterprise", ""};
    case 'D':
      return {of_department + "-officer", "department_officer", of_department};
    case 'C':
      return kClerk;
    case 'S':
      return {of_supervisor, "supervisor", ""};
    case 'I':
      return {"inspector-1", "inspector", ""};
    case 'G':
      return {"leader-1", "district_leader", ""};
    default:
      return kLead;
  }
}

// ---- the choice of a step ----------------------------------------------------------------------

int Office::weight_of(const Appeal& appeal, const Work* work, const Row& row) const {
  const std::string_view command = row.command;
  const int eager = eagerness(command);
  const bool busy = std::ranges::any_of(appeal.works, &Work::open);
  if (command == "DecomposeAppeal" && appeal.decomposed) return 1;
  if (command == "ConcludeAppeal") return busy || appeal.works.empty() ? 1 : eager;
  if (command == "RecordCallback" && appeal.status == "concluded") return 2;
  if (command == "CloseAppeal" && find(appeal.duties, "callback") != nullptr &&
      find(appeal.duties, "callback")->runs())
    return 2;
  if (work == nullptr) return eager;
  if (command == "ApproveLongTerm" || command == "RefuseLongTerm")
    return work->long_term_asked ? 60 : 0;
  if (command == "ApproveExtension" || command == "RefuseExtension")
    return work->extension_asked != 0 ? 30 : 0;
  if (command == "ResumeClock") return work->suspended_at ? 12 : 0;
  if (command == "SuspendClock") return work->suspended_at ? 0 : 1;
  if (command == "FileCoOpinion") return work->lead ? 1 : eager;
  if (command == "NotifyExtension") return work->extensions != 0 ? 10 : 0;
  if (command == "RequestReturn" && work->return_asked) return 80;
  if (command == "RequestReturn" && work->contacted) return 6;
  // Of a return that is asked for and then refused, much is tried at once.
  if (command == "RecordContact" && work->status == "returning") return 40;
  if (command == "SendBackCompletion") return work->round == appeal.reopens + 1 ? 2 : 0;
  return eager;
}

void Office::choices_of(const Appeal& appeal, std::vector<Choice>& out) const {
  for (const Row& row : procedure()) {
    const auto add = [&](const Work* work) {
      out.push_back({weight_of(appeal, work, row), &row, work});
    };
    const bool too_early =
        appeal.status == "concluded" && has_word("RecordCallback CloseAppeal", row.command);
    if (row.about == "appeal" && (has_word(row.from, appeal.status) || too_early)) add(nullptr);
    if (row.about == "round" && !appeal.rounds.empty() &&
        has_word(row.from, appeal.rounds.back().status))
      add(nullptr);
    if (row.about != "work" || !has_word("accepted shelved", appeal.status)) continue;
    if (row.command == "DispatchAssignment") {
      const auto done = [&](int matter) {
        return std::ranges::any_of(appeal.works, [&](const Work& work) {
          return work.matter == matter && work.lead && work.round == appeal.reopens + 1 &&
                 (work.open() || work.status == "completed");
        });
      };
      const bool all = std::ranges::all_of(appeal.matters, done);
      out.push_back({!appeal.decomposed ? 1 : all ? 3 : 60, &row, nullptr});
      continue;
    }
    for (const Work& work : appeal.works)
      if (has_word(row.from, work.status) ||
          (row.command == "RequestReturn" && work.status == "contacted"))
        add(&work);
  }
}

const Office::Choice& Office::pick(const std::vector<Choice>& choices) {
  int all = 0;
  for (const Choice& choice : choices) all += choice.weight;
  auto at = static_cast<int>(random_.below(all));
  for (const Choice& choice : choices)
    if ((at -= choice.weight) < 0) return choice;
  return choices.back();
}

Ask Office::about_appeal(const Model& model, Micros now) {
  Ask ask{.at = now, .kind = "appeal", .id = fresh_id()};
  std::vector<const Appeal*> going;
  for (const auto& [no, appeal] : model.appeals())
    if (!has_word("rejected withdrawn transferred excluded", appeal.status) ||
        random_.per_mille(30))
      going.push_back(&appeal);
  if (going.empty() || random_.per_mille(110)) {
    ask.command = "SubmitAppeal";
    ask.no = "SQ-" + std::to_string(++appeals_);
    const std::string code = enterprise();
    ask.by = person("EECL", "", code, "");
    ask.data = {{"enterprise", code}, {"channel", "web"}, {"category", "税费"}, {"title", "咨询"}};
    return ask;
  }
  // The newer ones are more at work.
  std::size_t at = going.size() - 1;
  while (at > 0 && random_.per_mille(450)) --at;
  const Appeal& appeal = *going[at];
  ask.no = appeal.no;
  std::vector<Choice> choices;
  choices_of(appeal, choices);
  std::erase_if(choices, [](const Choice& choice) { return choice.weight == 0; });
  if (choices.empty()) {
    ask.command = random_.per_mille(500) ? "ReopenAppeal" : "ConcludeAppeal";
    ask.by = kLead;
    fill(ask, model, &appeal, nullptr);
    return ask;
  }
  const Choice& choice = pick(choices);
  ask.command = choice.row->command;
  std::string own = choice.work != nullptr ? choice.work->department : department();
  if (choice.row->about == "round" && !appeal.works.empty()) own = appeal.works.back().department;
  ask.by = person(choice.row->roles, own, appeal.enterprise, "S01");
  fill(ask, model, &appeal, choice.work);
  return ask;
}

Ask Office::about_subject(const Model& model, Micros now) {
  const bool task = random_.per_mille(450);
  const std::string kind = task ? "task" : "supervisor-report";
  Ask ask{.at = now, .kind = kind, .id = fresh_id()};
  const auto& all = model.subjects(kind);
  std::vector<std::pair<std::string, const Subject*>> known;
  for (const auto& [no, subject] : all) known.emplace_back(no, &subject);
  if (known.empty() || random_.per_mille(250)) {
    ask.command = task ? "CreateTask" : "FileSupervisorReport";
    ask.no = task ? "RW-" + std::to_string(++tasks_) : "FY-" + std::to_string(++reports_);
    const std::string supervisor = random_.one_of(kSupervisors);
    ask.by = task ? kClerk : person("SSC", "", "", supervisor);
    if (!task) ask.data["supervisor"] = supervisor;
    fill_subject(ask);
    return ask;
  }
  const auto& [no, subject] =
      known[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(known.size())))];
  ask.no = no;
  std::vector<Choice> choices;
  for (const Row& row : procedure())
    if (row.about == (task ? "task" : "report") && has_word(row.from, subject->status))
      choices.push_back({eagerness(row.command), &row, nullptr});
  if (choices.empty()) choices.push_back({1, &procedure().front(), nullptr});
  const Choice& choice = pick(choices);
  ask.command = choice.row->command;
  const std::string own = subject->department.empty() ? department() : subject->department;
  ask.by = person(choice.row->roles, own, enterprise(), "S01");
  fill_subject(ask);
  return ask;
}

Ask Office::of_directory(Micros now) {
  static constexpr const char* kCommands[] = {
      "RenameDepartment",  "CreateDepartment",     "VerifyEnterprise", "RenameEnterprise",
      "SetContact",        "PublishRuleSet",       "RetireRuleSet",    "AmendCalendar",
      "SuspendSupervisor", "ReinstateSupervisor",  "AssessSupervisor", "AppointSupervisor",
      "AmendCalendar",     "DeregisterEnterprise", "PublishPlan",      "DismissSupervisor",
      "MergeDepartment"};
  Ask ask{.at = now, .by = kLead, .command = random_.one_of(kCommands), .id = fresh_id()};
  if (ask.command == "AmendCalendar") return calendar(year_of(day_of(now)), true, now);
  for (const Row& row : procedure())
    if (row.command == ask.command) ask.kind = row.about;
  if (ask.kind == "department") ask.no = department();
  if (ask.kind == "enterprise") ask.no = enterprise();
  if (ask.kind == "supervisor") ask.no = random_.one_of(kSupervisors);
  if (ask.kind == "plan") ask.no = "P1";
  if (ask.command == "PublishRuleSet") ++rule_sets_;
  if (ask.kind == "rules") ask.no = "R" + std::to_string(std::max(rule_sets_, 1));
  fill_subject(ask);
  return ask;
}

Ask Office::next(const Model& model, Micros now) {
  const std::int64_t kind = random_.below(100);
  Ask ask = kind < 70   ? about_appeal(model, now)
            : kind < 85 ? about_subject(model, now)
            : kind < 94 ? about_policy(model, now)
                        : of_directory(now);
  if (random_.per_mille(300)) ask.expected = model.version(ask.stream());
  if (random_.per_mille(220)) spoil(ask, model);
  return ask;
}

// ---- what must be refused, or be the same again ------------------------------------------------

void Office::spoil(Ask& ask, const Model& model) {
  switch (random_.below(10)) {
    case 0:
      ask.by = person("EDCLSIG", department(), enterprise(), random_.one_of(kSupervisors));
      break;
    case 1:
      if (ask.by.role == "department_officer") ask.by.department = department();
      break;
    case 2:
      ask.expected = model.version(ask.stream()) + static_cast<std::uint32_t>(random_.below(3));
      break;
    case 3:
      ask.data["nonsense"] = 1;
      break;
    case 4:
    case 5:
    case 6: {
      if (heard_.empty()) break;
      const auto at = random_.below(static_cast<std::int64_t>(heard_.size()));
      const Ask& earlier = heard_[static_cast<std::size_t>(at)];
      if (random_.per_mille(300)) {
        ask.id = earlier.id;  // with other content
      } else {
        const Micros now = ask.at;
        ask = earlier;
        if (random_.per_mille(500)) ask.at = now;
      }
      break;
    }
    default:
      spoil_more(ask, model);
  }
}

void Office::spoil_more(Ask& ask, const Model& model) {
  switch (random_.below(8)) {
    case 0:
      ask.occurred_at = ask.at + (random_.per_mille(500) ? kHour : -kHour);
      break;
    case 1:
      ask.kind = ask.kind == "task" ? "plan" : "task";
      break;
    case 2:
      ask.no = "nobody";
      break;
    default:
      another_step(ask, model);
  }
}

// Another step of the same subject, whether it fits or not, by one who might take it.
void Office::another_step(Ask& ask, const Model& model) {
  const std::string kind = ask.kind == "supervisor-report" ? "report" : ask.kind;
  std::vector<const Row*> rows;
  for (const Row& row : procedure())
    if (row.about == kind || (kind == "appeal" && has_word("work round", row.about)))
      rows.push_back(&row);
  const auto at = random_.below(static_cast<std::int64_t>(rows.size()));
  const Row& row = *rows[static_cast<std::size_t>(at)];
  if (kind == "calendar") {
    ask = calendar(year_of(day_of(ask.at)), true, ask.at);
    return;
  }
  ask.command = row.command;
  ask.data.clear();
  if (kind != "appeal") return fill_subject(ask);
  const auto found = model.appeals().find(ask.no);
  const Appeal* const appeal = found == model.appeals().end() ? nullptr : &found->second;
  const Work* work = nullptr;
  if (appeal != nullptr && !appeal->works.empty()) work = &appeal->works.back();
  ask.by = person(row.roles, work != nullptr ? work->department : department(),
                  appeal != nullptr ? appeal->enterprise : enterprise(), "S01");
  fill(ask, model, appeal, work);
}

}  // namespace simulation
