// The fold behind the milestone tables. Times are microseconds, 0: not (yet); kNever: no such
// instant.
#include "tools/benchmark/milestones.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>
#include <vector>

#include "schemas/calendar.h"
#include "schemas/event.h"
#include "schemas/obligations.h"

namespace tools {

using engine::Micros;
using schemas::DutyChange;
using schemas::DutyOp;
using schemas::EventType;
using schemas::Obligation;

namespace {

constexpr std::int64_t kNever = 0x7FFF'FFFF'FFFF'FFFF;

struct Clock {
  schemas::DutyState state;
  Micros stopped_at = 0, suspended_at = 0;
  EventType stopped_by = EventType::none;

  void apply(const DutyChange& change, Micros at, EventType by) {
    if (change.op != DutyOp::start && state.due == 0) return;
    const bool stopped = state.stopped != 0, suspended = state.suspended;
    schemas::apply(state, change, at);
    if (state.suspended != suspended) suspended_at = state.suspended ? at : 0;
    if ((state.stopped != 0) == stopped) return;
    stopped_at = state.stopped != 0 ? at : 0;
    stopped_by = state.stopped != 0 ? by : EventType::none;
  }
  // When it stopped running against its department without being met.
  [[nodiscard]] std::int64_t halted() const {
    std::int64_t at = kNever;
    if (state.stopped != 0) at = std::min(at, stopped_at);
    if (state.suspended) at = std::min(at, suspended_at);
    return at;
  }
  // A duty left undone by reporting completion runs on until it falls due.
  [[nodiscard]] std::int64_t halted_in_week() const {
    return stopped_by == EventType::CompletionReported ? kNever : halted();
  }
  [[nodiscard]] std::int64_t red_from() const {
    return state.running() && !state.suspended ? state.due : kNever;
  }
};

struct Clocks {
  std::vector<std::pair<Obligation, Clock>> list;

  Clock& at(Obligation obligation) {
    for (auto& [known, clock] : list)
      if (known == obligation) return clock;
    Clock added;
    added.state.obligation = obligation;
    return list.emplace_back(obligation, added).second;
  }
  void apply(const DutyChange& change, Micros at_time, EventType by) {
    if (!change.all) return at(change.obligation).apply(change, at_time, by);
    for (auto& [obligation, clock] : list) clock.apply(change, at_time, by);
  }
  [[nodiscard]] const Clock& get(Obligation obligation) const {
    static const Clock kNone;
    for (const auto& [known, clock] : list)
      if (known == obligation) return clock;
    return kNone;
  }
  [[nodiscard]] std::int64_t red_from(Obligation least, Obligation most) const {
    std::int64_t from = kNever;
    for (const auto& [obligation, clock] : list)
      if (obligation >= least && obligation <= most) from = std::min(from, clock.red_from());
    return from;
  }
};

// A row that holds since `seq` and is written when another takes over.
struct Standing {
  std::uint64_t seq = 0;
  std::string row;
};

enum class End : std::uint8_t { none, completed, returned, redispatched, cancelled };

struct AssignmentFold {
  std::uint32_t appeal = 0;
  int matter = 0;
  std::string department;
  bool lead = true, suspended = false;
  std::uint64_t dispatched_seq = 0;
  Micros dispatched_at = 0, ended_at = 0, weekly_from = 0;
  End end = End::none;
  std::set<schemas::Day> filed;  // Mondays
  Clocks clocks;
  Standing standing;
};

struct RoundFold {
  std::uint32_t appeal = 0;
  std::uint64_t seq = 0, rated_seq = 0;
  Micros concluded_at = 0;
  std::int32_t level = 0;
  bool invalidated = false, contested = false, upheld = false, to_rectify = false, fed_back = false;
  Clocks clocks;
  Standing standing;
};

struct AppealFold {
  std::string no;
  bool ended = false;
  std::uint64_t last_callback = 0;
  std::vector<std::uint32_t> assignments, rounds;
  Clocks clocks;
  Standing standing;  // of the row before the first dispatch
};

}  // namespace

struct Milestones::Fold {
  Write assignment_row, round_row;
  schemas::Calendar calendar;
  std::unordered_map<std::string, std::uint32_t> by_no;
  std::deque<AppealFold> appeals;
  std::deque<AssignmentFold> assignments;
  std::deque<RoundFold> rounds;
  std::set<std::uint32_t> weekly;  // assignments with a weekly duty
  std::set<std::uint32_t> touched_assignments, touched_rounds;
  bool touched_appeal = false;

