// Backup and restore from the command line (reliability.md section 6, R16): what is refused, what
// is recorded, and what is said of keys that are of another day than the log.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/tools/run.h"

using namespace tools_test;
namespace fs = std::filesystem;

namespace {

void add(const TempDir& dir, const std::string& data, const std::string& lines) {
  write_file(dir / "lines.jsonl", lines);
  const Ran imported = run("import --data " + data + " " + (dir / "lines.jsonl"));
  REQUIRE_MESSAGE(imported.exit_code == 0, imported.err);
}

Ran restored(const std::string& from, const std::string& to, const std::string& more = {}) {
  return run("restore --format json --from " + from + " --data " + to + more);
}

// A supervisor, whose name is sealed.
std::string supervisor(std::string_view no) {
  return line("NominateSupervisor", "supervisor/" + std::string(no),
              {.id = "supervisor-" + std::string(no),
               .data = R"({"name":"陈一平","category":"人大代表","reason":"熟悉企业"})"});
}

}  // namespace

TEST_CASE("a backup is a copy under a new name, recorded, without keys, and never over another") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup";
  add(dir, data, department("D1") + department("D2"));
  const Ran made = run("backup --format json --data " + data + " " + backup);
  REQUIRE_MESSAGE(made.exit_code == 0, made.err);
  CHECK(made.json().at("seq") == 2);
  CHECK(run("history access/backup --data " + data).out.find("BackupMade") != std::string::npos);
  CHECK(run("history access/backup --data " + backup).out.find("BackupMade") != std::string::npos);
  CHECK_FALSE(fs::exists(backup + ".partial"));
  CHECK_FALSE(fs::exists(backup + ".keys"));
  for (const auto& entry : fs::recursive_directory_iterator(backup)) {
    const std::string bytes = entry.is_regular_file() ? read_file(entry.path()) : std::string();
    CHECK(bytes.find("PRIVATE KEY") == std::string::npos);
  }
  CHECK(run("backup --data " + data + " " + backup).exit_code == 1);
}

TEST_CASE("what an interrupted backup left is cleared by the next one") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup";
  add(dir, data, department("D1"));
  fs::create_directories(backup + ".partial/log");
  write_file(backup + ".partial/log/000001.sst", "half");
  fs::create_directories(data + "/frozen");
  write_file(data + "/frozen/000001.sst", "half");
  CHECK(run("backup --data " + data + " " + backup).exit_code == 0);
  CHECK_FALSE(fs::exists(backup + "/log/000001.sst"));
  CHECK_FALSE(fs::exists(data + "/frozen"));
}

TEST_CASE("a restored backup is the ledger that it was, and nothing is restored over another") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup";
  add(dir, data, department("D1") + supervisor("S1"));
  REQUIRE(run("checkpoint --data " + data).exit_code == 0);
  const Ran made = run("backup --format json --data " + data + " " + backup);
  REQUIRE_MESSAGE(made.exit_code == 0, made.err);
  CHECK(restored(backup, data).exit_code == 1);
  fs::rename(data, dir / "gone");
  const Ran back = restored(backup, data, " --damaged " + (dir / "gone"));
  REQUIRE_MESSAGE(back.exit_code == 0, back.out << back.err);
  CHECK(back.json().at("lost_to") == 0);
  CHECK(back.json().at("sound") == true);
  CHECK(back.json().at("key_store").as_string().find("1 sealed fields open") != std::string::npos);
  CHECK(run("audit --data " + data).exit_code == 0);
  CHECK(run("checkpoint --data " + data).exit_code == 0);
  add(dir, data, department("D2"));
}

