// The memory of a reading of the log that looks at its records more than once: what the reading
// shows lies in its blocks, and these stay. One reading at a time, by one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "engine/log/block.h"

namespace engine {

class ReadMemory {
 public:
  // What was shown is gone; its memory serves the next reading.
  void clear() {
    used_ = 0;
    blocks_.clear();
  }

  // For the log.
  ByteSpan copy(ByteSpan value) {
    if (used_ == values_.size()) values_.emplace_back();
    return values_[used_++].copy(value);
  }
  void keep(std::shared_ptr<const Block> block) { blocks_.push_back(std::move(block)); }

 private:
  std::vector<ValueMemory> values_;  // the first used_ of them hold a value
  std::size_t used_ = 0;
  std::vector<std::shared_ptr<const Block>> blocks_;
};

}  // namespace engine
