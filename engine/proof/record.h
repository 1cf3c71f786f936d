// The canonical header of a record: its bytes are the tree's entry, and their leaf hash is the
// receipt. Byte by byte in docs/FORMAT.md. As these bytes are hashed and stored, they are set in
// stone: another layout is another format version.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

inline constexpr std::uint8_t kRecordFormat = 1;
inline constexpr std::size_t kFixedHeaderBytes = 72;
inline constexpr std::size_t kHeaderTextMax = 255;  // bytes of each of the six texts
inline constexpr std::size_t kEntryBytesMax = kFixedHeaderBytes + 6 * (1 + kHeaderTextMax);
inline constexpr std::size_t kPayloadBytesMax = 1U
                                                << 24U;  // 16 MiB; our choice: far above any event

// A decoded header. `record` borrows its texts from the entry and has no payload.
struct Entry {
  RecordView record;
  std::uint32_t payload_length = 0;
  Hash payload_hash{};
};

// What a record must be to be encoded: texts within their lengths, a stream, version and seq from
// 1, occurred_at <= recorded_at, and an id only on the first record of a command.
[[nodiscard]] Result<void> check_record(const RecordView& record);

// Appends the header's bytes to `out`. The record must pass check_record().
void append_entry(Bytes& out, const RecordView& record);
[[nodiscard]] Bytes encode_entry(const RecordView& record);
// leaf_hash() of the record's entry, without memory of its own.
[[nodiscard]] Hash leaf_of(const RecordView& record);

// Strict: every byte is accounted for, and encoding the result again gives the same bytes.
[[nodiscard]] Result<Entry> decode_entry(ByteSpan entry);
// The same for those who read millions: fills `record` and `payload_length` in place; what is
// wrong, or nullptr. The payload's hash stays where it is, see entry_payload_hash().
[[nodiscard]] const char* read_entry(ByteSpan entry, RecordView& record,
                                     std::uint32_t& payload_length);
// Of an entry that read_entry() accepted.
[[nodiscard]] Hash entry_payload_hash(ByteSpan entry);

}  // namespace engine
