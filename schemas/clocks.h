// The clocks of a subject's state: what its events start and meet (obligations.h), kept while they
// may run, and what another calendar makes of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/calendar.h"
#include "schemas/obligations.h"

namespace schemas {

struct Clock {
  DutyState duty;
};
// What a change does to the clocks of one scope: `start` adds the clock if it is not there; kept in
// the order of the obligations.
void apply(std::vector<Clock>& clocks, const DutyChange& change, Micros at);
[[nodiscard]] const Clock* find_clock(const std::vector<Clock>& clocks, Obligation obligation);
[[nodiscard]] bool any_runs(const std::vector<Clock>& clocks);

struct Recomputed {
  Obligation obligation = Obligation::accept;
  int matter = 0;
  std::string department;
  Micros old_due = 0;
  Deadline now;
  bool was_provisional = false;
  std::int16_t workdays = kFixed;  // for the Due of DeadlineRecomputed
};
// Appends the running clocks whose due differs under `calendar`.
void recompute(const std::vector<Clock>& clocks, int matter, std::string_view department,
               const Calendar& calendar, std::vector<Recomputed>& out);

}  // namespace schemas
