// From a state to its milestones and back.
#include "projections/milestones.h"

namespace projections {
namespace {

using schemas::AssignmentStatus;

Milestones::Duty duty_of(const DutyClock& clock) {
  Milestones::Duty duty;
  duty.due = clock.due();
  duty.met = clock.is_met();
  duty.end_at = clock.is_met() ? clock.state.met : clock.stopped_at;
  duty.end_seq = clock.is_met() ? clock.met_seq : clock.stop_seq;
  duty.stopped_by = static_cast<std::uint16_t>(clock.stopped_by);
  duty.same_day = clock.state.same_day;
  return duty;
}

// Every clock of a straight assignment starts with its dispatch.
void set_clock(DutyClock& clock, const Milestones::Duty& duty, Micros started, std::uint64_t seq) {
  const bool ended = duty.end_seq != 0 && duty.end_seq <= seq;
  const bool stopped = ended && !duty.met;
  clock.state.due = duty.due;
  clock.state.started = started;
  clock.state.same_day = duty.same_day;
  clock.state.met = ended && duty.met ? duty.end_at : 0;
  clock.state.stopped = stopped ? 1 : 0;
  clock.stop_seq = stopped ? duty.end_seq : 0;
  clock.stopped_at = stopped ? duty.end_at : 0;
  clock.stopped_by =
      stopped ? static_cast<schemas::EventType>(duty.stopped_by) : schemas::EventType::none;
}

// A met clock may be stopped as well, or stopped twice: nothing that counts or shines changes by
// it.
bool same(const DutyClock& a, const DutyClock& b) {
  if (!a.owed() && !b.owed()) return true;
  if (a.state.due != b.state.due || a.state.started != b.state.started ||
      a.state.same_day != b.state.same_day || a.state.met != b.state.met)
    return false;
  if (a.is_met()) return true;
  return (a.state.stopped != 0) == (b.state.stopped != 0) &&
         a.state.suspended == b.state.suspended && a.stopped_at == b.stopped_at &&
         a.stopped_by == b.stopped_by;
}

bool same(const Mark& a, const Mark& b) { return a.seq == b.seq && a.at == b.at; }

}  // namespace

Milestones milestones_of(const AssignmentState& newest) {
  Milestones out;
  out.dispatched_at = newest.dispatched.at;
  out.ended_at = newest.ended.at;
  out.dispatched = newest.dispatched.seq;
  out.ended = newest.ended.seq;
  out.end = newest.end;
  out.duty = newest.duty;
  out.duties = {duty_of(newest.sign), duty_of(newest.contact), duty_of(newest.main())};
  return out;
}

const AssignmentState& state_at(const Milestones& milestones, std::uint64_t seq,
                                AssignmentState& memory) {
  memory.duty = milestones.duty;
  memory.dispatched = {milestones.dispatched_at, milestones.dispatched};
  const bool ended = milestones.ended != 0 && milestones.ended <= seq;
  memory.end = ended ? milestones.end : AssignmentStatus::none;
  memory.ended = ended ? Mark{milestones.ended_at, milestones.ended} : Mark{};
  memory.return_seq = memory.end == AssignmentStatus::returned ? milestones.ended : 0;
  const Micros started = milestones.dispatched_at;
  const auto& [sign, contact, main] = milestones.duties;
  set_clock(memory.sign, sign, started, seq);
  set_clock(memory.contact, contact, started, seq);
  const bool lead = milestones.duty == schemas::Duty::lead;
  set_clock(lead ? memory.completion : memory.opinion, main, started, seq);
  (lead ? memory.opinion : memory.completion).state.due = 0;  // not owed
  return memory;
}

bool count_alike(const AssignmentState& a, const AssignmentState& b) {
  return a.duty == b.duty && a.end == b.end && same(a.dispatched, b.dispatched) &&
         same(a.ended, b.ended) && a.return_seq == b.return_seq && !a.weekly_from &&
         !b.weekly_from && same(a.sign, b.sign) && same(a.contact, b.contact) &&
         same(a.completion, b.completion) && same(a.opinion, b.opinion);
}

}  // namespace projections
