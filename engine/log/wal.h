// RocksDB's log files as bytes: 32 KiB blocks of physical records (masked CRC-32C, length, type),
// of which one or several make a write batch. Read only to judge damage: RocksDB itself replays.
//
// What a power cut can leave behind the last synced group follows from how groups are written: one
// group is one batch, and the next is written only when it is synced. So only the last batch of the
// newest file may be torn, and a torn write is one of whole sectors: the file ends early, or a
// sector of it holds what it held before: nothing but zeros, as behind the end of a file so in what
// was set aside ahead of it (wal_file.h). A flipped bit leaves neither, and a batch with another
// behind it was synced: both are losses.
#pragma once

#include <cstdint>
#include <optional>
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

// The first batch of a file that is not whole, with all that lies behind it.
struct WalDamage {
  std::string file;                // name in log/
  std::size_t begin = 0, end = 0;  // bytes of the file
  bool torn = false;               // as a write that was never synced may be
  bool followed = false;           // a later batch begins behind it in the same file
  bool newest = true;              // no file with a higher number holds anything but zeros
};

// `end` is the size of the file. nullopt: nothing but whole batches, and zeros behind them.
[[nodiscard]] std::optional<WalDamage> damage_in(ByteSpan file);

// The first damage in the log files of `directory`, the ledger's log/, from number `oldest` on.
// Reads all of them: at most what max_total_wal_size allows.
[[nodiscard]] Result<std::optional<WalDamage>> find_damage(const std::string& directory,
                                                           std::uint64_t oldest);

}  // namespace engine
