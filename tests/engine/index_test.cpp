// The parts of the index that answer from memory: the filter of ids and the newest run; and what a
// reopened ledger knows of old and new ids, whatever became of the parts.
#include <doctest/doctest.h>

#include "engine/log/id_filter.h"
#include "engine/log/index_run.h"
#include "tests/engine/ledger.h"
#include "tests/engine/tamper.h"

using namespace engine;
using namespace engine::test;

namespace {

IdFilter::Fingerprint print_of(std::uint64_t n) {
  return IdFilter::fingerprint(digest_of("k" + std::to_string(n)));
}

// Every id of events 1..n leads to its record, and ids that never were lead nowhere.
bool knows_ids(const Log& log, std::uint64_t n) {
  for (std::uint64_t i = 1; i <= n; i += 1 + i / 50) {
    if (log.find_id("k" + std::to_string(i)).value() != i) return false;
  }
  for (std::uint64_t i = n + 1; i <= n + 500; ++i) {
    if (log.find_id("k" + std::to_string(i)).value().has_value()) return false;
  }
  return true;
}

void drop_fingerprints(const std::string& ledger) {
  int dropped = 0;
  tamper(ledger, "index", [&](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator({}, family));
    for (it->Seek("b"); it->Valid() && it->key().starts_with("b"); it->Next(), ++dropped)
      REQUIRE(db.Delete({}, family, it->key()).ok());
  });
  CHECK(dropped > 0);
}

}  // namespace

TEST_CASE("the filter of ids never forgets one, and takes few for known that are not") {
  IdFilter filter;
  CHECK_FALSE(filter.may_hold(print_of(1)));
  constexpr std::uint64_t kMany = 400'000;  // three layers
  for (std::uint64_t n = 1; n <= kMany; ++n) filter.add(print_of(n));
  std::uint64_t forgotten = 0, mistaken = 0;
  for (std::uint64_t n = 1; n <= kMany; ++n) forgotten += !filter.may_hold(print_of(n));
  for (std::uint64_t n = kMany + 1; n <= 2 * kMany; ++n) mistaken += filter.may_hold(print_of(n));
  CHECK(forgotten == 0);
  CHECK(mistaken < kMany / 30);
  CHECK(filter.bytes() < kMany * 6);
}

TEST_CASE("a run of the index finds ids and streams, and writes its keys in their order") {
  IndexRun run(/*after=*/1000);
  for (std::uint64_t n = 1001; n <= 3000; ++n) {
    NewEvent e = event(n);
    if (n % 5 == 0) e.id.clear();  // follows
    if (n == 2000) e.version = 1;
    run.add(e.view(n), e.id.empty() ? IdDigest{} : digest_of(e.id));
  }
  CHECK(run.records() == 2000);
  CHECK(run.find_id(digest_of("k1001")) == 1001);
  CHECK(run.find_id(digest_of("k2999")) == 2999);
  CHECK_FALSE(run.find_id(digest_of("k1005")).has_value());
  CHECK_FALSE(run.find_id(digest_of("k1000")).has_value());
  std::vector<std::uint64_t> seqs;
  run.find_stream(stream_prefix("appeal", "SQ-1"), seqs);
  REQUIRE(seqs.size() == 666);
  for (std::size_t i = 0; i < seqs.size(); ++i) CHECK(seqs[i] == 1003 + 3 * i);
  run.find_stream(stream_prefix("appeal", "SQ-9"), seqs);
  CHECK(seqs.size() == 666);

  std::string last;
  std::size_t ids = 0, fingerprints = 0, ascending = 0, keys = 0;
  CHECK(run.write([&](std::string_view key, std::string_view value) {
    ++keys;
    ascending += last < key;
    ids += key.starts_with("i");
    if (key.starts_with("b")) fingerprints += value.size() / sizeof(IdFilter::Fingerprint);
    last = key;
    return true;
  }));
  CHECK(ids == 1600);
  CHECK(fingerprints == 1600);
  CHECK(ascending == keys);
  CHECK(keys == ids + 1 + 1 + 1 + 3);  // fingerprints, a first, the marker, three streams
  CHECK_FALSE(run.write([](std::string_view, std::string_view) { return false; }));
}

TEST_CASE("old ids are found and new ones are not, before and after a run, closed or reopened") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 5000, 500, 20);
    CHECK(knows_ids(*log, 5000));
    REQUIRE(log->flush().has_value());
    append_all(*log, 5001, 9500, 500, 20);
    CHECK(knows_ids(*log, 9500));
    REQUIRE(log->flush().has_value());  // a second run
    append_all(*log, 9501, 9600, 100, 20);
    CHECK(knows_ids(*log, 9600));
  }
  CHECK(knows_ids(*open_log(temp.ledger(), OpenMode::read_only), 9600));
  {
    const auto log = open_log(temp.ledger());
    CHECK(knows_ids(*log, 9600));  // at once, the filter whole or not
    append_all(*log, 9601, 15000, 100, 20);
    CHECK(knows_ids(*log, 15000));
  }
  CHECK(knows_ids(*open_log(temp.ledger()), 15000));
}

TEST_CASE("ids are found without the fingerprints of an earlier run") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 5000, 500, 20);
    REQUIRE(log->flush().has_value());
  }
  drop_fingerprints(temp.ledger());
  {
    const auto log = open_log(temp.ledger());
    append_all(*log, 5001, 10000, 500, 20);
    REQUIRE(log->flush().has_value());
    CHECK(knows_ids(*log, 10000));
  }
  CHECK(knows_ids(*open_log(temp.ledger()), 10000));
}
