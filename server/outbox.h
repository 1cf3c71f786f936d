// The outbox: the notices that the ledger has given, which are events like all others. So it needs
// no store of its own, nothing in it can be lost or come out of order, and a seq is a place in it.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>

#include "engine/log/log.h"
#include "engine/result.h"
#include "event_generated.h"
#include "server/live_facts.h"

namespace server {

// Is the event one that somebody has to be told of: a reminder, a card, an order of supervision?
[[nodiscard]] bool is_notice(schemas::EventType type);

// The notices after record `after`, oldest first, at most `limit`. Any thread that may be kept.
engine::Result<void> read_notices(const engine::Log& log, LiveFacts& facts, std::uint64_t after,
                                  std::uint64_t limit,
                                  absl::FunctionRef<void(const engine::RecordView&)> use);

}  // namespace server
