// Ledgers for tests: a directory that goes away, made-up events, and a plain in-memory oracle
// beside it.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include "engine/log/log.h"
#include "engine/proof/record.h"
#include "tests/engine/numbers.h"
#include "tests/support/temp_dir.h"

namespace engine::test {

class TempDir : public support::TempDir {
 public:
  [[nodiscard]] std::string ledger() const { return *this / "ledger"; }
};

inline constexpr Micros kStart = 1'631'757'600'000'000;

// Event n (from 1) of a history in which one stream of three takes each event in turn; its payload
// is `bytes` long and follows from n.
inline NewEvent event(std::uint64_t n, std::size_t bytes = 100) {
  NewEvent e;
  e.recorded_at = e.occurred_at = kStart + static_cast<Micros>(n) * 1000;
  e.type = static_cast<std::uint16_t>(1 + n % 7);
  e.version = static_cast<std::uint32_t>((n - 1) / 3 + 1);
  e.kind = "appeal";
  e.no = "SQ-" + std::to_string(n % 3);
  e.actor = "office-1";
  e.role = "office_clerk";
  e.id = "k" + std::to_string(n);
  Numbers numbers(n);
  e.payload.resize(bytes);
  for (auto& byte : e.payload) byte = static_cast<std::uint8_t>(numbers.next());
  return e;
}

inline std::vector<NewEvent> events(std::uint64_t first, std::uint64_t last,
                                    std::size_t bytes = 100) {
  std::vector<NewEvent> out;
  for (std::uint64_t n = first; n <= last; ++n) out.push_back(event(n, bytes));
  return out;
}

inline std::unique_ptr<Log> open_log(const std::string& dir, OpenMode mode = OpenMode::read_write) {
  auto log = Log::open(dir, mode);
  INFO((log ? std::string() : log.error().text));
  REQUIRE(log.has_value());
  return std::move(*log);
}

inline std::unique_ptr<Log> new_log(const TempDir& temp) {
  REQUIRE(Log::create(temp.ledger(), "测试区").has_value());
  return open_log(temp.ledger());
}

inline void append_all(Log& log, std::uint64_t first, std::uint64_t last, std::size_t group = 1,
                       std::size_t bytes = 100) {
  for (std::uint64_t n = first; n <= last; n += group) {
    const auto done = log.append(events(n, std::min<std::uint64_t>(last, n + group - 1), bytes));
    INFO((done ? std::string() : done.error().text));
    REQUIRE(done.has_value());
  }
}

// The leaves that a log of events 1..n must have, hashed here from the events alone.
inline std::vector<Hash> leaves_of(std::uint64_t n, std::size_t bytes = 100) {
  std::vector<Hash> out;
  for (std::uint64_t i = 1; i <= n; ++i)
    out.push_back(leaf_hash(encode_entry(event(i, bytes).view(i))));
  return out;
}

// True if the log holds exactly events 1..n with these payload sizes, byte for byte.
inline bool holds(const Log& log, std::uint64_t n, std::size_t bytes = 100) {
  std::uint64_t seen = 0;
  bool same = log.size() == n;
  const auto read = log.read(1, 0, [&](const RecordView& r) {
    ++seen;
    same = same && r.seq == seen &&
           encode_entry(r) == encode_entry(event(seen, bytes).view(seen)) &&
           std::ranges::equal(r.payload, event(seen, bytes).payload);
    return same;
  });
  return same && read.has_value() && seen == n;
}

}  // namespace engine::test
