// What the log promises while nothing goes wrong: groups, reads, streams, ids, times and the tree.
#include "engine/log/log.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "engine/log/key_file.h"
#include "engine/proof/merkle.h"
#include "engine/proof/tile.h"
#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;

TEST_CASE("a new ledger is empty, bears its name, and is refused where something is already") {
  const TempDir temp;
  const auto log = new_log(temp);
  CHECK(log->size() == 0);
  CHECK(log->last_recorded_at() == 0);
  CHECK(log->name() == "测试区");
  CHECK(log->root_at(0).value() == empty_root());
  CHECK(log->seq_at(kStart).value() == 0);
  const auto again = Log::create(temp.ledger(), "x");
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::bad_input);
  CHECK(Log::create(temp.path() + "/other", "two\nlines").error().code == ErrorCode::bad_input);
}

TEST_CASE("a group is recorded whole, with dense seqs, its leaves and the root over everything") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 5, 5);
  const auto done = log->append(events(6, 9));
  REQUIRE(done.has_value());
  CHECK(done->first_seq == 6);
  CHECK(done->last_seq == 9);
  CHECK(done->recorded_at == event(9).recorded_at);
  const auto leaves = leaves_of(9);
  CHECK(std::ranges::equal(done->leaves, std::span(leaves).subspan(5)));
  CHECK(done->root == root_of(leaves));
  CHECK(holds(*log, 9));
}

TEST_CASE("what was appended is there after reopening, in either mode, however it was grouped") {
  for (const std::size_t group : {std::size_t{1}, std::size_t{7}, std::size_t{300}}) {
    CAPTURE(group);
    const TempDir temp;
    append_all(*new_log(temp), 1, 1000, group, 300);
    CHECK(holds(*open_log(temp.ledger(), OpenMode::read_only), 1000, 300));
    {
      const auto log = open_log(temp.ledger());
      CHECK(holds(*log, 1000, 300));
      append_all(*log, 1001, 1300, group, 300);
      CHECK(holds(*log, 1300, 300));
    }
    const auto log = open_log(temp.ledger());
    CHECK(holds(*log, 1300, 300));
    CHECK(log->root_at(1300).value() == root_of(leaves_of(1300, 300)));
  }
}

TEST_CASE("the root does not depend on how events were grouped") {
  const TempDir one, many;
  const auto a = new_log(one);
  const auto b = new_log(many);
  append_all(*a, 1, 700, 1);
  append_all(*b, 1, 700, 700);
  for (const std::uint64_t size : {0U, 1U, 2U, 255U, 256U, 257U, 512U, 699U, 700U}) {
    CHECK(a->root_at(size).value() == b->root_at(size).value());
  }
}

TEST_CASE("every root, leaf and proof agrees with the tree of the leaves alone") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 1500, 100, 20);
  const auto leaves = leaves_of(1500, 20);
  const ReadNode nodes = log->nodes();
  for (std::uint64_t size = 1; size <= 1500; size += 37) {
    CAPTURE(size);
    const Hash root = root_of(std::span(leaves).first(size));
    CHECK(log->root_at(size).value() == root);
    CHECK(log->leaf_at(size).value() == leaves[size - 1]);
    const auto path = inclusion_proof(size / 2, size, nodes);
    CHECK(verify_inclusion(size / 2, size, leaves[size / 2], path.value(), root));
    const auto grown = consistency_proof(size, 1500, nodes);
    CHECK(verify_consistency(size, 1500, root, root_of(leaves), grown.value()));
  }
  CHECK(log->root_at(1501).error().code == ErrorCode::not_found);
  CHECK(log->leaf_at(0).error().code == ErrorCode::not_found);
}

