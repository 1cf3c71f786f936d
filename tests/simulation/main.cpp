// The simulation's own front door beside the tests: one seed again, told in sentences, or many.
//
//   simulation_tests                        the tests, as CI runs them
//   simulation_tests --seed 17 [--trace]    one run again
//   simulation_tests --seeds 1..10000       a campaign; [--commands N] of each run
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "tests/simulation/campaign.h"

int main(int argc, char** argv) {
  simulation::Campaign campaign;
  bool asked = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const std::string next = i + 1 < argc ? argv[i + 1] : "";
    if (option == "--seed" || option == "--seeds") {
      const std::size_t dots = next.find("..");
      asked = true;
      campaign.first = std::stoull(next);
      campaign.last =
          dots == std::string::npos ? campaign.first : std::stoull(next.substr(dots + 2));
    } else if (option == "--commands") {
      campaign.commands = std::stoi(next);
    } else if (option == "--trace") {
      campaign.trace = true;
    }
  }
  if (!asked) return doctest::Context(argc, argv).run();
  const std::string wrong = simulation::run(campaign);
  std::fputs(simulation::table_of(campaign).c_str(), stdout);
  if (!wrong.empty()) std::printf("%s\n", wrong.c_str());
  return wrong.empty() ? 0 : 1;
}
