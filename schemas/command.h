// A command after the JSON door: shape, types, UTF-8 and limits are checked; rights and rules are not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "event_generated.h"

namespace schemas {

struct Actor {
  std::string id;
  Role role = Role::system;
  std::string department;  // of a department officer; empty otherwise
};

struct Command {
  engine::Micros at = 0;  // becomes recorded_at
  std::optional<engine::Micros> occurred_at;
  Actor actor;
  EventType event = EventType::none;  // the event that this command asks for; names the command too
  std::string kind, no;               // the stream
  std::string id;                     // idempotency id
  std::optional<std::uint32_t> expected_version;
  std::uint8_t flags = 0;             // engine::kImported, engine::kDerived
  std::vector<std::uint8_t> data;     // a verified FlatBuffer of the event's table, pinned fields absent
};

}  // namespace schemas
