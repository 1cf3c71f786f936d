// Physical records of RocksDB's log format (db/log_format.h of 7.8), without the recyclable types,
// which recycle_log_file_num=0 never writes.
#include "engine/log/wal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "engine/log/file.h"
#include "engine/proof/bytes.h"

namespace engine {
namespace {

constexpr std::size_t kBlock = 32768, kHeader = 7, kSector = 512;
constexpr std::uint8_t kWhole = 1, kFirst = 2, kLast = 4;
// A batch that far behind is another file's bytes, not a later batch.
constexpr std::uint64_t kPlausible = std::uint64_t{1} << 40U;

// CRC-32C (Castagnoli, reflected 0x82F63B78) by tables for eight bytes at once; RocksDB's own is
// not in its headers.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

CrcTables make_tables() {
  CrcTables out{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1U) ^ ((value & 1U) != 0 ? 0x82F63B78U : 0U);
    }
    out[0][i] = value;
  }
  for (std::size_t n = 1; n < out.size(); ++n) {
    for (std::size_t i = 0; i < 256; ++i) {
      out[n][i] = (out[n - 1][i] >> 8U) ^ out[0][out[n - 1][i] & 0xFFU];
    }
  }
  return out;
}

std::uint32_t crc32c(ByteSpan bytes) {
  static const CrcTables t = make_tables();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    const std::uint32_t low = crc ^ get_le<std::uint32_t>(bytes.data());
    const auto high = get_le<std::uint32_t>(bytes.data() + 4);
    crc = t[7][low & 0xFFU] ^ t[6][(low >> 8U) & 0xFFU] ^ t[5][(low >> 16U) & 0xFFU] ^
          t[4][low >> 24U] ^ t[3][high & 0xFFU] ^ t[2][(high >> 8U) & 0xFFU] ^
          t[1][(high >> 16U) & 0xFFU] ^ t[0][high >> 24U];
  }
  for (const std::uint8_t byte : bytes) crc = t[0][(crc ^ byte) & 0xFFU] ^ (crc >> 8U);
  return ~crc;
}

std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U; }

std::size_t block_end(std::size_t at) { return (at / kBlock + 1) * kBlock; }

// What the header at `at` claims, if it fits into its block and the file.
std::optional<WalRecord> claimed(ByteSpan file, std::size_t at) {
  const std::size_t end = std::min(file.size(), block_end(at));
  if (at + kHeader > end) return std::nullopt;
  const std::size_t length = get_le<std::uint16_t>(file.data() + at + 4);
  const std::uint8_t type = file[at + 6];
  if (type < kWhole || type > kLast || at + kHeader + length > end) return std::nullopt;
  return WalRecord{at, at + kHeader + length, type};
}

bool is_sound(ByteSpan file, const WalRecord& record) {
  const ByteSpan covered = file.subspan(record.begin + 6, record.end - record.begin - 6);
  return masked(crc32c(covered)) == get_le<std::uint32_t>(file.data() + record.begin);
}

std::optional<WalRecord> sound(ByteSpan file, std::size_t at) {
  const auto record = claimed(file, at);
  return record && is_sound(file, *record) ? record : std::nullopt;
}

// Where the record after one that ends at `end` begins: no header is split over two blocks.
std::size_t next_place(std::size_t end) {
  const std::size_t left = kBlock - end % kBlock;
  return left < kHeader ? end + left : end;
}

bool begins_batch(const WalRecord& record) {
  return record.type == kWhole || record.type == kFirst;
}

// RocksDB's number of the batch that begins with this record; 0: it is in the next part, as only
// a few bytes were left of the block.
std::uint64_t sequence_of(ByteSpan file, const WalRecord& record) {
  const std::size_t payload = record.begin + kHeader;
  if (record.end - payload < sizeof(std::uint64_t)) return 0;
  return get_le<std::uint64_t>(file.data() + payload);
}

