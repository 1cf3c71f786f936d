// The access log: machine acts (a ledger made, a checkpoint signed, an export written) in a second
// ledger of the same engine, DIR/access, so that asking a question never changes the ledger that is
// asked. It is not signed itself: a signature would be an act to record.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "event_generated.h"

namespace tools {

[[nodiscard]] std::string access_of(const std::string& data);

class AccessLog {
 public:
  // For writing; one process at a time.
  static engine::Result<AccessLog> open(const std::string& data);
  // Appends an act to stream access/KIND. `payload`: a packed table of schemas/access.fbs. With an
  // `id`, an act that was recorded under it already is not recorded again.
  engine::Result<void> record(std::string_view kind, schemas::EventType type,
                              std::vector<std::uint8_t> payload, std::string id = {});

 private:
  explicit AccessLog(std::unique_ptr<engine::Log> log) : log_(std::move(log)) {}
  std::unique_ptr<engine::Log> log_;
};

// One act, recorded before it is done: an act that cannot be recorded is not done (reliability.md
// section 6, S9).
engine::Result<void> record_act(const std::string& data, std::string_view kind,
                                schemas::EventType type, std::vector<std::uint8_t> payload);

}  // namespace tools
