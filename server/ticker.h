// The clock of the office: once a minute it looks which reminders, cards and orders are due
// (projections/reminders.h), and what has ended (endings.h), and submits them as commands of the
// system, through the same writer as everybody's. Nothing is kept of it but the log: what was done
// before a restart is a repeat by its idempotency key, and what fell due meanwhile is found by the
// next look.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "projections/reminders.h"
#include "schemas/command.h"
#include "server/clock.h"
#include "server/desk.h"
#include "server/endings.h"
#include "server/live_facts.h"
#include "server/went_live.h"

namespace server {

// What one act asks for: a reminder and a card, or an order; deterministic, keys and texts too.
[[nodiscard]] std::vector<schemas::Command> commands_of(const projections::Facts& facts,
                                                        const projections::DueAct& act);

class Ticker {
 public:
  // All outlive it.
  Ticker(const engine::Log& log, LiveFacts& facts, Desk& desk, WentLive& live, const Clock& clock)
      : log_(log),
        facts_(facts),
        desk_(desk),
        live_(live),
        clock_(clock),
        endings_(log, facts),
        ticked_(clock.ticks()) {}

  // Whether a minute has passed since the last tick. Any thread.
  [[nodiscard]] bool is_due() const;
  // Submits everything that is due, in order, and waits for the answers; any thread that may be
  // kept. An error: something could not be read or recorded; the next tick tries again, from there.
  engine::Result<void> tick();

 private:
  // Everything that is due, in order.
  engine::Result<std::vector<schemas::Command>> commands_due(engine::Micros live_since);
  // An error: the outcome is not known, try again.
  engine::Result<void> submit(schemas::Command command);

  const engine::Log& log_;
  LiveFacts& facts_;
  Desk& desk_;
  WentLive& live_;
  const Clock& clock_;
  Endings endings_;
  std::mutex turn_;                             // one ticks
  std::set<std::string, std::less<>> settled_;  // keys answered by this process and still due
  mutable std::mutex mutex_;
  engine::Micros ticked_;  // or started: the first tick comes a minute after
};

}  // namespace server