TEST_CASE("a range is read from both ends inclusive, and a visitor may stop") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 900, 10);
  const auto seqs = [&](std::uint64_t from, std::uint64_t to, std::size_t most = 10000) {
    std::vector<std::uint64_t> out;
    REQUIRE(log->read(from, to, [&](const RecordView& r) {
      out.push_back(r.seq);
      return out.size() < most;
    }));
    return out;
  };
  CHECK(seqs(3, 5) == std::vector<std::uint64_t>{3, 4, 5});
  CHECK(seqs(899, 0) == std::vector<std::uint64_t>{899, 900});
  CHECK(seqs(899, 5000).size() == 2);
  CHECK(seqs(901, 0).empty());
  CHECK(seqs(0, 0).size() == 900);
  CHECK(seqs(10, 900, 4) == std::vector<std::uint64_t>{10, 11, 12, 13});
}

TEST_CASE("a scan over many blocks keeps its bounds, and goes on into what is not yet a block") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 12000, 100, 60);
  append_all(*log, 12001, 12003, 1, 60);
  const auto check = [&](std::uint64_t from, std::uint64_t to, std::uint64_t most) {
    CAPTURE(from);
    CAPTURE(to);
    std::uint64_t next = from;
    REQUIRE(log->read(from, to, [&](const RecordView& r) {
      CHECK(r.seq == next);
      CHECK(r.id == event(next).id);
      ++next;
      return next - from < most;
    }));
    return next - from;
  };
  CHECK(check(1, 0, 100'000) == 12003);
  CHECK(check(1234, 11999, 100'000) == 10766);
  CHECK(check(5, 4200, 100'000) == 4196);
  CHECK(check(300, 12000, 5000) == 5000);
  CHECK(check(7903, 12003, 100'000) == 4101);
}

namespace {

struct ScannedLog {
  static constexpr std::uint64_t kAll = 5000;
  ScannedLog() { append_all(*log, 1, kAll, 50); }

  // Does the scan give this tile of the tree?
  bool is_tile(ReadMemory& memory, std::uint64_t tile) const {
    const std::size_t first = tile * kTileWidth;
    const auto stored = scan.leaves(memory, tile);
    return stored && std::ranges::equal(*stored, std::span(leaves).subspan(first).first(
                                                     std::min(kTileWidth, kAll - first)));
  }

  const TempDir temp;
  const std::unique_ptr<Log> log = new_log(temp);
  const std::vector<Hash> leaves = leaves_of(kAll);
  LogScan scan{*log};
};

}  // namespace

TEST_CASE_FIXTURE(ScannedLog,
                  "records fetched into memory stay there until it is cleared, with their leaves") {
  const auto read = [&](ReadMemory& memory, std::uint64_t from, std::uint64_t to) {
    std::vector<BlockRecord> shown;
    const auto done = scan.show(memory, from, to, [&](const BlockRecord& record) {
      shown.push_back(record);
      return true;
    });
    REQUIRE(done.has_value());
    REQUIRE(shown.size() == to - from + 1);
    return shown;
  };
  const auto check = [&](ReadMemory& memory, std::uint64_t from, std::uint64_t to) {
    const std::vector<BlockRecord> shown = read(memory, from, to);
    std::uint64_t different = 0;
    for (std::uint64_t n = from; n <= to; ++n) {
      const BlockRecord& record = shown[n - from];
      different +=
          record.leaf() != leaves[n - 1] ||
          encode_entry(event(n).view(n)) != Bytes(record.entry.begin(), record.entry.end());
    }
    for (std::uint64_t tile = (from - 1) / kTileWidth; tile <= (to - 1) / kTileWidth; ++tile)
      different += is_tile(memory, tile) ? 0 : 1;
    CHECK(different == 0);
  };
  SUBCASE("the whole, a part, and the whole again in the same memory") {
    ReadMemory memory;
    for (const std::uint64_t to : {kAll, std::uint64_t{20}, kAll}) {
      CAPTURE(to);
      scan.fetch(memory, 1, to);
      check(memory, 1, to);
    }
  }
  SUBCASE("stretches of any size, one behind the other and not, each in a memory of its own") {
    struct Stretch {
      std::uint64_t from = 1, to = 1;
      ReadMemory memory;
    };
    std::vector<Stretch> stretches;
    for (std::uint64_t from = 1, size = 1; from <= kAll; from += size, size = size * 2 + 5)
      stretches.push_back({from, std::min(from + size - 1, kAll), {}});
    stretches.push_back({3000, 3500, {}});
    stretches.push_back({3501, 4000, {}});
    stretches.push_back({10, 12, {}});
    for (Stretch& one : stretches) scan.fetch(one.memory, one.from, one.to);
    for (Stretch& one : stretches) {
      CAPTURE(one.from);
      check(one.memory, one.from, one.to);
    }
  }
}

TEST_CASE_FIXTURE(ScannedLog,
                  "a tile that was not fetched is read, and one that is not in the tree is told") {
  ReadMemory memory;
  scan.fetch(memory, 1000, 2000);
  for (const std::uint64_t tile : {std::uint64_t{0}, kAll / kTileWidth, std::uint64_t{5}}) {
    CAPTURE(tile);
    CHECK(is_tile(memory, tile));
  }
  const auto none = scan.leaves(memory, kAll / kTileWidth + 1);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == ErrorCode::not_found);
}

TEST_CASE("the leaf of a record counts its payload as it is, not as its header says") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 1);
  ReadMemory memory;
  LogScan scan(*log);
  scan.fetch(memory, 1, 1);
  const auto done = scan.show(memory, 1, 1, [&](const BlockRecord& record) {
    Bytes changed(record.view.payload.begin(), record.view.payload.end());
    changed[0] ^= 1;
    BlockRecord other = record;
    other.view.payload = changed;
    CHECK(other.leaf() != record.leaf());
    CHECK(other.leaf() == leaf_of(other.view));
    return true;
  });
  CHECK(done.has_value());
}

TEST_CASE("payloads lie on 8-byte boundaries, so that they can be read in place") {
  const TempDir temp;
  const auto log = new_log(temp);
  for (std::uint64_t n = 1; n <= 300; ++n) REQUIRE(log->append(events(n, n, n)).has_value());
  REQUIRE(log->read(1, 0, [](const RecordView& r) {
    return reinterpret_cast<std::uintptr_t>(r.payload.data()) % 8 == 0 && r.payload.size() == r.seq;
  }));
}

TEST_CASE(
    "a stream is its own records in order, before and after the index is written and rebuilt") {
  const TempDir temp;
  const auto check = [](const Log& log, std::uint64_t n) {
    for (std::uint64_t stream = 0; stream < 3; ++stream) {
      std::vector<std::uint64_t> expected, got;
      for (std::uint64_t i = 1; i <= n; ++i) {
        if (i % 3 == stream) expected.push_back(i);
      }
      REQUIRE(log.read_stream("appeal", "SQ-" + std::to_string(stream), [&](const RecordView& r) {
        got.push_back(r.seq);
        return true;
      }));
      CHECK(got == expected);
    }
    std::vector<std::string> names;
    REQUIRE(log.streams("appeal", [&](std::string_view no, std::uint64_t first_seq) {
      names.push_back(std::string(no) + "@" + std::to_string(first_seq));
      return true;
    }));
    CHECK(names == std::vector<std::string>{"SQ-1@1", "SQ-2@2", "SQ-0@3"});
    REQUIRE(log.streams("task", [](std::string_view, std::uint64_t) { return false; }));
  };
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 600, 20);
    check(*log, 600);
  }
  {
    const auto log = open_log(temp.ledger());
    check(*log, 600);
    append_all(*log, 601, 9000, 500);
    REQUIRE(log->flush().has_value());  // writes a run of the index
    check(*log, 9000);
    append_all(*log, 9001, 9300, 100);
    check(*log, 9300);
  }
  check(*open_log(temp.ledger()), 9300);
  check(*open_log(temp.ledger(), OpenMode::read_only), 9300);
}

TEST_CASE("an id leads to the record that used it, for the life of the log") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 5000, 500);
    REQUIRE(log->flush().has_value());
    append_all(*log, 5001, 5100, 10);
    CHECK(log->find_id("k1").value() == 1);
    CHECK(log->find_id("k5100").value() == 5100);
  }
  const auto log = open_log(temp.ledger());
  for (const std::uint64_t n : {1U, 77U, 4999U, 5000U, 5001U, 5100U}) {
    CHECK(log->find_id("k" + std::to_string(n)).value() == n);
  }
  CHECK_FALSE(log->find_id("k5101").value().has_value());
  CHECK_FALSE(log->find_id("").value().has_value());
}

