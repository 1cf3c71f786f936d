// `bihuan policy tag`, `match` and `push` as a clerk meets them.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/tools/run.h"

using namespace tools_test;
namespace json = boost::json;

namespace {

const std::string kDemo = std::string(PROJECT_DIR) + "/tools/demo/data/";

// The forty documents and the vocabulary of the demo.
std::string documents(const TempDir& dir) {
  std::string data = new_ledger(dir, "ledger");
  REQUIRE(run("import --data " + data + " " + kDemo + "policy-tags.jsonl").exit_code == 0);
  REQUIRE(run("policy import --data " + data + " " + kDemo + "statecouncil-docs.jsonl").exit_code ==
          0);
  return data;
}

const json::object& row_of(const json::value& report, const char* policy) {
  for (const json::value& row : report.at("rows").as_array())
    if (row.at("policy") == policy) return row.as_object();
  FAIL("no such policy: " << policy);
  return report.as_object();
}

bool has_word(const json::object& row, const char* word) {
  return std::ranges::any_of(row.at("keywords").as_array(),
                             [&](const json::value& one) { return one.at("word") == word; });
}

bool has_tag(const json::object& row, const char* tag) {
  return std::ranges::any_of(row.at("suggested").as_array(),
                             [&](const json::value& one) { return one.at("tag") == tag; });
}

bool has_digit(const json::string& text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

TEST_CASE("keywords and tags of the documents are what a reader would say they are about") {
  const TempDir dir;
  const std::string data = documents(dir);
  const json::value said =
      run("policy tag --vocabulary V1 --dry-run --format json --data " + data).json();
  CHECK(said.at("policies") == 40);
  const auto& inspection = row_of(said, "国发〔2019〕5号");
  CHECK(has_word(inspection, "双随机"));
  CHECK(has_tag(inspection, "监管执法"));
  const auto& guarantee = row_of(said, "国办发〔2019〕6号");
  CHECK(has_word(guarantee, "融资担保"));
  CHECK(has_tag(guarantee, "金融"));
  CHECK(has_tag(row_of(said, "国令第706号"), "知识产权"));
  CHECK_FALSE(has_tag(row_of(said, "国令第706号"), "医疗健康"));
  std::size_t words = 0;
  for (const json::value& row : said.at("rows").as_array())
    for (const json::value& one : row.at("keywords").as_array()) {
      CHECK_FALSE(has_digit(one.at("word").as_string()));
      ++words;
    }
  CHECK(words > 300);
  CHECK(run("inspect 42 --data " + data).exit_code != 0);  // 41 events: nothing was recorded
}

TEST_CASE("suggestions are events with their sentences, made once, and a person decides") {
  const TempDir dir;
  const std::string data = documents(dir);
  const Ran first = run("policy tag --vocabulary V1 --format json --data " + data);
  REQUIRE_MESSAGE(first.exit_code == 0, first.err);
  CHECK(first.json().at("accepted").to_number<int>() > 60);  // keywords of forty, and tags
  const Ran again = run("policy tag --vocabulary V1 --format json --data " + data);
  CHECK(again.json().at("events") == 0);
  const Ran history = run("history policy/国令第706号 --data " + data);
  bool found = false;
  for (const json::value& event : history.json().at("events").as_array())
    if (event.at("event") == "PolicyTagSuggested" && event.at("data").at("tag") == "知识产权") {
      found = true;
      const auto& sentences = event.at("data").at("sentences").as_array();
      REQUIRE_FALSE(sentences.empty());
      CHECK(std::string(sentences.front().as_string()).find("专利") != std::string::npos);
    }
  CHECK(found);
  // A person's no, just after the suggestions, which were recorded by the machine's clock.
  const auto& events = history.json().at("events").as_array();
  write_file(dir / "decided.jsonl",
             line("RejectPolicyTag", "policy/国令第706号",
                  {.at = std::string(events.back().at("recorded_at").as_string()),
                   .id = "no",
                   .data = R"({"tag":"知识产权","reason":"试"})"}));
  CHECK(run("import --data " + data + " " + (dir / "decided.jsonl")).exit_code == 0);
  CHECK(run("policy tag --vocabulary V1 --format json --data " + data).json().at("events") == 0);
  const json::value report = run("report policies --format json --data " + data).json();
  CHECK(report.at("tagging").at("rejected") == 1);
  CHECK(report.at("tagging").at("precision").at("d") == 1);
  CHECK(report.at("tagging").at("pending").to_number<int>() > 20);
}

TEST_CASE("without the dictionaries the tagging job says in one sentence what it lacks") {
  const TempDir dir;
  const std::string data = new_ledger(dir, "ledger");
  const Ran ran = run("policy tag --dictionaries " + (dir / "nowhere") + " --data " + data);
  CHECK(ran.exit_code == 1);
  CHECK(ran.err.find("tools/words") != std::string::npos);
}
