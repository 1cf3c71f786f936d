// Least recently used blocks, up to a fixed number of bytes.
#include "engine/log/block_cache.h"

#include <string>

namespace engine {
namespace {

constexpr std::size_t kCacheBytes = 32U << 20U;  // our choice: some 500 blocks

}  // namespace

Result<BlockCache::BlockPtr> BlockCache::block_of(std::uint64_t seq, std::uint64_t sealed_to) {
  if (BlockPtr block = find(seq)) return block;
  // The writer may seal the tail between two looks: blocks are looked at again after the tail.
  for (const Family family : {Family::blocks, Family::tail, Family::blocks}) {
    if (family == Family::tail && seq <= sealed_to) break;
    auto block = load(family, seq);
    if (!block) return block;
    if (*block == nullptr) continue;
    if (family == Family::blocks) keep(*block);
    return block;
  }
  return fail(ErrorCode::corrupt, "log/: record " + std::to_string(seq) + " is missing.", seq);
}

Result<BlockCache::BlockPtr> BlockCache::load(Family family, std::uint64_t seq) const {
  const auto it = store_.iterate(family);
  it->SeekForPrev(seq_key(seq));
  if (!it->status().ok()) return std::unexpected(store_.error_of(it->status(), "reading a block"));
  if (!it->Valid()) return nullptr;
  auto block = Block::parse(span_of(it->value()), get_be<std::uint64_t>(it->key().data()));
  if (!block) return block;
  return (*block)->holds(seq) ? *block : nullptr;
}

BlockCache::BlockPtr BlockCache::find(std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  auto after = by_first_seq_.upper_bound(seq);
  if (after == by_first_seq_.begin()) return nullptr;
  const auto place = std::prev(after)->second;
  if (!(*place)->holds(seq)) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, place);
  return *place;
}

void BlockCache::keep(const BlockPtr& block) {
  const std::lock_guard lock(mutex_);
  if (by_first_seq_.contains(block->first_seq())) return;
  by_use_.push_front(block);
  by_first_seq_.emplace(block->first_seq(), by_use_.begin());
  bytes_ += block->bytes();
  while (bytes_ > kCacheBytes && by_use_.size() > 1) {
    bytes_ -= by_use_.back()->bytes();
    by_first_seq_.erase(by_use_.back()->first_seq());
    by_use_.pop_back();
  }
}

}  // namespace engine
