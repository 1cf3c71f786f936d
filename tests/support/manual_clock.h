// A clock that stands until the test moves it.
#pragma once

#include <atomic>

#include "server/clock.h"

namespace support {

class ManualClock final : public server::Clock {
 public:
  explicit ManualClock(engine::Micros now) : now_(now) {}
  [[nodiscard]] engine::Micros now() const override { return now_.load(); }
  [[nodiscard]] engine::Micros ticks() const override { return ticks_.load(); }
  void pass(engine::Micros time) {
    now_ += time;
    ticks_ += time;
  }
  // The wall clock alone, forward or back.
  void set(engine::Micros now) { now_ = now; }

 private:
  std::atomic<engine::Micros> now_, ticks_ = 0;
};

}  // namespace support
