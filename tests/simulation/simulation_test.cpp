// A year in the life of a district, many times over, against a ledger kept on paper.
#include <doctest/doctest.h>

#include <cstdint>

#include "tests/simulation/campaign.h"
#include "tests/support/counts.h"

using simulation::Campaign;

TEST_CASE("R14: three hundred simulated years are as the model on paper says, step by step") {
  Campaign campaign;
  campaign.last = support::times(300, 20);
  const std::string wrong = simulation::run(campaign);
  CHECK_MESSAGE(wrong.empty(), wrong);
  // What never happened was not tried.
  if (campaign.last < 300) return;
  for (const std::string& never : simulation::never_happened(campaign)) CHECK_MESSAGE(false, never);
}

TEST_CASE("R14: a year told twice is the same year, call by call to its disk") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    CHECK(simulation::told_twice(seed, /*commands=*/60) == "");
}
