// What an import does with every kind of line: each refusal names its line, nothing is
// half-recorded, and repeating an import changes nothing.
#include <doctest/doctest.h>

#include "tests/tools/run.h"

using namespace tools_test;
namespace json = boost::json;

namespace {

Ran import(const std::string& data, const std::string& files, const std::string& options = {}) {
  return run("import --format json --data " + data + " " + options + " " + files);
}

std::uint64_t figure(const Ran& ran, const char* key) {
  return ran.json().at(key).to_number<std::uint64_t>();
}

std::uint64_t size_of(const std::string& data) {
  return figure(run("inspect head --data " + data), "seq");
}

std::string root_of(const std::string& data) {
  return std::string(run("inspect head --data " + data).json().at("root").as_string());
}

const std::string kModel = std::string(TESTS_DIR) + "/model/histories/";

}  // namespace

TEST_CASE("every bad line is refused by its code and line number, and the rest is recorded") {
  struct Bad {
    const char* what;
    std::string text;
    const char* code;
  };
  const std::string good = department("D09");
  const std::vector<Bad> bad_lines = {
      {"no JSON", "nonsense\n", "BadJson"},
      {"cut in the middle", good.substr(0, good.size() / 2) + "\n", "BadJson"},
      {"wrong type", line("CreateDepartment", "department/X", {.id = "x", .data = "{\"name\":5}"}),
       "WrongType"},
      {"unknown command", line("DestroyDepartment", "department/X", {.id = "x"}), "UnknownCommand"},
      {"unknown field",
       line("CreateDepartment", "department/X",
            {.id = "x", .data = "{\"name\":\"X\",\"colour\":\"red\"}"}),
       "UnknownField"},
      {"unknown field of the line",
       line("CreateDepartment", "department/X",
            {.id = "x", .data = "{\"name\":\"X\"}", .more = ",\"colour\":1"}),
       "UnknownField"},
      {"missing field", line("CreateDepartment", "department/X", {.id = "x"}), "MissingField"},
      {"invalid UTF-8",
       line("CreateDepartment", "department/X", {.id = "x", .data = "{\"name\":\"\xff\xfe\"}"}),
       "InvalidText"},
      {"at going back",
       line("CreateDepartment", "department/X",
            {.at = "2020-01-01T00:00:00+08:00", .id = "x", .data = "{\"name\":\"X\"}"}),
       "AtGoesBack"},
      {"at in the future",
       line("CreateDepartment", "department/X",
            {.at = "2099-01-01T00:00:00+08:00", .id = "x", .data = "{\"name\":\"X\"}"}),
       "AtInFuture"},
      {"a number out of range",
       line("PublishCalendar", "calendar/2021",
            {.id = "x",
             .data = "{\"year\":99999,\"notice\":\"n\",\"holidays\":[],\"makeup_workdays\":[]}"}),
       "OutOfRange"},
      {"ten megabytes",
       line("CreateDepartment", "department/X",
            {.id = "x", .data = "{\"name\":\"" + std::string(10'000'000, 'x') + "\"}"}),
       "LineTooLong"},
      {"another version than expected",
       line("RenameDepartment", "department/D01",
            {.id = "x", .data = "{\"name\":\"X\"}", .more = ",\"expected_version\":7"}),
       "VersionConflict"},
  };
  const TempDir dir;
  for (const Bad& bad : bad_lines) {
    INFO(std::string(bad.what));
    const std::string data = new_ledger(dir, bad.what[0] == 'n' ? "a" : "b");
    write_file(dir / "h.jsonl", department("D01") + bad.text + department("D02"));
    const Ran ran = import(data, dir / "h.jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(figure(ran, "accepted") == 2);
    CHECK(ran.json().at("refused").as_object().size() == 1);
    const json::value& refusal = ran.json().at("refusals").as_array().at(0);
    const std::string code(refusal.at("refused").as_string());
    // A text that is not UTF-8 may be told as bad JSON: both are true of the line.
    if (std::string_view(bad.code) == "InvalidText")
      CHECK((code == "InvalidText" || code == "BadJson"));
    else
      CHECK(code == std::string(bad.code));
    CHECK(refusal.at("line").to_number<int>() == 2);
    CHECK(ran.err.find("h.jsonl:2: ") != std::string::npos);
    std::filesystem::remove_all(data);
    std::filesystem::remove_all(data + ".keys");
  }
}

TEST_CASE(
    "a file cut inside its last line gives that line's number, and records what came before") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const std::string last = department("D02");
  write_file(dir / "h.jsonl", department("D01") + last.substr(0, last.size() - 10));
  const Ran ran = import(data, dir / "h.jsonl");
  CHECK(ran.exit_code == 1);
  CHECK(figure(ran, "accepted") == 1);
  CHECK(ran.json().at("refusals").as_array().at(0).at("line").to_number<int>() == 2);
}

