// The clock of the office: once a minute it looks which reminders, cards and orders are due
// (projections/reminders.h) and submits them as commands of the system, through the same writer as
// everybody's. Nothing is kept of it but the log: what was done before a restart is a repeat by its
// idempotency key, and what fell due meanwhile is found by the next look.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
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
#include "server/live_facts.h"

namespace server {

// The ledger's first event that was not imported: from its instant on the clock ticks, so that an
// imported past gets no cards of today.
struct LiveSince {
  std::uint64_t seq = 0;
  engine::Micros at = 0;
};

// What one act asks for: a reminder and a card, or an order; deterministic, keys and texts too.
[[nodiscard]] std::vector<schemas::Command> commands_of(const projections::Facts& facts,
                                                        const projections::DueAct& act);

class Ticker {
 public:
  // All outlive it.
  Ticker(const engine::Log& log, LiveFacts& facts, Desk& desk, const Clock& clock)
      : log_(log), facts_(facts), desk_(desk), clock_(clock), ticked_(clock.ticks()) {}

  // Whether a minute has passed since the last tick. Any thread.
  [[nodiscard]] bool is_due() const;
  // Submits everything that is due, in order, and waits for the answers; any thread that may be
  // kept. An error: something could not be read or recorded; the next tick tries again, from there.
  engine::Result<void> tick();
  // nullopt: nothing was recorded yet but by imports. Reads what it has not looked at.
  engine::Result<std::optional<LiveSince>> live_since();

 private:
  // An error: the outcome is not known, try again.
  engine::Result<void> submit(schemas::Command command);

  const engine::Log& log_;
  LiveFacts& facts_;
  Desk& desk_;
  const Clock& clock_;
  std::mutex turn_;                             // one ticks
  std::set<std::string, std::less<>> settled_;  // keys answered by this process and still due
  mutable std::mutex mutex_;
  std::optional<LiveSince> live_;
  std::uint64_t looked_at_ = 0;  // records that were imported, all of them
  engine::Micros ticked_;        // or started: the first tick comes a minute after
};

}  // namespace server
