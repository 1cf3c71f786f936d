// R3: the power goes at any call, and takes what was not synced: all of it, each write by the toss
// of a coin, each sector of each write, names that no sync of their directory made last.
#include <doctest/doctest.h>

#include "tests/crash/campaign.h"
#include "tests/crash/solo.h"

using namespace crash;

namespace {

std::string cuts_of(std::uint64_t seed, std::uint64_t cuts, Tally& tally) {
  Solo run(seed);
  const std::string wrong =
      cut_after_cut(run, cuts, [&](Loss loss) { tally.count(name_of(loss)); });
  tally.count(run.disk().fired());
  return wrong.empty() ? wrong : "seed " + std::to_string(seed) + ", " + wrong;
}

// In parts, so that two run at once; each has seeds of its own.
void cut_part(std::uint64_t part) {
  constexpr std::uint64_t kCuts = 20, kParts = 4;
  Tally tally("R3", "power cuts, part " + std::to_string(part), {Kind::cut});
  for (std::uint64_t seed = first_seed() + part - 1; tally.runs() < times(2000 / kParts);
       seed += kParts) {
    const std::string wrong = cuts_of(seed, kCuts, tally);
    tally.add(kCuts, wrong);
    REQUIRE_MESSAGE(wrong.empty(), wrong);
  }
}

}  // namespace

// The seeds that showed it.
TEST_CASE("R3: a log of RocksDB's that stands in tables already may come back torn") {
  Tally tally("R3", "power cuts that once were refused", {Kind::cut});
  for (const std::uint64_t seed : {121U, 140U, 303U}) {
    const std::string wrong = cuts_of(seed, 20, tally);
    tally.add(20, wrong);
    CHECK_MESSAGE(wrong.empty(), wrong);
  }
}
TEST_CASE("R3, part 1: a power cut loses nothing acknowledged and tears no command") {
  cut_part(1);
}
TEST_CASE("R3, part 2: a power cut loses nothing acknowledged and tears no command") {
  cut_part(2);
}
TEST_CASE("R3, part 3: a power cut loses nothing acknowledged and tears no command") {
  cut_part(3);
}
TEST_CASE("R3, part 4: a power cut loses nothing acknowledged and tears no command") {
  cut_part(4);
}