TEST_CASE("a last line without a line end counts, and so do lines that end in CR LF") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  std::string first = department("D01"), last = department("D02");
  first.insert(first.size() - 1, "\r");
  last.pop_back();
  write_file(dir / "h.jsonl", first + last);
  const Ran ran = import(data, dir / "h.jsonl");
  CHECK(ran.exit_code == 0);
  CHECK(figure(ran, "accepted") == 2);
}

TEST_CASE("with stop, nothing after the first refusal is recorded") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  for (const std::string& bad :
       {std::string("nonsense\n"),
        line("RenameDepartment", "department/D77", {.id = "x", .data = "{\"name\":\"X\"}"})}) {
    write_file(dir / "h.jsonl", department("D01") + bad + department("D02") + "nonsense\n");
    const Ran ran = import(data, dir / "h.jsonl", "--on-refusal stop");
    CHECK(ran.exit_code == 1);
    CHECK(ran.json().at("refusals").as_array().size() == 1);
    CHECK(ran.json().at("refusals").as_array().at(0).at("line").to_number<int>() == 2);
    CHECK(size_of(data) == 1);
  }
}

TEST_CASE("the same line again is a repeat, the id with other content is refused") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const std::string other = line("CreateDepartment", "department/D02",
                                 {.id = "department-D01", .data = "{\"name\":\"D02\"}"});
  write_file(dir / "h.jsonl", department("D01") + department("D01") + other);
  const Ran ran = import(data, dir / "h.jsonl");
  CHECK(figure(ran, "accepted") == 1);
  CHECK(figure(ran, "repeated") == 1);
  CHECK(ran.json().at("refused").as_object().at("IdReused").to_number<int>() == 1);
  const Ran again = import(data, dir / "h.jsonl");
  CHECK(figure(again, "accepted") == 0);
  CHECK(figure(again, "repeated") == 2);
  CHECK(size_of(data) == 1);
}

TEST_CASE("an import that ended early is simply repeated and ends at the same root") {
  const TempDir dir;
  const std::string history = kModel + "2-wrong-dispatch-and-long-term.jsonl";
  const std::string whole = new_ledger(dir, "whole");
  const std::string resumed = new_ledger(dir, "resumed", whole + ".keys/keystore");
  const Ran all = import(whole, history);
  const std::string text = read_file(history);
  write_file(dir / "part.jsonl", text.substr(0, text.find('\n', text.size() / 3) + 1));
  const Ran part = import(resumed, dir / "part.jsonl");
  const Ran rest = import(resumed, history);
  CHECK(figure(rest, "repeated") == figure(part, "accepted"));
  CHECK(figure(rest, "accepted") + figure(part, "accepted") == figure(all, "accepted"));
  CHECK(root_of(resumed) == root_of(whole));
  CHECK(all.json().at("root").as_string() == std::string_view(root_of(whole)));
}

TEST_CASE("a whole district imported twice is repeats and nothing else") {
  const TempDir dir;
  const std::string data = new_ledger(dir), history = dir / "district.jsonl";
  REQUIRE(run("generate --seed 3 --cases 300 --out " + history, "bihuan-bench").exit_code == 0);
  const Ran first = import(data, history);
  const Ran again = import(data, history);
  CHECK(figure(first, "accepted") > 4000);
  CHECK(figure(again, "repeated") == figure(first, "accepted"));
  CHECK(figure(again, "events") == 0);
  CHECK(again.json().at("root") == first.json().at("root"));
}

TEST_CASE("the same file into two directories with the same key store gives the same root") {
  const TempDir dir;
  const std::string first = new_ledger(dir, "first");
  const std::string second = new_ledger(dir, "second", first + ".keys/keystore");
  const std::string files = kModel + "5-supervisors-and-plan.jsonl";
  import(first, files);
  import(second, files);
  CHECK(size_of(first) > 0);
  CHECK(root_of(first) == root_of(second));
}

TEST_CASE("several files are merged by their times, a file named earlier first") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const auto at = [](const char* hour) {
    return "2021-09-16T" + std::string(hour) + ":00:00+08:00";
  };
  write_file(dir / "a.jsonl", department("A1", at("09")) + department("A2", at("12")));
  write_file(dir / "b.jsonl",
             department("B1", at("10")) + department("B2", at("12")) + department("B3", at("13")));
  REQUIRE(import(data, (dir / "a.jsonl") + " " + (dir / "b.jsonl")).exit_code == 0);
  std::string order;
  for (int seq = 1; seq <= 5; ++seq)
    order += std::string(
        run("inspect " + std::to_string(seq) + " --data " + data).json().at("stream").as_string());
  CHECK(order == "department/A1department/B1department/A2department/B2department/B3");
}

