// A start after a power cut that tore a write which nobody was told of: the ledger goes on, and the
// access log says what was dropped.
#include <doctest/doctest.h>

#include "engine/log/log.h"
#include "tests/engine/damage.h"
#include "tests/support/records.h"
#include "tests/tools/run.h"

using namespace tools_test;
namespace fs = std::filesystem;

namespace {

const std::string kHistory = std::string(TESTS_DIR) + "/model/histories/1-ordinary-weeks.jsonl";

// Appends the records of `from`, a command a group, and leaves the files as a power cut in the
// middle of the last write would: HEAD behind, ACKED not there, half a write.
void cut_in_last_write(const std::string& data, const std::string& from) {
  const auto source = engine::Log::open(from, engine::OpenMode::read_only);
  REQUIRE(source.has_value());
  const std::string head = engine::test::bytes_in(data + "/HEAD");
  std::string wal;
  std::size_t before = 0;
  {
    const auto log = engine::Log::open(data, engine::OpenMode::read_write);
    REQUIRE(log.has_value());
    wal = engine::test::newest_wal(data);
    const auto events = support::copies_of(**source);
    for (std::size_t at = 0; at < events.size();) {
      std::size_t end = at + 1;
      while (end < events.size() && (events[end].flags & engine::kFollows) != 0) ++end;
      before = engine::test::written_in(wal).size();
      REQUIRE((*log)->append({&events[at], end - at}).has_value());
      at = end;
    }
  }
  engine::test::overwrite(data + "/HEAD", head);
  fs::remove(data + "/ACKED");
  const std::string bytes = engine::test::written_in(wal);
  REQUIRE(bytes.size() > before + 100);
  engine::test::overwrite(wal, bytes.substr(0, before + (bytes.size() - before) / 2));
}

}  // namespace

TEST_CASE("a torn write that nobody was told of is dropped, and the access log says so, once") {
  const TempDir dir;
  const std::string whole = new_ledger(dir, "whole");
  REQUIRE(run("import --data " + whole + " " + kHistory).exit_code == 0);
  const std::string data = new_ledger(dir, "torn", whole + ".keys/keystore");
  cut_in_last_write(data, whole);

  // Asking changes nothing, and tells what is proved.
  CHECK(run("history access/damage --data " + data).out.find("DamageAccepted") ==
        std::string::npos);
  const Ran first = run("import --data " + data + " " + kHistory);
  CAPTURE(first.err);
  CHECK(first.exit_code == 0);  // what is there is a repeat, and what was torn is new again
  const Ran told = run("history access/damage --data " + data);
  CAPTURE(told.out);
  CHECK(told.out.find("DamageAccepted") != std::string::npos);
  CHECK(told.out.find("never acknowledged") != std::string::npos);
  CHECK(told.out.find(".log, bytes ") != std::string::npos);

  REQUIRE(run("import --data " + data + " " + kHistory).exit_code == 0);
  CHECK(run("history access/damage --data " + data).out == told.out);
  CHECK(run("audit --data " + data).exit_code == 0);
}
