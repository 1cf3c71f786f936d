// Damage anywhere in a closed ledger's files: RocksDB's MANIFEST, CURRENT and tables, ours. An open
// refuses and names it, or everything is there; nothing between.
#include <doctest/doctest.h>

#include "engine/log/wal.h"
#include "tests/engine/damage.h"
#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kEvents = 600;

// A ledger with several tables a family, a long MANIFEST and a tail in RocksDB's log.
void fill(const TempDir& temp) {
  REQUIRE(Log::create(temp.ledger(), "测试区").has_value());
  for (std::uint64_t n = 1; n <= kEvents; n += 100) {
    const auto log = open_log(temp.ledger());
    append_all(*log, n, n + 79, 20, 400);
    REQUIRE(log->flush().has_value());
    append_all(*log, n + 80, n + 99, 10, 400);
  }
}

// Opens and reads all of it: what is not as it was written is said by one or the other.
enum class Seen { all, refused, wrong };
Seen seen(const std::string& ledger) {
  const auto log = Log::open(ledger, OpenMode::read_only);
  if (!log) return log.error().code == ErrorCode::corrupt ? Seen::refused : Seen::wrong;
  if (holds(**log, kEvents, 400)) return Seen::all;
  const auto read = (*log)->read(1, 0, [](const RecordView&) { return true; });
  if (!read) return read.error().code == ErrorCode::corrupt ? Seen::refused : Seen::wrong;
  return Seen::wrong;
}

}  // namespace

TEST_CASE("a MANIFEST cut at any record boundary rolls nothing back unseen") {
  const TempDir temp;
  fill(temp);
  const auto manifests = files_with(temp.ledger(), "MANIFEST-");
  REQUIRE(manifests.size() == 1);
  const std::string good = bytes_in(manifests.front());
  const auto records = sound_records(bytes_of(good));
  REQUIRE(records.size() > 5);
  REQUIRE(records.back().end == good.size());
  std::size_t refused = 0;
  for (const WalRecord& record : records) {
    for (const std::size_t size : {record.begin, record.begin + 3}) {
      CAPTURE(size);
      overwrite(manifests.front(), good.substr(0, size));
      const Seen what = seen(temp.ledger());
      CHECK(what != Seen::wrong);
      refused += what == Seen::refused ? 1 : 0;
    }
  }
  CHECK(refused > 2);
  overwrite(manifests.front(), good);
  CHECK(seen(temp.ledger()) == Seen::all);
}

TEST_CASE("a bit flipped at the end of a table is refused by name, and ends no process") {
  const TempDir temp;
  fill(temp);
  const std::string table = files_with(temp.ledger(), ".sst").front();
  const std::string good = bytes_in(table);
  // The end of the properties, the block of meta blocks, the footer.
  std::size_t refused = 0;
  for (std::size_t at = good.size() - std::min<std::size_t>(good.size(), 160); at < good.size();
       ++at) {
    CAPTURE(at);
    overwrite(table, with_flip(good, at, 7));
    const Error error = refusal(temp.ledger(), OpenMode::read_only);
    if (error.code != ErrorCode::corrupt) continue;  // padding of the footer
    CHECK(error.text.find(table.substr(table.rfind('/') + 1)) != std::string::npos);
    ++refused;
  }
  CHECK(refused > 100);
  overwrite(table, good);
  CHECK(seen(temp.ledger()) == Seen::all);
}

TEST_CASE("a changed, emptied, cut, deleted or swapped file is refused or changes nothing") {
  const TempDir temp;
  fill(temp);
  std::vector<std::string> files = files_with(temp.ledger(), "/log/");
  std::erase_if(files, [](const std::string& path) { return path.ends_with("/LOCK"); });
  REQUIRE(files_with(temp.ledger(), ".sst").size() > 5);
  Numbers numbers(7);
  std::size_t tried = 0, refused = 0;
  for (const std::string& path : files) {
    CAPTURE(path);
    const std::string good = bytes_in(path);
    const std::string other = bytes_in(files[(numbers.next() + 1) % files.size()]);
    std::vector<std::string> changed = {good.substr(0, good.size() / 2), "", other,
                                        good + std::string(4096, 'x')};
    for (std::size_t i = 0; i < 4 && !good.empty(); ++i) {
      changed.push_back(with_flip(good, numbers.below(good.size()), i));
      std::string zeroed = good;
      const std::size_t at = numbers.below(good.size());
      std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(at),
                  std::min<std::size_t>(512, good.size() - at), '\0');
      changed.push_back(zeroed);
    }
    for (const std::string& bytes : changed) {
      overwrite(path, bytes);
      const Seen what = seen(temp.ledger());
      CHECK(what != Seen::wrong);
      ++tried;
      refused += what == Seen::refused ? 1 : 0;
    }
    fs::remove(path);
    CHECK(seen(temp.ledger()) != Seen::wrong);
    overwrite(path, good);
  }
  CHECK(seen(temp.ledger()) == Seen::all);
  MESSAGE("tried " << tried << ", refused " << refused);
  CHECK(refused > tried / 2);
}
