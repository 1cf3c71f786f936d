// R5, R6, R9, R10, R18: calls that fail, a disk that is full, reads that lie, a second fault during
// recovery, syncs that lie or are slow. Each run is one seed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

#include "tests/crash/campaign.h"
#include "tests/crash/solo.h"

using namespace crash;

namespace {

std::string named(const std::string& what, std::uint64_t n) {
  return what + " " + std::to_string(n) + ": ";
}

// A ledger on which `acts` things happened.
void grow(Solo& run, std::uint64_t acts) {
  REQUIRE(run.create().has_value());
  REQUIRE(run.open());
  REQUIRE(run.live(acts));
}

// One call fails. Then nothing is acknowledged, where it concerned writing; a restart recovers, and
// what it showed outlives a power cut: pages that a failed sync left clean are written again.
std::string fail_nth(const Fault& fault, Tally& tally, bool& struck, Story* story = nullptr) {
  Solo run(fault.nth);
  run.disk().tell(story);
  grow(run, 10);
  const bool of_reading = fault.op == Op::read;
  if (of_reading) run.close();  // a running ledger of this size reads next to nothing
  run.disk().plan(fault);
  const bool opened = !of_reading || run.open();
  if (!opened) tally.count("refused to open");
  const bool writes = opened && run.live(25);
  struck = run.disk().fired()[static_cast<std::size_t>(Kind::fail)] != 0;
  tally.count(run.disk().fired());
  // A read that fails stops nobody; where it fails, it may fail here too.
  if (!writes && !of_reading) {
    tally.count("writes stopped");
    if (run.acknowledges()) return "acknowledged after a storage error";
    const std::string unread = run.reads();
    if (!unread.empty()) return "after a storage error " + unread;
    tally.count("read on");
  }
  run.lose(Loss::nothing);
  std::string wrong = run.verify();
  if (!wrong.empty()) return "after the restart: " + wrong;
  run.lose(Loss::everything);
  wrong = run.verify();
  return wrong.empty() ? wrong : "after a power cut after the restart: " + wrong;
}

void fail_every(Op op) {
  Tally tally("R5", "each nth " + std::string(name_of(op)) + " fails", {Kind::fail});
  for (const bool forever : {false, true}) {
    bool struck = true;
    for (std::uint64_t n = 1; struck; ++n) {
      Fault fault;
      fault.op = op;
      fault.nth = n;
      fault.forever = forever;
      const std::string wrong = fail_nth(fault, tally, struck);
      tally.add(1, wrong);
      REQUIRE_MESSAGE(wrong.empty(), named(std::string(name_of(op)) + (forever ? " from" : ""), n)
                                         << wrong);
    }
  }
  if (op != Op::read) CHECK(tally.seen("read on") != 0);
}

std::string fill(std::uint64_t seed, Tally& tally, Story* story = nullptr) {
  Solo run(seed);
  run.disk().tell(story);
  grow(run, 10);
  run.disk().limit(run.disk().image().bytes() + 1 + run.numbers().below(20'000));
  if (run.live(400)) return {};  // the table's counters say how often it was full
  tally.count(run.disk().fired());
  const bool told = run.write_error() && run.write_error()->code == engine::ErrorCode::disk_full;
  if (!told) return "a full disk was told as another error";
  if (run.acknowledges()) return "acknowledged on a full disk";
  std::uint64_t records = 0;
  const auto read = run.log()->read(1, 0, [&](const RecordView&) { return ++records != 0; });
  if (!read || records != run.log()->size()) return "reads stopped on a full disk";
  run.disk().tell(nullptr);  // RocksDB waits for room on a thread of its own, and ends as that does
  run.disk().limit(0);
  run.close();
  return run.verify();
}

struct Row {
  engine::Bytes entry, payload;
};

// Reads against what was there before the fault; the error, if there is one, is right as well.
std::string read_wrong(Solo& run, const std::vector<Row>& rows, std::uint64_t reads, Tally& tally) {
  std::string wrong;
  for (std::uint64_t i = 0; i < reads && wrong.empty(); ++i) {
    const std::uint64_t from = 1 + run.numbers().below(rows.size());
    std::uint64_t next = from;
    const auto read = run.log()->read(from, from + 5, [&](const RecordView& record) {
      const Row& right = rows.at(record.seq - 1);
      if (record.seq != next++ || engine::encode_entry(record) != right.entry ||
          !std::ranges::equal(record.payload, right.payload))
        wrong = named("another row as record", record.seq);
      return wrong.empty();
    });
    if (!read) tally.count("reads refused");
    if (read && wrong.empty() && next != std::min<std::uint64_t>(from + 6, rows.size() + 1))
      wrong = named("rows left out after record", from);
  }
  return wrong;
}

// The power goes, and while the next start recovers, another fault strikes it.
std::string twice(std::uint64_t seed, Tally& tally, Story* story = nullptr) {
  Solo run(seed);
  run.disk().tell(story);
  grow(run, 10);
  run.disk().cut_at(1 + run.numbers().below(60));
  run.live(60);
  run.lose(kLosses[run.numbers().below(5)]);
  const std::uint64_t choice = run.numbers().below(4);
  if (choice == 0) run.disk().cut_at(1 + run.numbers().below(25));
  if (choice == 1) run.disk().limit(run.disk().image().bytes() + 1 + run.numbers().below(4000));
  if (choice >= 2) {
    constexpr Op kOps[] = {Op::sync, Op::write, Op::read, Op::create};
    Fault fault;
    fault.op = kOps[run.numbers().below(4)];
    fault.nth = 1 + run.numbers().below(12);
    fault.forever = choice == 3;
    run.disk().plan(fault);
  }
  const bool opened = run.open();
  tally.count(opened ? "second start opened" : "second start refused");
  if (opened) run.live(10);
  tally.count(run.disk().fired());
  run.lose(kLosses[run.numbers().below(5)]);
  return run.verify();
}

// The first call, or the first fault, that two runs of one seed do not have in common; empty: none.
std::string difference(const Story& one, const Story& other) {
  const auto [at, there] = std::ranges::mismatch(one, other);
  if (at == one.end() && there == other.end()) return {};
  const auto line = [](const Story& story, Story::const_iterator where) {
    return where == story.end() ? "its end" : *where;
  };
  return "call " + std::to_string(at - one.begin() + 1) + " is " + line(one, at) + " and " +
         line(other, there);
}

// Plays a seed two times.
template <class Play>
void check_same(const std::string& what, std::uint64_t seed, Tally& tally, Play play) {
  Story one, other;
  std::string wrong = play(one);
  if (wrong.empty()) wrong = play(other);
  if (wrong.empty()) wrong = difference(one, other);
  tally.add(1, wrong);
  tally.count("calls", one.size());
  REQUIRE(one.size() > 100);
  CHECK_MESSAGE(wrong.empty(), named(what, seed) << wrong);
}

}  // namespace

TEST_CASE("R5, R6, R10: one seed is one run, call by call and fault by fault") {
  Tally tally("R5, R6, R10", "one seed played twice", {Kind::fail, Kind::full, Kind::cut});
  const std::uint64_t first = first_seed();
  for (const Op op : {Op::sync, Op::write, Op::read})
    for (std::uint64_t nth = first; nth < first + times(8); ++nth)
      for (const bool forever : {false, true}) {
        Fault fault;
        fault.op = op;
        fault.nth = nth;
        fault.forever = forever;
        check_same("R5, " + std::string(name_of(op)), nth, tally, [&](Story& story) {
          bool struck = false;
          return fail_nth(fault, tally, struck, &story);
        });
      }
  for (std::uint64_t seed = first; seed < first + times(12); ++seed)
    check_same("R6, seed", seed, tally, [&](Story& story) { return fill(seed, tally, &story); });
  for (std::uint64_t seed = first; seed < first + times(24); ++seed)
    check_same("R10, seed", seed, tally, [&](Story& story) { return twice(seed, tally, &story); });
}

TEST_CASE("R5: after a failed sync nothing is acknowledged, reads go on, and a restart recovers") {
  fail_every(Op::sync);
}
TEST_CASE("R5: after a failed write nothing is acknowledged, reads go on, and a restart recovers") {
  fail_every(Op::write);
}
TEST_CASE("R5: a failed read is an error and harms nothing") { fail_every(Op::read); }

TEST_CASE("R6: a full disk refuses writes, goes on reading, and continues when there is room") {
  Tally tally("R6", "disk full, then room", {Kind::full});
  for (std::uint64_t seed = first_seed(); tally.runs() < times(200); ++seed) {
    const std::string wrong = fill(seed, tally);
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), named("seed", seed) << wrong);
  }
}

