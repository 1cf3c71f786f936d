// The facts that reports are drawn from, following the log: whoever asks brings them up to what he
// asks for, so that a read after a write sees it. Many read at once; following is one at a time.
#pragma once

#include <memory>
#include <shared_mutex>

#include "engine/log/log.h"
#include "engine/replay/derived.h"
#include "engine/result.h"
#include "projections/facts.h"

namespace server {

class LiveFacts {
 public:
  // Loads what is stored and takes the rest from the log. `log` outlives it.
  static engine::Result<std::unique_ptr<LiveFacts>> open(engine::Log& log);

  // Calls `use` with facts of at least records 1..seq. Any thread.
  template <class Use>
  engine::Result<void> with(std::uint64_t seq, Use use) {
    if (auto done = follow(seq); !done) return done;
    const std::shared_lock lock(mutex_);
    use(derived_.state());
    return {};
  }

  // Brings them up to `seq` at least.
  engine::Result<void> follow(std::uint64_t seq);
  [[nodiscard]] std::uint64_t seq() const;

 private:
  explicit LiveFacts(engine::Log& log) : derived_(log) {}
  engine::Result<void> advance();

  mutable std::shared_mutex mutex_;
  engine::Derived<projections::Facts> derived_;
};

}  // namespace server
