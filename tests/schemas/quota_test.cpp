// The quota of an item under a crowd: ten thousand enterprises, approvals in any order, places for
// a hundred.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/proof/seal.h"
#include "schemas/event.h"
#include "tests/support/office.h"

namespace quota_test {

namespace {

constexpr int kCrowd = 10'000, kPlaces = 100;

// A code with the shape of GB 32100-2015; its check digit may fail, so it comes with proof.
std::string code(int number) {
  std::string digits = std::to_string(number);
  return "91350100M" + std::string(9 - digits.size(), '0') + digits;
}

void prepare(support::Office& office) {
  REQUIRE(office.act("2021-09-01T09:00", "office_lead:l", "CreateDepartment", "department/D06",
                     R"({"name":"科技局"})") == "ok");
  REQUIRE(office.act("2021-09-01T09:00", "office_lead:l", "PublishPolicy", "policy/Z1",
                     R"({"title":"t","number":"n","issuer":"i","text":"x","from":"2021-09-01"})") ==
          "ok");
  REQUIRE(office.act("2021-09-01T09:00", "office_clerk:c", "ListItem", "item/X1",
                     R"({"policy":"Z1","title":"t","department":"D06","standard":"s"})") == "ok");
  REQUIRE(
      office.act(
          "2021-09-01T09:00", "office_clerk:c", "SetItemConditions", "item/X1",
          R"({"conditions":[{"node":1,"kind":"leaf","field":"people","comparison":"at_least","values":["1"]}]})") ==
      "ok");
  REQUIRE(office.act("2021-09-01T09:00", "office_clerk:c", "OpenItemWindow", "item/X1",
                     R"({"from":"2021-09-01","until":"2021-09-30"})") == "ok");
  REQUIRE(office.act("2021-09-01T09:00", "office_clerk:c", "SetItemMode", "item/X1",
                     R"({"mode":"direct"})") == "ok");
  REQUIRE(office.act("2021-09-01T09:00", "office_clerk:c", "SetItemQuota", "item/X1",
                     R"({"places":100})") == "ok");
}

void confirm(support::Office& office, int number) {
  const std::string its = code(number), stream = "enterprise/" + its,
                    application = "application/S" + std::to_string(number);
  const std::string self = "enterprise:" + its;
  REQUIRE(office.act("2021-09-02T09:00", "office_clerk:c", "RegisterEnterprise", stream,
                     R"({"name":"n","proof":"p"})") == "ok");
  REQUIRE(office.act("2021-09-02T09:00", self, "GiveConsent", stream,
                     R"({"purpose":"matching"})") == "ok");
  REQUIRE(office.act(
              "2021-09-02T09:00", "office_clerk:c", "UpdateProfile", stream,
              R"({"values":[{"field":"people","value":"5"}],"source":"s","as_of":"2021-09-01"})") ==
          "ok");
  REQUIRE(office.act("2021-09-02T09:00", "system:m", "ComputeMatch", application,
                     R"({"item":"X1","enterprise":")" + its + "\"}") == "ok");
  REQUIRE(office.act("2021-09-02T09:00", self, "ConfirmIntent", application) == "ok");
}

}  // namespace

TEST_CASE(
    "quota: of ten thousand approvals for a hundred places a hundred are granted, and each refusal "
    "says why") {
  const engine::KeyRing keys{engine::Hash{7}};
  support::Office office(keys);
  prepare(office);
  std::vector<int> crowd(kCrowd);
  for (int i = 0; i < kCrowd; ++i) confirm(office, crowd[static_cast<std::size_t>(i)] = i + 1);
  std::ranges::shuffle(crowd, std::mt19937(291));
  int granted = 0, full = 0;
  for (const int number : crowd) {
    const std::string answer =
        office.act("2021-09-03T09:00", "office_lead:l", "ApproveApplication",
                   "application/S" + std::to_string(number), R"({"amount":1})");
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
