// Checkpoints while the server runs: what has become durable is signed at least once a minute, and
// what was signed last is at hand.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "engine/log/log.h"
#include "engine/log/signing.h"
#include "engine/result.h"
#include "server/clock.h"

namespace server {

class Signer {
 public:
  // Takes up what was signed last. `log` and `clock` outlive it.
  static engine::Result<std::unique_ptr<Signer>> open(const engine::Log& log, std::string data,
                                                      const Clock& clock);

  // Whether the log has grown since, and a minute has passed. Any thread.
  [[nodiscard]] bool is_due() const;
  // Signs the log as it stands. `locked`: another process signs or records an act; try again.
  engine::Result<void> sign();
  // nullptr: nothing was signed yet. Any thread.
  [[nodiscard]] std::shared_ptr<const engine::Issued> newest() const;

 private:
  Signer(const engine::Log& log, std::string data, const Clock& clock)
      : log_(log), data_(std::move(data)), clock_(clock), looked_(clock.ticks()) {}

  const engine::Log& log_;
  const std::string data_;
  const Clock& clock_;
  std::mutex turn_;  // one signs
  mutable std::mutex mutex_;
  std::shared_ptr<const engine::Issued> newest_;
  engine::Micros looked_;  // when it was last signed, or opened
};

}  // namespace server
