// `bihuan match` and `bihuan push` as a clerk meets them: what is lacking with value, event and
// clause; told once, with the reason.
#include <doctest/doctest.h>

#include <string>

#include "tests/tools/run.h"

using namespace tools_test;
namespace json = boost::json;

namespace {

constexpr const char* kFirst = "91350100M000100Y43";
constexpr const char* kSecond = "91512081MA62K0260E";

class Story {
 public:
  Story& add(std::string_view command, const std::string& stream, const std::string& data,
             const std::string& role = "office_lead") {
    ++count_;
    LineOptions options{.at = "2021-09-16T09:00:00+08:00",
                        .id = "s" + std::to_string(count_),
                        .role = role,
                        .data = data};
    lines_ += line(command, stream, options);
    return *this;
  }
  [[nodiscard]] const std::string& lines() const { return lines_; }

 private:
  std::string lines_;
  int count_ = 0;
};

// An item for 100 people or more of a research town, open for ever; two enterprises, one of which
// has too few people; both agree to everything.
std::string given(const TempDir& dir) {
  Story story;
  story.add("CreateDepartment", "department/D06", R"({"name":"科技局"})")
      .add(
          "PublishPolicy", "policy/ZC001",
          R"({"title":"研发措施","number":"7号","issuer":"区政府","text":"补助。","from":"2021-09-01"})")
      .add("ListItem", "item/X001",
           R"({"policy":"ZC001","title":"研发补助","department":"D06","standard":"5%"})")
      .add(
          "SetItemConditions", "item/X001",
          R"({"conditions":[{"node":1,"kind":"all"},{"node":2,"under":1,"kind":"leaf","field":"people","comparison":"at_least","values":["100"],"clause":"第三条"},{"node":3,"under":1,"kind":"leaf","field":"town","comparison":"equals","values":["湖岛街道"]}]})")
      .add("OpenItemWindow", "item/X001", R"({"from":"2021-09-16","until":"2099-12-31"})");
  for (const char* code : {kFirst, kSecond}) {
    const std::string stream = std::string("enterprise/") + code;
    const std::string people = code == kFirst ? "120" : "30";
    story.add("RegisterEnterprise", stream, R"({"name":"示例有限公司"})")
        .add("UpdateProfile", stream,
             R"({"values":[{"field":"people","value":")" + people +
                 R"("},{"field":"town","value":"湖岛街道"}],"source":"人社","as_of":"2021-08-31"})")
        .add("GiveConsent", stream, R"({"purpose":"matching"})")
        .add("GiveConsent", stream, R"({"purpose":"pushing"})")
        .add("SetSubscription", stream, R"({"subscribed":true})");
  }
  std::string data = new_ledger(dir, "ledger");
  write_file(dir / "story.jsonl", story.lines());
  const Ran ran = run("import --data " + data + " " + (dir / "story.jsonl"));
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  return data;
}

}  // namespace

TEST_CASE("a match names the value, the event that brought it and the clause, as of any moment") {
  const TempDir dir;
  const std::string data = given(dir);
  const Ran ran =
      run("match --enterprise " + std::string(kSecond) + " --format json --data " + data);
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  const json::value row = ran.json().at("rows").as_array().at(0);
  CHECK(row.at("text") == "差 1 项");
  const json::value& leaf = row.at("leaves").as_array().at(0);
  CHECK(leaf.at("verdict") == "not_met");
  CHECK(leaf.at("text") == "从业人员不少于 100 人");
  CHECK(leaf.at("clause") == "第三条");
  CHECK(leaf.at("value") == "30");
  CHECK(leaf.at("source") == "人社");
  CHECK(leaf.at("seq") == 12);
  CHECK(row.at("leaves").as_array().at(1).at("verdict") == "met");
  const Ran event = run("inspect 12 --data " + data);
  CHECK(event.out.find("ProfileUpdated") != std::string::npos);
  CHECK(event.out.find(kSecond) != std::string::npos);

  const json::value item = run("match --item X001 --format json --data " + data).json();
  CHECK(item.at("met") == 1);
  CHECK(item.at("lacking_one") == 1);
  CHECK(item.at("rows").as_array().at(0).at("enterprise") == kFirst);
  const json::value before = run("match --item X001 --seq 6 --format json --data " + data).json();
  CHECK(before.at("met") == 0);  // the first enterprise is registered, and nothing is known of it
  CHECK(before.at("rows").as_array().empty());
  CHECK(run("match --item X999 --data " + data).exit_code == 1);
  CHECK(run("match --data " + data).exit_code == 2);
}

TEST_CASE("a push goes once to who meets the item, with a reason, and again for new conditions") {
  const TempDir dir;
  const std::string data = given(dir);
  const json::value due = run("push --dry-run --format json --data " + data).json();
  REQUIRE(due.at("rows").as_array().size() == 1);
  const Ran first = run("push --format json --data " + data);
  REQUIRE_MESSAGE(first.exit_code == 0, first.err);
  CHECK(first.json().at("events") == 2);  // the match, and the push that rests on it
  const Ran history = run("history enterprise/" + std::string(kFirst) + " --data " + data);
  const json::value& pushed = history.json().at("events").as_array().back();
  CHECK(pushed.at("event") == "PolicyPushed");
  CHECK(pushed.at("data").at("reason") ==
        "因为贵企业从业人员 120 人、注册地为湖岛街道，符合“研发补助”的申报条件。");
  CHECK(run("push --format json --data " + data).json().at("events") == 0);
  Story amended;
  amended.add(
      "SetItemConditions", "item/X001",
      R"({"conditions":[{"node":1,"kind":"leaf","field":"people","comparison":"at_least","values":["20"]}]})");
  std::string lines = amended.lines();
  const std::size_t at = lines.find("2021-09-16T09:00:00+08:00"), id = lines.find("\"s1\"");
  lines.replace(id, 4, "\"amended\"");
  // After the push, which was recorded by the machine's clock.
  const std::string now(pushed.at("recorded_at").as_string());
  lines.replace(at, 25, now);
  write_file(dir / "amended.jsonl", lines);
  const Ran set = run("import --data " + data + " " + (dir / "amended.jsonl"));
  REQUIRE_MESSAGE(set.exit_code == 0, set.err);
  CHECK(run("push --format json --data " + data).json().at("events") == 4);
  CHECK(run("audit --data " + data).exit_code == 0);
}
