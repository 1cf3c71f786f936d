// The access log: machine acts (a ledger made, a checkpoint signed, an export written) in a second
// ledger of the same engine, DIR/access, so that asking a question never changes the ledger that is
// asked. It is not signed itself: a signature would be an act to record.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "event_generated.h"

namespace tools {

[[nodiscard]] std::string access_of(const std::string& data);

// One act. `payload`: a packed table of schemas/access.fbs. With an `id`, an act that was recorded
// under it already is not recorded again.
struct Act {
  std::string kind;  // of stream access/KIND
  schemas::EventType type = schemas::EventType::none;
  std::vector<std::uint8_t> payload;
  std::string id = {};
  std::string actor = "bihuan", role = "system", department = {};  // who acted
};

class AccessLog {
 public:
  // For writing; one process at a time (`locked`), and in it one thread: another waits.
  static engine::Result<AccessLog> open(const std::string& data);
  // Appends the acts in one group: all of them are durable, or none.
  engine::Result<void> record(std::span<const Act> acts);
  engine::Result<void> record(const Act& act) { return record(std::span(&act, 1)); }
  engine::Result<void> record(std::string_view kind, schemas::EventType type,
                              std::vector<std::uint8_t> payload, std::string id = {}) {
    return record(Act{std::string(kind), type, std::move(payload), std::move(id)});
  }
  // For a backup: Log::freeze() of this log.
  [[nodiscard]] engine::Result<engine::Frozen> freeze() const { return log_->freeze(); }

 private:
  friend engine::Result<void> record_damage(const std::string& data, engine::Log& log);

  explicit AccessLog(std::unique_lock<std::mutex> turn) : turn_(std::move(turn)) {}
  // Of `of`, the ledger or this log itself, whose name is `name`.
  engine::Result<void> record_damage_of(engine::Log& of, std::string_view name);
  std::unique_lock<std::mutex> turn_;  // outlives log_
  std::unique_ptr<engine::Log> log_;
};

// One act, recorded before it is done: an act that cannot be recorded is not done (reliability.md
// section 6, S9).
engine::Result<void> record_act(const std::string& data, std::string_view kind,
                                schemas::EventType type, std::vector<std::uint8_t> payload);
engine::Result<void> record_act(const std::string& data, const Act& act);

// What an open for writing found torn and dropped, since nobody was ever told of it: an act of the
// machine's, recorded (access/damage) before anything else is (reliability.md section 5).
engine::Result<void> record_damage(const std::string& data, engine::Log& log);

}  // namespace tools
