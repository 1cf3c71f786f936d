// The memory of a stretch of the log that is looked at more than once: what is shown lies in its
// blocks, and these stay. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/log/block.h"
#include "engine/result.h"

namespace engine {

class ReadMemory {
 public:
  // What was shown is gone; its memory serves the next stretch.
  void clear() {
    fetched_.clear();
    blocks_.clear();
    leaves_.clear();
    broken_.reset();
  }

 private:
  friend class LogScan;
  struct Fetched {
    std::uint64_t first_seq = 0;
    ByteSpan value;
  };

  std::vector<ValueMemory> values_;  // those of fetched_, and more from longer stretches
  std::vector<Fetched> fetched_;
  std::optional<Error> broken_;  // why no more could be fetched
  std::vector<std::shared_ptr<const Block>> blocks_;
  std::uint64_t first_tile_ = 0;  // of leaves_: whole tiles of the tree, one behind the other
  std::vector<Hash> leaves_;
  std::vector<Hash> other_tile_;  // one that was not fetched
};

}  // namespace engine
