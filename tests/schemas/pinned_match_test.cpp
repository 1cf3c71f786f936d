// A match can be explained again years later: made anew from the versions that it pins, after all
// that came since, it is the same bytes. A district of chance, in which profiles are corrected,
// conditions set anew, policies amended and windows opened between the matches.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "engine/proof/seal.h"
#include "schemas/event.h"
#include "tests/support/counts.h"
#include "tests/support/office.h"
#include "tests/support/policies.h"

namespace pinned_match_test {

namespace {

using schemas::EventType;

constexpr const char* kCodes[] = {"91350100M000100Y43", "91512081MA62K0260E"};

class District {
 public:
  explicit District(std::uint64_t seed) : random_(seed) {
    must("office_lead:l", "CreateDepartment", "department/D06", R"({"name":"科技局"})");
    for (const char* const vocabulary : {"vocabulary/V1", "vocabulary/V2"})
      must("office_clerk:c", "PublishTagVocabulary", vocabulary,
           R"({"name":"标签","tags":[{"tag":"研发","name":"研发"}]})");
    must("office_lead:l", "PublishPolicy", "policy/Z1",
         R"({"title":"t","number":"n","issuer":"i","text":"x","from":"2021-09-01"})");
    must("office_clerk:c", "ListItem", "item/X1",
         R"({"policy":"Z1","title":"t","department":"D06","standard":"s"})");
    set_conditions();
    for (const char* const code : kCodes) {
      must("office_clerk:c", "RegisterEnterprise", stream(code), R"({"name":"n"})");
      must(std::string("enterprise:") + code, "GiveConsent", stream(code),
           R"({"purpose":"matching"})");
    }
  }

  void live(int steps) {
    for (int step = 0; step < steps; ++step) {
      minute_ += 1 + below(700);
      this->step();
    }
  }

  support::Office& office() { return office_; }

 private:
  int below(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)); }
  static std::string stream(const std::string& code) { return "enterprise/" + code; }
  // Minutes after 1 September 2021.
  [[nodiscard]] std::string time() const {
    const int day = minute_ / 1440, minute = minute_ % 1440;
    const std::string date = schemas::date_text(support::day("2021-09-01") + day);
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return date + 'T' + two(minute / 60) + ':' + two(minute % 60);
  }
  std::string act(const std::string& by, std::string_view command, const std::string& of,
                  const std::string& data) {
    return office_.act(time(), by, command, of, data);
  }
  void must(const std::string& by, std::string_view command, const std::string& of,
            const std::string& data) {
    REQUIRE(act(by, command, of, data) == "ok");
  }

  void set_conditions() {
    const auto number = [&](int most) { return '"' + std::to_string(below(most)) + '"'; };
    must(
        "office_clerk:c", "SetItemConditions", "item/X1",
        R"({"conditions":[{"node":1,"kind":")" + std::string(below(2) == 0 ? "all" : "any") +
            R"("},{"node":2,"under":1,"kind":"leaf","field":"people","comparison":"at_least","values":[)" +
            number(300) +
            R"(]},{"node":3,"under":1,"kind":"leaf","field":"research","comparison":"at_least","values":[)" +
            number(300) +
            R"(],"as_of":"year_end"},{"node":4,"under":1,"kind":"leaf","field":"tag","comparison":"holds","values":["研发"]}]})");
  }
  void step() {
    const std::string code = kCodes[below(2)];
    switch (below(9)) {
      case 0:
        return set_conditions();
      case 1:
        act("office_lead:l", "AmendPolicy", "policy/Z1",
            R"({"number":"n","text":"x)" + std::to_string(minute_) +
                R"(","from":"2021-09-01","reason":"r"})");
        return;
      case 2:
        act("office_clerk:c", "OpenItemWindow", "item/X1",
            R"({"from":"2021-09-01","until":")" +
                schemas::date_text(support::day("2021-09-01") + below(400)) + "\"}");
        return;
      case 3:
        act("office_clerk:c", "TagEnterprise", stream(code),
            R"({"tag":"研发","vocabulary":"V)" + std::to_string(1 + below(2)) + "\"}");
        return;
      case 4:
        act("office_clerk:c", "UntagEnterprise", stream(code), R"({"tag":"研发"})");
        return;
      case 5:
      case 6:
        act("office_clerk:c", "UpdateProfile", stream(code),
            R"({"values":[{"field":")" + std::string(below(2) == 0 ? "people" : "research") +
                R"(","value":")" + std::to_string(below(300)) + R"("}],"source":"s","as_of":")" +
                (below(2) == 0 ? "2020-12-31" : "2021-06-30") + "\"}");
        return;
      default:
        act("system:m", "ComputeMatch", "application/S" + code,
            R"({"item":"X1","enterprise":")" + code + "\"}");
    }
  }

  std::mt19937 random_;
  engine::KeyRing keys_{engine::Hash{7}};
  support::Office office_{keys_};
  int minute_ = 540;
};

