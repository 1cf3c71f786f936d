// Keeps the calling thread, and the threads that it starts, on one processor for a while. A disk's
// interrupts come to one of them, and who waits for a sync there is back sooner: a lone client was
// seen at 5,000 and at 7,000 commands a second by where the system had put its thread. So the runs
// of a lone client take the processors in turn: the bare loops, ours and the peers' alike.
#pragma once

#include <sched.h>

#include <algorithm>
#include <cstddef>
#include <thread>

namespace tools {

[[nodiscard]] inline std::size_t processors() {
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

// So many runs, and as many more as it takes to be on each processor equally often.
[[nodiscard]] inline std::size_t runs_in_turn(std::size_t runs) {
  return (runs + processors() - 1) / processors() * processors();
}

class OnProcessor {
 public:
  // Run `run` of some. Where the system does not allow it, the thread runs as it did.
  explicit OnProcessor(std::size_t run) {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
    const int mine = CPU_COUNT(&before_);
    std::size_t skip = mine == 0 ? 0 : run % static_cast<std::size_t>(mine);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &before_) || skip-- != 0) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      bound_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
      return;
    }
  }
  ~OnProcessor() {
    if (bound_) ::sched_setaffinity(0, sizeof before_, &before_);
  }
  OnProcessor(const OnProcessor&) = delete;
  OnProcessor& operator=(const OnProcessor&) = delete;

 private:
  cpu_set_t before_{};
  bool bound_ = false;
};

}  // namespace tools
