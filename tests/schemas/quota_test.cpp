// The quota of an item under a crowd: ten thousand enterprises, approvals in any order, places for
// a hundred.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/proof/seal.h"
#include "schemas/event.h"
#include "tests/support/crowd.h"

namespace quota_test {

namespace {

constexpr int kCrowd = 10'000, kPlaces = 100;

}  // namespace

TEST_CASE(
    "quota: of ten thousand approvals for a hundred places a hundred are granted, and each refusal "
    "says why") {
  const engine::KeyRing keys{engine::Hash{7}};
  support::Office office(keys);
  support::open_item(office, R"({"places":100})");
  std::vector<int> crowd(kCrowd);
  for (int i = 0; i < kCrowd; ++i)
    support::confirm_intent(office, crowd[static_cast<std::size_t>(i)] = i + 1);
  std::ranges::shuffle(crowd, std::mt19937(291));
  int granted = 0, full = 0;
  for (const int number : crowd) {
    const std::string answer = office.act("2021-09-03T09:00", "office_lead:l", "ApproveApplication",
                                          support::application_of(number), R"({"amount":1})");
    if (granted == kPlaces / 2 && answer == "ok") office.restart();  // the count survives
    granted += answer == "ok" ? 1 : 0;
    full += answer == "QuotaExhausted" ? 1 : 0;
    if (answer == "QuotaExhausted" && full == 1)
      CHECK(office.sentence() == "名额已满 (100/100)。 All places are taken (100/100).");
  }
  CHECK(granted == kPlaces);
  CHECK(full == kCrowd - kPlaces);
  std::size_t grants = 0, exhausted = 0;
  for (std::uint64_t seq = 1; seq <= office.source().size(); ++seq) {
    const auto type = schemas::type_of(office.source().at(seq));
    grants += type == schemas::EventType::ItemGranted ? 1 : 0;
    exhausted += type == schemas::EventType::ItemBudgetExhausted ? 1 : 0;
  }
  CHECK(grants == kPlaces);
  CHECK(exhausted == 1);
}

}  // namespace quota_test