TEST_CASE("the seq at a moment is that of the last record at or before it") {
  const TempDir temp;
  const auto log = new_log(temp);
  auto group = events(1, 400);
  // Records 200..210 share one moment: seq breaks the tie, so the last of them is the answer.
  for (std::size_t i = 199; i < 210; ++i) {
    group[i].recorded_at = group[i].occurred_at = event(210).recorded_at;
  }
  REQUIRE(log->append(group).has_value());
  CHECK(log->seq_at(event(1).recorded_at - 1).value() == 0);
  CHECK(log->seq_at(event(1).recorded_at).value() == 1);
  CHECK(log->seq_at(event(150).recorded_at + 999).value() == 150);
  CHECK(log->seq_at(event(210).recorded_at - 1).value() == 199);
  CHECK(log->seq_at(event(210).recorded_at).value() == 210);
  CHECK(log->seq_at(event(400).recorded_at + 1).value() == 400);
}

TEST_CASE("a group that breaks a rule of the log is refused whole, and the log goes on") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 3);
  const auto refused = [&](auto change) {
    auto group = events(4, 5);
    change(group[1]);
    const auto done = log->append(group);
    return !done && done.error().code == ErrorCode::bad_input && log->size() == 3;
  };
  CHECK(refused([](NewEvent& e) { e.recorded_at = e.occurred_at = event(3).recorded_at; }));
  CHECK(refused([](NewEvent& e) { e.version = 0; }));
  CHECK(refused([](NewEvent& e) { e.occurred_at = e.recorded_at + 1; }));
  CHECK(refused([](NewEvent& e) { e.actor = std::string(256, 'a'); }));
  CHECK(refused([](NewEvent& e) { e.kind.clear(); }));
  CHECK(refused([](NewEvent& e) { e.flags = 0x80; }));
  CHECK(refused([](NewEvent& e) { e.flags = kFollows; }));  // and yet bears an id
  CHECK(log->append({}).error().code == ErrorCode::bad_input);
  append_all(*log, 4, 5, 2);
  CHECK(holds(*log, 5));
}

