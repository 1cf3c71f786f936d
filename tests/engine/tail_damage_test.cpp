// Damage at the end of RocksDB's log: what can only be a torn write that nobody was told of is
// accepted, kept in the quarantine and reported; anything else is refused, also where HEAD lags.
#include <doctest/doctest.h>

#include "engine/log/acked.h"
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
      second = written_in(wal).size();
      append_all(*log, 61, 70, 10);
    }
    fs::copy_file(kept, head, fs::copy_options::overwrite_existing);
    bytes = written_in(wal);
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

// What an open with damage at its end must answer.
enum class Answer { accepts, refuses, sees_none };

struct Case {
  std::string what;
  std::string bytes;  // of RocksDB's newest log
  Answer answer;
};

// As RocksDB's log is as long as a ledger is written: with zeros ahead of what was written.
const std::string kZeros(8192, '\0');

std::string zeroed(std::string bytes, std::size_t begin, std::size_t size) {
  const std::size_t end = std::min(bytes.size(), begin + size);
  for (std::size_t at = begin; at < end; ++at) bytes[at] = '\0';
  return bytes;
}

std::size_t sector_after(std::size_t at) { return (at + 511) / 512 * 512; }

// Each is a way to find the log of a ledger whose HEAD names less, after a power cut.
std::vector<Case> cases_of(const Lagging& lagging) {
  const std::string& whole = lagging.bytes;
  const std::size_t second = lagging.second, end = whole.size(), sector = sector_after(second);
  return {
      {"one sector of the last group was never written", zeroed(whole, sector, 512),
       Answer::accepts},
      {"its first bytes up to a sector were never written", zeroed(whole, second, sector - second),
       Answer::accepts},
      {"its last bytes from a sector on were never written", zeroed(whole, end / 512 * 512, 512),
       Answer::accepts},
      {"nothing of it was ever written", zeroed(whole, second, 4096), Answer::sees_none},
      {"every other sector of it was never written",
       zeroed(zeroed(whole, sector, 512), sector + 1024, 512), Answer::accepts},
      {"the file ends within it", whole.substr(0, second + 700), Answer::accepts},
      {"the file ends within its header", whole.substr(0, second + 3), Answer::accepts},
      {"the file ends one byte early", whole.substr(0, end - 1), Answer::accepts},
      {"a bit of its payload was flipped", with_flip(whole, second + 200), Answer::refuses},
      {"a bit of its checksum was flipped", with_flip(whole, second), Answer::refuses},
      {"the high bit of its length was flipped", with_flip(whole, second + 5, 7), Answer::refuses},
      {"the low bit of its length was flipped", with_flip(whole, second + 4), Answer::refuses},
      {"its type was flipped", with_flip(whole, second + 6, 2), Answer::refuses},
      {"a few bytes of it became zeros", zeroed(whole, second + 100, 40), Answer::refuses},
      {"a sector of the group before it was never written",
       zeroed(whole, sector_after(lagging.first + 8), 512), Answer::refuses},
      {"both groups were overwritten with zeros up to the last sector",
       zeroed(whole, 0, end / 512 * 512), Answer::accepts},
      {"the group before it has a flipped bit", with_flip(whole, lagging.first + 300),
       Answer::refuses},
      {"its first sector holds another file",
       whole.substr(0, second) + std::string(512, 'x') + whole.substr(second + 512),
       Answer::refuses},
  };
}

}  // namespace

TEST_CASE("behind HEAD only a torn last group is accepted, by the shape of the damage") {
  const Lagging lagging;
  const std::string pristine = lagging.temp.path() + "/pristine";
  copy_over(lagging.ledger(), pristine);
  std::vector<Case> cases = cases_of(lagging);
  for (const Case& one : cases_of(lagging)) {
    // Less than a sector that became zeros is no torn write.
    const bool less =
        one.what == "the file ends one byte early" || one.what == "the file ends within its header";
    cases.push_back(
        {one.what + ", zeros behind it", one.bytes + kZeros, less ? Answer::refuses : one.answer});
  }
  for (const Case& one : cases) {
    CAPTURE(one.what);
    copy_over(pristine, lagging.ledger());
    fs::remove(lagging.ledger() + "/ACKED");  // as after a power cut
    overwrite(lagging.wal, one.bytes);
    auto log = Log::open(lagging.ledger(), OpenMode::read_write);
    if (one.answer == Answer::refuses) {
      REQUIRE_FALSE(log.has_value());
      CAPTURE(log.error().text);
      CHECK(log.error().code == ErrorCode::corrupt);
      CHECK(log.error().seq > 0);
      CHECK(log.error().text.find(fs::path(lagging.wal).filename()) != std::string::npos);
      CHECK(bytes_in(lagging.wal) == one.bytes);  // the evidence is left as it was found
      continue;
    }
    CAPTURE((log ? std::string() : log.error().text));
    REQUIRE(log.has_value());
    const std::uint64_t left = (*log)->size();
    CHECK(left == (one.what.starts_with("both") ? 50 : 60));
    CHECK(holds(**log, left));
    const auto damage = (*log)->accepted_damage();
    REQUIRE(damage.has_value());
    REQUIRE(damage->size() == (one.answer == Answer::accepts ? 1 : 0));
    if (damage->empty()) continue;
    CHECK(damage->front().text.find("records 1.." + std::to_string(left) + " are proved") !=
          std::string::npos);
    const std::string kept =
        lagging.ledger() + "/quarantine/0001." + fs::path(lagging.wal).filename().string();
    CHECK(bytes_in(kept) == one.bytes);
    CHECK(bytes_in(lagging.ledger() + "/quarantine/0001.HEAD") == bytes_in(pristine + "/HEAD"));
    append_all(**log, left + 1, left + 5, 5);
    REQUIRE((*log)->set_recorded(damage->front()).has_value());
    CHECK((*log)->accepted_damage()->empty());
    log->reset();
    CHECK(holds(*open_log(lagging.ledger()), left + 5));
  }
}

