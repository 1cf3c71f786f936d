// Recorded events as new ones, to be recorded again elsewhere without asking any rule.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/source.h"

namespace support {

// All of them, in order of seq: the n-th is at n - 1.
inline std::vector<engine::NewEvent> copies_of(const engine::Source& source) {
  std::vector<engine::NewEvent> events;
  REQUIRE(source.read(1, 0, [&](const engine::RecordView& record) {
    events.push_back(engine::copy_of(record));
    return true;
  }));
  return events;
}

}  // namespace support
