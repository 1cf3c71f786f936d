// One record of the log as its readers see it: the canonical header's fields and the payload bytes.
// A view borrows: it is valid as long as the block it was read from (or the event it was made of).
// Payloads are 8-byte aligned, so that a FlatBuffer can be read in place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"

namespace engine {

using Hash = std::array<std::uint8_t, 32>;

// Header flags. `follows`: recorded by the same command, in the same batch, as the record before
// it.
inline constexpr std::uint8_t kImported = 1;
inline constexpr std::uint8_t kDerived = 2;
inline constexpr std::uint8_t kFollows = 4;

struct RecordView {
  std::uint64_t seq = 0;      // dense, from 1
  Micros recorded_at = 0;     // never decreasing
  Micros occurred_at = 0;     // <= recorded_at
  std::uint16_t type = 0;     // schemas::EventType
  std::uint16_t schema = 1;   // version of the payload's schema
  std::uint32_t version = 0;  // place in its stream, from 1
  std::uint8_t flags = 0;
  std::string_view kind, no;  // the stream: kind/no
  std::string_view actor, role, department;
  std::string_view id;  // idempotency id of the command; empty where kFollows
  std::span<const std::uint8_t> payload;
};

// An event on its way into the log. The engine gives the seq; the decider gives the version.
struct NewEvent {
  Micros recorded_at = 0, occurred_at = 0;
  std::uint16_t type = 0, schema = 1;
  std::uint32_t version = 0;
  std::uint8_t flags = 0;
  std::string kind, no, actor, role, department, id;
  std::vector<std::uint8_t> payload;

  [[nodiscard]] RecordView view(std::uint64_t seq) const {
    return {seq,  recorded_at, occurred_at, type, schema,     version, flags,
            kind, no,          actor,       role, department, id,      payload};
  }
};

// A recorded event as a new one, to be recorded again elsewhere without asking any rule.
[[nodiscard]] inline NewEvent copy_of(const RecordView& record) {
  return {record.recorded_at,
          record.occurred_at,
          record.type,
          record.schema,
          record.version,
          record.flags,
          std::string(record.kind),
          std::string(record.no),
          std::string(record.actor),
          std::string(record.role),
          std::string(record.department),
          std::string(record.id),
          {record.payload.begin(), record.payload.end()}};
}

}  // namespace engine
