// What the log promises when things go wrong: kill -9, a cut or changed store, a full disk, a
// second process. The oracle is the history itself: event n follows from n.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "engine/log/file.h"
#include "engine/log/head.h"
#include "engine/proof/bytes.h"
#include "engine/replay/writer.h"
#include "tests/engine/damage.h"
#include "tests/engine/ledger.h"
#include "tests/engine/tamper.h"

using namespace engine;
using namespace engine::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kChildDir = "BIHUAN_TEST_CHILD_DIR";
constexpr const char* kChildPipe = "BIHUAN_TEST_CHILD_PIPE";
constexpr const char* kChildCase = "(child) appends until it is killed";

std::uint64_t group_size(std::uint64_t first) { return Numbers(first).below(40) + 1; }

// Runs this program again as a child that appends; kills it after `acked` acknowledged groups.
std::uint64_t run_child_and_kill(const std::string& ledger, int groups) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0);
  ::setenv(kChildDir, ledger.c_str(), 1);
  ::setenv(kChildPipe, std::to_string(ends[1]).c_str(), 1);
  std::string program = "/proc/self/exe", filter = std::string("--test-case=") + kChildCase,
              no_skip = "--no-skip";
  char* arguments[] = {program.data(), filter.data(), no_skip.data(), nullptr};
  pid_t child = 0;
  REQUIRE(::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
  ::unsetenv(kChildDir);
  ::unsetenv(kChildPipe);
  ::close(ends[1]);
  std::uint64_t acked = 0, seq = 0;
  for (int i = 0; i < groups && ::read(ends[0], &seq, sizeof(seq)) == sizeof(seq); ++i) acked = seq;
  REQUIRE(::kill(child, SIGKILL) == 0);
  // What it still acknowledged before the signal reached it counts too.
  while (::read(ends[0], &seq, sizeof(seq)) == sizeof(seq)) acked = seq;
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return acked;
}

}  // namespace

TEST_CASE("(child) appends until it is killed" * doctest::skip()) {
  const char* dir = std::getenv(kChildDir);
  if (dir == nullptr) return;  // only the test below starts it
  const int pipe = std::atoi(std::getenv(kChildPipe));
  const auto log = open_log(dir);
  for (std::uint64_t first = log->size() + 1;;) {
    const std::uint64_t last = first + group_size(first) - 1;
    if (!log->append(events(first, last, 300))) return;
    if (::write(pipe, &last, sizeof(last)) != sizeof(last)) return;
    first = last + 1;
  }
}

TEST_CASE("kill -9 at any point loses nothing acknowledged, tears no group and leaves no hole") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
  }
  Numbers numbers(3);
  std::uint64_t least = 0;
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    const std::uint64_t acked =
        run_child_and_kill(temp.ledger(), static_cast<int>(1 + numbers.below(60)));
    CHECK(acked > least);
    CHECK(holds(*open_log(temp.ledger(), OpenMode::read_only),
                open_log(temp.ledger(), OpenMode::read_only)->size(), 300));
    const auto log = open_log(temp.ledger());
    CHECK(log->size() >= acked);
    CHECK(log->size() <= acked + group_size(acked + 1));  // at most the one group in doubt
    const bool whole = log->size() == acked || log->size() == acked + group_size(acked + 1);
    CHECK(whole);
    CHECK(holds(*log, log->size(), 300));
    CHECK(log->root_at(log->size()).value() == root_of(leaves_of(log->size(), 300)));
    CHECK(log->find_id("k" + std::to_string(acked)).value() == acked);
    least = acked;
  }
}

TEST_CASE("a second process is told in one sentence that the ledger is in use") {
  const TempDir temp;
  const auto log = new_log(temp);
  const Error error = refusal(temp.ledger());
  CHECK(error.code == ErrorCode::locked);
  CHECK(error.text.find(temp.ledger()) != std::string::npos);
}

TEST_CASE("a directory of another format, or of none, is refused by name") {
  const TempDir temp;
  CHECK(refusal(temp.path()).code == ErrorCode::wrong_format);
  {
    const auto log = new_log(temp);
  }
  const std::string format = temp.ledger() + "/FORMAT";
  for (const char* other :
       {"bihuan-ledger 2\nname x\n", "bihuan-ledger 1\n", "bihuan-ledger 1\nname \n",
        "bihuan-ledger 1\nname x\nname y\n", "bihuan-ledger 10\nname x\n", ""}) {
    overwrite(format, other);
    CHECK(refusal(temp.ledger()).code == ErrorCode::wrong_format);
  }
  fs::remove(format);
  CHECK(refusal(temp.ledger()).code == ErrorCode::wrong_format);
}

