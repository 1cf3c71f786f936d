// Physical records of RocksDB's log format (db/log_format.h of 7.8), without the recyclable types,
// which recycle_log_file_num=0 never writes.
#include "engine/log/wal.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/log/file.h"
#include "engine/proof/bytes.h"

namespace engine {
namespace {

constexpr std::size_t kBlock = 32768, kHeader = 7, kBatchHeader = 12;
constexpr std::uint8_t kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4;
// A batch that far behind is another file's bytes, not a later batch.
constexpr std::uint64_t kPlausible = std::uint64_t{1} << 40U;

// CRC-32C (Castagnoli, reflected 0x82F63B78) by table; RocksDB's own is not in its headers.
std::uint32_t crc32c(ByteSpan bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t i = 0; i < out.size(); ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) {
        value = (value >> 1U) ^ ((value & 1U) != 0 ? 0x82F63B78U : 0U);
      }
      out[i] = value;
    }
    return out;
  }();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) crc = table[(crc ^ byte) & 0xFFU] ^ (crc >> 8U);
  return ~crc;
}

std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U; }

// What the header at `at` claims, if it fits into its block and the file.
std::optional<WalRecord> claimed(ByteSpan file, std::size_t at) {
  const std::size_t end = std::min(file.size(), (at / kBlock + 1) * kBlock);
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

// Where the last two blocks of a file begin.
std::size_t last_blocks(std::size_t bytes) {
  return bytes < 2 * kBlock ? 0 : (bytes / kBlock - 1) * kBlock;
}

bool is_complete(ByteSpan file, WalRecord record) {
  while (record.type == kFirst || record.type == kMiddle) {
    const auto next = sound(file, next_place(record.end));
    if (!next || next->type == kFirst || next->type == kWhole) return false;
    record = *next;
  }
  return true;
}

}  // namespace

std::vector<WalRecord> sound_records(ByteSpan file) {
  std::vector<WalRecord> out;
  for (std::size_t at = 0; const auto record = sound(file, at); at = next_place(record->end)) {
    out.push_back(*record);
  }
  return out;
}

LaterBatches batches_after(ByteSpan file, std::uint64_t sequence) {
  LaterBatches out;
  bool chained = true;  // a record is expected here: at the beginning of a block, after a sound one
  for (std::size_t at = 0; at + kHeader <= file.size();) {
    const auto record = claimed(file, at);
    const bool begins = record && (record->type == kWhole || record->type == kFirst) &&
                        record->end - record->begin >= kHeader + kBatchHeader;
    const std::uint64_t of = begins ? get_le<std::uint64_t>(file.data() + at + kHeader) : 0;
    const bool later = of > sequence && of - sequence < kPlausible;
    // Off the chain most bytes are no header at all: only what would count is hashed.
    if (record && (chained || later) && is_sound(file, *record)) {
      if (later) ++(is_complete(file, *record) ? out.whole : out.cut);
      at = next_place(record->end);
      chained = true;
    } else {
      chained = ++at % kBlock == 0;
    }
  }
  return out;
}

Result<void> check_nothing_follows(const std::string& directory, std::uint64_t sequence,
                                   Wals which) {
  auto names = names_in(directory);
  if (!names) return std::unexpected(names.error());
  std::erase_if(*names, [](const std::string& name) { return !name.ends_with(".log"); });
  std::ranges::sort(*names);
  std::size_t cut = 0;
  for (const std::string& name : *names) {
    if (which == Wals::end_of_newest && name != names->back()) continue;
    const auto file = read_file(directory + "/" + name);
    if (!file) return std::unexpected(file.error());
    const std::size_t from = which == Wals::all ? 0 : last_blocks(file->size());
    const LaterBatches later = batches_after(bytes_of(*file).subspan(from), sequence);
    cut += later.cut;
    // One that is cut may be the torn write itself.
    if (later.whole == 0 && cut <= 1) continue;
    return fail(ErrorCode::corrupt, "log/" + name +
                                        " is damaged, and a group recorded after the damage is in "
                                        "it: what is damaged was acknowledged.");
  }
  return {};
}

}  // namespace engine
