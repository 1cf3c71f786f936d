// What ends by itself and is said once: a rating window that nobody rated in, and a supervisor's
// term. Found from the facts and the log; whoever ticks submits it, and the rules judge it like
// anybody's command.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "schemas/command.h"
#include "server/live_facts.h"

namespace server {

class Endings {
 public:
  // Both outlive it.
  Endings(const engine::Log& log, LiveFacts& facts) : log_(log), facts_(facts) {}

  // What has ended, or will so soon that it is to be said, at `now`; of what ended after
  // `live_since` only. In the order in which it ends, windows first. One thread at a time.
  engine::Result<std::vector<schemas::Command>> commands_due(engine::Micros now,
                                                             engine::Micros live_since);

 private:
  struct Window {
    std::uint64_t concluded = 0;  // seq of AppealConcluded, which names the round
    engine::Micros until = 0;
  };
  engine::Result<void> find_new_windows(engine::Micros live_since);
  engine::Result<void> add_windows(engine::Micros now, std::vector<schemas::Command>& out);
  engine::Result<void> add_terms(engine::Micros now, engine::Micros live_since,
                                 std::vector<schemas::Command>& out) const;

  const engine::Log& log_;
  LiveFacts& facts_;
  std::uint32_t looked_at_ = 0;              // rounds
  std::map<std::uint32_t, Window> unrated_;  // by number of the round
};

}  // namespace server