TEST_CASE("a log rolled back behind HEAD is refused, and the missing range is named") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 100, 10);
  const std::string yesterday = temp.path() + "/yesterday";
  copy_over(temp.ledger() + "/log", yesterday);
  append_all(*open_log(temp.ledger()), 101, 200, 10);
  copy_over(yesterday, temp.ledger() + "/log");
  for (const OpenMode mode : {OpenMode::read_only, OpenMode::read_write}) {
    const Error error = refusal(temp.ledger(), mode);
    CHECK(error.code == ErrorCode::corrupt);
    CHECK(error.seq == 101);
    CHECK(error.text.find("records 101..200 are missing") != std::string::npos);
  }
}

TEST_CASE("another log of the same length under the same HEAD is refused") {
  const TempDir temp, other;
  append_all(*new_log(temp), 1, 100, 10);
  append_all(*new_log(other), 1, 100, 10, 99);
  copy_over(other.ledger() + "/log", temp.ledger() + "/log");
  CHECK(refusal(temp.ledger()).code == ErrorCode::corrupt);
}

TEST_CASE("HEAD lost or damaged in both slots is refused, one torn slot is what a crash leaves") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 50, 5);
  const std::string path = temp.ledger() + "/HEAD";
  const std::string good = bytes_in(path);
  REQUIRE(good.size() == 8192);
  const auto damaged = [&](std::initializer_list<std::size_t> places) {
    std::string bytes = good;
    for (const std::size_t at : places) bytes[at] = static_cast<char>(bytes[at] ^ 1);
    overwrite(path, bytes);
    return refusal(temp.ledger(), OpenMode::read_only).code == ErrorCode::corrupt;
  };
  CHECK(damaged({20, 4096 + 20}));
  CHECK(damaged({4095, 8191}));
  CHECK_FALSE(damaged({20}));
  CHECK_FALSE(damaged({4096 + 40}));
  overwrite(path, good.substr(0, 8191));
  CHECK(refusal(temp.ledger()).code == ErrorCode::corrupt);
  fs::remove(path);
  CHECK(refusal(temp.ledger()).code == ErrorCode::corrupt);
}

TEST_CASE("after a clean close HEAD names the last record") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 50, 5);
  const auto head = read_head(temp.ledger() + "/HEAD");
  REQUIRE(head.has_value());
  CHECK(head->seq == 50);
  CHECK(head->root == root_of(leaves_of(50)));
}

// A note of what is stored already used to leave the thread asleep for good.
TEST_CASE("HEAD follows the log by itself, also after notes that bring nothing new") {
  const TempDir temp;
  const std::string path = temp / "HEAD";
  REQUIRE(create_head(path, 0, empty_root()).has_value());
  const auto writer = HeadWriter::open(path, *read_head(path));
  REQUIRE(writer.has_value());
  std::uint64_t stored = 0;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (std::uint64_t seq = 1; seq <= 20; ++seq) {
    for (int again = 0; again < 1000; ++again) {
      (*writer)->note(stored, root_of(leaves_of(stored)));
      std::this_thread::yield();
    }
    (*writer)->note(seq, root_of(leaves_of(seq)));
    while (stored != seq && std::chrono::steady_clock::now() < patience) {
      std::this_thread::yield();
      if (const auto head = read_head(path)) stored = head->seq;
    }
    REQUIRE(stored == seq);
  }
}

TEST_CASE("RocksDB's log cut anywhere, emptied or deleted is refused") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 60, 5);
  const std::string wal = newest_wal(temp.ledger());
  const std::string good = written_in(wal);
  REQUIRE(good.size() > 10000);
  for (std::size_t size = 0; size < good.size(); size += good.size() / 23) {
    CAPTURE(size);
    overwrite(wal, good.substr(0, size));
    CHECK(refusal(temp.ledger(), OpenMode::read_only).code == ErrorCode::corrupt);
    CHECK(refusal(temp.ledger()).code == ErrorCode::corrupt);
    CHECK(bytes_in(wal).size() == size);  // the evidence is left as it was found
  }
  fs::remove(wal);
  CHECK(refusal(temp.ledger()).code == ErrorCode::corrupt);
}

TEST_CASE("a bit flipped anywhere in RocksDB's log is refused or changes nothing") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 3, 1);
  const std::string wal = newest_wal(temp.ledger());
  const std::string good = written_in(wal);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < good.size(); at += 5) {
    CAPTURE(at);
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    overwrite(wal, bytes);
    const auto log = Log::open(temp.ledger(), OpenMode::read_only);
    if (log) CHECK(holds(**log, 3));
    if (!log) CHECK(log.error().code == ErrorCode::corrupt);
    refused += log ? 0 : 1;
  }
  CHECK(refused > good.size() / 10);  // nearly every flip, of every fifth byte
}

