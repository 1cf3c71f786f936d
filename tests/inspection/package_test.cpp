// Packages of every subject, made and verified; what they hold and what they leave out.
#include <doctest/doctest.h>

#include "tests/inspection/sample.h"
#include "tests/support/sample_history.h"
#include "tests/support/told_policies.h"

using namespace inspection_test;
using tools::Checked;

namespace {

const Sample& sample() {
  static const Sample made(support::sample_history());
  return made;
}

engine::Bytes pack(tools::About about, std::uint64_t seq = 0,
                   std::vector<std::string> withheld = {}) {
  auto made = sample().pack(std::move(about), seq, std::move(withheld));
  REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text));
  return std::move(*made);
}

tools::Verdict verify(const engine::Bytes& archive) {
  return tools::verify_package(archive, sample().key());
}

std::string text_of(const Files& files, std::string_view name) {
  const auto at = files.find(name);
  REQUIRE(at != files.end());
  return {at->second.begin(), at->second.end()};
}

}  // namespace

TEST_CASE("a package of every report verifies, at the end and in the middle of the history") {
  for (const auto& [name, week] : {std::pair{"weekly", "2021-W38"},
                                   {"closed-loop", ""},
                                   {"ratings", ""},
                                   {"plan", ""},
                                   {"supervision", ""}})
    for (const std::uint64_t seq : {sample().size(), sample().size() / 2, std::uint64_t{30}}) {
      CAPTURE(name);
      CAPTURE(seq);
      const tools::Verdict verdict = verify(pack(report(name, week), seq));
      CHECK_MESSAGE(verdict.sound(), told(verdict));
      for (const tools::Check& check : verdict.checks) CHECK(check.made);
      CHECK(verdict.seq == seq);
    }
}

TEST_CASE("the report in a package is the one that the ledger draws") {
  projections::Question question;
  question.week = schemas::parse_week("2021-W38");
  question.district = "示例区";
  question.moment = sample().moment();
  const auto drawn = projections::draw("weekly", sample().facts(), question);
  REQUIRE(drawn.has_value());
  const Files files = unpacked(pack(report("weekly", "2021-W38")));
  CHECK(text_of(files, "report.json") == boost::json::serialize(*drawn) + "\n");
}

TEST_CASE("the same ledger gives the same package, byte for byte") {
  CHECK(pack(report("weekly", "2021-W38")) == pack(report("weekly", "2021-W38")));
  CHECK(pack(stream("appeal/SQ1")) == pack(stream("appeal/SQ1")));
}

TEST_CASE("packages of streams verify, each with the streams that its decisions ask about") {
  for (const char* name :
       {"appeal/SQ1", "appeal/SQ2", "task/RW-002", "supervisor-report/FY1", "supervisor-report/FY2",
        "department/D05", "calendar/2021", "plan/2021", "enterprise/91350100M000100Y43"}) {
    CAPTURE(name);
    const tools::Verdict verdict = verify(pack(stream(name)));
    CHECK_MESSAGE(verdict.sound(), told(verdict));
    CHECK(verdict.of(Checked::rules).made);
    CHECK_FALSE(verdict.of(Checked::report).made);
  }
  const auto manifest =
      tools::parse_manifest(text_of(unpacked(pack(stream("appeal/SQ2"))), "MANIFEST.json"));
  REQUIRE(manifest.has_value());
  CHECK(manifest->whole == std::vector<std::string>{"department/D05", "department/D07",
                                                    "enterprise/91512081MA62K0260E"});
}

TEST_CASE("packages of ranges verify, wherever they begin and end") {
  for (std::uint64_t from = 1; from <= sample().size(); from += 7)
    for (std::uint64_t to = from; to <= sample().size(); to += 11) {
      CAPTURE(from);
      CAPTURE(to);
      const tools::Verdict verdict = verify(pack(range(from, to)));
      CHECK_MESSAGE(verdict.sound(), told(verdict));
    }
}

TEST_CASE(
    "payloads may be left out: completeness still verifies, the report cannot be drawn again") {
  const engine::Bytes archive = pack(report("weekly", "2021-W38"), 0, {"appeal/SQ2"});
  const tools::Verdict verdict = verify(archive);
  CHECK_MESSAGE(verdict.sound(), told(verdict));
  CHECK(verdict.of(Checked::complete).made);
  CHECK(verdict.of(Checked::rules).made);
  CHECK_FALSE(verdict.of(Checked::report).made);
  const Files files = unpacked(archive);
  const auto all = unpacked(pack(report("weekly", "2021-W38")));
  CHECK(files.at("payloads/000.p/" + std::to_string(sample().size())).size() <
        all.at("payloads/000.p/" + std::to_string(sample().size())).size());
  CHECK(text_of(files, "payloads/000.p/" + std::to_string(sample().size())).find("退税") ==
        std::string::npos);

  // What the report does not read may be left out, and it is drawn again all the same.
  const tools::Verdict plan = verify(pack(report("plan"), 0, {"appeal/SQ2"}));
  CHECK_MESSAGE(plan.sound(), told(plan));
  CHECK(plan.of(Checked::report).made);

  const tools::Verdict events = verify(pack(stream("appeal/SQ2"), 0, {"appeal/SQ2"}));
  CHECK_MESSAGE(events.sound(), told(events));
}

