// Judging and recording in general: ids, times, versions, rights, statuses; clocks and calendars.
// What each subject asks beside that is in model_*.cpp.
#include "tests/simulation/model.h"

#include <algorithm>
#include <array>

namespace simulation {
namespace {

// The kind of stream that a row of the procedure is about.
std::string kind_of(std::string_view about) {
  if (about == "work" || about == "round") return "appeal";
  return about == "report" ? "supervisor-report" : std::string(about);
}

std::string_view about_of(std::string_view command) {
  for (const Row& row : procedure())
    if (row.command == command) return row.about;
  return "";
}

constexpr std::array<std::string_view, 15> kOrder = {
    "accept",          "dispatch",        "sign",           "contact",
    "completion",      "co_opinion",      "progress",       "return_ruling",
    "callback",        "rating_verify",   "rating_rectify", "report_register",
    "report_dispatch", "report_conclude", "report_reply"};

std::size_t place_of(const Duty& duty) {
  return static_cast<std::size_t>(std::ranges::find(kOrder, duty.name) - kOrder.begin());
}

// domain.md section 4.
const std::map<std::string, int, std::less<>> kDefaults = {
    {"accept", 1},          {"dispatch", 1},        {"sign", 1},          {"contact", 1},
    {"completion", 3},      {"co_opinion", 2},      {"return", 1},        {"return_ruling", 1},
    {"callback", 3},        {"rating", 5},          {"rating_verify", 1}, {"rating_rectify", 5},
    {"report_register", 1}, {"report_dispatch", 5}, {"report_reply", 3}};

}  // namespace

bool Work::open() const {
  return has_word("dispatched signed contacted returning long_term", status);
}

bool Round::rectification_open() const {
  if (!bad() || upheld || status == "fed_back" || status == "invalidated") return false;
  return finding.empty() || finding == "true" || finding == "partly_true";
}

bool Appeal::going() const {
  return !has_word("withdrawn merged transferred excluded rejected", status);
}

Duty* find(std::vector<Duty>& duties, std::string_view name) {
  const auto found = std::ranges::find(duties, name, &Duty::name);
  return found == duties.end() ? nullptr : &*found;
}
const Duty* find(const std::vector<Duty>& duties, std::string_view name) {
  const auto found = std::ranges::find(duties, name, &Duty::name);
  return found == duties.end() ? nullptr : &*found;
}

Pinned pinned(const Duty& duty) { return {duty.name, duty.due, duty.provisional}; }

std::uint32_t Model::version(const std::string& stream) const {
  const auto found = versions_.find(stream);
  return found == versions_.end() ? 0 : found->second;
}

const std::map<std::string, Subject>& Model::subjects(const std::string& kind) const {
  static const std::map<std::string, Subject> kNone;
  const auto found = subjects_.find(kind);
  return found == subjects_.end() ? kNone : found->second;
}

bool Model::is_active_department(const std::string& id) const {
  const auto& departments = subjects("department");
  const auto found = departments.find(id);
  return found != departments.end() && found->second.status == "active";
}

// The newest rule set that is not retired, else the defaults.
const Model::RuleSet& Model::rules() const {
  static const RuleSet kDefault{.id = "default", .limits = {}};
  for (auto set = rule_sets_.rbegin(); set != rule_sets_.rend(); ++set)
    if (!set->retired) return *set;
  return kDefault;
}

int Model::limit(std::string_view name) const {
  const auto& limits = rules().limits;
  const auto said = limits.find(std::string(name));
  return said != limits.end() ? said->second : kDefaults.find(name)->second;
}

Duty* Model::start(std::vector<Duty>& duties, const std::string& name, Micros now, int workdays) {
  if (workdays < 0) return nullptr;
  const Deadline deadline =
      workdays == 0 ? calendar_.same_day(day_of(now)) : calendar_.after(day_of(now), workdays);
  std::erase_if(duties, [&](const Duty& duty) { return duty.name == name; });
  duties.push_back({.name = name,
                    .start = now,
                    .due = deadline.due,
                    .workdays = workdays,
                    .provisional = deadline.provisional});
  std::ranges::sort(duties, {}, place_of);
  return find(duties, name);
}

// ---- judging -----------------------------------------------------------------------------------

const Row* Model::row_for(const Ask& ask, std::string_view about, const std::string& status) const {
  for (const Row& row : procedure())
    if (row.about == about && row.command == ask.command && has_word(row.from, status)) return &row;
  return nullptr;
}

void Model::judge_step(const Ask& ask, std::string_view about, const std::string& status,
                       Wrong& wrong) const {
  const char letter = letter_of(ask.by.role);
  const Row* const row = row_for(ask, about, status);
  bool ever = false, only_begins = true;
  std::string_view instead;
  for (const Row& one : procedure()) {
    if (one.about != about || one.command != ask.command) continue;
    ever = ever || one.roles.find(letter) != std::string_view::npos;
    only_begins = only_begins && one.from == "none";
    if (!one.instead.empty()) instead = one.instead;
  }
  if (!ever || (row != nullptr && row->roles.find(letter) == std::string_view::npos))
    wrong.insert("WrongRole");
  if (row != nullptr) return;
  if (status == "none") {
    wrong.insert("NotFound");
  } else if (only_begins && about != "work") {
    wrong.insert("AlreadyExists");
  } else {
    wrong.insert("WrongState");
    for (std::string& word : words_of(instead)) wrong.insert(std::move(word));
  }
}

Verdict Model::judge(const Ask& ask) const {
  Verdict verdict;
  const std::string_view about = about_of(ask.command);
  if (ask.data.contains("nonsense")) verdict.wrong.insert("UnknownField");
  if (ask.kind != kind_of(about)) verdict.wrong.insert("WrongStream");
  if (!verdict.wrong.empty()) return verdict;
  if (const auto seen = ids_.find(ask.id); seen != ids_.end()) {
    if (seen->second.content != ask.content()) return {0, {"IdReused"}};
    return {seen->second.seq, {}};
  }
  Wrong& wrong = verdict.wrong;
  if (ask.at < last_at_) wrong.insert("AtGoesBack");
  if (ask.occurred_at && *ask.occurred_at > ask.at) wrong.insert("OccurredAfterRecorded");
  if (ask.expected && *ask.expected != version(ask.stream())) wrong.insert("VersionConflict");
  if (ask.kind != "appeal") {
    judge_subject(ask, wrong);
    return verdict;
  }
  static const Appeal kNothing;
  const auto found = appeals_.find(ask.no);
  const Appeal& appeal = found == appeals_.end() ? kNothing : found->second;
  if (about == "appeal") {
    judge_step(ask, about, appeal.status, wrong);
    if (row_for(ask, about, appeal.status) != nullptr) judge_appeal(ask, wrong);
  } else if (about == "work") {
    judge_work(ask, appeal, wrong);
  } else {
    judge_round(ask, appeal, wrong);
  }
  return verdict;
}

// ---- recording ---------------------------------------------------------------------------------

Recorded& Model::record_in(const std::string& kind, const std::string& no, std::string_view event,
                           Micros at, std::vector<Pinned> dues) {
  const std::uint32_t version = ++versions_[kind + "/" + no];
  new_.push_back({std::string(event), kind, no, version, at, std::move(dues)});
  return new_.back();
}

Recorded& Model::record(const Ask& ask, std::string_view event, std::vector<Pinned> dues) {
  return record_in(ask.kind, ask.no, event, ask.at, std::move(dues));
}

const std::vector<Recorded>& Model::accept(const Ask& ask) {
  new_.clear();
  ids_[ask.id] = {ask.content(), size() + 1};
  last_at_ = ask.at;
  const std::string_view about = about_of(ask.command);
  if (ask.kind != "appeal") {
    accept_subject(ask);
  } else if (about == "appeal") {
    accept_appeal(ask);
  } else if (about == "work") {
    accept_work(ask, appeals_[ask.no]);
  } else {
    accept_round(ask, appeals_[ask.no]);
  }
  events_.insert(events_.end(), new_.begin(), new_.end());
  return new_;
}

// ---- calendars ---------------------------------------------------------------------------------

// Moves the running clocks that the calendar, as it is now, ends on another day.
void Model::recompute(const Ask& ask, const std::string& kind, const std::string& no,
                      std::vector<Duty>& duties, bool alive) {
  const bool may_shorten = ask.by.role == "office_lead" || ask.by.role == "district_leader";
  for (Duty& duty : duties) {
    if (!alive || !duty.runs() || duty.workdays < 0) continue;
    if (ask.command == "PublishCalendar" && !duty.provisional) continue;
    const Day from = day_of(duty.start);
    const Deadline now =
        duty.workdays == 0 ? calendar_.same_day(from) : calendar_.after(from, duty.workdays);
    if (now.due == duty.due || (now.due < duty.due && !may_shorten)) continue;
    duty.due = now.due;
    duty.provisional = now.provisional;
    // Once its day was taken from it, a same-day clock is one of a workday.
    if (duty.workdays == 0) duty.workdays = 1;
    record_in(kind, no, "DeadlineRecomputed", ask.at, {pinned(duty)});
  }
}

void Model::recompute(const Ask& ask) {
  struct Stream {
    std::uint64_t first_seq;
    std::string no;
    Appeal* appeal;
    Subject* report;
  };
  std::vector<Stream> streams;
  for (auto& [no, appeal] : appeals_) streams.push_back({appeal.first_seq, no, &appeal, nullptr});
  for (auto& [no, report] : subjects_["supervisor-report"])
    streams.push_back({report.first_seq, no, nullptr, &report});
  std::ranges::sort(streams, {}, &Stream::first_seq);
  for (const Stream& stream : streams) {
    if (stream.report != nullptr) {
      recompute(ask, "supervisor-report", stream.no, stream.report->duties, true);
      continue;
    }
    Appeal& appeal = *stream.appeal;
    const bool alive = appeal.going();
    recompute(ask, "appeal", stream.no, appeal.duties, alive);
    for (Work& work : appeal.works)
      recompute(ask, "appeal", stream.no, work.duties, alive && work.open());
    if (!appeal.rounds.empty())
      recompute(ask, "appeal", stream.no, appeal.rounds.back().duties, alive);
  }
}

}  // namespace simulation
