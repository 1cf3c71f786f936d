// The appeal itself: what domain.md section 10 asks before each step, and what the step does.
#include <algorithm>

#include "tests/simulation/model.h"

namespace simulation {
namespace {

bool is_open(const Appeal& appeal) {
  return has_word("submitted supplement_requested accepted shelved", appeal.status);
}

std::set<std::string> faults_of_matters(const Ask& ask, const auto& is_active) {
  std::set<std::string> wrong;
  const auto& matters = ask.data.at("matters").as_array();
  if (matters.empty()) wrong.insert("NoMatters");
  std::set<std::int64_t> numbers;
  for (const auto& value : matters) {
    const auto& matter = value.as_object();
    const auto number = matter.at("matter").as_int64();
    if (number < 1) wrong.insert("OutOfRange");
    if (!numbers.insert(number).second) wrong.insert("MatterListedTwice");
    std::set<std::string> named;
    std::vector<std::string> departments{std::string(matter.at("lead").as_string())};
    if (const auto* co = matter.if_contains("co"))
      for (const auto& one : co->as_array()) departments.emplace_back(one.as_string());
    for (const std::string& department : departments) {
      if (!is_active(department)) wrong.insert("UnknownDepartment");
      if (!named.insert(department).second) wrong.insert("AlreadyAssigned");
    }
  }
  return wrong;
}

}  // namespace

void Model::judge_appeal(const Ask& ask, Wrong& wrong) const {
  const std::string& command = ask.command;
  if (command == "SubmitAppeal") {
    const std::string code = ask.text("enterprise");
    if (ask.by.role == "enterprise" && ask.by.id != code) wrong.insert("NotTheSubmitter");
    if (ask.by.role == "system" && ask.text("channel") != "import") wrong.insert("WrongRole");
    const auto& enterprises = subjects("enterprise");
    const auto found = enterprises.find(code);
    if (found == enterprises.end() || !has_word("registered verified", found->second.status))
      wrong.insert("UnknownEnterprise");
    return;
  }
  const Appeal& appeal = appeals_.at(ask.no);
  const bool enterprise = ask.by.role == "enterprise";
  if (has_word("SupplementAppeal WithdrawAppeal RecordCallback", command) && enterprise &&
      ask.by.id != appeal.enterprise)
    wrong.insert("NotTheSubmitter");
  if (command == "DecomposeAppeal") {
    if (appeal.decomposed) wrong.insert("AlreadyDecomposed");
    wrong.merge(
        faults_of_matters(ask, [&](const std::string& id) { return is_active_department(id); }));
  }
  if (command == "MergeAppeal") {
    const std::string into = ask.text("into");
    for (std::string at = into; !at.empty();) {
      if (at == ask.no) {
        wrong.insert("MergeCycle");
        break;
      }
      const auto next = appeals_.find(at);
      at = next == appeals_.end() ? "" : next->second.merged_into;
    }
    const auto target = appeals_.find(into);
    if (target == appeals_.end() || !is_open(target->second)) wrong.insert("TargetNotOpen");
  }
  if (command == "LiftSupervision" && !appeal.supervised) wrong.insert("NothingChanged");
  if (command == "ShelveAppeal") {
    const Day review = parse_day(ask.text("review")), today = day_of(ask.at);
    if (review < today) wrong.insert("OutOfRange");
    if (review > today + 30) wrong.insert("ReviewTooFar");
  }
  if (command == "ConcludeAppeal" && std::ranges::any_of(appeal.works, &Work::open))
    wrong.insert("AssignmentsOpen");
  if (command == "RecordCallback" && ask.flag("reached").value_or(false) &&
      (!ask.flag("solved") || !ask.flag("satisfied")))
    wrong.insert("MissingField");
  const Duty* const callback = find(appeal.duties, "callback");
  const bool is_callback_owed = callback != nullptr && callback->runs();
  if (command == "RecordCallback" && enterprise) {
    if (!is_callback_owed) wrong.insert("CallbackDone");
    if (!ask.flag("reached").value_or(false)) wrong.insert("OutOfRange");
  }
  if (command == "CloseAppeal") {
    const Round& round = appeal.rounds.back();
    if (is_callback_owed) wrong.insert("CallbackOpen");
    if (round.status == "invited" && ask.at < round.until) wrong.insert("RatingOpen");
    if (round.rectification_open()) wrong.insert("RectificationOpen");
  }
}

// By a call that reaches, or by the third that does not, on two workdays.
bool Model::meets_callback(const Ask& ask, Appeal& appeal) const {
  if (ask.flag("reached").value_or(false)) return true;
  appeal.failed_callbacks.push_back(ask.at);
  std::set<Day> workdays;
  for (const Micros at : appeal.failed_callbacks)
    if (calendar_.works(day_of(at))) workdays.insert(day_of(at));
  return appeal.failed_callbacks.size() >= 3 && workdays.size() >= 2;
}

void Model::accept_appeal(const Ask& ask) {
  const std::string& command = ask.command;
  Appeal& appeal = appeals_[ask.no];
  const Row& row = *row_for(ask, "appeal", appeal.status);
  const std::string was = appeal.status;
  if (!row.to.empty()) appeal.status = row.to;
  std::vector<Pinned> dues;
  const auto begin = [&](const std::string& name) {
    if (const Duty* duty = start(appeal.duties, name, ask.at, limit(name)))
      dues.push_back(pinned(*duty));
  };
  const auto meet = [&](std::string_view name) {
    if (Duty* duty = find(appeal.duties, name); duty != nullptr && duty->runs()) duty->met = true;
  };
  const auto drop = [&](std::string_view name) {
    if (Duty* duty = find(appeal.duties, name)) duty->over = true;
  };
  if (command == "SubmitAppeal") {
    appeal.no = ask.no;
    appeal.enterprise = ask.text("enterprise");
    appeal.first_seq = size() + 1;
    appeal.open = true;
    begin("accept");
  } else if (command == "AcceptAppeal") {
    meet("accept");
    begin("dispatch");
  } else if (command == "RejectAppeal") {
    meet("accept");
  } else if (command == "DecomposeAppeal") {
    appeal.decomposed = true;
    for (const auto& matter : ask.data.at("matters").as_array())
      appeal.matters.push_back(static_cast<int>(matter.as_object().at("matter").as_int64()));
  } else if (command == "MergeAppeal") {
    appeal.before = was;
    appeal.merged_into = ask.text("into");
  } else if (command == "UnmergeAppeal") {
    appeal.status = appeal.before;
    appeal.merged_into.clear();
    appeal.open = true;
  } else if (command == "OrderSupervision" || command == "LiftSupervision") {
    appeal.supervised = command == "OrderSupervision";
  } else if (command == "ConcludeAppeal") {
    appeal.failed_callbacks.clear();
    drop("dispatch");
    begin("callback");
    for (Round& round : appeal.rounds)
      for (Duty& duty : round.duties) duty.over = true;
  } else if (command == "RecordCallback") {
    if (meets_callback(ask, appeal)) meet("callback");
  } else if (command == "ReopenAppeal") {
    for (Work& work : appeal.works)
      if (work.round == appeal.reopens + 1) work.frozen = was;
    ++appeal.reopens;
    appeal.open = true;
    drop("callback");
  }
  if (has_word("concluded rejected withdrawn merged transferred", appeal.status))
    appeal.open = false;
  record(ask, row.event, dues);
  if (command == "ConcludeAppeal") {
    const int workdays = limit("rating");
    appeal.rounds.emplace_back().until =
        workdays > 0 ? calendar_.after(day_of(ask.at), workdays).due : ask.at;
    record(ask, "RatingInvited");
  }
}

}  // namespace simulation
