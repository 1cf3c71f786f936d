// The way into the access log: who was shown a sealed identity, who was given a package, who was
// turned away. Each is recorded before its answer leaves, and what cannot be recorded is not
// answered (S9 of the security rules). Acts that wait for the log are recorded together.
#pragma once

#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/result.h"
#include "server/http/loop.h"
#include "server/identity/identity.h"
#include "server/workers.h"
#include "tools/ledger/access.h"

namespace server {

// An act of a person, in stream access/KIND.
[[nodiscard]] tools::Act act_of(const Identity& who, const std::vector<Acting>& actings,
                                std::string kind, schemas::EventType type,
                                std::vector<std::uint8_t> payload);

class AccessDesk {
 public:
  // `workers` outlive it.
  AccessDesk(std::string data, Workers& workers) : data_(std::move(data)), workers_(workers) {}

  // Comes back on `loop` once the act is durable. An error `locked`: another process writes the
  // access log, or too many acts wait; `disk_full`; or `io`.
  Task<engine::Result<void>> record(Loop& loop, tools::Act act);
  // The same for a thread that may be kept.
  engine::Result<void> record(const tools::Act& act) { return write({&act, 1}); }

 private:
  using Done = std::move_only_function<void(engine::Result<void>)>;
  struct Waiting {
    tools::Act act;
    Done done;
  };
  // False: too many wait.
  bool queue(Waiting waiting);
  engine::Result<void> write(std::span<const tools::Act> acts) const;
  void write_waiting();

  const std::string data_;
  Workers& workers_;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  bool writing_ = false;
};

}  // namespace server
