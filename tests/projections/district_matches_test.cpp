// The generated district through the ledger: what an enterprise is told of an item is what asking
// the one pair comes to, and every condition names value, source event and clause.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "projections/matches.h"
#include "schemas/event.h"
#include "schemas/profile_fields.h"
#include "tests/support/told_policies.h"
#include "tools/workload/policy_district.h"

using support::code_of;
using support::History;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kSeed = 63;
constexpr int kEnterprises = 40;

std::string clause_of(int node) { return "第" + std::to_string(node) + "条"; }

json::array conditions_json(const std::vector<schemas::ConditionNode>& conditions) {
  json::array rows;
  for (const schemas::ConditionNode& node : conditions) {
    const bool leaf = node.kind == schemas::ConditionKind::leaf;
    json::object row{{"node", node.node}};
    if (node.under != 0) row["under"] = node.under;
    row["kind"] = node.kind == schemas::ConditionKind::not_
                      ? "not"
                      : schemas::EnumNameConditionKind(node.kind);
    if (leaf) {
      row["field"] = schemas::EnumNameProfileField(node.field);
      row["comparison"] = schemas::EnumNameComparison(node.comparison);
      row["values"] = json::value_from(node.values);
      row["as_of"] = schemas::EnumNameAsOfRule(node.as_of);
      if (node.fresh_days) row["fresh_days"] = *node.fresh_days;
      if (!node.source.empty()) row["source"] = node.source;
      row["clause"] = clause_of(node.node);
    }
    rows.emplace_back(std::move(row));
  }
  return rows;
}

class ToldDistrict {
 public:
  ToldDistrict() {
    history.tell(History::kFoundation);
    json::array tags;
    for (const char* tag : {"研发", "人才", "外贸", "绿色", "数字化", "文化旅游"})
      tags.push_back({{"tag", tag}, {"name", tag}});
    say("clerk | PublishTagVocabulary | vocabulary/V1",
        {{"name", "标签"}, {"tags", std::move(tags)}});
    for (int number = 1; number <= tools::kPolicies; ++number)
      say("lead | PublishPolicy | policy/" + policy_no(number), {{"title", "政策"},
                                                                 {"number", policy_no(number)},
                                                                 {"issuer", "区政府"},
                                                                 {"text", "正文"},
                                                                 {"from", "2021-01-01"}});
    for (const tools::GeneratedItem& item : items) list(item);
    for (int number = 0; number < kEnterprises; ++number) enlist(number);
  }

  History history;
  std::vector<tools::GeneratedItem> items = tools::generate_items(kSeed);

 private:
  static std::string policy_no(int number) {
    const std::string digits = std::to_string(number);
    return "ZC" + std::string(3 - digits.size(), '0') + digits;
  }
  void say(const std::string& head, const json::object& data) {
    const std::string line = "2021-09-16 09:00 | " + head + " | " + json::serialize(data);
    const std::string refused = history.say(line);
    REQUIRE_MESSAGE(refused.empty(), line << " -> " << refused);
  }
  void list(const tools::GeneratedItem& item) {
    const std::string stream = "item/" + item.no;
    say("D07 | ListItem | " + stream, {{"policy", item.policy},
                                       {"title", "项目" + item.no},
                                       {"department", "D07"},
                                       {"standard", "补助"}});
    say("D07 | SetItemConditions | " + stream, {{"conditions", conditions_json(item.conditions)}});
    say("D07 | OpenItemWindow | " + stream,
        {{"from", "2021-09-16"}, {"until", schemas::date_text(item.window_last)}});
  }
  void enlist(int number) {
    const schemas::Profile profile = tools::generate_profile(kSeed, number);
    const std::string stream = "enterprise/" + code_of(number);
    say("clerk | RegisterEnterprise | " + stream, {{"name", "企业"}, {"proof", "执照"}});
    for (const schemas::KnownValue& one : profile.values) {
      const json::object value{{"field", schemas::EnumNameProfileField(one.field)},
                               {"value", one.value}};
      say("D07 | UpdateProfile | " + stream, {{"values", json::array{value}},
                                              {"source", one.source},
                                              {"as_of", schemas::date_text(one.as_of)}});
    }
    for (const schemas::Holding& one : profile.qualifications) {
      json::object data{{"qualification", one.name},
                        {"from", schemas::date_text(one.from)},
                        {"source", one.source}};
      if (one.last != schemas::kNoLastDay) data["until"] = schemas::date_text(one.last);
      say("D07 | GrantQualification | " + stream, data);
    }
    for (const schemas::Holding& one : profile.tags)
      say("D07 | TagEnterprise | " + stream, {{"tag", one.name}, {"vocabulary", "V1"}});
    say("clerk | GiveConsent | " + stream, {{"purpose", "matching"}});
  }
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
    const auto drawn = projections::enterprise_matches(district.history.facts(), moment,
                                                       code_of(number), /*own=*/false);
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
        check_source(district.history, code_of(number), leaf);
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