TEST_CASE("a reader sees what is proved before a torn last group, and changes nothing") {
  const Lagging lagging;
  fs::remove(lagging.ledger() + "/ACKED");
  overwrite(lagging.wal, lagging.bytes.substr(0, lagging.second + 700));
  CHECK(holds(*open_log(lagging.ledger(), OpenMode::read_only), 60));
  CHECK(quarantined(lagging.ledger()).empty());
  CHECK(fs::file_size(lagging.wal) == lagging.second + 700);
}

TEST_CASE(
    "a write to the MANIFEST that was never synced is cut off, if all that is named is there") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 60, 10);
  const std::string manifest = files_with(temp.ledger(), "MANIFEST").back();
  const std::string sound = bytes_in(manifest);
  // Its header and a part came to the disk; the sectors after it did not.
  std::string torn = sound + std::string("\x12\x34\x56\x78\xb0\x04\x01", 7) + std::string(300, 'e');
  torn.resize(sector_after(torn.size()) + 1024, '\0');
  overwrite(manifest, torn);

  CHECK(refusal(temp.ledger(), OpenMode::read_only).text.find("MANIFEST") != std::string::npos);
  CHECK(bytes_in(manifest) == torn);
  {
    const auto log = open_log(temp.ledger());
    CHECK(holds(*log, 60));
    const auto damage = log->accepted_damage();
    REQUIRE(damage->size() == 1);
    CHECK(damage->front().text.find(fs::path(manifest).filename()) != std::string::npos);
    append_all(*log, 61, 70);
  }
  CHECK(bytes_in(temp.ledger() + "/quarantine/0001." + fs::path(manifest).filename().string()) ==
        torn);
  CHECK_FALSE(fs::exists(temp.ledger() + "/shadow"));
  CHECK(holds(*open_log(temp.ledger()), 70));
}

TEST_CASE("a torn MANIFEST is refused where HEAD names more than is there without its end") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 60, 10);
  const std::string manifest = files_with(temp.ledger(), "MANIFEST").back();
  const std::string torn =
      bytes_in(manifest) + std::string("\x12\x34\x56\x78\xb0\x04\x01", 7) + std::string(2000, '\0');
  overwrite(manifest, torn);
  overwrite(newest_wal(temp.ledger()), "");
  fs::remove(temp.ledger() + "/ACKED");
  const Error error = refusal(temp.ledger());
  CHECK(error.code == ErrorCode::corrupt);
  CHECK(error.text.find("are missing: HEAD names record 60") != std::string::npos);
  CHECK(error.text.find(fs::path(manifest).filename()) != std::string::npos);
  CHECK(bytes_in(manifest) == torn);
}

TEST_CASE("when only the process died, ACKED names what it acknowledged, and no loss is accepted") {
  const Lagging lagging;
  const auto acked = read_acked(lagging.ledger() + "/ACKED");
  REQUIRE(acked.has_value());
  CHECK(acked->seq == 70);
  CHECK(acked->root == root_of(leaves_of(70)));
  for (const std::size_t size : {lagging.second + 700, lagging.second}) {
    CAPTURE(size);
    overwrite(lagging.wal, lagging.bytes.substr(0, size));
    const Error error = refusal(lagging.ledger());
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.seq == 61);
    CHECK(error.text.find("records 61..70 are missing: ACKED names them") != std::string::npos);
  }
  // A witness that is damaged says nothing, and needs not to.
  overwrite(lagging.wal, lagging.bytes);
  overwrite(lagging.ledger() + "/ACKED", with_flip(bytes_in(lagging.ledger() + "/ACKED"), 10));
  CHECK(holds(*open_log(lagging.ledger()), 70));
}

TEST_CASE("an accepted damage is noted once, also when that open is cut off after its note") {
  const Lagging lagging;
  fs::remove(lagging.ledger() + "/ACKED");
  overwrite(lagging.wal, lagging.bytes.substr(0, lagging.second + 700));
  const std::string before = lagging.temp.path() + "/before";
  copy_over(lagging.ledger(), before);
  {
    const auto log = open_log(lagging.ledger());
    REQUIRE(log->accepted_damage()->size() == 1);
  }
  copy_over(lagging.ledger() + "/quarantine", before + "/quarantine");
  const auto log = open_log(before);
  CHECK(holds(*log, 60));
  CHECK(log->accepted_damage()->size() == 1);
}

