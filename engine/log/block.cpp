// The bytes of a block (docs/FORMAT.md, "Block").
#include "engine/log/block.h"

#include <algorithm>
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

}  // namespace

BlockBuilder::BlockBuilder(std::uint64_t first_seq) : first_seq_(first_seq) {
  bytes_.resize(kBlockHeaderBytes, 0);  // its place; finish() writes it
}

void BlockBuilder::add(ByteSpan entry, ByteSpan payload) {
  put_le(bytes_, static_cast<std::uint32_t>(entry.size()));
  put_le(bytes_, static_cast<std::uint32_t>(payload.size()));
  bytes_.insert(bytes_.end(), entry.begin(), entry.end());
  bytes_.resize(aligned(bytes_.size()), 0);
  bytes_.insert(bytes_.end(), payload.begin(), payload.end());
  bytes_.resize(aligned(bytes_.size()), 0);
  ++count_;
}

Bytes BlockBuilder::finish(const Hash& root) const {
  return finish_from(kBlockHeaderBytes, first_seq_, root);
}

Bytes BlockBuilder::finish_from(std::size_t mark, std::uint64_t first_seq, const Hash& root) const {
  CHECK(mark >= kBlockHeaderBytes && mark < bytes_.size());
  CHECK(first_seq >= first_seq_ && first_seq - first_seq_ < count_);
  Bytes out;
  out.reserve(kBlockHeaderBytes + bytes_.size() - mark + kRootBytes);
  put_le(out, kMagic);
  put_le(out, first_seq);
  put_le(out, static_cast<std::uint32_t>(count_ - (first_seq - first_seq_)));
  put_le(out, std::uint32_t{0});  // reserved
  out.insert(out.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(mark), bytes_.end());
  out.insert(out.end(), root.begin(), root.end());
  return out;
}

Result<std::shared_ptr<const Block>> Block::parse(ByteSpan value, std::uint64_t first_seq) {
  std::shared_ptr<Block> block(new Block);
  block->first_seq_ = first_seq;
  block->size_ = value.size();
  block->memory_ = std::make_unique_for_overwrite<std::uint64_t[]>(value.size() / 8 + 1);
  if (!value.empty()) std::memcpy(block->memory_.get(), value.data(), value.size());
  if (auto decoded = block->decode(); !decoded) return std::unexpected(decoded.error());
  return block;
}

Result<void> Block::decode() {
  std::uint64_t seq = first_seq_;
  const auto bad = [&](const std::string& why) {
    return fail(ErrorCode::corrupt,
                "log/: the block of record " + std::to_string(first_seq_) +
                    " is damaged at record " + std::to_string(seq) + ": " + why,
                seq);
  };
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(memory_.get());
  if (size_ < kBlockHeaderBytes + kRootBytes) return bad("it is too short.");
  if (get_le<std::uint64_t>(bytes) != kMagic) return bad("it does not begin with its mark.");
  if (get_le<std::uint64_t>(bytes + 8) != first_seq_) return bad("it is stored under another seq.");
  const auto count = get_le<std::uint32_t>(bytes + 16);
  if (count == 0 || get_le<std::uint32_t>(bytes + 20) != 0) return bad("its header is not valid.");
  const std::size_t end = size_ - kRootBytes;
  std::size_t at = kBlockHeaderBytes;
  const auto padding_is_zero = [&](std::size_t from, std::size_t to) {
    return std::all_of(bytes + from, bytes + to, [](std::uint8_t b) { return b == 0; });
  };
  if (count > size_ / kFixedHeaderBytes) return bad("it counts more records than it can hold.");
  records_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i, ++seq) {
    if (end - at < kRecordPrefix) return bad("it ends early.");
    const std::size_t entry_bytes = get_le<std::uint32_t>(bytes + at);
    const std::size_t payload_bytes = get_le<std::uint32_t>(bytes + at + 4);
    at += kRecordPrefix;
    if (entry_bytes > kEntryBytesMax || payload_bytes > kPayloadBytesMax ||
        end - at < aligned(entry_bytes) + aligned(payload_bytes)) {
      return bad("a length runs past its end.");
    }
    const ByteSpan entry(bytes + at, entry_bytes);
    const auto decoded = decode_entry(entry);
    if (!decoded) return bad(decoded.error().text);
    const std::size_t payload_at = at + aligned(entry_bytes);
    if (decoded->payload_length != payload_bytes) return bad("header and block differ in length.");
    if (decoded->record.seq != seq) return bad("the seq is not dense.");
    if (!padding_is_zero(at + entry_bytes, payload_at) ||
        !padding_is_zero(payload_at + payload_bytes, payload_at + aligned(payload_bytes))) {
      return bad("the padding is not zero.");
    }
    records_.push_back({decoded->record, entry, decoded->payload_hash});
    records_.back().view.payload = {bytes + payload_at, payload_bytes};
    at = payload_at + aligned(payload_bytes);
  }
  if (at != end) return bad("it has bytes after its last record.");
  std::memcpy(root_.data(), bytes + end, kRootBytes);
  return {};
}

std::uint64_t Block::damaged_record() const {
  for (const Record& record : records_) {
    if (sha256(record.view.payload) != record.payload_hash) return record.view.seq;
  }
  return 0;
}

}  // namespace engine
