// The command line as its users meet it: help in two languages, exit codes, reports at a moment,
// the events behind a figure, export and import again, and the README's worked example.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/tools/run.h"
#include "tools/bihuan/csv_file.h"
#include "tools/bihuan/table.h"

using namespace tools_test;
namespace json = boost::json;

namespace {

const std::string kHistories = std::string(TESTS_DIR) + "/model/histories/";

// A ledger with the worked week of the outside model in it.
std::string worked_ledger(const TempDir& dir, std::string_view name = "ledger",
                          const std::string& keystore = {}) {
  std::string data = new_ledger(dir, name, keystore);
  const Ran imported = run("import --data " + data + " " + kHistories + "1-ordinary-weeks.jsonl");
  REQUIRE_MESSAGE(imported.exit_code == 0, imported.err);
  return data;
}

std::string root_of(const std::string& data) {
  return std::string(run("inspect head --data " + data).json().at("root").as_string());
}

}  // namespace

TEST_CASE("every subcommand explains itself in Chinese, then in English") {
  for (const char* const subcommand : {"init",
                                       "import",
                                       "report",
                                       "report weekly",
                                       "report closed-loop",
                                       "report ratings",
                                       "report plan",
                                       "report supervision",
                                       "history",
                                       "why",
                                       "diff",
                                       "audit",
                                       "export",
                                       "inspect",
                                       "convert",
                                       "commands",
                                       "checkpoint",
                                       "cosign",
                                       "prove",
                                       "tiles",
                                       "key",
                                       "key rotate",
                                       "key lost",
                                       "policy",
                                       "policy import",
                                       "policy search"}) {
    const Ran help = run(std::string(subcommand) + " --help");
    CAPTURE(subcommand);
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("--data") != std::string::npos);
    const bool chinese = help.out.find("台账") != std::string::npos;
    CHECK(chinese);
  }
}

TEST_CASE("wrong arguments exit 2 with one sentence on stderr") {
  for (const char* const wrong :
       {"", "nonsense", "report", "report weekly --week 2021-W38", "report weekly --sequel 1",
        "import", "why weekly",
        "report weekly --data /nowhere --seq 1 --as-of 2021-09-16T00:00:00+08:00",
        "history --data /nowhere noslash", "init --data /tmp"}) {
    const Ran ran = run(wrong);
    CAPTURE(wrong);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    CHECK(std::ranges::count(ran.err, '\n') == 1);
    CHECK(ran.err.starts_with("bihuan: "));
  }
}

TEST_CASE("init refuses a directory that exists, and leaves it as it was") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const std::string keys = read_file(data + ".keys/keystore");
  const Ran again = run("init --data " + data + " --district 示例区");
  CHECK(again.exit_code == 1);
  CHECK(read_file(data + ".keys/keystore") == keys);
}

TEST_CASE("init keeps the administrator's token only as a hash, and the keys to their owner") {
  const TempDir dir;
  const std::string data = dir / "ledger";
  const Ran made = run("init --format json --data " + data + " --district 示例区");
  REQUIRE(made.exit_code == 0);
  const std::string token(made.json().at("admin_token").as_string());
  CHECK(token.size() == 43);
  const std::string stored = read_file(data + ".keys/admin.sha256");
  CHECK(stored.size() == 65);
  CHECK(stored.find(token) == std::string::npos);
  for (const char* const file : {"keystore", "sign.pem", "admin.sha256"}) {
    const auto mode = std::filesystem::status(data + ".keys/" + file).permissions();
    CHECK((mode & std::filesystem::perms(077)) == std::filesystem::perms::none);
  }
  CHECK(std::filesystem::exists(data + "/access"));
}

TEST_CASE("options may stand before or after the subcommand") {
  const TempDir dir;
  const std::string data = worked_ledger(dir);
  const std::string rest = " --week 2021-W38";
  const Ran after = run("report weekly --data " + data + " --format json" + rest);
  const Ran before = run("--data " + data + " --format json report weekly" + rest);
  CHECK(after.exit_code == 0);
  CHECK(after.out == before.out);
}