// "000039.log"
std::uint64_t number_of(std::string_view name) {
  std::uint64_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

bool all_zero(ByteSpan bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// How far a file was written, as its last byte that is not zero tells.
struct Written {
  std::size_t least = 0;  // to behind that byte
  std::size_t most = 0;   // to the end of its sector: the next ones were never written
};

Written written_of(ByteSpan file) {
  std::size_t end = file.size();
  while (end > 0 && file[end - 1] == 0) --end;
  return {end, std::min(file.size(), (end + kSector - 1) / kSector * kSector)};
}

// That what was written ends within the record at `at`, which must not be taken from a flipped
// length: a record that is whole but for its length is no cut one.
bool is_cut(ByteSpan file, std::size_t at) {
  const Written written = written_of(file);
  if (at + kHeader > written.most) return true;
  const std::size_t end = at + kHeader + get_le<std::uint16_t>(file.data() + at + 4);
  if (end <= written.most || end > block_end(at)) return false;
  // Its own last bytes may be zeros, so where it ends is known only to a sector.
  for (std::size_t ends = std::max(written.least, at + kHeader); ends <= written.most; ++ends) {
    if (is_sound(file, WalRecord{at, ends, 0})) return false;
  }
  return true;
}

// A sector, or as much of one as is in [begin, the last byte that is not zero), that was never
// written.
bool has_lost_sector(ByteSpan file, std::size_t begin) {
  const std::size_t written = written_of(file).least;
  for (std::size_t at = begin; at < written;) {
    const std::size_t end = std::min(written, (at / kSector + 1) * kSector);
    if (all_zero(file.subspan(at, end - at))) return true;
    at = end;
  }
  return false;
}

// Looks for a sound beginning of a batch with a number above `sequence`, at any offset.
bool later_batch(ByteSpan file, std::size_t at, std::uint64_t sequence) {
  for (; at + kHeader <= file.size(); ++at) {
    const auto record = claimed(file, at);
    if (!record || !begins_batch(*record)) continue;
    const std::uint64_t of = sequence_of(file, *record);
    const bool later = of > sequence && of - sequence < kPlausible;
    const bool at_block_end = of == 0 && record->end == block_end(at);
    // Most bytes are no header at all: only what would count is hashed.
    if ((later || at_block_end) && is_sound(file, *record)) return true;
  }
  return false;
}

}  // namespace

std::vector<WalRecord> sound_records(ByteSpan file) {
  std::vector<WalRecord> out;
  for (std::size_t at = 0; const auto record = sound(file, at); at = next_place(record->end)) {
    out.push_back(*record);
  }
  return out;
}

std::optional<WalDamage> damage_in(ByteSpan file) {
  std::optional<std::size_t> open;  // where the batch begins that has had no last part yet
  std::uint64_t sequence = 0;       // of the last batch that began
  std::size_t at = 0;
  while (const auto record = sound(file, at)) {
    const bool begins = begins_batch(*record);
    if (begins == open.has_value()) break;
    if (begins) sequence = std::max(sequence, sequence_of(file, *record));
    if (record->type == kFirst) open = at;
    if (record->type == kLast) open.reset();
    at = next_place(record->end);
  }
  const bool nothing_left = at >= file.size() || all_zero(file.subspan(at));
  if (nothing_left && !open) return std::nullopt;
  WalDamage out;
  out.begin = open.value_or(at);
  out.end = file.size();
  out.torn = nothing_left || is_cut(file, at) || has_lost_sector(file, out.begin);
  out.followed = later_batch(file, out.begin + 1, sequence);
  return out;
}

Result<std::optional<WalDamage>> find_damage(const std::string& directory, std::uint64_t oldest) {
  auto names = names_in(directory);
  if (!names) return std::unexpected(names.error());
  std::erase_if(*names, [&](const std::string& name) {
    return !name.ends_with(".log") || number_of(name) < oldest;
  });
  // By number: a longer name has a higher one.
  std::ranges::sort(*names, {},
                    [](const std::string& name) { return std::pair(name.size(), name); });
  std::optional<WalDamage> damage;
  for (const std::string& name : *names) {
    const auto file = read_file(directory + "/" + name);
    // A living writer takes a file away when its records are in tables.
    if (!file && file.error().code == ErrorCode::not_found) continue;
    if (!file) return std::unexpected(file.error());
    if (damage) {
      damage->newest = damage->newest && all_zero(bytes_of(*file));
    } else if (damage = damage_in(bytes_of(*file)); damage) {
      damage->file = name;
    }
  }
  return damage;
}

}  // namespace engine
