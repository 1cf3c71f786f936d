// One clock of one obligation as a report's fold keeps it: the state that schemas/obligations.h
// moves, and the events behind it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/clock.h"
#include "event_generated.h"
#include "schemas/obligations.h"

namespace projections {

using engine::Micros;

// An event as a milestone: when, and which record. seq 0: it has not happened.
struct Mark {
  Micros at = 0;
  std::uint32_t seq = 0;
  [[nodiscard]] explicit operator bool() const { return seq != 0; }
};

// seq 0: not (yet).
struct DutyClock {
  explicit DutyClock(schemas::Obligation obligation) { state.obligation = obligation; }

  schemas::DutyState state;
  Micros stopped_at = 0, suspended_at = 0;
  std::uint32_t start_seq = 0, due_seq = 0, met_seq = 0, stop_seq = 0;
  schemas::EventType stopped_by = schemas::EventType::none;

  [[nodiscard]] bool owed() const { return state.due != 0; }
  [[nodiscard]] bool is_met() const { return state.met != 0; }
  [[nodiscard]] bool open() const { return state.running(); }
  [[nodiscard]] Micros due() const { return state.due; }
  // The instant at which it stopped running against its department, or `now` if it still does.
  [[nodiscard]] Micros ran_until(Micros now) const;
  [[nodiscard]] bool met_in_time() const { return is_met() && state.met < state.due; }
  [[nodiscard]] schemas::Light light(Micros at) const { return schemas::light_of(state, at); }
};
void apply(DutyClock& clock, const schemas::DutyChange& change, Micros at, std::uint32_t seq,
           schemas::EventType by);

}  // namespace projections