// The state of a stream at a version, by folding that stream alone.
template <class State>
State state_at(const support::MemorySource& source, std::string_view kind, std::string_view no,
               std::uint32_t version) {
  State state;
  for (std::uint64_t seq = 1; seq <= source.size(); ++seq) {
    const engine::RecordView record = source.at(seq);
    if (record.kind == kind && record.no == no && record.version <= version)
      schemas::evolve(state, record);
  }
  return state;
}

// The payload of `record`, a MatchComputed, made anew.
std::vector<std::uint8_t> made_again(const support::MemorySource& source,
                                     const engine::RecordView& record) {
  const auto& match = schemas::payload_of<schemas::MatchComputed>(record);
  const std::string enterprise(schemas::view(match.enterprise())),
      item(schemas::view(match.item())), policy(schemas::view(match.policy()));
  support::Neighbourhood around;
  around.enterprises[enterprise] =
      state_at<schemas::Enterprise>(source, "enterprise", enterprise, match.profile_version());
  around.items[item] = state_at<schemas::Item>(source, "item", item, match.item_version());
  CHECK(around.items[item].conditions_version == match.conditions_version());
  around.policies[policy] =
      state_at<schemas::Policy>(source, "policy", policy, match.policy_version());
  support::Subject<schemas::Application> again("application", std::string(record.no), around);
  schemas::MatchComputedT asked;
  asked.enterprise = enterprise;
  asked.item = item;
  again.at(record.recorded_at);
  REQUIRE(again.act(support::actor(schemas::Role::system, "m"), asked) == "ok");
  return again.last().payload;
}

}  // namespace

TEST_CASE("a pinned match, made again after everything that came since, is the same bytes") {
  std::size_t matches = 0, met = 0, unknown = 0, tagged = 0;
  for (std::uint64_t seed = 1; seed <= support::times(40, 4); ++seed) {
    District district(seed);
    district.live(120);
    const support::MemorySource& source = district.office().source();
    for (std::uint64_t seq = 1; seq <= source.size(); ++seq) {
      const engine::RecordView record = source.at(seq);
      if (schemas::type_of(record) != EventType::MatchComputed) continue;
      const auto& match = schemas::payload_of<schemas::MatchComputed>(record);
      CAPTURE(seed);
      CAPTURE(seq);
      CHECK(std::ranges::equal(made_again(source, record), record.payload));
      ++matches;
      met += match.verdict() == schemas::Verdict::met ? 1 : 0;
      tagged += match.vocabularies() != nullptr ? 1 : 0;
      unknown += match.verdict() == schemas::Verdict::unknown ? 1 : 0;
    }
  }
  // All three verdicts were among them.
  CHECK(met > 0);
  CHECK(unknown > 0);
  CHECK(tagged > 0);
  CHECK(tagged < matches);
  CHECK(matches > met + unknown);
}

}  // namespace pinned_match_test
