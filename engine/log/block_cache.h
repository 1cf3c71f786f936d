// Finds the block that holds a record, and keeps the last ones used: a case is read record by
// record, and a search by time comes by the same blocks again.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "engine/log/block.h"
#include "engine/log/store.h"
#include "engine/result.h"

namespace engine {

class BlockCache {
 public:
  explicit BlockCache(const Store& store) : store_(store) {}
  using BlockPtr = std::shared_ptr<const Block>;

  // `seq` is durable; a block that should hold it and does not is damage. `sealed_to`: what the
  // caller knows to be in `blocks`; more may be by now.
  Result<BlockPtr> block_of(std::uint64_t seq, std::uint64_t sealed_to);

 private:
  Result<BlockPtr> load(Family family, std::uint64_t seq) const;
  BlockPtr find(std::uint64_t seq);
  void keep(const BlockPtr& block);

  const Store& store_;
  std::mutex mutex_;
  std::list<BlockPtr> by_use_;  // newest first
  std::map<std::uint64_t, std::list<BlockPtr>::iterator> by_first_seq_;
  std::size_t bytes_ = 0;
};

}  // namespace engine
