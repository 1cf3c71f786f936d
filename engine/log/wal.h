// RocksDB's log files as bytes: 32 KiB blocks of physical records (masked CRC-32C, length, type),
// of which one or several make a write batch. Read only to judge damage: RocksDB itself replays.
//
// One group of the ledger is one batch, and the next is written only when it is synced. So a batch
// after a damaged one proves that the damaged one was durable; only the last may be a torn write.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/result.h"

namespace engine {

struct WalRecord {
  std::size_t begin = 0, end = 0;  // in the file, with its header of 7 bytes
  std::uint8_t type = 0;           // 1 whole, 2 first, 3 middle, 4 last part of a batch
};

// From the beginning to the first place that is not sound. A MANIFEST has the same form.
[[nodiscard]] std::vector<WalRecord> sound_records(ByteSpan file);

// Sound beginnings of batches whose RocksDB sequence number is above `sequence`, at any offset.
struct LaterBatches {
  std::size_t whole = 0, cut = 0;  // with all their parts, or without
};
[[nodiscard]] LaterBatches batches_after(ByteSpan file, std::uint64_t sequence);

enum class Wals : std::uint8_t { all, end_of_newest };

// Proves that no whole group lies behind the one at which a replay stopped: `directory` is the
// ledger's log/, `sequence` the last one replayed. `end_of_newest` looks only where RocksDB takes
// damage for the end of the file. ErrorCode::corrupt names the file otherwise.
[[nodiscard]] Result<void> check_nothing_follows(const std::string& directory,
                                                 std::uint64_t sequence, Wals which);

}  // namespace engine
