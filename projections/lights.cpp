// What a board's clocks say at an instant. The rules of a clock are schemas/obligations.h's; here
// are the readings of interfaces.md section 6: which week a duty belongs to, and which duties an
// assignment has.
#include "projections/lights.h"

#include <algorithm>

#include "projections/board.h"

namespace projections {

using schemas::Day;
using schemas::EventType;
using schemas::Light;
using schemas::Obligation;
using schemas::Week;

void apply(DutyClock& clock, const schemas::DutyChange& change, Micros at, std::uint32_t seq,
           EventType by) {
  const bool starts = change.op == schemas::DutyOp::start;
  if (!starts && !clock.owed()) return;  // a change of a clock that does not exist means nothing
  const bool was_running = clock.state.running();
  const bool was_met = clock.is_met();
  const bool was_stopped = clock.state.stopped != 0;
  const bool was_suspended = clock.state.suspended;
  schemas::apply(clock.state, change, at);
  if (clock.state.suspended != was_suspended) clock.suspended_at = was_suspended ? 0 : at;
  if (starts) {
    clock.due_seq = seq;
    if (!was_running) clock.start_seq = seq;
  }
  if (clock.is_met() != was_met) clock.met_seq = clock.is_met() ? seq : 0;
  const bool is_stopped = clock.state.stopped != 0;
  if (is_stopped == was_stopped) return;
  clock.stop_seq = is_stopped ? seq : 0;
  clock.stopped_at = is_stopped ? at : 0;
  clock.stopped_by = is_stopped ? by : EventType::none;
}

Micros DutyClock::ran_until(Micros now) const {
  Micros until = now;
  if (is_met()) until = std::min(until, state.met);
  if (stop_seq != 0) until = std::min(until, stopped_at);
  if (state.suspended) until = std::min(until, suspended_at);
  return until;
}

Light worse(Light a, Light b) {
  const auto rank = [](Light light) {
    switch (light) {
      case Light::none:
        return 0;
      case Light::grey:
        return 1;
      case Light::green:
        return 2;
      case Light::yellow:
        return 3;
      case Light::red:
        return 4;
    }
    return 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

Count count_in_week(const DutyClock& clock, const Window& window) {
  if (!clock.owed()) return Count::no;
  const Micros last_instant = clock.due() - 1;
  if (clock.is_met()) {
    const Micros belongs = std::min(clock.state.met, last_instant);
    if (belongs < window.from || belongs >= window.to) return Count::no;
    return clock.met_in_time() ? Count::met : Count::missed;
  }
  if (last_instant < window.from || last_instant >= window.to) return Count::no;
  // A duty that ended or stood still before it fell due was not missed by then; one that its
  // department left undone by reporting completion was (interfaces.md section 6).
  const bool left_undone = clock.stopped_by == EventType::CompletionReported;
  const Micros until = left_undone ? window.judged_at : clock.ran_until(window.judged_at);
  return clock.due() <= until ? Count::missed : Count::no;
}

namespace {

void show(const DutyClock& clock, std::uint32_t appeal, std::uint32_t assignment, Micros at,
          const VisitDuty& visit) {
  const Light light = clock.light(at);
  if (light == Light::none) return;
  visit({appeal, assignment, clock.state.obligation, clock.due(), light, clock.start_seq});
}

// The newest filing for a week, or kNone.
std::uint32_t filing_of(const Board& board, const AssignmentState& assignment, Week week) {
  std::uint32_t at = assignment.last_filing;
  while (at != kNone && board.filings()[at].week != week.monday) at = board.filings()[at].previous;
  return at;
}

Week first_week(const AssignmentState& assignment) {
  return {schemas::week_of(schemas::day_of(assignment.weekly_from.at)).monday + 7};
}

// The due of a week's progress: 24:00 of its last working day; 0 for a week that owes none.
Micros progress_due(const Board& board, Week week) {
  const auto last = board.calendar().last_workday(week);
  return last ? schemas::start_of(*last + 1) : 0;
}

// Weekly progress duties are derived, not started by events: one a week from its Monday on, each
// red until it is filed or the assignment ends.
void each_progress_duty(const Board& board, std::uint32_t assignment, Micros at,
                        const VisitDuty& visit) {
  const AssignmentState& state = board.assignments()[assignment];
  if (!state.weekly_from || !board.open(state)) return;
  const bool suspended = static_cast<bool>(state.suspended);
  for (Week week = first_week(state); week.from() <= at; week.monday += 7) {
    if (filing_of(board, state, week) != kNone) continue;
    schemas::DutyState duty;
    duty.obligation = Obligation::progress;
    duty.started = week.from();
    duty.due = progress_due(board, week);
    duty.suspended = suspended;
    const Light light = schemas::light_of(duty, at);
    if (light != Light::none)
      visit({state.appeal, assignment, duty.obligation, duty.due, light, state.weekly_from.seq});
  }
}

}  // namespace

void each_assignment_duty(const Board& board, std::uint32_t assignment, Micros at,
                          const VisitDuty& visit) {
  const AssignmentState& state = board.assignments()[assignment];
  show(state.sign, state.appeal, assignment, at, visit);
  show(state.contact, state.appeal, assignment, at, visit);
  show(state.completion, state.appeal, assignment, at, visit);
  show(state.opinion, state.appeal, assignment, at, visit);
  each_progress_duty(board, assignment, at, visit);
}

namespace {

void each_office_duty(const Board& board, std::uint32_t appeal, Micros at, const VisitDuty& visit) {
  const AppealState& state = board.appeals()[appeal];
  show(state.accept, appeal, kNone, at, visit);
  show(state.dispatch, appeal, kNone, at, visit);
  if (state.assignment != kNone)
    for (const std::uint32_t one : board.assignments_of(state))
      show(board.assignments()[one].ruling, appeal, kNone, at, visit);
  show(state.callback, appeal, kNone, at, visit);
  if (state.round == kNone) return;
  const auto rounds = board.rounds_of(state);
  for (const std::uint32_t round : rounds)
    show(board.rounds()[round].verify, appeal, kNone, at, visit);
  for (const std::uint32_t round : rounds)
    show(board.rounds()[round].rectify, appeal, kNone, at, visit);
}

}  // namespace

void each_duty(const Board& board, std::uint32_t appeal, Micros at, const VisitDuty& visit) {
  each_office_duty(board, appeal, at, visit);
  const AppealState& state = board.appeals()[appeal];
  if (state.assignment == kNone) return;
  for (const std::uint32_t assignment : board.assignments_of(state))
    each_assignment_duty(board, assignment, at, visit);
}

namespace {

bool is_live(const Board& board, const AppealState& appeal) {
  if (appeal.accept.open() || appeal.dispatch.open() || appeal.callback.open()) return true;
  for (std::uint32_t at = appeal.assignment; at != kNone;
       at = board.facts().assignments()[at].previous) {
    const AssignmentState& one = board.assignments()[at];
    if (one.sign.open() || one.contact.open() || one.completion.open() || one.opinion.open() ||
        one.ruling.open() || (one.weekly_from && board.open(one)))
      return true;
  }
  for (std::uint32_t at = appeal.round; at != kNone; at = board.facts().rounds()[at].previous)
    if (board.rounds()[at].verify.open() || board.rounds()[at].rectify.open()) return true;
  return false;
}

}  // namespace

std::vector<std::uint32_t> live_appeals(const Board& board) {
  std::vector<std::uint32_t> live;
  for (std::uint32_t at = 0; at < board.appeals().size(); ++at)
    if (is_live(board, board.appeals()[at])) live.push_back(at);
  return live;
}

Light light_of_assignment(const Board& board, std::uint32_t assignment, Micros at) {
  Light worst = Light::none;
  each_assignment_duty(board, assignment, at,
                       [&](const DutyRow& row) { worst = worse(worst, row.light); });
  return worst;
}

Light light_of_office(const Board& board, std::uint32_t appeal, Micros at) {
  Light worst = Light::none;
  each_office_duty(board, appeal, at, [&](const DutyRow& row) { worst = worse(worst, row.light); });
  return worst;
}

Progress progress_of(const Board& board, std::uint32_t assignment, Week week, Micros at) {
  const AssignmentState& state = board.assignments()[assignment];
  Progress progress;
  if (!state.weekly_from) return progress;
  progress.filing = filing_of(board, state, week);
  const Micros due = progress_due(board, week);
  if (week < first_week(state) || week.from() > at || due == 0) return progress;
  // An assignment that ended in the week without filing owed it only if it had fallen due by then.
  const Mark end = board.end_of(state);
  progress.owed = !end || progress.filing != kNone ? !end || end.at >= week.from() : due <= end.at;
  return progress;
}

}  // namespace projections
