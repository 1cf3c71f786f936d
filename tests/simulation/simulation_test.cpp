// A year in the life of a district, many times over, against a ledger kept on paper.
#include <doctest/doctest.h>

#include "tests/simulation/campaign.h"

using simulation::Campaign;

TEST_CASE("three hundred simulated years are as the model on paper says, step by step") {
  Campaign campaign;
  const std::string wrong = simulation::run(campaign);
  CHECK_MESSAGE(wrong.empty(), wrong);
  // What never happened was not tried.
  for (const std::string& never : simulation::never_happened(campaign)) CHECK_MESSAGE(false, never);
}
