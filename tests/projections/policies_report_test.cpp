// The effect of policies: told, read, applied for, granted, and who was eligible and never told.
#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "schemas/conditions.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/policy.h"
#include "tests/support/told_policies.h"

using support::cell;
using support::code_of;
using support::History;
using support::rate;
using support::tell_grant;
using support::tell_policies;
using support::tell_push;

TEST_CASE("policies: who meets the conditions and was not told is counted, and why it was not") {
  History history;
  history.tell(History::kFoundation);
  tell_policies(history);
  const auto report = history.draw("policies", history.ask());
  CHECK(cell(report, "totals/enterprises") == "2");
  CHECK(cell(report, "totals/consenting") == "2");
  CHECK(cell(report, "totals/eligible") == "3");  // X001 both, X002 the first
  CHECK(cell(report, "totals/never_told") == "3");
  CHECK(cell(report, "totals/unreachable") == "1");  // the second takes no pushes
  CHECK(rate(report, "totals/coverage") == "0/3");
  CHECK(cell(report, "items/X001/eligible") == "2");
  CHECK(cell(report, "items/X002/eligible") == "1");
  CHECK(cell(report, "towns/湖岛街道/eligible") == "2");
  CHECK(cell(report, "towns/未登记/eligible") == "1");
  CHECK(cell(report, "industries/F/unreachable") == "1");
}

TEST_CASE("policies: a push, its reading, the application and the grant count where they belong") {
  History history;
  history.tell(History::kFoundation);
  tell_policies(history);
  tell_push(history);
  tell_grant(history);
  const auto report = history.draw("policies", history.ask());
  for (const char* at : {"totals", "policies/ZC001", "items/X001", "towns/湖岛街道", "industries/C",
                         "sizes/未登记"}) {
    CAPTURE(at);
    const std::string path(at);
    for (const char* figure : {"pushed", "read", "applied", "granted", "paid", "told"})
      CHECK(cell(report, path + '/' + figure) == "1");
    CHECK(cell(report, path + "/amount") == "5000000000");
  }
  CHECK(cell(report, "items/X002/pushed") == "0");
  CHECK(rate(report, "totals/coverage") == "1/3");
  CHECK(rate(report, "items/X001/coverage") == "1/2");
}

TEST_CASE("policies: a report as of a moment knows nothing of what came after it") {
  History history;
  history.tell(History::kFoundation);
  tell_policies(history);
  tell_push(history);
  tell_grant(history);
  const auto early = history.draw("policies", history.ask("2021-09-03 09:30"));
  CHECK(cell(early, "totals/pushed") == "1");
  CHECK(cell(early, "totals/read") == "0");
  CHECK(cell(early, "totals/granted") == "0");
  history.tell(R"(
    2021-09-08 09:00 | lead | WithdrawItem | item/X002 | {"reason":"政策调整"}
    2021-09-08 10:00 | 91512081MA62K0260E | WithdrawConsent | enterprise/91512081MA62K0260E | {"purpose":"matching"}
  )");
  const auto late = history.draw("policies", history.ask());
  CHECK(rate(late, "totals/coverage") == "1/1");
  CHECK(cell(late, "items/X002/in_use") == "false");
  CHECK(history.draw("policies", history.ask("2021-09-03 09:30")) == early);
}

TEST_CASE("policies: every figure leads to its events, and a fold from zero draws the same") {
  History history;
  history.tell(History::kFoundation);
  tell_policies(history);
  tell_push(history);
  tell_grant(history);
  const auto asked = history.ask();
  const auto read = projections::why("policies", history.facts(), asked, "towns/湖岛街道/read");
  REQUIRE(read.has_value());
  REQUIRE(read->has_value());
  REQUIRE((*read)->seqs.size() == 1);
  CHECK(history.facts().type_of((*read)->seqs.front()) == schemas::EventType::PolicyRead);
  const auto told = projections::why("policies", history.facts(), asked, "items/X001/eligible");
  REQUIRE(told.has_value());
  REQUIRE(told->has_value());
  CHECK((*told)->value == 2);
  CHECK((*told)->seqs.size() == 3);  // the conditions, and the newest event of each enterprise
  for (std::uint64_t seq = 1; seq <= history.facts().seq(); ++seq) {
    projections::Question question = asked;
    question.moment = projections::moment_of_seq(history.facts(), seq);
    const projections::Facts prefix = history.prefix(seq);
    const auto alone = projections::draw("policies", prefix, question);
    REQUIRE(alone.has_value());
    CHECK(history.draw("policies", question) == *alone);
  }
}

TEST_CASE("policies: suggested tags are judged by what people confirmed") {
  History history;
  history.tell(History::kFoundation);
  tell_policies(history);
  const auto suggest = [&](const char* tag) {
    return history.say(
        std::string("2021-09-04 09:00 | clerk | SuggestPolicyTag | policy/ZC001 | {\"tag\":\"") +
        tag + R"(","vocabulary":"V1","sentences":["对研发投入给予补助。"],"method":"rule"})");
  };
  REQUIRE(suggest("研发").empty());
  REQUIRE(suggest("用地").empty());
  auto report = history.draw("policies", history.ask());
  CHECK(cell(report, "tagging/pending") == "2");
  CHECK(rate(report, "tagging/precision") == "0/0");
  history.tell(R"(
    2021-09-04 10:00 | clerk | TagPolicy | policy/ZC001 | {"tag":"研发","vocabulary":"V1","method":"person"}
    2021-09-04 10:01 | clerk | RejectPolicyTag | policy/ZC001 | {"tag":"用地","reason":"没有用地内容"}
    2021-09-04 10:02 | clerk | TagPolicy | policy/ZC001 | {"tag":"人才","vocabulary":"V1","method":"person"}
  )");
  report = history.draw("policies", history.ask());
  CHECK(rate(report, "tagging/precision") == "1/2");
  CHECK(rate(report, "tagging/recall") == "1/2");
  CHECK(rate(report, "tags/研发/precision") == "1/1");
  CHECK(rate(report, "tags/用地/precision") == "0/1");
  CHECK(rate(report, "tags/人才/recall") == "0/1");
  history.tell(R"(
    2021-09-05 10:00 | clerk | UntagPolicy | policy/ZC001 | {"tag":"研发","reason":"误标"}
  )");
  report = history.draw("policies", history.ask());
  CHECK(rate(report, "tagging/precision") == "0/2");
  CHECK(rate(report, "tagging/recall") == "0/1");
}