TEST_CASE("an older backup names the events it lacks, from the signed checkpoint and from HEAD") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup";
  add(dir, data, department("D1"));
  REQUIRE(run("backup --data " + data + " " + backup).exit_code == 0);
  add(dir, data, department("D2") + department("D3"));
  REQUIRE(run("checkpoint --data " + data).exit_code == 0);
  add(dir, data, department("D4"));
  fs::rename(data, dir / "gone");
  const Ran signed_only = restored(backup, data);
  CHECK(signed_only.exit_code == 3);
  CHECK(signed_only.json().at("lost_to") == 3);
  CHECK(signed_only.json().at("signer").as_string().find("older copy") != std::string::npos);
  const Ran refused = run("checkpoint --data " + data);
  CHECK(refused.exit_code == 3);
  CHECK(refused.err.find("older copy") != std::string::npos);
  fs::rename(data, dir / "older");
  const Ran with_head = restored(backup, data, " --damaged " + (dir / "gone"));
  CHECK(with_head.exit_code == 3);
  CHECK(with_head.json().at("lost_to") == 4);
}

TEST_CASE("a key store of another day than the log is named, and so are keys that are not there") {
  const TempDir dir;
  const std::string data = new_ledger(dir), other = new_ledger(dir, "other"),
                    backup = dir / "backup";
  add(dir, data, department("D1") + supervisor("S1"));
  REQUIRE(run("backup --data " + data + " " + backup).exit_code == 0);
  fs::rename(data, dir / "gone");
  fs::copy_file(other + ".keys/keystore", data + ".keys/keystore",
                fs::copy_options::overwrite_existing);
  const Ran back = restored(backup, data);
  CHECK(back.exit_code == 3);
  CHECK(back.json().at("key_store").as_string().find("the first in event 2") != std::string::npos);
  fs::rename(data, dir / "again");
  fs::rename(data + ".keys", dir / "keys");
  const Ran keyless = restored(backup, data);
  CHECK(keyless.exit_code == 3);
  CHECK(keyless.json().at("signer").as_string().find("put it back") != std::string::npos);
}

TEST_CASE("a key store that is older than an erasure is named, and the erasure is run again") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup",
                    keystore = data + ".keys/keystore";
  const std::string company = "enterprise/91350100M000100Y43";
  add(dir, data,
      line("RegisterEnterprise", company, {.id = "r", .data = R"({"name":"示例公司"})"}) +
          line("SetContact", company, {.id = "c", .data = R"({"name":"王工","phone":"138"})"}) +
          line("ErasePersonalData", company,
               {.id = "e", .data = R"({"reason":"企业要求","approver":"b"})"}));
  fs::copy_file(keystore, dir / "older");
  REQUIRE(run("erase --data " + data).exit_code == 0);
  REQUIRE(run("backup --data " + data + " " + backup).exit_code == 0);
  fs::rename(data, dir / "gone");
  const Ran sound = restored(backup, data);
  CHECK(sound.json().at("sound") == true);
  CHECK(sound.json().at("key_store").as_string().find("the keys of 2") != std::string::npos);
  fs::rename(data, dir / "again");
  fs::copy_file(dir / "older", keystore, fs::copy_options::overwrite_existing);
  const Ran back = restored(backup, data);
  CHECK(back.exit_code == 3);
  CHECK(back.json().at("key_store").as_string().find("older than an erasure") != std::string::npos);
  CHECK(run("erase --format json --data " + data).json().at("destroyed").as_array().size() == 1);
}

TEST_CASE("a damaged backup is not restored, and the target stays free") {
  const TempDir dir;
  const std::string data = new_ledger(dir), backup = dir / "backup";
  add(dir, data, department("D1") + department("D2"));
  REQUIRE(run("backup --data " + data + " " + backup).exit_code == 0);
  fs::path table;
  for (const auto& entry : fs::directory_iterator(backup + "/log"))
    if (entry.path().extension() == ".sst") table = entry.path();
  REQUIRE_FALSE(table.empty());
  std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(10);
  file.put('\x7f');
  file.close();
  const Ran refused = restored(backup, dir / "new");
  CHECK(refused.exit_code == 3);
  CHECK_FALSE(fs::exists(dir / "new"));
  CHECK_FALSE(fs::exists(dir / "new.restoring"));
  CHECK(restored(dir / "nothing", dir / "new").exit_code == 2);
}
