// A command after the JSON door: shape, types, UTF-8 and limits are checked; rights and rules are not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

// The same as the rules look at it: borrowed, so that the audit can ask a recorded event's command
// again without copying it. Valid as long as what it was made of.
struct CommandView {
  struct ActorView {
    std::string_view id;
    Role role = Role::system;
    std::string_view department;
  };

  engine::Micros at = 0;
  std::optional<engine::Micros> occurred_at;
  ActorView actor;
  EventType event = EventType::none;
  std::string_view kind, no, id;
  std::optional<std::uint32_t> expected_version;
  std::uint8_t flags = 0;
  std::span<const std::uint8_t> data;

  CommandView() = default;
  CommandView(const Command& from)  // NOLINT(google-explicit-constructor): a command is one
      : at(from.at),
        occurred_at(from.occurred_at),
        actor{from.actor.id, from.actor.role, from.actor.department},
        event(from.event),
        kind(from.kind),
        no(from.no),
        id(from.id),
        expected_version(from.expected_version),
        flags(from.flags),
        data(from.data) {}
};

// "appeal/SQ2021-000001", for the detail of a refusal.
[[nodiscard]] inline std::string stream_text(const CommandView& command) {
  std::string text(command.kind);
  return text.append("/").append(command.no);
}

}  // namespace schemas