  void add(const engine::RecordView& record, int matter, std::string_view department);
  void add_calendar(const engine::RecordView& record);
  AppealFold& appeal_of(const engine::RecordView& record);
  [[nodiscard]] std::uint32_t find(const AppealFold& appeal, int matter,
                                   std::string_view department) const;
  void begin_parts(const engine::RecordView& record, AppealFold& appeal, int matter,
                   std::string_view department);
  void move_appeal(const engine::RecordView& record, AppealFold& appeal);
  void move_assignment(const engine::RecordView& record, AssignmentFold& assignment);
  void move_round(const engine::RecordView& record, RoundFold& round);
  void move_clocks(const engine::RecordView& record, AppealFold& appeal);
  void stop_all(AppealFold& appeal, const DutyChange& change, Micros at, EventType by);
  [[nodiscard]] bool is_open(const AssignmentFold& assignment) const;
  [[nodiscard]] std::int64_t progress_red_from(const AssignmentFold& assignment) const;
  [[nodiscard]] std::string row_of(std::uint32_t number) const;
  [[nodiscard]] std::string row_of(const RoundFold& round) const;
  [[nodiscard]] std::string office_row(const AppealFold& appeal) const;
  void replace(Standing& standing, std::string row, std::uint64_t seq, const Write& write);
  void write_touched(std::uint64_t seq, AppealFold& appeal);
};

namespace {

constexpr std::uint32_t kNoPart = 0xFFFF'FFFF;

}  // namespace

const char* Milestones::assignment_columns() {
  return "seq,until_seq,part,appeal_order,appeal,matter,department,is_lead,dispatched_at,is_open,"
         "ended_as,ended_at,main_due,contact_due,contact_met,contact_halted,completion_due,"
         "completion_met,completion_halted,overdue_from,red_from";
}

const char* Milestones::round_columns() {
  return "seq,until_seq,round,appeal,concluded_at,is_rated,level,invalidated,contested,upheld,"
         "called_back,verify_due,verify_met,verify_halted,to_rectify,fed_back,rectify_due,"
         "rectify_met,rectify_halted";
}

AppealFold& Milestones::Fold::appeal_of(const engine::RecordView& record) {
  const auto [at, added] =
      by_no.emplace(std::string(record.no), static_cast<std::uint32_t>(appeals.size()));
  if (added) appeals.emplace_back().no = record.no;
  return appeals[at->second];
}

std::uint32_t Milestones::Fold::find(const AppealFold& appeal, int matter,
                                     std::string_view department) const {
  for (auto at = appeal.assignments.rbegin(); at != appeal.assignments.rend(); ++at)
    if (assignments[*at].matter == matter && assignments[*at].department == department) return *at;
  return kNoPart;
}

void Milestones::Fold::begin_parts(const engine::RecordView& record, AppealFold& appeal, int matter,
                                   std::string_view department) {
  const std::uint32_t number = by_no.at(std::string(record.no));
  if (schemas::type_of(record) == EventType::AssignmentDispatched) {
    AssignmentFold& added = assignments.emplace_back();
    added.appeal = number;
    added.matter = matter;
    added.department = department;
    added.lead =
        schemas::payload_of<schemas::AssignmentDispatched>(record).duty() == schemas::Duty::lead;
    added.dispatched_seq = record.seq;
    added.dispatched_at = record.recorded_at;
    appeal.assignments.push_back(static_cast<std::uint32_t>(assignments.size() - 1));
    // The row of the appeal without assignments ends here.
    if (appeal.assignments.size() == 1) replace(appeal.standing, {}, record.seq, assignment_row);
  }
  if (schemas::type_of(record) == EventType::AppealConcluded) {
    RoundFold& added = rounds.emplace_back();
    added.appeal = number;
    added.seq = record.seq;
    added.concluded_at = record.recorded_at;
    appeal.rounds.push_back(static_cast<std::uint32_t>(rounds.size() - 1));
  }
}

void Milestones::Fold::move_appeal(const engine::RecordView& record, AppealFold& appeal) {
  switch (schemas::type_of(record)) {
    case EventType::AppealWithdrawn:
    case EventType::AppealTransferredOut:
    case EventType::AppealExcluded:
    case EventType::AppealMerged:
    case EventType::AppealUnmerged:
      appeal.ended = schemas::type_of(record) != EventType::AppealUnmerged;
      touched_assignments.insert(appeal.assignments.begin(), appeal.assignments.end());
      break;
    case EventType::CallbackRecorded:
      appeal.last_callback = record.seq;
      touched_rounds.insert(appeal.rounds.begin(), appeal.rounds.end());
      break;
    default:
      break;
  }
}

void Milestones::Fold::move_assignment(const engine::RecordView& record,
                                       AssignmentFold& assignment) {
  const auto end = [&](End how) {
    assignment.end = how;
    assignment.ended_at = how == End::none ? 0 : record.recorded_at;
  };
  switch (schemas::type_of(record)) {
    case EventType::ReturnApproved:
      return end(End::returned);
    case EventType::AssignmentRedispatched:
      return end(End::redispatched);
    case EventType::AssignmentCancelled:
      return end(End::cancelled);
    case EventType::CompletionReported:
    case EventType::CoOpinionFiled:
      return end(End::completed);
    case EventType::CompletionSentBack:
      return end(End::none);
    case EventType::ClockSuspended:
      assignment.suspended = true;
      break;
    case EventType::ClockResumed:
      assignment.suspended = false;
      break;
    default:
      break;
  }
}

void Milestones::Fold::move_round(const engine::RecordView& record, RoundFold& round) {
  switch (schemas::type_of(record)) {
    case EventType::RatingSubmitted:
      round.rated_seq = record.seq;
      round.level = schemas::payload_of<schemas::RatingSubmitted>(record).level();
      break;
    case EventType::BadRatingVerified: {
      const auto finding = schemas::payload_of<schemas::BadRatingVerified>(record).finding();
      round.to_rectify =
          finding == schemas::Finding::true_ || finding == schemas::Finding::partly_true;
      break;
    }
    case EventType::RatingContested:
      round.contested = true;
      break;
    case EventType::ContestUpheld:
      round.upheld = true;
      break;
    case EventType::RectificationFedBack:
      round.fed_back = true;
      break;
    case EventType::RatingInvalidated:
      round.invalidated = true;
      break;
    default:
      break;
  }
}

// Stops and restores of a whole appeal reach its assignments and rounds.
void Milestones::Fold::stop_all(AppealFold& appeal, const DutyChange& change, Micros at,
                                EventType by) {
  for (const std::uint32_t number : appeal.assignments) {
    assignments[number].clocks.apply(change, at, by);
    touched_assignments.insert(number);
  }
  for (const std::uint32_t number : appeal.rounds) {
    rounds[number].clocks.apply(change, at, by);
    touched_rounds.insert(number);
  }
}

void Milestones::Fold::move_clocks(const engine::RecordView& record, AppealFold& appeal) {
  const Micros at = record.recorded_at;
  const EventType by = schemas::type_of(record);
  schemas::duty_changes(record, [&](const DutyChange& change) {
    if (change.scope == schemas::DutyScope::stream) {
      appeal.clocks.apply(change, at, by);
      if (change.all) stop_all(appeal, change, at, by);
    } else if (change.scope == schemas::DutyScope::round) {
      // What a conclusion does to a round, it does to the one before its own.
      const bool own = !appeal.rounds.empty() && rounds[appeal.rounds.back()].seq == record.seq;
      if (appeal.rounds.size() < (own ? 2U : 1U)) return;
      const std::uint32_t number = appeal.rounds[appeal.rounds.size() - (own ? 2 : 1)];
      rounds[number].clocks.apply(change, at, by);
      touched_rounds.insert(number);
    } else {
      const std::uint32_t number = find(appeal, change.matter, change.department);
      if (number == kNoPart) return;
      AssignmentFold& assignment = assignments[number];
      if (change.op == DutyOp::filed) assignment.filed.insert(change.week);
      if (change.op == DutyOp::weekly) {
        assignment.weekly_from = at;
        weekly.insert(number);
      }
      if (change.op != DutyOp::filed && change.op != DutyOp::weekly)
        assignment.clocks.apply(change, at, by);
      touched_assignments.insert(number);
    }
  });
}

bool Milestones::Fold::is_open(const AssignmentFold& assignment) const {
  return assignment.end == End::none && !appeals[assignment.appeal].ended;
}

// The first week that owes progress and has none; every later one falls due later.
std::int64_t Milestones::Fold::progress_red_from(const AssignmentFold& assignment) const {
  if (assignment.weekly_from == 0 || assignment.suspended || !is_open(assignment)) return kNever;
  constexpr int kWeeks = 600;
  schemas::Week week = schemas::week_of(schemas::day_of(assignment.weekly_from));
  for (int i = 0; i < kWeeks; ++i) {
    week.monday += 7;
    if (assignment.filed.contains(week.monday)) continue;
    if (const auto last = calendar.last_workday(week)) return schemas::start_of(*last + 1);
  }
  return kNever;
}

std::string Milestones::Fold::row_of(std::uint32_t number) const {
  const AssignmentFold& a = assignments[number];
  const Clock& contact = a.clocks.get(Obligation::contact);
  const Clock& completion = a.clocks.get(Obligation::completion);
  const Clock& main = a.lead ? completion : a.clocks.get(Obligation::co_opinion);
  const std::int64_t red =
      std::min(a.clocks.red_from(Obligation::sign, Obligation::co_opinion), progress_red_from(a));
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", number, a.appeal,
                     appeals[a.appeal].no, a.matter, a.department, a.lead ? 1 : 0, a.dispatched_at,
                     is_open(a) ? 1 : 0, static_cast<int>(a.end), a.ended_at, main.state.due,
                     contact.state.due, contact.state.met, contact.halted_in_week(),
                     completion.state.due, completion.state.met, completion.halted_in_week(),
                     completion.red_from(), red);
}

