// A full disk from the command line (reliability.md section 6, R6): refused with one sentence and
// exit code 1, nothing half, reads go on, and with space again everything does.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/tools/run.h"

using namespace tools_test;

namespace {

constexpr int kDepartments = 4000;

// Every file of the program may grow to so many KiB and no further: a full disk that needs no root.
Ran run_in_little_space(const std::string& line, int kib) {
  const TempDir dir;
  write_file(dir / "run", "trap '' XFSZ\nulimit -f " + std::to_string(kib) + "\nexec " +
                              std::string(BIN_DIR) + "/bihuan " + line + "\n");
  const std::string out = dir / "out", err = dir / "err";
  const int status = std::system(("bash " + (dir / "run") + " >" + out + " 2>" + err).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

}  // namespace

TEST_CASE(
    "a full disk refuses an import in both languages, keeps what was acknowledged, and reads") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  std::string lines;
  for (int n = 1; n <= kDepartments; ++n) lines += department("D" + std::to_string(n));
  write_file(dir / "lines.jsonl", lines);
  const std::string import = "import --data " + data + " " + (dir / "lines.jsonl");
  const Ran full = run_in_little_space(import, 300);
  CHECK(full.exit_code == 1);
  CHECK(full.err.find("磁盘已满") != std::string::npos);
  CAPTURE(full.err);
  const Ran audit = run("audit --data " + data);
  CHECK_MESSAGE(audit.exit_code == 0, audit.out << audit.err);
  CHECK(run("history department/D1 --data " + data).exit_code == 0);
  const Ran again = run(import);
  CHECK_MESSAGE(again.exit_code == 0, again.err);
  CHECK(run("history department/D" + std::to_string(kDepartments) + " --data " + data).exit_code ==
        0);
  CHECK(run("audit --data " + data).exit_code == 0);
}

TEST_CASE("a full disk leaves no backup behind, and the ledger as it was") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup";
  std::string lines;
  for (int n = 1; n <= kDepartments; ++n) lines += department("D" + std::to_string(n));
  write_file(dir / "lines.jsonl", lines);
  REQUIRE(run("import --data " + data + " " + (dir / "lines.jsonl")).exit_code == 0);
  const Ran full = run_in_little_space("backup --data " + data + " " + backup, 40);
  CHECK(full.exit_code == 1);
  CHECK_MESSAGE(full.err.find("磁盘已满") != std::string::npos, full.err);
  CHECK_FALSE(std::filesystem::exists(backup));
  CHECK_FALSE(std::filesystem::exists(backup + ".partial"));
  CHECK(run("audit --data " + data).exit_code == 0);
  CHECK(run("backup --data " + data + " " + backup).exit_code == 0);
}