TEST_CASE("a flood of refusals is counted, not printed") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  std::string text;
  for (int i = 0; i < 500; ++i) text += "nonsense\n";
  write_file(dir / "h.jsonl", text);
  const Ran ran = import(data, dir / "h.jsonl");
  CHECK(std::ranges::count(ran.err, '\n') == 21);
  CHECK(ran.json().at("refused").at("BadJson").to_number<int>() == 500);
  CHECK(ran.json().at("refusals").as_array().size() == 100);
  CHECK(std::ranges::count(import(data, dir / "h.jsonl", "--verbose").err, '\n') == 500);
}

TEST_CASE("a file that is not there stops the import before anything is recorded") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  write_file(dir / "h.jsonl", department("D01"));
  const Ran ran = import(data, (dir / "h.jsonl") + " " + (dir / "missing.jsonl"));
  CHECK(ran.exit_code == 2);
  CHECK(size_of(data) == 0);
}

TEST_CASE("an imported event says so, and one that the profile derived says that too") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  write_file(dir / "p.json", R"({
    "profile": "test", "zone": "+08:00", "actor": {"id": "import", "role": "office_lead"},
    "where": [{"column": "kind", "is": "department"}],
    "rows": [
      {"at": "{created}", "command": "CreateDepartment", "stream": "department/{id}", "id": "c-{id}",
       "data": {"name": "{name}"}},
      {"at": "{created}", "command": "RenameDepartment", "stream": "department/{id}", "id": "r-{id}",
       "derived": true, "when": [{"column": "later", "present": true}], "data": {"name": "{later}"}}
    ]})");
  write_file(dir / "rows.csv",
             "kind,id,name,created,later\r\n"
             "department,D2,\"第二, 部门\",2021-09-17T09:00:00,新名\r\n"
             "person,P1,x,2021-09-17T09:00:00,\r\n"
             "department,D1,第一部门,2021-09-16T09:00:00,\r\n");
  const Ran ran = import(data, dir / "rows.csv", "--profile " + (dir / "p.json"));
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  CHECK(figure(ran, "accepted") == 3);
  const auto event = [&](int seq) {
    return run("inspect " + std::to_string(seq) + " --data " + data).json();
  };
  CHECK(event(1).at("stream").as_string() == "department/D1");
  CHECK(event(2).at("data").at("name").as_string() == "第二, 部门");
  CHECK(event(2).at("imported").as_bool());
  CHECK_FALSE(event(2).at("derived").as_bool());
  CHECK(event(3).at("derived").as_bool());
}

TEST_CASE("a profile that names a column the file has not is refused whole") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  write_file(dir / "p.json", R"({"rows": [{"at": "{nowhere}"}]})");
  write_file(dir / "rows.csv", "a,b\n1,2\n");
  CHECK(import(data, dir / "rows.csv", "--profile " + (dir / "p.json")).exit_code == 2);
  CHECK(import(data, dir / "rows.csv").exit_code == 2);
  write_file(dir / "rows.csv", "a,b\n1,2,3\n");
  CHECK(import(data, dir / "rows.csv", "--profile " + (dir / "p.json")).exit_code == 2);
}

TEST_CASE("the committed profile turns the real messages into whole appeals, none refused") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const std::string demo = std::string(PROJECT_DIR) + "/tools/demo/";
  write_file(dir / "calendars.jsonl",
             run("convert calendars " + demo + "data/cn-workdays.json").out);
  write_file(dir / "plan.jsonl", run("convert plan " + demo + "data/plan-2021.json").out);
  const Ran ran = import(data,
                         (dir / "calendars.jsonl") + " " + (dir / "plan.jsonl") + " " + demo +
                             "data/message-reply-times.csv",
                         "--profile " + demo + "profiles/message-reply-times.json");
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  // 890 messages of 8 commands, 3 of the prelude, 8 calendars with 2 amendments, the plan's 1 +
  // 291.
  CHECK(figure(ran, "accepted") == 890 * 8 + 3 + 10 + 292);
  const Ran plan = run("report plan --format json --data " + data);
  std::int64_t tasks = 0;
  for (const json::value& environment : plan.json().at("environments").as_array())
    tasks += environment.at("total").to_number<std::int64_t>();
  CHECK(tasks == 291);
  const Ran tally = run("report closed-loop --summary --format json --data " + data);
  CHECK(figure(tally, "rows") == 890);
  CHECK(figure(tally, "not_completed") == 0);
  const Ran ratings =
      run("report ratings --from 2019-01-01 --to 2020-12-31 --format json --data " + data);
  CHECK(ratings.json().at("good").at("d").to_number<int>() == 0);
}
