// Copies of a ledger: what they share, and what of them is refused. Those made while another thread
// appends are tests/crash/backup_test.cpp.
#include "engine/log/copying.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;
namespace fs = std::filesystem;

namespace {

std::string first_table(const std::string& dir) {
  for (const auto& entry : fs::directory_iterator(dir + "/log"))
    if (entry.path().extension() == ".sst") return entry.path().string();
  FAIL("no table file");
  return {};
}

}  // namespace

TEST_CASE("an unchanged table file is linked to the earlier copy, and a damaged one is not") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 3000, 100);
  REQUIRE(log->flush().has_value());
  REQUIRE(copy_ledger(*log, temp / "first", "", {}).has_value());
  const auto second = copy_ledger(*log, temp / "second", temp / "first", {});
  REQUIRE(second.has_value());
  CHECK(second->shared > 0);
  CHECK(second->shared < second->bytes);
  const std::string table = first_table(temp / "second");
  CHECK(fs::hard_link_count(table) == 2);
  {
    // In the base, and so in what shares it: the next copy must not take it over.
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.put('\x5a');
  }
  const auto damaged = verify_ledger(temp / "second", {});
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().code == ErrorCode::corrupt);
  const auto third = copy_ledger(*log, temp / "third", temp / "second", {});
  REQUIRE(third.has_value());
  CHECK(third->shared < second->shared);
  CHECK(verify_ledger(temp / "third", {}).has_value());
}

TEST_CASE("a copy with one byte changed in any of its files is refused") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 700, 7);
    REQUIRE(copy_ledger(*log, temp / "copy", "", {}).has_value());
  }
  int changed = 0;
  for (const auto& entry : fs::recursive_directory_iterator(temp / "copy")) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    if (name == "IDENTITY" || name.starts_with("OPTIONS"))
      continue;  // of no bearing on the records
    CAPTURE(name);
    fs::remove_all(temp / "changed");
    fs::copy(temp / "copy", temp / "changed", fs::copy_options::recursive);
    const fs::path path = fs::path(temp / "changed") / fs::relative(entry.path(), temp / "copy");
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(entry.file_size() / 2);
    // HEAD has two slots, and one may be torn: change both.
    for (const std::streamoff offset : {at, name == "HEAD" ? std::streamoff{30} : at}) {
      file.seekg(offset);
      const int byte = file.get();
      file.seekp(offset);
      file.put(static_cast<char>(byte ^ 0x41));
      if (offset == at && name != "HEAD") break;
    }
    file.close();
    CHECK_FALSE(verify_ledger(temp / "changed", {}).has_value());
    ++changed;
  }
  CHECK(changed >= 4);
}

TEST_CASE("a copy is refused where something is, and of a log open for reading only") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 10);
  fs::create_directory(temp / "there");
  CHECK_FALSE(copy_ledger(*log, temp / "there", "", {}).has_value());
  CHECK_FALSE(fs::exists(temp.ledger() + "/frozen"));
  const auto reader = open_log(temp.ledger(), OpenMode::read_only);
  CHECK_FALSE(copy_ledger(*reader, temp / "new", "", {}).has_value());
  CHECK_FALSE(fs::exists(temp / "new"));
}
