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
  // Records come in order of seq. Encodes the header and hands it out, valid until the next add().
  ByteSpan add(const RecordView& record);
  // The same of a record whose canonical header is at hand.
  void add(ByteSpan entry, ByteSpan payload);
  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  // Appends the value with the root of the tree over everything up to its last record.
  void finish(const Hash& root, Bytes& out) const;
  // The same of the records added since bytes() was `mark`, of which the first is `first_seq`.
  void finish_from(std::size_t mark, std::uint64_t first_seq, const Hash& root, Bytes& out) const;
  // Empty again, and on with another record.
  void restart(std::uint64_t first_seq);

 private:
  void end_record(std::size_t prefix_at, std::size_t entry_bytes, ByteSpan payload);

  std::uint64_t first_seq_;
  std::uint32_t count_ = 0;
  Bytes bytes_;
};

// Memory for one value at a time, aligned so that payloads can be read in place.
class ValueMemory {
 public:
  // The copy is valid until the next one.
  ByteSpan copy(ByteSpan value);

 private:
  std::unique_ptr<std::uint64_t[]> words_;
  std::size_t words_count_ = 0;
};

// A record in the memory of its block.
struct BlockRecord {
  RecordView view;
  ByteSpan entry;
  // The leaf of what is stored, header and payload hashed again: leaf_of(view), for less.
  [[nodiscard]] Hash leaf() const;
};

// Goes through a value in place, record by record, and checks form, lengths, density and headers
// before it shows a record; not the hashes. Allocates nothing: a rebuild reads millions.
class BlockWalk {
 public:
  // `value` is aligned to 8 bytes (ValueMemory) and outlives what is shown.
  BlockWalk(ByteSpan value, std::uint64_t first_seq);
  // False: the end of a value in which every byte was accounted for, or damage.
  bool next(BlockRecord& record);
  [[nodiscard]] std::uint32_t count() const { return count_; }  // as its header says
  [[nodiscard]] bool damaged() const { return why_ != nullptr; }
  [[nodiscard]] Error error() const;  // of a damaged value
  [[nodiscard]] Hash root() const;

 private:
  bool bad(const char* why);

  ByteSpan value_;
  std::uint64_t first_seq_, seq_;
  std::size_t at_ = kBlockHeaderBytes, end_ = 0;
  std::uint32_t count_ = 0, shown_ = 0;
  const char* why_ = nullptr;
};

// A value copied into memory of its own, decoded whole, and handed out in place.
class Block {
 public:
  static Result<std::shared_ptr<const Block>> parse(ByteSpan value, std::uint64_t first_seq);

  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint64_t last_seq() const { return first_seq_ + records_.size() - 1; }
  [[nodiscard]] bool holds(std::uint64_t seq) const {
    return seq >= first_seq_ && seq <= last_seq();
  }
  [[nodiscard]] const std::vector<BlockRecord>& records() const { return records_; }
  [[nodiscard]] const BlockRecord& at(std::uint64_t seq) const {
    return records_[seq - first_seq_];
  }
  [[nodiscard]] const Hash& root() const { return root_; }
  // Of memory, the decoded records included.
  [[nodiscard]] std::size_t bytes() const { return size_ + records_.size() * sizeof(BlockRecord); }
  // The first record whose payload is not what its header says; 0 if none.
  [[nodiscard]] std::uint64_t damaged_record() const;

 private:
  Block() = default;

  std::uint64_t first_seq_ = 0;
  std::size_t size_ = 0;
  ValueMemory memory_;
  std::vector<BlockRecord> records_;
  Hash root_{};
};

}  // namespace engine
