// A profile says how the rows of another system's CSV become commands: docs/IMPORT.md is its
// manual. Every expanded line goes through the same door as a line of a history file.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/result.h"

namespace tools {

struct ProfileLine {
  engine::Micros at = 0;   // 0: the template gave no valid time; the door will say so
  std::size_t order = 0;   // as expanded: what breaks ties
  std::uint64_t line = 0;  // of the CSV; 0 for the profile's own prelude
  std::string text;        // one history line
};

// The prelude and all rows that the profile selects, in order of `at` (rows of one moment in the
// order of the file, commands of one row in the order of the profile).
[[nodiscard]] engine::Result<std::vector<ProfileLine>> expand_profile(
    const std::string& profile_path, const std::string& csv_path);

}  // namespace tools