namespace {

// What the events say, folded by the rules themselves and asked pair by pair.
struct Naive {
  std::map<std::string, schemas::Enterprise> enterprises;
  std::map<std::string, schemas::Item> items;
  std::map<std::string, schemas::Policy> policies;
  std::set<std::pair<std::string, std::string>> told;

  explicit Naive(const History& history) {
    for (std::size_t i = 0; i < history.events().size(); ++i) {
      const auto record = history.events()[i].view(i + 1);
      const std::string no(record.no);
      if (record.kind == "enterprise") schemas::evolve(enterprises[no], record);
      if (record.kind == "item") schemas::evolve(items[no], record);
      if (record.kind == "policy") schemas::evolve(policies[no], record);
      if (schemas::type_of(record) == schemas::EventType::PolicyPushed)
        told.emplace(no, schemas::view(schemas::payload_of<schemas::PolicyPushed>(record).item()));
    }
  }
  // Eligible and told of one item on a day.
  [[nodiscard]] std::pair<int, int> counts(const std::string& no, schemas::Day day) const {
    const schemas::Item& item = items.at(no);
    int eligible = 0, of_these = 0;
    if (item.status == schemas::ItemStatus::withdrawn || !policies.at(item.policy).in_force(day))
      return {};
    for (const auto& [code, one] : enterprises) {
      if (!one.active() || !one.profile.may_match) continue;
      const auto asked = schemas::match(item.conditions, one.profile, day,
                                        item.status == schemas::ItemStatus::open ? item.last : day);
      if (asked.verdict() != schemas::Verdict::met) continue;
      ++eligible;
      of_these += told.contains({code, no}) ? 1 : 0;
    }
    return {eligible, of_these};
  }
};

void tell_district(History& history, std::mt19937& random) {
  const auto below = [&](unsigned most) { return static_cast<int>(random() % most); };
  const auto say = [&](const std::string& line) {
    return history.say("2021-09-10 09:00 | " + line);
  };
  for (int i = 0; i < 60; ++i) {
    const std::string code = code_of(i), stream = "enterprise/" + code + " | ";
    REQUIRE(say("clerk | RegisterEnterprise | " + stream + R"({"name":"企业","proof":"执照"})")
                .empty());
    if (below(4) != 0)
      REQUIRE(say("D07 | UpdateProfile | " + stream + R"({"values":[{"field":"people","value":")" +
                  std::to_string(below(300)) + R"("},{"field":"town","value":")" +
                  (below(2) == 0 ? "湖岛街道" : "洛阳路街道") +
                  R"("}],"source":"人社","as_of":"2021-08-31"})")
                  .empty());
    if (below(5) != 0)
      REQUIRE(say("clerk | GiveConsent | " + stream + R"({"purpose":"matching"})").empty());
    if (below(3) == 0) continue;
    REQUIRE(say("clerk | GiveConsent | " + stream + R"({"purpose":"pushing"})").empty());
    REQUIRE(say("clerk | SetSubscription | " + stream + R"({"subscribed":true})").empty());
  }
}

}  // namespace

TEST_CASE("policies: coverage by columns is what asking every pair by itself comes to") {
  History history;
  history.tell(History::kFoundation);
  tell_policies(history);
  std::mt19937 random(17);
  tell_district(history, random);
  int pushed = 0;
  for (int i = 0; i < 60; ++i)
    for (const char* item : {"X001", "X002"}) {
      if (random() % 2 == 0) continue;
      const std::string no = "SB" + std::to_string(i) + item, code = code_of(i);
      if (!history
               .say("2021-09-11 09:00 | clerk | ComputeMatch | application/" + no +
                    R"( | {"enterprise":")" + code + R"(","item":")" + item + R"("})")
               .empty())
        continue;
      pushed += history.say("2021-09-11 09:00 | clerk | PushPolicy | enterprise/" + code +
                            R"( | {"item":")" + item + R"(","application":")" + no +
                            R"(","reason":"因为符合条件。"})")
                        .empty()
                    ? 1
                    : 0;
    }
  REQUIRE(pushed > 5);
  const Naive naive(history);
  const auto report = history.draw("policies", history.ask());
  for (const char* item : {"X001", "X002"}) {
    const auto [eligible, told] = naive.counts(item, schemas::parse_date("2021-09-11").value());
    CHECK(eligible > told);
    CHECK(told > 0);
    CHECK(rate(report, std::string("items/") + item + "/coverage") ==
          std::to_string(told) + "/" + std::to_string(eligible));
  }
  CHECK(cell(report, "totals/pushed") == std::to_string(pushed));
}
