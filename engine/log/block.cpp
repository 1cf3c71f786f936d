// The bytes of a block (docs/FORMAT.md, "Block").
#include "engine/log/block.h"

#include <array>
#include <cstring>
#include <string>

#include "engine/check.h"
#include "engine/proof/bytes.h"

namespace engine {
namespace {

constexpr std::uint64_t kMagic = 0x314B4C4255484942;  // "BIHUBLK1" in the file
constexpr std::size_t kRecordPrefix = 8;              // entry length and payload length
constexpr std::size_t kRootBytes = sizeof(Hash);

std::size_t aligned(std::size_t size) { return (size + 7) / 8 * 8; }

// The bytes from `size` to the next multiple of 8; `from` is aligned, so they are in one word.
bool zero_after(const std::uint8_t* from, std::size_t size) {
  const std::size_t used = size % 8;
  return used == 0 || get_le<std::uint64_t>(from + size - used) >> (used * 8) == 0;
}

}  // namespace

BlockBuilder::BlockBuilder(std::uint64_t first_seq) : first_seq_(first_seq) {
  bytes_.resize(kBlockHeaderBytes, 0);  // its place; finish() writes it
}

ByteSpan BlockBuilder::add(const RecordView& record) {
  const std::size_t prefix_at = bytes_.size();
  bytes_.resize(prefix_at + kRecordPrefix);
  append_entry(bytes_, record);
  const std::size_t entry_bytes = bytes_.size() - prefix_at - kRecordPrefix;
  end_record(prefix_at, entry_bytes, record.payload);
  return {bytes_.data() + prefix_at + kRecordPrefix, entry_bytes};
}

void BlockBuilder::add(ByteSpan entry, ByteSpan payload) {
  const std::size_t prefix_at = bytes_.size();
  bytes_.resize(prefix_at + kRecordPrefix);
  bytes_.insert(bytes_.end(), entry.begin(), entry.end());
  end_record(prefix_at, entry.size(), payload);
}

void BlockBuilder::end_record(std::size_t prefix_at, std::size_t entry_bytes, ByteSpan payload) {
  const std::array lengths = {static_cast<std::uint32_t>(entry_bytes),
                              static_cast<std::uint32_t>(payload.size())};
  std::memcpy(bytes_.data() + prefix_at, lengths.data(), kRecordPrefix);
  const std::size_t payload_at = aligned(bytes_.size());
  bytes_.resize(aligned(payload_at + payload.size()), 0);
  if (!payload.empty()) std::memcpy(bytes_.data() + payload_at, payload.data(), payload.size());
  ++count_;
}

void BlockBuilder::restart(std::uint64_t first_seq) {
  first_seq_ = first_seq;
  count_ = 0;
  bytes_.resize(kBlockHeaderBytes);
}

void BlockBuilder::finish(const Hash& root, Bytes& out) const {
  finish_from(kBlockHeaderBytes, first_seq_, root, out);
}

void BlockBuilder::finish_from(std::size_t mark, std::uint64_t first_seq, const Hash& root,
                               Bytes& out) const {
  CHECK(mark >= kBlockHeaderBytes && mark < bytes_.size());
  CHECK(first_seq >= first_seq_ && first_seq - first_seq_ < count_);
  out.reserve(out.size() + kBlockHeaderBytes + bytes_.size() - mark + kRootBytes);
  put_le(out, kMagic);
  put_le(out, first_seq);
  put_le(out, static_cast<std::uint32_t>(count_ - (first_seq - first_seq_)));
  put_le(out, std::uint32_t{0});  // reserved
  out.insert(out.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(mark), bytes_.end());
  out.insert(out.end(), root.begin(), root.end());
}

ByteSpan ValueMemory::copy(ByteSpan value) {
  const std::size_t words = value.size() / 8 + 1;
  if (words > words_count_) {
    words_ = std::make_unique_for_overwrite<std::uint64_t[]>(words);
    words_count_ = words;
  }
  auto* bytes = reinterpret_cast<std::uint8_t*>(words_.get());
  if (!value.empty()) std::memcpy(bytes, value.data(), value.size());
  return {bytes, value.size()};
}

// The entry was read strictly, so it is the one that would be written for this view, but for the
// payload's hash, which nobody has looked at yet.
Hash BlockRecord::leaf() const {
  const auto [payload_hash, leaf] = hash_two({view.payload}, {entry, Mark::leaf});
  return payload_hash == entry_payload_hash(entry) ? leaf : leaf_of(view);
}

BlockWalk::BlockWalk(ByteSpan value, std::uint64_t first_seq)
    : value_(value), first_seq_(first_seq), seq_(first_seq) {
  const std::uint8_t* bytes = value.data();
  const auto check = [&]() -> const char* {
    if (value.size() < kBlockHeaderBytes + kRootBytes) return "it is too short.";
    if (get_le<std::uint64_t>(bytes) != kMagic) return "it does not begin with its mark.";
    if (get_le<std::uint64_t>(bytes + 8) != first_seq) return "it is stored under another seq.";
    count_ = get_le<std::uint32_t>(bytes + 16);
    if (count_ == 0 || get_le<std::uint32_t>(bytes + 20) != 0) return "its header is not valid.";
    if (count_ > value.size() / kFixedHeaderBytes)
      return "it counts more records than it can hold.";
    return nullptr;
  };
  why_ = check();
  if (why_ == nullptr) end_ = value.size() - kRootBytes;
}

bool BlockWalk::bad(const char* why) {
  why_ = why;
  return false;
}

bool BlockWalk::next(BlockRecord& record) {
  if (why_ != nullptr) return false;
  if (shown_ == count_) return at_ == end_ ? false : bad("it has bytes after its last record.");
  const std::uint8_t* bytes = value_.data();
  if (end_ - at_ < kRecordPrefix) return bad("it ends early.");
  const std::size_t entry_bytes = get_le<std::uint32_t>(bytes + at_);
  const std::size_t payload_bytes = get_le<std::uint32_t>(bytes + at_ + 4);
  const std::size_t entry_at = at_ + kRecordPrefix;
  if (entry_bytes > kEntryBytesMax || payload_bytes > kPayloadBytesMax ||
      end_ - entry_at < aligned(entry_bytes) + aligned(payload_bytes)) {
    return bad("a length runs past its end.");
  }
  record.entry = {bytes + entry_at, entry_bytes};
  std::uint32_t payload_length = 0;
  if (const char* why = read_entry(record.entry, record.view, payload_length)) return bad(why);
  const std::size_t payload_at = entry_at + aligned(entry_bytes);
  if (payload_length != payload_bytes) return bad("header and block differ in length.");
  if (record.view.seq != seq_) return bad("the seq is not dense.");
  if (!zero_after(bytes + entry_at, entry_bytes) ||
      !zero_after(bytes + payload_at, payload_bytes)) {
    return bad("the padding is not zero.");
  }
  record.view.payload = {bytes + payload_at, payload_bytes};
  at_ = payload_at + aligned(payload_bytes);
  ++shown_;
  ++seq_;
  return true;
}

Error BlockWalk::error() const {
  CHECK(damaged());
  return {ErrorCode::corrupt,
          "log/: the block of record " + std::to_string(first_seq_) + " is damaged at record " +
              std::to_string(seq_) + ": " + why_,
          seq_};
}

Hash BlockWalk::root() const {
  Hash root;
  std::memcpy(root.data(), value_.data() + end_, kRootBytes);
  return root;
}

Result<std::shared_ptr<const Block>> Block::parse(ByteSpan value, std::uint64_t first_seq) {
  std::shared_ptr<Block> block(new Block);
  block->first_seq_ = first_seq;
  block->size_ = value.size();
  BlockWalk walk(block->memory_.copy(value), first_seq);
  block->records_.reserve(walk.damaged() ? 0 : walk.count());
  for (BlockRecord record; walk.next(record);) block->records_.push_back(record);
  if (walk.damaged()) return std::unexpected(walk.error());
  block->root_ = walk.root();
  return block;
}

std::uint64_t Block::damaged_record() const {
  for (const BlockRecord& record : records_) {
    if (sha256(record.view.payload) != entry_payload_hash(record.entry)) return record.view.seq;
  }
  return 0;
}

}  // namespace engine
