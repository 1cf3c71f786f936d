// How the duties of all appeals stand at one moment: for who watches the whole, not for a report.
#pragma once

#include <array>
#include <cstdint>

#include "projections/facts.h"
#include "schemas/obligations.h"

namespace projections {

struct Standing {
  std::uint64_t open = 0;                 // duties that have begun and are neither met nor ended
  std::array<std::uint64_t, 5> lights{};  // of these, by schemas::Light
};

// After record `seq`, which the facts have, with lights as of `at`. The same duties that the weekly
// report lists by their lights. Any thread that may read the facts.
[[nodiscard]] Standing standing_at(const Facts& facts, std::uint64_t seq, Micros at);

}  // namespace projections