TEST_CASE("a ledger opened for reading takes no lock, changes nothing and refuses to write") {
  const TempDir temp;
  const auto writer = new_log(temp);
  append_all(*writer, 1, 500, 50);
  const auto reader = open_log(temp.ledger(), OpenMode::read_only);
  CHECK(holds(*reader, 500));
  CHECK(reader->append(events(501, 501)).error().code == ErrorCode::bad_input);
  CHECK(reader->put_derived("x", 1, 1, {}).error().code == ErrorCode::bad_input);
  append_all(*writer, 501, 600, 50);
  CHECK(reader->size() == 500);  // what was so when it opened
  CHECK(holds(*open_log(temp.ledger(), OpenMode::read_only), 600));
}

TEST_CASE("a ledger opens for reading beside a writer that never pauses") {
  const TempDir temp;
  const auto writer = new_log(temp);
  append_all(*writer, 1, 5, 5);
  std::atomic<bool> done = false;
  std::thread writing([&] {
    for (std::uint64_t n = 6; !done; n += 5) append_all(*writer, n, n + 4, 5);
  });
  for (int i = 0; i < 40; ++i) {
    const std::uint64_t acknowledged = writer->size();
    const auto reader = Log::open(temp.ledger(), OpenMode::read_only);
    CAPTURE((reader ? std::string() : reader.error().text));
    CHECK(reader.has_value());
    if (reader) CHECK((*reader)->size() >= acknowledged);  // what was so before it opened is there
  }
  done = true;
  writing.join();
  CHECK(holds(*open_log(temp.ledger(), OpenMode::read_only), writer->size()));
}

