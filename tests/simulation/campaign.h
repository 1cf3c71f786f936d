// Many simulated years, one seed after another, and what they did.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace simulation {

struct Campaign {
  std::uint64_t first = 1, last = 300;
  int commands = 180;
  bool trace = false;                           // the story on stdout
  std::map<std::string, std::uint64_t> counts;  // of all runs
  std::uint64_t runs = 0;
};

// "" or the first seed that found something, and what.
[[nodiscard]] std::string run(Campaign& campaign);
// Plays one seed two times. "" or the first call to the disk, or fault, that the two have not in
// common.
[[nodiscard]] std::string told_twice(std::uint64_t seed, int commands);
// What a campaign must have done and has not done once: every command of the procedure asked and
// accepted, the refusals, restarts, clock steps, questions.
[[nodiscard]] std::vector<std::string> never_happened(const Campaign& campaign);
// What was done how often, one a line.
[[nodiscard]] std::string table_of(const Campaign& campaign);

}  // namespace simulation