TEST_CASE("a value changed through RocksDB at the end of the log is found at open") {
  const TempDir temp;
  append_all(*new_log(temp), 1, 700, 1, 300);
  const std::string pristine = temp.path() + "/pristine";
  copy_over(temp.ledger(), pristine);
  const auto found = [&](const std::string& family, const auto& act) {
    copy_over(pristine, temp.ledger());
    tamper(temp.ledger(), family, act);
    return refusal(temp.ledger()).code == ErrorCode::corrupt;
  };
  CHECK(found("tail", flip(be(700), 1)));         // the root in its trailer
  CHECK(found("tail", flip(be(700), 40)));        // the payload
  CHECK(found("tail", flip(be(700), 32 + 350)));  // the header
  CHECK(found("tree", flip(std::string(1, '\0') + be(1), 1)));
  CHECK(found("tree", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    REQUIRE(db.Delete({}, family, std::string(1, '\0') + be(1)).ok());
  }));
  CHECK(found("tail", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    REQUIRE(db.Delete({}, family, be(699)).ok());
  }));
  CHECK(found("tail", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    REQUIRE(db.Delete({}, family, be(700)).ok());
  }));
  copy_over(pristine, temp.ledger());
  CHECK(holds(*open_log(temp.ledger()), 700, 300));
}

TEST_CASE("a record changed deep in the log no longer fits its leaf, and a missing one is named") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 5000, 500, 300);
    REQUIRE(log->flush().has_value());  // with its index stored, opening has no need to read it all
  }
  SUBCASE("changed payload") {
    tamper(temp.ledger(), "blocks", flip(be(1), 40));
    const auto log = open_log(temp.ledger());
    std::vector<std::uint64_t> wrong;
    REQUIRE(log->read(1, 0, [&](const RecordView& r) {
      if (leaf_hash(encode_entry(r)) != log->leaf_at(r.seq).value()) wrong.push_back(r.seq);
      return true;
    }));
    CHECK(wrong.size() == 1);
  }
  SUBCASE("missing block") {
    tamper(temp.ledger(), "blocks", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
      REQUIRE(db.Delete({}, family, be(1)).ok());
    });
    const auto log = open_log(temp.ledger());
    const auto read = log->read(1, 0, [](const RecordView&) { return true; });
    CHECK(read.error().code == ErrorCode::corrupt);
    CHECK(read.error().seq == 1);
  }
  SUBCASE("changed length") {
    tamper(temp.ledger(), "blocks", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
      std::string value;
      REQUIRE(db.Get({}, family, be(1), &value).ok());
      value[24] = static_cast<char>(value[24] + 8);
      REQUIRE(db.Put({}, family, be(1), value).ok());
    });
    const auto log = open_log(temp.ledger());
    const auto read = log->read(1, 0, [](const RecordView&) { return true; });
    CHECK(read.error().code == ErrorCode::corrupt);
    CHECK(read.error().seq == 1);
  }
}

TEST_CASE(
    "when the disk is full writes are refused, reads go on, and a restart finds all that was "
    "acked") {
  const TempDir temp;
  std::uint64_t acked = 0;
  const auto names = [&] {
    auto found = names_in(temp.ledger() + "/log").value();
    std::ranges::sort(found);
    return found;
  };
  std::vector<std::string> when_full;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 50, 10, 300);
    // A limit on file size is a full disk that a test can have without being root.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{100'000, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    std::optional<Error> full;
    for (acked = 50; !full && acked < 1000; acked += full ? 0 : 10) {
      const auto done = log->append(events(acked + 1, acked + 10, 300));
      if (!done) full = done.error();
    }
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE(full.has_value());
    when_full = names();
    CHECK(full->code == ErrorCode::disk_full);
    CHECK(holds(*log, acked, 300));
    // Space is back, and still nothing is written before a verified restart.
    CHECK_FALSE(log->append(events(acked + 1, acked + 1, 300)).has_value());
  }
  // Nor does RocksDB go on by itself, family by family.
  CHECK(names() == when_full);
  const auto log = open_log(temp.ledger());
  const bool whole = log->size() == acked || log->size() == acked + 10;
  CHECK(whole);
  CHECK(holds(*log, log->size(), 300));
  append_all(*log, log->size() + 1, log->size() + 20, 10, 300);
}