TEST_CASE("R9: a read that the disk spoils is an error, never another row") {
  constexpr Kind kSpoils[] = {Kind::flip, Kind::zero, Kind::misdirect, Kind::stale, Kind::shorten};
  Tally tally("R9", "reads of tables spoiled, at the open and after",
              {Kind::flip, Kind::zero, Kind::misdirect, Kind::stale, Kind::shorten});
  Solo run(first_seed());
  grow(run, 150);
  std::vector<Row> rows;
  REQUIRE(run.log()->read(1, 0, [&](const RecordView& record) {
    rows.push_back({engine::encode_entry(record), {record.payload.begin(), record.payload.end()}});
    return true;
  }));
  run.close();
  REQUIRE(run.open());  // what was in RocksDB's log is in its tables after this
  run.close();
  const Image sound = run.disk().image();
  while (tally.runs() < times(1000)) {
    run.disk().insert(sound);
    Fault fault;
    fault.kind = kSpoils[tally.runs() % std::size(kSpoils)];
    fault.op = Op::read;
    fault.nth = 1 + run.numbers().below(16);
    fault.forever = run.numbers().below(2) == 0;
    fault.in = ".sst";
    run.disk().plan(fault);
    const bool opened = run.open();
    tally.count(opened ? "opened" : "refused to open");
    const std::string wrong = opened ? read_wrong(run, rows, 10, tally) : "";
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), named("run", tally.runs())
                                       << name_of(fault.kind) << ", " << wrong);
    run.kill();
  }
  tally.count(run.disk().fired());
  CHECK(tally.seen("opened") != 0);
  CHECK(tally.seen("refused to open") != 0);
}

