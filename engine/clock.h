// The only door to time. Nothing below server and tools calls now(); everything else is given one.
#pragma once

#include <chrono>
#include <cstdint>

namespace engine {

using Micros = std::int64_t;  // microseconds since 1970-01-01T00:00:00Z

[[nodiscard]] inline Micros now() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace engine