TEST_CASE("every report names its moment, in JSON, as a table and as CSV") {
  const TempDir dir;
  const std::string data = worked_ledger(dir);
  for (const std::string report :
       {"weekly --week 2021-W38", "closed-loop", "ratings --from 2021-01-01 --to 2021-12-31",
        "ratings --from 2021-01-01 --to 2021-12-31 --by department,week", "plan", "supervision"}) {
    CAPTURE(report);
    const Ran drawn = run("report " + report + " --format json --data " + data);
    REQUIRE_MESSAGE(drawn.exit_code == 0, drawn.err);
    const json::object document = drawn.json().as_object();
    for (const char* const key : {"report", "district", "as_of", "seq", "root", "rules"})
      CHECK(document.contains(key));
    CHECK(document.at("district").as_string() == "示例区");
    CHECK(run("report " + report + " --data " + data).out.find("截至") != std::string::npos);
    CHECK(run("report " + report + " --format csv --data " + data).exit_code == 0);
  }
}

TEST_CASE("a report at seq N is the report of a ledger into which only the first N events came") {
  const TempDir dir;
  const std::string whole = worked_ledger(dir, "whole");
  const std::string history = read_file(kHistories + "1-ordinary-weeks.jsonl");
  std::size_t half = history.find('\n', history.size() / 2) + 1;
  const std::string part = new_ledger(dir, "part", whole + ".keys/keystore");
  write_file(dir / "part.jsonl", history.substr(0, half));
  REQUIRE(run("import --data " + part + " " + (dir / "part.jsonl")).exit_code == 0);
  const std::string seq = json::serialize(run("inspect head --data " + part).json().at("seq"));
  for (const std::string report : {"weekly --week 2021-W37", "closed-loop", "plan"}) {
    const std::string options = " --format json --data ";
    CHECK(run("report " + report + options + part).out ==
          run("report " + report + " --seq " + seq + options + whole).out);
  }
}

TEST_CASE("a moment after the newest event is not there, a moment before the first is empty") {
  const TempDir dir;
  const std::string data = worked_ledger(dir);
  CHECK(run("report plan --seq 1000000 --data " + data).exit_code == 1);
  const Ran empty =
      run("report closed-loop --format json --as-of 2000-01-01T00:00:00Z --data " + data);
  CHECK(empty.exit_code == 0);
  CHECK(empty.json().at("rows").as_array().empty());
}

TEST_CASE("why names the events behind a figure, and refuses a cell that the report has not") {
  const TempDir dir;
  const std::string data = worked_ledger(dir);
  const Ran why = run("why weekly 2021-W37 totals/submitted --format json --data " + data);
  REQUIRE_MESSAGE(why.exit_code == 0, why.err);
  const json::object answer = why.json().as_object();
  const auto figure = answer.at("value").to_number<std::size_t>();
  CHECK(figure > 0);
  CHECK(answer.at("events").as_array().size() == figure);
  for (const json::value& event : answer.at("events").as_array())
    CHECK(event.at("event").as_string() == "AppealSubmitted");
  CHECK(run("why weekly 2021-W38 totals/nonsense --data " + data).exit_code == 1);
}

TEST_CASE("diff names what changed between two moments and the events that did it") {
  const TempDir dir;
  const std::string data = worked_ledger(dir);
  const Ran diff =
      run("diff weekly --week 2021-W37 --from 2000-01-01T00:00:00Z --to 2022-01-01T00:00:00Z "
          "--format json --data " +
          data);
  REQUIRE_MESSAGE(diff.exit_code == 0, diff.err);
  bool submitted = false;
  for (const json::value& change : diff.json().at("changes").as_array())
    if (change.at("cell").as_string() == "totals/submitted")
      submitted = !change.at("seqs").as_array().empty();
  CHECK(submitted);
}

TEST_CASE("history shows a stream's events, oldest first, with their leaves") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  write_file(dir / "h.jsonl", department("D01") + line("RenameDepartment", "department/D01",
                                                       {.id = "r", .data = "{\"name\":\"新名\"}"}));
  REQUIRE(run("import --data " + data + " " + (dir / "h.jsonl")).exit_code == 0);
  const Ran history = run("history department/D01 --data " + data);
  REQUIRE(history.exit_code == 0);
  const json::array events = history.json().at("events").as_array();
  REQUIRE(events.size() == 2);
  CHECK(events[0].at("event").as_string() == "DepartmentCreated");
  CHECK(events[1].at("version").to_number<int>() == 2);
  CHECK(events[1].at("leaf_hash").as_string() ==
        run("inspect leaf/2 --data " + data).json().at("hex").as_string());
  CHECK(run("history department/D02 --data " + data).exit_code == 1);
}

