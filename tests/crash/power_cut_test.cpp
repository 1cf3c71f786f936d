// R3: the power goes at any call, and takes what was not synced: all of it, each write by the toss
// of a coin, each sector of each write, names that no sync of their directory made last.
#include <doctest/doctest.h>

#include "tests/crash/campaign.h"
#include "tests/crash/solo.h"

using namespace crash;

namespace {

// One ledger that loses its power again and again; empty: it kept its word each time.
std::string cut_after_cut(std::uint64_t seed, int cuts, Tally& tally) {
  Solo run(seed);
  REQUIRE(run.create().has_value());
  REQUIRE(run.open());
  for (int i = 0; i < cuts; ++i) {
    run.disk().cut_at(1 + run.numbers().below(60));
    run.live(60);
    const Loss loss = kLosses[run.numbers().below(5)];
    tally.count(name_of(loss));
    run.lose(loss);
    const std::string wrong = run.verify();
    if (!wrong.empty())
      return "seed " + std::to_string(seed) + ", cut " + std::to_string(i) + " (" +
             std::string(name_of(loss)) + "): " + wrong;
  }
  tally.count(run.disk().fired());
  return {};
}

}  // namespace

TEST_CASE("R3: a power cut loses nothing acknowledged, tears no command and shows no hole") {
  constexpr int kCuts = 20;
  Tally tally("R3", "power cuts", {Kind::cut});
  for (std::uint64_t seed = 1; tally.runs() < times(2000); ++seed) {
    const std::string wrong = cut_after_cut(seed, kCuts, tally);
    tally.add(kCuts, wrong);
    REQUIRE_MESSAGE(wrong.empty(), wrong);
  }
}
