// What the clocks of a case say at an instant. The rules of a clock are schemas/obligations.h's;
// here are the readings of interfaces.md section 6: which week a duty belongs to, and which duties
// an assignment has.
#include "projections/lights.h"

#include <algorithm>

namespace projections {

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

Micros belongs_at(const DutyClock& clock) {
  const Micros last_instant = clock.due() - 1;
  return clock.is_met() ? std::min(clock.state.met, last_instant) : last_instant;
}

Count count_in_week(const DutyClock& clock, const Window& window) {
  if (!clock.owed()) return Count::no;
  const Micros belongs = belongs_at(clock);
  if (belongs < window.from || belongs >= window.to) return Count::no;
  if (clock.is_met()) return clock.met_in_time() ? Count::met : Count::missed;
  // A duty that ended or stood still before it fell due was not missed by then; one that its
  // department left undone by reporting completion was (interfaces.md section 6).
  const bool left_undone = clock.stopped_by == EventType::CompletionReported;
  const Micros until = left_undone ? window.judged_at : clock.ran_until(window.judged_at);
  return clock.due() <= until ? Count::missed : Count::no;
}

Week Duties::first_week(const AssignmentState& assignment) {
  return {schemas::week_of(schemas::day_of(assignment.weekly_from.at)).monday + 7};
}

// Weekly progress duties are derived, not started by events: one a week from its Monday on, each
// red until it is filed or the assignment ends.
DutyRow Duties::progress_duty(const AssignmentState& assignment, Week week, Micros at) const {
  if (case_.filing_of(assignment, week) != nullptr) return {};
  schemas::DutyState duty;
  duty.obligation = Obligation::progress;
  duty.started = week.from();
  duty.due = board_.progress_due(week);
  duty.suspended = static_cast<bool>(assignment.suspended);
  return {&assignment, duty.obligation, duty.due, schemas::light_of(duty, at),
          assignment.weekly_from.seq};
}

Light light_of_clocks(const AssignmentState& assignment, Micros at) {
  Light worst = Light::none;
  for (const DutyClock* clock : own_clocks(assignment))
    if (clock->owed()) worst = worse(worst, clock->light(at));
  return worst;
}

Light Duties::light_of(const AssignmentState& assignment, Micros at) const {
  Light worst = Light::none;
  each_of_assignment(assignment, at, [&](const DutyRow& row) { worst = worse(worst, row.light); });
  return worst;
}

Light Duties::light_of_office(Micros at) const {
  Light worst = Light::none;
  each_of_office(at, [&](const DutyRow& row) { worst = worse(worst, row.light); });
  return worst;
}

Progress Duties::progress_of(const AssignmentState& assignment, Week week, Micros at) const {
  Progress progress;
  if (!assignment.weekly_from) return progress;
  progress.filing = case_.filing_of(assignment, week);
  const Micros due = board_.progress_due(week);
  if (week < first_week(assignment) || week.from() > at || due == 0) return progress;
  // An assignment that ended in the week without filing owed it only if it had fallen due by then.
  const Mark end = case_.end_of(assignment);
  const bool stood = !end || end.at >= week.from();
  progress.owed = !end || progress.filing != nullptr ? stood : due <= end.at;
  return progress;
}

bool has_running_duty(const Case& of) {
  bool running = false;
  each_clock(of, [&](const DutyClock& clock) { running = running || clock.open(); });
  for (const AssignmentState& one : of.assignments())
    running = running || (one.weekly_from && of.open(one));
  return running;
}

Micros last_due(const Case& of) {
  Micros last = 0;
  each_clock(of, [&](const DutyClock& clock) { last = std::max(last, clock.due()); });
  return last;
}

}  // namespace projections