std::string Milestones::Fold::office_row(const AppealFold& appeal) const {
  std::int64_t red = appeal.clocks.red_from(Obligation::accept, Obligation::callback);
  for (const std::uint32_t round : appeal.rounds)
    red = std::min(
        red, rounds[round].clocks.red_from(Obligation::rating_verify, Obligation::rating_rectify));
  return fmt::format("-1,{},{},,,0,0,0,0,0,0,0,0,{},0,0,{},{},{}", by_no.at(appeal.no), appeal.no,
                     kNever, kNever, kNever, red);
}

std::string Milestones::Fold::row_of(const RoundFold& r) const {
  const AppealFold& appeal = appeals[r.appeal];
  const Clock& verify = r.clocks.get(Obligation::rating_verify);
  const Clock& rectify = r.clocks.get(Obligation::rating_rectify);
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", r.seq, appeal.no,
                     r.concluded_at, r.rated_seq != 0 ? 1 : 0, r.level, r.invalidated ? 1 : 0,
                     r.contested ? 1 : 0, r.upheld ? 1 : 0,
                     r.rated_seq != 0 && appeal.last_callback > r.rated_seq ? 1 : 0,
                     verify.state.due, verify.state.met, verify.halted(), r.to_rectify ? 1 : 0,
                     r.fed_back ? 1 : 0, rectify.state.due, rectify.state.met, rectify.halted());
}