TEST_CASE("a damaged log that one with a batch follows was acknowledged") {
  const Lagging lagging;
  fs::remove(lagging.ledger() + "/ACKED");
  overwrite(lagging.wal, lagging.bytes.substr(0, lagging.second - 200));
  overwrite(lagging.ledger() + "/log/999999.log", lagging.bytes.substr(lagging.second));
  const Error error = refusal(lagging.ledger());
  CHECK(error.code == ErrorCode::corrupt);
  CHECK(error.text.find("a later group was recorded") != std::string::npos);
}

TEST_CASE("a start that was cut off may leave a newer log with nothing in it behind a torn one") {
  const Lagging lagging;
  fs::remove(lagging.ledger() + "/ACKED");
  overwrite(lagging.wal, lagging.bytes.substr(0, lagging.second + 700));
  overwrite(lagging.ledger() + "/log/999999.log", std::string(512, '\0'));
  const auto log = open_log(lagging.ledger());
  CHECK(holds(*log, 60));
  CHECK(log->accepted_damage()->size() == 1);
}

TEST_CASE("a damaged group that another followed was acknowledged, whatever HEAD says") {
  const Lagging lagging;
  fs::remove(lagging.ledger() + "/ACKED");
  for (std::size_t at = lagging.first; at < lagging.second; at += 29) {
    CAPTURE(at);
    overwrite(lagging.wal, with_flip(lagging.bytes, at, at % 8));
    const Error error = refusal(lagging.ledger());
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.text.find(fs::path(lagging.wal).filename()) != std::string::npos);
  }
  overwrite(lagging.wal, lagging.bytes);
  CHECK(holds(*open_log(lagging.ledger()), 70));
}

TEST_CASE("what a signed checkpoint names is not accepted as a torn write") {
  const Lagging torn;
  fs::remove(torn.ledger() + "/ACKED");
  overwrite(torn.wal, torn.bytes.substr(0, torn.second + 200));
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
  CHECK(quarantined(lagging.ledger()).size() == files_with(lagging.ledger(), ".log").size() + 3);
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

TEST_CASE("the first batch that is not whole is found in RocksDB's log, however it is damaged") {
  const Lagging lagging;
  const std::string& whole = lagging.bytes;
  const auto records = sound_records(bytes_of(whole));
  REQUIRE(records.size() >= 2);
  CHECK(records.back().end == whole.size());
  CHECK_FALSE(damage_in(bytes_of(whole)).has_value());
  CHECK_FALSE(damage_in(bytes_of(whole + std::string(5000, '\0'))).has_value());
  CHECK_FALSE(damage_in({}).has_value());
  CHECK(damage_in(bytes_of(whole + "x")).has_value());
  for (std::size_t at = 0; at < whole.size(); at += 11) {
    CAPTURE(at);
    const auto damage = damage_in(bytes_of(with_flip(whole, at, at % 8)));
    REQUIRE(damage.has_value());
    CHECK(damage->begin == (at < lagging.second ? lagging.first : lagging.second));
    CHECK(damage->followed == (at < lagging.second));
    const auto before_zeros = damage_in(bytes_of(with_flip(whole, at, at % 8) + kZeros));
    REQUIRE(before_zeros.has_value());
    CHECK(before_zeros->begin == damage->begin);
    CHECK(before_zeros->followed == damage->followed);
    CHECK(before_zeros->torn == damage->torn);
  }
  for (std::size_t size = 1; size < whole.size(); size += 13) {
    CAPTURE(size);
    const auto damage = damage_in(bytes_of(whole).first(size));
    CHECK(damage.has_value() == (size != lagging.second));
    if (damage) CHECK(damage->torn);
    if (damage) CHECK_FALSE(damage->followed);
  }
  for (std::size_t size = 512; size < whole.size(); size += 512) {
    CAPTURE(size);
    const auto damage = damage_in(bytes_of(whole.substr(0, size) + kZeros));
    CHECK(damage.has_value() == (size != lagging.second));
    if (damage) CHECK(damage->torn);
    if (damage) CHECK_FALSE(damage->followed);
  }
}

TEST_CASE("zeros lie ahead of what is written of RocksDB's log, so that a group need not grow it") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 10, 10);
  const std::string wal = newest_wal(temp.ledger());
  const auto size = fs::file_size(wal);
  const std::string first = written_in(wal);
  append_all(*log, 11, 20, 1);
  CHECK(fs::file_size(wal) == size);
  CHECK(written_in(wal).size() > first.size());
  CHECK(written_in(wal).starts_with(first));
  const std::string behind = bytes_in(wal).substr(written_in(wal).size());
  CHECK(behind.size() > 1000);
  CHECK(behind == std::string(behind.size(), '\0'));
  // A group that costs more than the journal is not written twice.
  append_all(*log, 21, 1020, 1000);
  CHECK(fs::file_size(wal) == written_in(wal).size());
}
