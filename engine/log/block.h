// The stored value that holds a run of records, in `tail` (one a group commit) and in `blocks`
// alike: header, records with 8-byte aligned payloads, and the tree root after its last record
// (docs/FORMAT.md, "Block"). Reading is strict: every byte is accounted for.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/proof/record.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

inline constexpr std::size_t kBlockBytes = 64U << 10U;  // a run of this size or more is a block
inline constexpr std::size_t kBlockHeaderBytes = 24;

// Collects records into the bytes of one value.
class BlockBuilder {
 public:
  explicit BlockBuilder(std::uint64_t first_seq);
  // `entry` is the canonical header of the record; records come in order of seq.
  void add(ByteSpan entry, ByteSpan payload);
  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  // The value with the root of the tree over everything up to its last record.
  [[nodiscard]] Bytes finish(const Hash& root) const;
  // The same of the records added since bytes() was `mark`, of which the first is `first_seq`.
  [[nodiscard]] Bytes finish_from(std::size_t mark, std::uint64_t first_seq,
                                  const Hash& root) const;

 private:
  std::uint64_t first_seq_;
  std::uint32_t count_ = 0;
  Bytes bytes_;
};

// A value copied into aligned memory, decoded, and handed out in place.
class Block {
 public:
  struct Record {
    RecordView view;
    ByteSpan entry;
    Hash payload_hash;
  };

  // Checks form, lengths, density and headers; not the hashes (see damaged_record()).
  static Result<std::shared_ptr<const Block>> parse(ByteSpan value, std::uint64_t first_seq);

  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint64_t last_seq() const { return first_seq_ + records_.size() - 1; }
  [[nodiscard]] bool holds(std::uint64_t seq) const {
    return seq >= first_seq_ && seq <= last_seq();
  }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] const Record& at(std::uint64_t seq) const { return records_[seq - first_seq_]; }
  [[nodiscard]] const Hash& root() const { return root_; }
  [[nodiscard]] std::size_t bytes() const { return size_; }
  // The first record whose payload is not what its header says; 0 if none.
  [[nodiscard]] std::uint64_t damaged_record() const;

 private:
  Block() = default;
  Result<void> decode();

  std::uint64_t first_seq_ = 0;
  std::size_t size_ = 0;
  std::unique_ptr<std::uint64_t[]> memory_;  // of 8-byte words: what aligns the payloads
  std::vector<Record> records_;
  Hash root_{};
};

}  // namespace engine
