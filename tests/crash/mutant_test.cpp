// The eight seeded mutants of reliability.md section 6: each defect is caught by what the fault
// tests look at. The same look at the engine without a defect finds nothing.
#include <doctest/doctest.h>

#include "engine/log/wal.h"
#include "engine/mutant.h"
#include "tests/crash/solo.h"
#include "tests/engine/damage.h"
#include "tests/engine/tamper.h"

using namespace crash;
using namespace engine::test;
using engine::Mutant;

namespace {

// What is found wrong; empty: nothing.
using Look = std::string (*)();

std::string power_cuts() {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    Solo run(seed);
    if (const std::string wrong = cut_after_cut(run, 20); !wrong.empty())
      return "seed " + std::to_string(seed) + ", " + wrong;
  }
  return {};
}

// The power goes right after a ledger was made, and takes what was not synced.
std::string made_and_cut() {
  Solo run(1);
  REQUIRE(run.create().has_value());
  run.lose(Loss::everything);
  return run.verify();
}

// Tables that cannot be read any more: an answer may be an error, never a shorter stream.
std::string streams_behind_failing_reads() {
  constexpr std::uint64_t kEvents = 6000;
  Solo run(1);
  REQUIRE(run.create().has_value());
  run.disk().step_by_step(false);
  {
    const auto log = open_log(kLedger);
    append_all(*log, 1, kEvents, 500);
    REQUIRE(log->flush().has_value());
  }
  const Image sound = run.disk().image();
  std::uint64_t failed = 0;
  std::string wrong;
  for (std::uint64_t nth = 1; nth <= 8 && wrong.empty(); ++nth) {
    run.disk().insert(sound);
    const auto log = open_log(kLedger, engine::OpenMode::read_only);
    Fault fault;
    fault.op = Op::read;
    fault.nth = nth;
    fault.forever = true;
    fault.in = ".sst";
    run.disk().plan(fault);
    for (std::uint64_t n = 0; n < 3; ++n) {
      const auto size = log->stream_size("appeal", "SQ-" + std::to_string(n));
      if (!size) ++failed;
      if (size && *size != kEvents / 3)
        wrong = "a stream of " + std::to_string(kEvents / 3) + " has " + std::to_string(*size);
    }
  }
  CHECK((failed != 0 || !wrong.empty()));  // else no fault has struck
  return wrong;
}

// RocksDB's log ends one group early, as if it had never been written; only HEAD knows of it.
std::string log_cut_at_a_group() {
  const TempDir temp;
  std::string wal;
  std::size_t size = 0;
  {
    const auto log = new_log(temp);
    wal = newest_wal(temp.ledger());
    append_all(*log, 1, 40, 10);
    size = written_in(wal).size();
    append_all(*log, 41, 50, 10);
  }
  std::filesystem::remove(temp.ledger() + "/ACKED");
  overwrite(wal, bytes_in(wal).substr(0, size));
  const auto log = engine::Log::open(temp.ledger(), engine::OpenMode::read_only);
  return log ? "it opens with " + std::to_string((*log)->size()) + " records" : "";
}

// One bit of the last record's header is another one, checksums and all: somewhere behind its
// payload of 300 bytes and the root.
std::string changed_header() {
  const TempDir temp;
  append_all(*new_log(temp), 1, 700, 1, 300);
  std::filesystem::remove(temp.ledger() + "/ACKED");
  const std::string pristine = temp.path() + "/pristine";
  copy_over(temp.ledger(), pristine);
  for (std::size_t from_end = 32 + 310; from_end < 32 + 400; from_end += 10) {
    copy_over(pristine, temp.ledger());
    tamper(temp.ledger(), "tail", flip(be(700), from_end));
    if (engine::Log::open(temp.ledger(), engine::OpenMode::read_only))
      return "it opens with the byte changed that is " + std::to_string(from_end) +
             " before the end";
  }
  return {};
}

void check_caught(Mutant mutant, Look look) {
  engine::the_mutant = Mutant::none;
  const std::string sound = look();
  CHECK_MESSAGE(sound.empty(), "without a defect: " << sound);
  engine::the_mutant = mutant;
  const std::string wrong = look();
  engine::the_mutant = Mutant::none;
  CHECK_FALSE(wrong.empty());
  MESSAGE(wrong);
}

}  // namespace

TEST_CASE("a write that is not synced is caught by power cuts") {
  check_caught(Mutant::unsynced_write, power_cuts);
}
TEST_CASE("an acknowledgement before the sync is caught by power cuts") {
  check_caught(Mutant::early_acknowledgement, power_cuts);
}
TEST_CASE("a directory that is not synced is caught by a power cut after a ledger was made") {
  check_caught(Mutant::unsynced_directory, made_and_cut);
}
TEST_CASE("an iterator's status that nobody asks for is caught by reads that fail") {
  check_caught(Mutant::ignored_iterator_status, streams_behind_failing_reads);
}
TEST_CASE("an open without HEAD is caught by a log that ends one group early") {
  check_caught(Mutant::open_without_head, log_cut_at_a_group);
}
TEST_CASE("an id that is not stored with its record is caught by commands sent again") {
  check_caught(Mutant::id_outside_batch, power_cuts);
}
TEST_CASE("a chain that is not checked is caught by a header changed through RocksDB") {
  check_caught(Mutant::skipped_chain_check, changed_header);
}
TEST_CASE("a projection ahead of its data is caught by a fold from the first record") {
  check_caught(Mutant::projection_ahead, power_cuts);
}
