// The server's two clocks. The program gives it the machine's; a test gives its own, and time
// passes only when the test says so.
#pragma once

#include "engine/clock.h"

namespace server {

class Clock {
 public:
  virtual ~Clock() = default;
  // Any thread. Microseconds UTC: what becomes recorded_at and what tokens expire by.
  [[nodiscard]] virtual engine::Micros now() const = 0;
  // Any thread. Microseconds that never go back: what time limits of connections are counted in.
  [[nodiscard]] virtual engine::Micros ticks() const = 0;
};

// Of this machine.
class MachineClock final : public Clock {
 public:
  [[nodiscard]] engine::Micros now() const override { return engine::now(); }
  [[nodiscard]] engine::Micros ticks() const override {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
  }
};

}  // namespace server
