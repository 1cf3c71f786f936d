// A clock that can be set, for trying out what falls due: only under --rehearsal, on a ledger that
// is for nothing else. What was rehearsed on has made-up times, so the ledger is marked
// (DIR/REHEARSAL) and is never served otherwise again.
#pragma once

#include <atomic>
#include <string>

#include "engine/result.h"
#include "server/clock.h"

namespace server {

class RehearsalClock final : public Clock {
 public:
  explicit RehearsalClock(const Clock& real) : real_(real) {}
  [[nodiscard]] engine::Micros now() const override { return real_.now() + ahead_.load(); }
  [[nodiscard]] engine::Micros ticks() const override { return real_.ticks(); }
  // From now on it is `time`, and goes on from there. Any thread.
  void set(engine::Micros time) { ahead_.store(time - real_.now()); }

 private:
  const Clock& real_;
  std::atomic<engine::Micros> ahead_ = 0;
};

// Whether DIR was rehearsed on.
[[nodiscard]] bool is_rehearsal_ledger(const std::string& data);
engine::Result<void> mark_as_rehearsal(const std::string& data);

}  // namespace server
