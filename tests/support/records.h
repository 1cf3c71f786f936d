// Recorded events as new ones, to be recorded again elsewhere without asking any rule.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/source.h"

namespace support {

inline engine::NewEvent copy_of(const engine::RecordView& record) {
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

// All of them, in order of seq: the n-th is at n - 1.
inline std::vector<engine::NewEvent> copies_of(const engine::Source& source) {
  std::vector<engine::NewEvent> events;
  REQUIRE(source.read(1, 0, [&](const engine::RecordView& record) {
    events.push_back(copy_of(record));
    return true;
  }));
  return events;
}

}  // namespace support