TEST_CASE("readers beside the writer see whole groups only, and nothing before its time") {
  const TempDir temp;
  const auto log = new_log(temp);
  std::atomic<bool> done = false;
  std::atomic<std::uint64_t> wrong = 0, rounds = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done || rounds < 4) {
        const std::uint64_t size = log->size();
        if (size == 0) continue;  // 0 would ask for the newest
        std::uint64_t seen = 0;
        Frontier tree;
        const auto read = log->read(1, size, [&](const RecordView& r) {
          tree.append(leaf_hash(encode_entry(r)));
          return r.seq == ++seen;
        });
        if (!read || seen != size || size % 5 != 0) ++wrong;
        if (log->root_at(size).value() != tree.root()) ++wrong;
        if (log->find_id("k" + std::to_string(size)).value() != size) ++wrong;
        ++rounds;
      }
    });
  }
  append_all(*log, 1, 3000, 5, 200);
  done = true;
  for (auto& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(rounds >= 4);
}

TEST_CASE("derived segments come back in order, by version, and are dropped by name") {
  const TempDir temp;
  const auto segments = [](const Log& log, std::string_view name, std::uint32_t version) {
    std::string out;
    REQUIRE(log.read_derived(name, version, [&](std::uint64_t last_seq, ByteSpan bytes) {
      out += std::to_string(last_seq) + ":" + std::string(bytes.begin(), bytes.end()) + " ";
      return true;
    }));
    return out;
  };
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 300, 300);
    REQUIRE(log->put_derived("facts", 1, 256, bytes_of("b")).has_value());
    REQUIRE(log->put_derived("facts", 1, 2, bytes_of("a")).has_value());
    REQUIRE(log->put_derived("facts", 2, 2, bytes_of("new")).has_value());
    REQUIRE(log->put_derived("factsheet", 1, 2, bytes_of("other")).has_value());
    REQUIRE(log->flush().has_value());
  }
  const auto log = open_log(temp.ledger());
  CHECK(segments(*log, "facts", 1) == "2:a 256:b ");
  CHECK(segments(*log, "facts", 2) == "2:new ");
  REQUIRE(log->drop_derived("facts").has_value());
  CHECK(segments(*log, "facts", 1).empty());
  CHECK(segments(*log, "facts", 2).empty());
  CHECK(segments(*log, "factsheet", 1) == "2:other ");
}

TEST_CASE("key files are their owner's alone, are never overwritten, and read back") {
  const TempDir temp;
  const std::string path = temp.path() + "/ledger.keys/keystore";
  REQUIRE(create_key_file(path).has_value());
  CHECK_FALSE(create_key_file(path).has_value());
  const auto ring = read_key_file(path);
  REQUIRE(ring.has_value());
  namespace fs = std::filesystem;
  CHECK((fs::status(path).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  const std::string copy = temp.path() + "/copy";
  REQUIRE(write_key_file(copy, *ring).has_value());
  CHECK(read_key_file(copy)->serialize() == ring->serialize());
  fs::permissions(copy, fs::perms::group_read, fs::perm_options::add);
  CHECK(read_key_file(copy).error().code == ErrorCode::bad_input);
  const std::string pem = temp.path() + "/ledger.keys/sign.pem";
  REQUIRE(create_signing_key(pem).has_value());
  CHECK(read_signing_key(pem)->starts_with("-----BEGIN PRIVATE KEY-----"));
  CHECK_FALSE(create_signing_key(pem).has_value());
}
