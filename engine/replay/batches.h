// Reads a range of the log piece by piece on two threads, reduces each piece to a batch, and hands
// the batches over in order on the calling thread.
#pragma once

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"

namespace engine {

// `take(batch)` gives a Result<void>; after an error nothing further is handed over, and it is the
// answer. A batch is made again from used memory.
template <class Batch, class Take>
Result<void> each_batch(const Log& log, std::uint64_t from, std::uint64_t to, std::uint64_t piece,
                        Take take) {
  constexpr unsigned kMakers = 2;      // our choice: the cores of the smallest machine
  constexpr std::uint64_t kAhead = 4;  // pieces made and not yet taken
  struct Slot {
    Batch batch;
    Result<void> read;
    bool ready = false;
  };
  std::array<Slot, kAhead> slots;
  const std::uint64_t pieces = from > to ? 0 : (to - from) / piece + 1;
  const auto fill = [&](Slot& slot, std::uint64_t mine) {
    const std::uint64_t first = from + mine * piece, last = std::min(to, first + piece - 1);
    slot.batch.clear();
    slot.read = log.read(first, last, [&](const RecordView& record) {
      slot.batch.add(record);
      return true;
    });
    if (slot.read && slot.batch.size() != last - first + 1)
      slot.read = fail(ErrorCode::corrupt, "A range of the log was not read whole.", first);
  };
  if (pieces <= 1) {  // not worth a thread
    if (pieces == 1) fill(slots[0], 0);
    if (pieces == 0 || !slots[0].read) return slots[0].read;
    return take(slots[0].batch);
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t next = 0, taken = 0;
  bool stop = false;

  const auto make = [&] {
    for (;;) {
      std::uint64_t mine = 0;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stop || next == pieces || next < taken + kAhead; });
        if (stop || next == pieces) return;
        mine = next++;
      }
      Slot& slot = slots[mine % kAhead];
      fill(slot, mine);
      const std::lock_guard lock(mutex);
      slot.ready = true;
      changed.notify_all();
    }
  };
  std::vector<std::jthread> makers;
  for (unsigned i = 0; i < kMakers; ++i) makers.emplace_back(make);

  Result<void> result;
  for (; taken < pieces && result;) {
    Slot& slot = slots[taken % kAhead];
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return slot.ready; });
    }
    result = slot.read ? take(slot.batch) : slot.read;
    const std::lock_guard lock(mutex);
    slot.ready = false;
    ++taken;
    changed.notify_all();
  }
  {
    const std::lock_guard lock(mutex);
    stop = true;
    changed.notify_all();
  }
  return result;
}

}  // namespace engine