TEST_CASE("sealed fields stay sealed in the package of a sealed report") {
  const Files files = unpacked(pack(stream("supervisor-report/FY2")));
  for (const auto& [name, bytes] : files) {
    const std::string text(bytes.begin(), bytes.end());
    CHECK_MESSAGE(text.find("张三") == std::string::npos, name);
  }
}

TEST_CASE("a report's package leaves out the payloads that the report does not read") {
  const Files files = unpacked(pack(report("plan")));
  const std::string payloads = text_of(files, "payloads/000.p/" + std::to_string(sample().size()));
  CHECK(payloads.find("经营范围登记") == std::string::npos);
  CHECK(payloads.find("一网通办") != std::string::npos);
}

TEST_CASE("a package of any subject tells of each loss that two people accepted") {
  Sample lossy(support::sample_history());
  // The second loss kept less than the first, which so is part of the history no more.
  lossy.accept(lossy.loss(20, 25));
  lossy.accept(lossy.loss(10, 30));
  for (const tools::About& about : {report("plan"), stream("appeal/SQ1"), range(5, 9)}) {
    const auto archive = lossy.pack(about);
    REQUIRE_MESSAGE(archive.has_value(), (archive ? "" : archive.error().text));
    const tools::Verdict verdict = tools::verify_package(*archive, lossy.key());
    CHECK_MESSAGE(verdict.sound(), told(verdict));
    const tools::Check& losses = verdict.of(Checked::losses);
    for (const char* const part : {"第 21 至 25 号事件缺失", "第 11 至 30 号事件缺失"})
      CHECK(losses.chinese.find(part) != std::string::npos);
    for (const std::string& part :
         {std::string("events 21 to 25 are lost"), std::string("events 11 to 30 are lost"),
          Sample::person("person.a").key().text(), Sample::person("person.b").key().text()})
      CHECK(losses.english.find(part) != std::string::npos);
    const Files files = unpacked(*archive);
    CHECK(text_of(files, "page.html").find("第 21 至 25 号事件缺失") != std::string::npos);
    CHECK_FALSE(files.contains("loss-0001.consistency"));
    CHECK(files.contains("loss-0002.consistency"));
  }
  // All of it was lost: nothing was kept that could be continued.
  Sample afresh(support::sample_history());
  afresh.accept(afresh.loss(0, 4));
  const auto archive = afresh.pack(report("plan"));
  REQUIRE_MESSAGE(archive.has_value(), (archive ? "" : archive.error().text));
  CHECK(tools::verify_package(*archive, afresh.key()).sound());
  CHECK(verify(pack(report("plan"))).of(Checked::losses).english == "the ledger states no loss");
}

TEST_CASE("a loss that the ledger does not continue is not packed") {
  Sample other(support::sample_history());
  engine::Loss loss = other.loss(20, 25);
  loss.kept.root = engine::Hash{1};
  other.accept(loss);
  const auto made = other.pack(report("plan"));
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == engine::ErrorCode::corrupt);
}

TEST_CASE("what cannot be packed is refused by its reason") {
  const auto refused = [](tools::About about, std::vector<std::string> withheld = {}) {
    const auto made = sample().pack(std::move(about), 0, std::move(withheld));
    REQUIRE_FALSE(made.has_value());
    return made.error().code;
  };
  CHECK(refused(stream("appeal/none")) == engine::ErrorCode::not_found);
  CHECK(refused(range(5, 4)) == engine::ErrorCode::bad_input);
  CHECK(refused(range(1, sample().size() + 1)) == engine::ErrorCode::bad_input);
  CHECK(refused(range(0, 4)) == engine::ErrorCode::bad_input);
  CHECK(refused(report("weekly")) == engine::ErrorCode::bad_input);
  CHECK(refused(report("unknown")) == engine::ErrorCode::not_found);
  CHECK(refused(report("plan"), {"calendar/2021"}) == engine::ErrorCode::bad_input);
}

TEST_CASE("a history that a rule was broken in is found by who has only the package") {
  // A version is passed over: the ledger signs what it has, the packer will not hand it out.
  support::History history = support::sample_history();
  Sample forged(history);
  engine::NewEvent last = history.events().back();
  last.version += 7;
  last.id = "forged";
  forged.append(last);
  const auto made = forged.pack(range(1, forged.size()));
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == engine::ErrorCode::corrupt);
  CHECK(made.error().seq == forged.size());
}

TEST_CASE(
    "packages of a ledger with policies verify: a push is decided by policy, item and match") {
  support::History history;
  history.tell(support::History::kFoundation);
  support::tell_policies(history);
  support::tell_push(history);
  support::tell_grant(history);
  const Sample policies(history);
  const auto verified = [&](const tools::About& about, std::uint64_t seq) {
    const auto archive = policies.pack(about, seq);
    REQUIRE_MESSAGE(archive.has_value(), archive.error().text);
    const tools::Verdict verdict = verify(*archive);
    CHECK_MESSAGE(verdict.sound(), told(verdict));
    return verdict.of(Checked::report).made;
  };
  for (const std::uint64_t seq : {policies.size(), policies.size() - 4})
    for (const auto& [name, week] :
         {std::pair{"policies", ""}, {"weekly", "2021-W35"}, {"closed-loop", ""}, {"plan", ""}}) {
      INFO(std::string(name), " at ", seq);
      CHECK(verified(report(name, week), seq));
    }
  for (const char* name : {"enterprise/91350100M000100Y43", "item/X001", "policy/ZC001",
                           "application/SB0001", "vocabulary/V1"}) {
    INFO(std::string(name));
    verified(stream(name), 0);
  }
}