void Milestones::Fold::replace(Standing& standing, std::string row, std::uint64_t seq,
                               const Write& write) {
  if (standing.row == row) return;
  if (!standing.row.empty()) write(fmt::format("{},{},{}", standing.seq, seq, standing.row));
  standing = {seq, std::move(row)};
}

void Milestones::Fold::write_touched(std::uint64_t seq, AppealFold& appeal) {
  for (const std::uint32_t number : touched_assignments)
    replace(assignments[number].standing, row_of(number), seq, assignment_row);
  for (const std::uint32_t number : touched_rounds)
    replace(rounds[number].standing, row_of(rounds[number]), seq, round_row);
  if (appeal.assignments.empty()) replace(appeal.standing, office_row(appeal), seq, assignment_row);
}

// A calendar moves what is owed weekly; every other due comes with an event of its own.
void Milestones::Fold::add_calendar(const engine::RecordView& record) {
  calendar.apply(record);
  for (const std::uint32_t number : weekly)
    if (is_open(assignments[number]))
      replace(assignments[number].standing, row_of(number), record.seq, assignment_row);
}

void Milestones::Fold::add(const engine::RecordView& record, int matter,
                           std::string_view department) {
  if (record.kind == "calendar") return add_calendar(record);
  if (record.kind != "appeal") return;
  touched_assignments.clear();
  touched_rounds.clear();
  AppealFold& appeal = appeal_of(record);
  begin_parts(record, appeal, matter, department);
  move_appeal(record, appeal);
  if (const std::uint32_t number = matter == 0 ? kNoPart : find(appeal, matter, department);
      number != kNoPart) {
    move_assignment(record, assignments[number]);
    touched_assignments.insert(number);
  }
  const EventType type = schemas::type_of(record);
  const bool of_round = type == EventType::AppealConcluded ||
                        (type >= EventType::RatingInvited && type <= EventType::RatingInvalidated);
  if (of_round && !appeal.rounds.empty()) {
    move_round(record, rounds[appeal.rounds.back()]);
    touched_rounds.insert(appeal.rounds.back());
  }
  move_clocks(record, appeal);
  write_touched(record.seq, appeal);
}

Milestones::Milestones(Write assignment, Write round) : fold_(std::make_unique<Fold>()) {
  fold_->assignment_row = std::move(assignment);
  fold_->round_row = std::move(round);
}
Milestones::~Milestones() = default;

void Milestones::add(const engine::RecordView& record, int matter, std::string_view department) {
  fold_->add(record, matter, department);
}

void Milestones::finish() {
  constexpr std::uint64_t kForEver = kNever;
  for (AssignmentFold& one : fold_->assignments)
    fold_->replace(one.standing, {}, kForEver, fold_->assignment_row);
  for (AppealFold& one : fold_->appeals)
    fold_->replace(one.standing, {}, kForEver, fold_->assignment_row);
  for (RoundFold& one : fold_->rounds) fold_->replace(one.standing, {}, kForEver, fold_->round_row);
}

}  // namespace tools
