// R17: mixed versions. tests/golden/ledgers keeps ledgers as earlier versions of the program wrote
// them: this one reads them as they were, and goes on. What a later version may write is refused.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/tools/run.h"

using namespace tools_test;
namespace fs = std::filesystem;

namespace {

// A ledger that an earlier version wrote, and what that version said of it.
struct Golden {
  explicit Golden(const fs::path& archive) {
    const std::string command = "tar -xzf " + archive.string() + " -C " + dir.path();
    REQUIRE(std::system(command.c_str()) == 0);
  }
  [[nodiscard]] std::string said(std::string_view file) const { return read_file(dir / file); }

  const TempDir dir;
  const std::string data = dir / "ledger";
};

// Is all of `before` in `now`? A later version may say more, and nothing else.
bool holds(const boost::json::value& now, const boost::json::value& before) {
  if (before.is_object() && now.is_object())
    return std::ranges::all_of(before.get_object(), [&](const auto& member) {
      const auto* const found = now.get_object().if_contains(member.key());
      return found != nullptr && holds(*found, member.value());
    });
  if (before.is_array() && now.is_array())
    return std::ranges::equal(now.get_array(), before.get_array(), holds);
  return now == before;
}

void check_reads(const Golden& golden) {
  const Ran audit = run("audit --format json --data " + golden.data);
  CAPTURE(audit.out);
  CHECK(audit.exit_code == 0);
  const auto before = boost::json::parse(golden.said("audit.json"));
  CHECK(audit.json().at("root") == before.at("root"));
  CHECK(audit.json().at("seq") == before.at("seq"));
  for (const char* const report :
       {"weekly --week 2021-W38", "closed-loop", "ratings", "plan", "supervision"}) {
    CAPTURE(report);
    const std::string name = std::string(report).substr(0, std::string_view(report).find(' '));
    const Ran drawn = run("report " + std::string(report) + " --format json --data " + golden.data);
    CHECK(drawn.exit_code == 0);
    CHECK(holds(drawn.json(), boost::json::parse(golden.said(name + ".json"))));
  }
  CHECK(run("export --data " + golden.data).out == golden.said("history.jsonl"));
  write_file(golden.dir / "checkpoint", golden.said("checkpoint.txt"));
  CHECK(run("audit --data " + golden.data + " --since " + (golden.dir / "checkpoint")).exit_code ==
        0);
}

void check_goes_on(const Golden& golden) {
  write_file(golden.dir / "more.jsonl", department("X1", "2022-01-04T09:00:00+08:00"));
  const Ran import =
      run("import --format json --data " + golden.data + " " + (golden.dir / "more.jsonl"));
  CHECK(import.exit_code == 0);
  CHECK(import.json().at("accepted") == 1);
  CHECK(run("checkpoint --data " + golden.data).exit_code == 0);
  CHECK(run("audit --data " + golden.data).exit_code == 0);
  std::string vkey = run("checkpoint --vkey --data " + golden.data).out;
  vkey.pop_back();
  const std::string package = golden.dir / "p.zip";
  CHECK(run("pack --report plan --data " + golden.data + " --out " + package).exit_code == 0);
  CHECK(run(package + " --key " + vkey, "bihuan-verify").exit_code == 0);
}

}  // namespace

TEST_CASE("R17: a ledger that an earlier version wrote is audited, read as it was, and goes on") {
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(std::string(TESTS_DIR) + "/golden/ledgers")) {
    CAPTURE(entry.path().string());
    const Golden golden(entry.path());
    check_reads(golden);
    check_goes_on(golden);
    ++seen;
  }
  CHECK(seen != 0);
}

TEST_CASE("R17: a ledger of a later version is refused by name, whatever is asked of it") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  std::string format = read_file(data + "/FORMAT");
  REQUIRE(format.starts_with("bihuan-ledger 1\n"));
  format.replace(0, 15, "bihuan-ledger 2");
  write_file(data + "/FORMAT", format);
  for (const char* const asked : {"report plan", "audit", "checkpoint", "export"}) {
    CAPTURE(asked);
    const Ran ran = run(std::string(asked) + " --data " + data);
    CHECK(ran.exit_code != 0);
    CHECK(ran.err.find("names another format than \"bihuan-ledger 1\"") != std::string::npos);
  }
}
