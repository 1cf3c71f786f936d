// DIR/backup: the local socket over which `bihuan backup` asks the process that writes a ledger for
// one moment of it. The writer freezes ledger and access log and says where they stand; the bytes
// are copied by who asked, with rights of its own, so that the writer writes nowhere else. What was
// frozen is held until the conversation ends. A line of JSON each way; mode 0600: whoever may
// connect may read the ledger's files anyway.
#pragma once

#include <optional>
#include <string>

#include "engine/log/file.h"
#include "engine/log/log.h"
#include "engine/result.h"

namespace tools {

// Both logs of a ledger, frozen.
struct FrozenLedger {
  engine::Frozen ledger, access;
};

// --- The writer's side -------------------------------------------------------------------------

// Takes the place of a socket that an earlier process left: the caller has the ledger locked.
[[nodiscard]] engine::Result<engine::File> listen_for_backups(const std::string& data);
// The next client; nullopt: `listening` was shut down.
[[nodiscard]] std::optional<engine::File> next_client(const engine::File& listening);
// Where it says that it copies to; nullopt: it said nothing of the kind.
[[nodiscard]] std::optional<std::string> asked_by(const engine::File& client);
// Freezes both, the ledger first, with the act BackupMade recorded in between.
[[nodiscard]] engine::Result<FrozenLedger> freeze_for_backup(const engine::Log& log,
                                                             const std::string& data,
                                                             const std::string& to);
// Tells the client, and waits until it has gone.
void hold_for(const engine::File& client, const engine::Result<FrozenLedger>& frozen);
void drop_frozen(const std::string& data);

// --- The side of who asks ----------------------------------------------------------------------

class HeldLedger {
 public:
  // `locked`: nobody listens there.
  static engine::Result<HeldLedger> ask(const std::string& data, const std::string& to);
  [[nodiscard]] const FrozenLedger& frozen() const { return frozen_; }

 private:
  HeldLedger(engine::File writer, FrozenLedger frozen)
      : writer_(std::move(writer)), frozen_(std::move(frozen)) {}
  engine::File writer_;  // what is frozen is held while it is open
  FrozenLedger frozen_;
};

}  // namespace tools