TEST_CASE("R10: a second fault during recovery loses nothing acknowledged") {
  Tally tally("R10", "a second fault during recovery", {Kind::cut, Kind::fail, Kind::full});
  for (std::uint64_t seed = first_seed(); tally.runs() < times(400); ++seed) {
    const std::string wrong = twice(seed, tally);
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), named("seed", seed) << wrong);
  }
}

TEST_CASE("R18: where a disk lies about syncs, the last root handed out shows the loss") {
  Tally tally("R18", "a lying disk loses its power", {Kind::lie});
  for (std::uint64_t seed = first_seed(); tally.runs() < times(200); ++seed) {
    Solo run(seed);
    grow(run, 10);
    Fault fault;
    fault.kind = Kind::lie;
    fault.forever = true;
    run.disk().plan(fault);
    REQUIRE(run.live(20));
    const std::uint64_t size = run.log()->size();
    const engine::Known last{size, run.log()->root_at(size).value(), "receipt"};
    run.lose(Loss::everything);
    tally.count(run.disk().fired());
    run.disk().step_by_step(false);
    const auto log = engine::Log::open(kLedger, engine::OpenMode::read_only, {&last, 1});
    std::string wrong;
    if (log) wrong = run.oracle().check(**log);
    const bool by_receipt =
        !log && log.error().text.find("receipt names them") != std::string::npos;
    tally.count(log ? "nothing lost" : by_receipt ? "shown by the receipt" : "shown by the ledger");
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), named("seed", seed) << wrong);
  }
  CHECK(tally.seen("shown by the receipt") != 0);
}

TEST_CASE("R18: a slow disk costs time and nothing else") {
  Tally tally("R18", "a slow disk", {Kind::slow});
  for (std::uint64_t seed = first_seed(); tally.runs() < times(20); ++seed) {
    Solo run(seed);
    grow(run, 5);
    Fault fault;
    fault.kind = Kind::slow;
    fault.forever = true;
    run.disk().plan(fault);
    REQUIRE(run.live(20));
    CHECK(run.disk().virtual_micros() != 0);
    tally.count(run.disk().fired());
    run.lose(Loss::everything);
    const std::string wrong = run.verify();
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), named("seed", seed) << wrong);
  }
}
