// The generated district through the ledger: what an enterprise is told of an item is what asking
// the one pair comes to, and every condition names value, source event and clause.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "projections/matches.h"
#include "schemas/event.h"
#include "schemas/profile_fields.h"
#include "tests/support/history.h"
#include "tools/workload/policy_story.h"

using support::History;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kSeed = 63;
constexpr int kEnterprises = 40;

std::string clause_of(int node) { return "第" + std::to_string(node) + "条"; }

struct ToldDistrict {
  ToldDistrict() {
    tools::PolicyStory story(kSeed, kEnterprises);
    for (std::string line; story.next(line);) {
      const std::string refused = history.send(line);
      REQUIRE_MESSAGE(refused.empty(), line << " -> " << refused);
    }
  }

  History history;
  std::vector<tools::GeneratedItem> items = tools::generate_items(kSeed);
};

// The event of the enterprise that brought the value of a leaf: it is there, and says that value.
void check_source(const History& history, const std::string& code, const json::object& leaf) {
  const auto seq = leaf.at("seq").to_number<std::uint64_t>();
  const auto record = history.events().at(seq - 1).view(seq);
  CHECK(record.kind == "enterprise");
  CHECK(record.no == code);
  const std::string value(leaf.at("value").as_string());
  if (schemas::type_of(record) == schemas::EventType::ProfileUpdated) {
    const auto& event = schemas::payload_of<schemas::ProfileUpdated>(record);
    CHECK(schemas::view(event.values()->Get(0)->value()) == value);
    CHECK(schemas::view(event.source()) == std::string(leaf.at("source").as_string()));
  } else if (schemas::type_of(record) == schemas::EventType::QualificationGranted) {
    CHECK(schemas::view(
              schemas::payload_of<schemas::QualificationGranted>(record).qualification()) == value);
  } else {
    CHECK(schemas::view(schemas::payload_of<schemas::EnterpriseTagged>(record).tag()) == value);
  }
}

}  // namespace

TEST_CASE(
    "matches of the generated district are what each pair by itself comes to, and explained") {
  const ToldDistrict district;
  const schemas::Day today = schemas::parse_date(tools::kPolicyToday).value();
  const auto moment = district.history.ask("2021-09-16 12:00").moment;
  std::size_t pairs = 0, explained = 0, met = 0, lacking = 0, unknown = 0;
  for (int number = 0; number < kEnterprises; ++number) {
    const schemas::Profile profile = tools::generate_profile(kSeed, number);
    const auto drawn = projections::enterprise_matches(
        district.history.facts(), moment, tools::policy_enterprise(number), /*own=*/false);
    REQUIRE(drawn.has_value());
    REQUIRE(drawn->at("rows").as_array().size() == district.items.size());
    for (const json::value& value : drawn->at("rows").as_array()) {
      const json::object& row = value.as_object();
      const auto item = std::ranges::find(district.items, std::string(row.at("item").as_string()),
                                          &tools::GeneratedItem::no);
      REQUIRE(item != district.items.end());
      const auto alone = schemas::match(item->conditions, profile, today, item->window_last);
      CHECK(row.at("lacking") == alone.lacking);
      CHECK(row.at("missing") == alone.missing);
      CHECK(row.at("verdict") == schemas::EnumNameVerdict(alone.verdict()));
      ++pairs;
      ++(alone.lacking > 0 ? lacking : alone.missing > 0 ? unknown : met);
      for (const json::value& one : row.at("leaves").as_array()) {
        const json::object& leaf = one.as_object();
        CHECK(std::string(leaf.at("clause").as_string()) ==
              clause_of(leaf.at("node").to_number<int>()));
        if (leaf.at("value").is_null()) continue;
        check_source(district.history, tools::policy_enterprise(number), leaf);
        ++explained;
      }
    }
  }
  CHECK(pairs == 40 * 212);
  CHECK(explained > pairs);
  CHECK(met > 50);
  CHECK(lacking > 1000);
  CHECK(unknown > 50);
}
