// The work of the departments (domain.md sections 4 and 10): dispatch, contact, returns, long-term
// work, extensions, completion, cards.
#include <algorithm>

#include "tests/simulation/model.h"

namespace simulation {
namespace {

const Work* newest(const Appeal& appeal, int matter, const std::string& department) {
  for (auto work = appeal.works.rbegin(); work != appeal.works.rend(); ++work)
    if (work->matter == matter && work->department == department) return &*work;
  return nullptr;
}

bool has_open_lead(const Appeal& appeal, int matter) {
  return std::ranges::any_of(appeal.works, [&](const Work& work) {
    return work.open() && work.lead && work.matter == matter;
  });
}

const Duty* completion_of(const Work& work) {
  const Duty* const duty = find(work.duties, "completion");
  return duty != nullptr && duty->runs() ? duty : nullptr;
}

// An AM or a PM of a day.
std::int64_t half_day(Micros at) { return (at + 8 * kHour) / (12 * kHour); }

bool contact_met_by_attempt(const Work& work, Micros now) {
  const Duty* const contact = find(work.duties, "contact");
  if (contact == nullptr || !contact->runs() || now >= contact->due) return false;
  std::set<std::int64_t> halves{half_day(now)};
  for (const Micros at : work.failed_contacts) halves.insert(half_day(at));
  return halves.size() >= 3;
}

std::optional<Day> monday_of_week(const std::string& text, Day around) {
  for (Day monday = monday_of(around) - 7 * 60; monday <= monday_of(around) + 7 * 60; monday += 7)
    if (week_text(monday) == text) return monday;
  return std::nullopt;
}

std::string restored(const Work& work) {
  if (work.before == "long_term") return "long_term";
  if (work.contacted) return "contacted";
  return work.was_signed ? "signed" : "dispatched";
}

}  // namespace

const Work* work_of(const Appeal& appeal, const Ask& ask) {
  return newest(appeal, ask.number("matter"), ask.text("department"));
}

std::string Model::light_now(const Ask& ask, const Appeal& appeal, const Work* work) const {
  const std::string obligation = ask.text("obligation");
  if (work != nullptr) {
    std::string worst;
    for (const Light& light : lights_of(appeal, *work, ask.at))
      if (light.obligation == obligation && worst != "red") worst = light.light;
    return worst;
  }
  const std::vector<Duty>* duties = &appeal.duties;
  if (obligation.starts_with("rating_") && !appeal.rounds.empty())
    duties = &appeal.rounds.back().duties;
  const Duty* const duty = find(*duties, obligation);
  return duty == nullptr || !appeal.going() ? "" : light_of(*duty, ask.at);
}

void Model::judge_work(const Ask& ask, const Appeal& appeal, Wrong& wrong) const {
  const std::string& command = ask.command;
  const bool card = command == "IssueYellowCard" || command == "IssueRedCard";
  const bool dispatches = command == "DispatchAssignment";
  const Work* work = work_of(appeal, ask);
  std::string status = work == nullptr ? "none" : work->status;
  if (dispatches && work != nullptr && !work->open()) status = "none";
  judge_step(ask, "work", status, wrong);
  if (appeal.status == "none") {
    wrong.insert("NotFound");
    return;
  }
  wrong.erase("NotFound");
  std::string_view gate = "accepted shelved";
  if (dispatches || command == "RedispatchAssignment") gate = "accepted";
  if (command == "AcceptCompletion") gate = "accepted shelved concluded answered";
  if (!has_word(gate, appeal.status)) wrong.insert("WrongState");
  if (work == nullptr && !dispatches) {
    wrong.insert("UnknownAssignment");
    return;
  }
  const bool officer = ask.by.role == "department_officer";
  if (officer && work != nullptr && ask.by.department != work->department)
    wrong.insert("WrongDepartment");
  if (row_for(ask, "work", status) == nullptr) return;
  if (dispatches || command == "RedispatchAssignment") {
    const std::string to = dispatches ? ask.text("department") : ask.text("to");
    const int matter = ask.number("matter");
    const Work* const there = newest(appeal, matter, to);
    if (ask.text("track") == "long_term") wrong.insert("OutOfRange");
    if (!is_active_department(to)) wrong.insert("UnknownDepartment");
    if (there != nullptr && there->open()) wrong.insert("AlreadyAssigned");
    if (!dispatches) return;
    if (!appeal.decomposed) wrong.insert("NotDecomposed");
    if (std::ranges::find(appeal.matters, matter) == appeal.matters.end())
      wrong.insert("UnknownMatter");
    if (ask.text("duty") == "lead" && has_open_lead(appeal, matter)) wrong.insert("LeadExists");
    return;
  }
  if (card) {
    const std::string colour = command == "IssueYellowCard" ? "yellow" : "red";
    if (light_now(ask, appeal, work) != colour) wrong.insert("LightIsNotSo");
    if (work->cards.contains(colour + " " + ask.text("obligation"))) wrong.insert("CardExists");
    return;
  }
  judge_terms(ask, appeal, *work, wrong);
}

void Model::judge_progress(const Ask& ask, const Work& work, Wrong& wrong) {
  const auto refuse_if = [&](bool so, std::string_view code) {
    if (so) wrong.insert(std::string(code));
  };
  const auto monday = monday_of_week(ask.text("week"), day_of(ask.at));
  refuse_if(!monday, ask.text("week").size() == 8 ? "WeekOutOfRange" : "BadWeek");
  const Day first = monday_of(work.approved_on), last = monday_of(day_of(ask.at));
  refuse_if(monday && (*monday < first || *monday > last), "WeekOutOfRange");
  refuse_if(monday && work.weeks_filed.contains(*monday), "WeekAlreadyReported");
  refuse_if(ask.number("percent") < 0 || ask.number("percent") > 100, "OutOfRange");
}

void Model::judge_terms(const Ask& ask, const Appeal& appeal, const Work& work,
                        Wrong& wrong) const {
  const std::string& command = ask.command;
  const auto refuse_if = [&](bool so, std::string_view code) {
    if (so) wrong.insert(std::string(code));
  };
  const Duty* const completion = completion_of(work);
  const auto too_late = [&] {
    if (completion == nullptr) return false;
    Day before = day_of(completion->due - 1) - 1;
    while (!calendar_.works(before)) --before;
    return ask.at >= midnight(before + 1);
  };
  const auto too_early = [&](Day until) {
    return until <= day_of(completion == nullptr ? ask.at : completion->due - 1);
  };
  const auto bad_extension = [&](int workdays) {
    refuse_if(workdays < 1, "OutOfRange");
    refuse_if(workdays > 7, "ExtensionTooLong");
    refuse_if(work.extensions >= 2, "TooManyExtensions");
    refuse_if(completion == nullptr, "NothingChanged");
  };
  if (command == "SignAssignment") {
    refuse_if(work.was_signed, "WrongState");
  } else if (command == "RequestReturn") {
    refuse_if(ask.at >= work.return_until, "ReturnTooLate");
    refuse_if(work.contacted, "ReturnAfterContact");
    refuse_if(work.return_asked, "ReturnAskedBefore");
  } else if (command == "RequestLongTerm") {
    refuse_if(!work.lead, "NotLead");
    refuse_if(work.long_term_asked.has_value(), "RequestPending");
    refuse_if(too_late(), "RequestTooLate");
    refuse_if(too_early(parse_day(ask.text("until"))), "UntilTooEarly");
  } else if (command == "ApproveLongTerm") {
    refuse_if(!work.long_term_asked, "NoPendingRequest");
    refuse_if(work.long_term_asked && too_early(*work.long_term_asked), "UntilTooEarly");
  } else if (command == "RefuseLongTerm") {
    refuse_if(!work.long_term_asked, "NoPendingRequest");
  } else if (command == "ReportProgress") {
    judge_progress(ask, work, wrong);
  } else if (command == "RequestExtension") {
    refuse_if(!work.lead, "NotLead");
    refuse_if(work.extension_asked != 0, "RequestPending");
    bad_extension(ask.number("workdays"));
    refuse_if(too_late(), "RequestTooLate");
  } else if (command == "ApproveExtension") {
    refuse_if(work.extension_asked == 0, "NoPendingRequest");
    if (work.extension_asked != 0) bad_extension(work.extension_asked);
  } else if (command == "RefuseExtension") {
    refuse_if(work.extension_asked == 0, "NoPendingRequest");
  } else if (command == "NotifyExtension") {
    refuse_if(work.extensions == 0, "NothingChanged");
  } else if (command == "FileCoOpinion" || command == "ReportCompletion") {
    refuse_if(command == "FileCoOpinion" && work.lead, "NotCoHandler");
    refuse_if(work.suspended_at.has_value(), "AlreadySuspended");
  } else if (command == "AcceptCompletion") {
    refuse_if(work.accepted, "NothingChanged");
  } else if (command == "SendBackCompletion") {
    refuse_if(work.round != appeal.reopens + 1, "WrongState");
    refuse_if(work.lead && has_open_lead(appeal, work.matter), "LeadExists");
  } else if (command == "SuspendClock") {
    refuse_if(work.suspended_at.has_value(), "AlreadySuspended");
  } else if (command == "ResumeClock") {
    refuse_if(!work.suspended_at, "NotSuspended");
  }
}

std::vector<Pinned> Model::dispatch(Appeal& appeal, const Ask& ask, const std::string& department,
                                    bool lead) {
  if (Duty* duty = find(appeal.duties, "dispatch"); duty != nullptr && duty->runs())
    duty->met = true;
  Work& work = appeal.works.emplace_back();
  work.matter = ask.number("matter");
  work.department = department;
  work.lead = lead;
  work.round = appeal.reopens + 1;
  work.dispatched_at = ask.at;
  const int returnable = limit("return");
  work.return_until = returnable > 0 ? calendar_.after(day_of(ask.at), returnable).due : ask.at;
  std::vector<Pinned> dues;
  const std::vector<std::string> owed =
      lead ? std::vector<std::string>{"sign", "contact", "completion"}
           : std::vector<std::string>{"co_opinion"};
  const Micros minute = (ask.at - midnight(day_of(ask.at))) / kMinute;
  for (const std::string& name : owed) {
    int workdays = limit(name);
    const bool at_once = name == "completion" && ask.text("track") == "same_day";
    if (at_once && workdays >= 0)
      workdays = calendar_.works(day_of(ask.at)) && minute < rules().cutoff ? 0 : 1;
    Duty* const duty = start(work.duties, name, ask.at, workdays);
    if (duty == nullptr) continue;
    // On a day off before the cut-off the guess is also whether it is one.
    if (at_once && minute < rules().cutoff)
      duty->provisional = calendar_.same_day(day_of(ask.at)).provisional;
    duty->at_once = at_once;
    dues.push_back(pinned(*duty));
  }
  return dues;
}

void Model::accept_work(const Ask& ask, Appeal& appeal) {
  if (ask.command == "DispatchAssignment") {
    const auto dues = dispatch(appeal, ask, ask.text("department"), ask.text("duty") == "lead");
    record(ask, "AssignmentDispatched", dues);
    return;
  }
  Work& work = const_cast<Work&>(*work_of(appeal, ask));
  const Row& row = *row_for(ask, "work", work.status);
  if (ask.command == "RequestReturn" || row.to == "completed") work.before = work.status;
  if (!row.to.empty()) work.status = row.to;
  if (ask.command == "RedispatchAssignment") {
    const bool lead = work.lead;
    record(ask, row.event);
    const auto dues = dispatch(appeal, ask, ask.text("to"), lead);
    record(ask, "AssignmentDispatched", dues);
    return;
  }
  accept_terms(ask, appeal, work);
}

// Later by some workdays than it was due.
Pinned Model::move_on(Duty& duty, int workdays) const {
  const Deadline deadline = calendar_.after(day_of(duty.due - 1), workdays);
  duty.due = deadline.due;
  duty.provisional = deadline.provisional;
  if (duty.workdays >= 0) duty.workdays += workdays;
  return pinned(duty);
}

void Model::ask_return(const Ask& ask, Work& work, std::vector<Pinned>& dues) {
  work.return_asked = true;
  const int workdays = limit("return_ruling");
  const bool today = workdays > 0 && calendar_.works(day_of(ask.at));
  if (const Duty* duty = start(work.duties, "return_ruling", ask.at, today ? 0 : workdays))
    dues.push_back(pinned(*duty));
}

Pinned Model::go_long_term(const Ask& ask, Work& work) {
  const Micros due = midnight(*work.long_term_asked + 1);
  if (!find(work.duties, "completion") || !find(work.duties, "completion")->runs())
    start(work.duties, "completion", ask.at, 1);
  Duty& duty = *find(work.duties, "completion");
  duty.due = due;
  duty.workdays = -1;
  duty.provisional = duty.at_once = false;
  work.weekly = true;
  work.approved_on = day_of(ask.at);
  work.long_term_asked.reset();
  return pinned(duty);
}

void Model::complete(const Ask& ask, Work& work) {
  const Duty* const duty = find(work.duties, work.lead ? "completion" : "co_opinion");
  work.completed_at = ask.at;
  work.on_time = duty == nullptr || ask.at < duty->due;
}

void Model::accept_terms(const Ask& ask, Appeal&, Work& work) {
  const std::string& command = ask.command;
  std::vector<Pinned> dues;
  const auto meet = [&](std::string_view name) {
    if (Duty* duty = find(work.duties, name); duty != nullptr && duty->runs()) duty->met = true;
  };
  const auto met_by_contact = [&] { meet("sign"), meet("contact"); };
  if (command == "SignAssignment") {
    work.was_signed = true;
    meet("sign");
  } else if (command == "RecordContact") {
    work.contacted = true;
    met_by_contact();
  } else if (command == "RecordFailedContact") {
    if (contact_met_by_attempt(work, ask.at)) met_by_contact();
    work.failed_contacts.push_back(ask.at);
  } else if (command == "RequestReturn") {
    ask_return(ask, work, dues);
  } else if (command == "ApproveReturn" || command == "RefuseReturn") {
    meet("return_ruling");
    if (command == "RefuseReturn") work.status = restored(work);
  } else if (command == "RequestLongTerm") {
    work.long_term_asked = parse_day(ask.text("until"));
  } else if (command == "ApproveLongTerm") {
    dues.push_back(go_long_term(ask, work));
  } else if (command == "RefuseLongTerm") {
    work.long_term_asked.reset();
  } else if (command == "ReportProgress") {
    work.weeks_filed.insert(*monday_of_week(ask.text("week"), day_of(ask.at)));
    work.cards.erase("yellow progress");
    work.cards.erase("red progress");
  } else if (command == "RequestExtension") {
    work.extension_asked = ask.number("workdays");
  } else if (command == "ApproveExtension") {
    Duty& duty = *find(work.duties, "completion");
    dues.push_back(move_on(duty, work.extension_asked));
    duty.at_once = false;
    ++work.extensions;
    work.extension_asked = 0;
  } else if (command == "RefuseExtension") {
    work.extension_asked = 0;
  } else if (command == "FileCoOpinion" || command == "ReportCompletion") {
    complete(ask, work);
    for (const char* const name : {"completion", "co_opinion"}) meet(name);
    if (command == "ReportCompletion") meet("sign");
  } else if (command == "AcceptCompletion") {
    work.accepted = true;
  } else if (command == "SendBackCompletion") {
    work.accepted = false;
    work.completed_at = 0;
    work.status = restored(work);
    for (const char* const name : {"completion", "co_opinion"})
      if (Duty* duty = find(work.duties, name)) duty->met = false;
  } else if (command == "SuspendClock") {
    work.suspended_at = ask.at;
    for (Duty& duty : work.duties) duty.suspended = true;
  } else if (command == "ResumeClock") {
    const int stood = calendar_.workdays_between(day_of(*work.suspended_at) + 1, day_of(ask.at));
    for (Duty& duty : work.duties) {
      duty.suspended = false;
      if (duty.runs() && stood != 0) dues.push_back(move_on(duty, stood));
    }
    work.suspended_at.reset();
  } else if (command == "IssueYellowCard" || command == "IssueRedCard") {
    work.cards.insert((command == "IssueYellowCard" ? "yellow " : "red ") + ask.text("obligation"));
  }
  record(ask, event_of(command), dues);
}

}  // namespace simulation
