// Lines that the rules and the JSON door must refuse, made from the good line that stands before
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/workload/random.h"

namespace tools {

// A line at the same time as `good`, to be refused for a reason drawn from `random`; `number` makes
// its id.
[[nodiscard]] std::string bad_line(std::string_view good, std::int64_t number, Random& random);

}  // namespace tools
