// Checkpoints and proofs from the command line: what is printed, what is recorded in the access
// log, and what is refused. That strangers' tools accept them is tests/independent.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "engine/log/log.h"
#include "tests/tools/run.h"

using namespace tools_test;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

void add_departments(const TempDir& dir, const std::string& data, int from, int to) {
  std::string lines;
  for (int n = from; n <= to; ++n) lines += department("D" + std::to_string(n));
  write_file(dir / "lines.jsonl", lines);
  const Ran imported = run("import --data " + data + " " + (dir / "lines.jsonl"));
  REQUIRE_MESSAGE(imported.exit_code == 0, imported.err);
}

std::string checkpoint(const std::string& data) {
  const Ran ran = run("checkpoint --data " + data);
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  return ran.out;
}

std::size_t acts(const std::string& data, const std::string& kind, std::string_view event) {
  const Ran ran = run("history access/" + kind + " --data " + data);
  if (ran.exit_code != 0) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      ran.json().at("events").as_array(),
      [&](const json::value& act) { return act.at("event").as_string() == event; }));
}

std::size_t signings(const std::string& data) {
  return acts(data, "checkpoint", "CheckpointSigned");
}

}  // namespace

TEST_CASE("a checkpoint is the same until the ledger grows, and each one is recorded once") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  add_departments(dir, data, 1, 3);
  const std::string first = checkpoint(data);
  CHECK(checkpoint(data) == first);
  CHECK(signings(data) == 1);
  add_departments(dir, data, 4, 4);
  CHECK(checkpoint(data) != first);
  CHECK(signings(data) == 2);
  const Ran vkey = run("checkpoint --vkey --data " + data);
  CHECK(vkey.exit_code == 0);
  CHECK(std::ranges::count(vkey.out, '\n') == 1);
  const json::value document = run("checkpoint --format json --data " + data).json();
  CHECK(document.at("size") == 4);
  CHECK(document.at("note").as_string() == checkpoint(data));
  CHECK(std::string(document.at("signed_by").at(0).at("key").as_string()) + "\n" == vkey.out);
}

TEST_CASE("what cannot be recorded in the access log does not leave, and is recorded later") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  add_departments(dir, data, 1, 1);
  fs::rename(data + "/access", data + "/away");
  for (const char* const command : {"checkpoint", "prove 1", "key rotate"}) {
    const Ran refused = run(std::string(command) + " --data " + data);
    CHECK(refused.exit_code != 0);
    CHECK(refused.out.empty());
  }
  fs::rename(data + "/away", data + "/access");
  checkpoint(data);
  CHECK(signings(data) == 1);
  CHECK(acts(data, "key", "KeyRotated") == 1);
}

TEST_CASE("a restored older copy is refused by name, in both languages, and prints nothing") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  add_departments(dir, data, 1, 3);
  fs::copy(data, dir / "copy", fs::copy_options::recursive);
  add_departments(dir, data, 4, 5);
  checkpoint(data);
  fs::remove_all(data);
  fs::rename(dir / "copy", data);
  for (int more = 0; more < 2; ++more) {
    for (const std::string command :
         {"checkpoint", "prove 1", "key rotate", "key lost --compromised"}) {
      const Ran refused = run(command + " --data " + data);
      CAPTURE(command);
      CHECK(refused.exit_code == 3);
      CHECK(refused.out.empty());
      CHECK(refused.err.find("拒绝签署") != std::string::npos);
      CHECK(refused.err.find("Nothing was signed") != std::string::npos);
    }
    add_departments(dir, data, 6 + 10 * more, 9 + 10 * more);  // it may grow, it is not signed
  }
}

TEST_CASE("while another process writes the ledger, what was signed last is shown") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  add_departments(dir, data, 1, 3);
  const std::string last = checkpoint(data);
  add_departments(dir, data, 4, 5);
  const auto writer = engine::Log::open(data, engine::OpenMode::read_write);
  REQUIRE(writer.has_value());
  CHECK(checkpoint(data) == last);
  CHECK(run("prove 3 --data " + data).exit_code == 0);
  CHECK(run("prove 4 --data " + data).exit_code == 1);  // nothing signed covers it yet
}

TEST_CASE("a proof is given only for what the checkpoint covers") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  add_departments(dir, data, 1, 3);
  checkpoint(data);
  add_departments(dir, data, 4, 5);
  const Ran proof = run("prove 3 --data " + data);
  CHECK(proof.out.starts_with("c2sp.org/tlog-proof@v1\nindex 2\n"));
  CHECK(proof.out.ends_with(checkpoint(data)));
  CHECK(run("prove 3 --with-entry --data " + data).out.find("\nextra ") != std::string::npos);
  CHECK(run("prove 3 --size 3 --data " + data).out.find("\n3\n") != std::string::npos);
  CHECK(run("prove 4 --size 3 --data " + data).exit_code == 1);
  CHECK(run("prove 3 --size 4 --data " + data).exit_code == 1);  // never signed
  CHECK(run("prove 6 --data " + data).exit_code == 1);
  CHECK(run("prove --consistency 3 --data " + data).out.starts_with("old 3\n"));
  CHECK(run("prove --consistency 6 --data " + data).exit_code == 1);
  CHECK(run("prove --data " + data).exit_code == 2);
  CHECK(run("prove 1 --consistency 1 --data " + data).exit_code == 2);
}

TEST_CASE("tiles go on where they ended, and never into another ledger's directory") {
  const TempDir dir;
  const std::string data = new_ledger(dir), other = new_ledger(dir, "other"), out = dir / "tiles";
  add_departments(dir, data, 1, 300);
  REQUIRE(run("tiles " + out + " --data " + data).exit_code == 0);
  CHECK(read_file(out + "/checkpoint") == checkpoint(data));
  CHECK(fs::file_size(out + "/tile/0/000") == 8192);
  CHECK(fs::exists(out + "/tile/0/001.p/44"));
  CHECK(fs::exists(out + "/tile/1/000.p/1"));
  const auto written = fs::last_write_time(out + "/tile/0/000");
  add_departments(dir, data, 301, 520);
  const Ran again = run("tiles " + out + " --format json --data " + data);
  CHECK(again.json().at("kept") == 1);
  CHECK(fs::last_write_time(out + "/tile/0/000") == written);
  CHECK_FALSE(fs::exists(out + "/tile/0/001.p"));  // it became full
  // A tile that was lost is made again, though the checkpoint covered it.
  fs::remove(out + "/tile/0/000");
  CHECK(run("tiles " + out + " --data " + data).exit_code == 0);
  CHECK(fs::file_size(out + "/tile/0/000") == 8192);
  const std::string before = read_file(out + "/checkpoint");
  CHECK(run("tiles " + out + " --data " + other).exit_code == 2);
  CHECK(read_file(out + "/checkpoint") == before);
}
