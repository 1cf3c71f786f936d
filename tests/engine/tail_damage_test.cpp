// Damage at the end of RocksDB's log: what may be a torn write that nobody was told of is accepted,
// kept in the quarantine and reported; what was acknowledged is refused, also where HEAD lags.
#include <doctest/doctest.h>

#include "engine/log/wal.h"
#include "tests/engine/damage.h"
#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;
namespace fs = std::filesystem;

namespace {

// A ledger of events 1..50 as HEAD knows it, and two groups after it that HEAD knows nothing of:
// 51..60 and 61..70. `first` and `second` are where they lie in RocksDB's log.
struct Lagging {
  TempDir temp;
  std::string wal, bytes;
  std::size_t first = 0, second = 0;

  Lagging() {
    const std::string head = temp.ledger() + "/HEAD", kept = temp.path() + "/HEAD";
    append_all(*new_log(temp), 1, 50, 10);
    fs::copy_file(head, kept);
    {
      const auto log = open_log(temp.ledger());
      wal = newest_wal(temp.ledger());
      append_all(*log, 51, 60, 10);
      first = 0;
      second = fs::file_size(wal);
      append_all(*log, 61, 70, 10);
    }
    fs::copy_file(kept, head, fs::copy_options::overwrite_existing);
    bytes = bytes_in(wal);
    REQUIRE(second > 1000);
    REQUIRE(bytes.size() > second + 1000);
  }
  [[nodiscard]] std::string ledger() const { return temp.ledger(); }
};

std::vector<std::string> quarantined(const std::string& ledger) {
  std::vector<std::string> out;
  if (!fs::exists(ledger + "/quarantine")) return out;
  for (const auto& entry : fs::directory_iterator(ledger + "/quarantine")) {
    out.push_back(entry.path().filename().string());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

TEST_CASE("a torn last group that HEAD does not name is accepted, kept and reported") {
  const Lagging torn;
  const std::string pristine = torn.temp.path() + "/pristine";
  copy_over(torn.ledger(), pristine);
  std::size_t accepted = 0;
  for (std::size_t at = torn.second; at < torn.bytes.size(); at += 37) {
    CAPTURE(at);
    copy_over(pristine, torn.ledger());
    const std::string damaged = with_flip(torn.bytes, at, at % 8);
    overwrite(torn.wal, damaged);
    CHECK(holds(*open_log(torn.ledger(), OpenMode::read_only), 60));
    CHECK(quarantined(torn.ledger()).empty());
    const auto log = open_log(torn.ledger());
    CHECK(holds(*log, 60));
    const auto damage = log->accepted_damage();
    REQUIRE(damage.has_value());
    if (damage->empty()) continue;  // RocksDB took it for the end of the file
    ++accepted;
    REQUIRE(damage->size() == 1);
    CHECK(damage->front().text.find("records 1..60 are proved") != std::string::npos);
    const std::string kept =
        torn.ledger() + "/quarantine/0001." + fs::path(torn.wal).filename().string();
    CHECK(bytes_in(kept) == damaged);
    append_all(*log, 61, 65, 5);
    REQUIRE(log->set_recorded(damage->front()).has_value());
    CHECK(log->accepted_damage()->empty());
  }
  CHECK(accepted > 20);
  CHECK(holds(*open_log(torn.ledger()), 65));
}

TEST_CASE("a damaged group that another followed was acknowledged, whatever HEAD says") {
  const Lagging lagging;
  for (std::size_t at = lagging.first; at < lagging.second; at += 29) {
    CAPTURE(at);
    overwrite(lagging.wal, with_flip(lagging.bytes, at, at % 8));
    const Error error = refusal(lagging.ledger());
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.text.find(fs::path(lagging.wal).filename()) != std::string::npos);
  }
  for (const std::size_t size : {512U, 1024U}) {
    std::string bytes = lagging.bytes;
    std::fill_n(bytes.begin() + 100, size, '\0');
    overwrite(lagging.wal, bytes);
    CHECK(refusal(lagging.ledger()).code == ErrorCode::corrupt);
  }
  overwrite(lagging.wal, lagging.bytes);
  CHECK(holds(*open_log(lagging.ledger()), 70));
}

TEST_CASE("what a signed checkpoint names is not accepted as a torn write") {
  const Lagging torn;
  overwrite(torn.wal, with_flip(torn.bytes, torn.second + 200));
  const Known beyond{65, {}, "signed"}, other{55, {}, "signed"};
  const Known within{55, root_of(leaves_of(55)), "signed"};
  const auto missing = Log::open(torn.ledger(), OpenMode::read_write, {&beyond, 1});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::corrupt);
  CHECK(missing.error().seq == 61);
  CHECK(missing.error().text.find("records 61..65 are missing: signed names them") !=
        std::string::npos);
  CHECK_FALSE(Log::open(torn.ledger(), OpenMode::read_write, {&other, 1}).has_value());
  CHECK(Log::open(torn.ledger(), OpenMode::read_write, {&within, 1}).has_value());
}

TEST_CASE("refused opens leave one generation in the quarantine, clean ones none") {
  const Lagging lagging;
  CHECK(quarantined(lagging.ledger()).empty());
  overwrite(lagging.wal, with_flip(lagging.bytes, 300));
  for (int i = 0; i < 6; ++i) CHECK(refusal(lagging.ledger()).code == ErrorCode::corrupt);
  CHECK(quarantined(lagging.ledger()).size() == files_with(lagging.ledger(), ".log").size() + 2);
  CHECK(bytes_in(lagging.wal) == with_flip(lagging.bytes, 300));
  overwrite(lagging.wal, lagging.bytes);
  CHECK(holds(*open_log(lagging.ledger()), 70));
  CHECK(quarantined(lagging.ledger()).empty());
}

TEST_CASE("the quarantine keeps four generations, and every damage that is not recorded") {
  const TempDir temp;
  fs::create_directories(temp.ledger() + "/log");
  const auto generation = [&](bool damaged) {
    overwrite(temp.ledger() + "/log/000001.log", "x");
    Quarantine quarantine(temp.ledger());
    REQUIRE(quarantine.keep().has_value());
    if (damaged) REQUIRE(quarantine.note_damage("torn").has_value());
    fs::remove(temp.ledger() + "/log/000001.log");
  };
  for (int i = 0; i < 3; ++i) generation(/*damaged=*/true);
  for (int i = 0; i < 3; ++i) generation(/*damaged=*/false);
  const auto logs = [&] {
    auto names = quarantined(temp.ledger());
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
    return names;
  };
  CHECK(logs() == std::vector<std::string>{"0001.000001.log", "0002.000001.log", "0003.000001.log",
                                           "0006.000001.log"});
  REQUIRE(Quarantine(temp.ledger()).release().has_value());
  CHECK(logs().size() == 3);
  CHECK(Quarantine(temp.ledger()).unrecorded()->size() == 3);
}

TEST_CASE("the batches behind a place are found in RocksDB's log, however it is damaged") {
  const Lagging lagging;
  const std::string& whole = lagging.bytes;
  const auto records = sound_records(bytes_of(whole));
  REQUIRE(records.size() >= 2);
  CHECK(records.back().end == whole.size());
  const auto later = [](std::string_view bytes, std::uint64_t sequence) {
    return batches_after(bytes_of(bytes), sequence);
  };
  CHECK(later(whole, 0).whole == 2);
  CHECK(later(whole, ~std::uint64_t{0} - 1).whole == 0);
  for (std::size_t at = 0; at < lagging.second; at += 11) {
    CHECK(later(with_flip(whole, at), 0).whole >= 1);
  }
  CHECK(later(whole.substr(0, whole.size() - 1), 0).whole == 1);
  CHECK(later(std::string(70'000, 'x'), 0).whole == 0);
}