TEST_CASE("an export imports to the same tree root, with the same keys and with others") {
  const TempDir dir;
  const std::string first = worked_ledger(dir, "first");
  REQUIRE(
      run("import --data " + first + " " + kHistories + "5-supervisors-and-plan.jsonl").exit_code <=
      1);
  const std::string file = dir / "export.jsonl";
  REQUIRE(run("export --format jsonl --data " + first + " --out " + file).exit_code == 0);
  const std::string same = new_ledger(dir, "same", first + ".keys/keystore");
  const Ran imported = run("import --data " + same + " " + file);
  REQUIRE_MESSAGE(imported.exit_code == 0, imported.err);
  CHECK(root_of(same) == root_of(first));
  const std::string other = new_ledger(dir, "other");
  REQUIRE(run("import --data " + other + " " + file).exit_code == 0);
  CHECK(root_of(other) == root_of(first));
}

TEST_CASE(
    "the access log says that the ledger was made and exported, the ledger itself does not "
    "change") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  const std::string root = root_of(data);
  const Ran made = run("history access/ledger --data " + data);
  REQUIRE(made.exit_code == 0);
  CHECK(made.json().at("events").at(0).at("event") == "LedgerCreated");
  CHECK(run("history access/export --data " + data).exit_code == 1);
  for (int times = 1; times <= 2; ++times) {
    REQUIRE(run("export --data " + data + " --out " + (dir / "e.jsonl")).exit_code == 0);
    const Ran acts = run("history access/export --data " + data);
    REQUIRE(acts.exit_code == 0);
    CHECK(acts.json().at("version") == times);
    CHECK(acts.json().at("events").at(0).at("data").at("seq").to_number<int>() > 0);
  }
  CHECK(root_of(data) == root);
}

TEST_CASE("what cannot be recorded in the access log is not exported") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  std::filesystem::remove(data + "/access/FORMAT");
  const Ran refused = run("export --data " + data);
  CHECK(refused.exit_code != 0);
  CHECK(refused.out.empty());
}

TEST_CASE("a path in which nothing is, or something else, is no ledger") {
  const TempDir dir;
  CHECK(run("report plan --data " + (dir / "nothing")).exit_code != 0);
  write_file(dir / "file", "text");
  CHECK(run("report plan --data " + (dir / "file")).exit_code != 0);
}

TEST_CASE("a cell that a spreadsheet would run is disarmed, figures stay figures") {
  CHECK(tools::csv_cell("=1+1") == "'=1+1");
  CHECK(tools::csv_cell("@cmd") == "'@cmd");
  CHECK(tools::csv_cell("+86") == "'+86");
  CHECK(tools::csv_cell("-5") == "-5");
  CHECK(tools::csv_cell("-") == "-");
  CHECK(tools::csv_cell("=a,\"b\"") == "\"'=a,\"\"b\"\"\"");
  CHECK(tools::csv_cell("部门") == "部门");
}

TEST_CASE("a wide character counts two columns") {
  CHECK(tools::display_width("部门 D1") == 7);
  CHECK(tools::display_width("") == 0);
  const std::string table = tools::render_table({"部门", "数"}, {{"a", "1"}, {"不动产", "12"}});
  CHECK(table == "部门    数\n------  --\na        1\n不动产  12\n");
}

// The fenced block after "<!-- example -->" is commands with a dollar in front and what they print.
TEST_CASE("the README's worked example prints what the README says") {
  for (const char* const name : {"/README.md", "/README.zh-CN.md"}) {
    const TempDir dir;
    const std::string readme = read_file(std::string(PROJECT_DIR) + name);
    const std::size_t mark = readme.find("<!-- example -->");
    REQUIRE(mark != std::string::npos);
    const std::size_t begin = readme.find('\n', readme.find("```", mark)) + 1;
    const std::string block = readme.substr(begin, readme.find("```", begin) - begin);
    std::string script = "cd " + std::string(PROJECT_DIR) + "\n", expected;
    for (std::size_t at = 0; at < block.size();) {
      const std::size_t end = block.find('\n', at);
      std::string text = block.substr(at, end - at);
      if (text.starts_with("$ "))
        script += text.substr(2) + "\n";
      else
        expected += text + "\n";
      at = end + 1;
    }
    for (std::size_t at = script.find("var/example"); at != std::string::npos;
         at = script.find("var/example"))
      script.replace(at, 11, dir / "ledger");
    write_file(dir / "script", "PATH=" + std::string(BIN_DIR) + ":$PATH\n" + script);
    CHECK(std::system(("sh -e " + (dir / "script") + " >" + (dir / "out") + " 2>&1").c_str()) == 0);
    CHECK(read_file(dir / "out") == expected);
  }
}
