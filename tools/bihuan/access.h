// The access log: machine acts (a ledger made, an export written) in a second ledger of the same
// engine, DIR/access, so that asking a question never changes the ledger that is asked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "event_generated.h"

namespace tools {

[[nodiscard]] std::string access_of(const std::string& data);

// Records an act in stream access/KIND before it is done: an act that cannot be recorded is not
// done (reliability.md section 6, S9). `payload`: a packed table of schemas/access.fbs.
engine::Result<void> record_act(const std::string& data, std::string_view kind,
                                schemas::EventType type, std::vector<std::uint8_t> payload);

}  // namespace tools
