// Keeps the processors of a virtual machine awake while something is measured: a thread a core that
// spins at idle priority and gives way to everybody. Without it a loop that waits for the disk lets
// its processor halt, and a busy host may take 4 ms to wake it: the same bare sync loop was seen at
// 270 and at 6,000 a second. With it, limits, ours and peers are measured alike.
#pragma once

#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

namespace tools {

class KeepAwake {
 public:
  KeepAwake() {
    for (unsigned core = 0; core < std::thread::hardware_concurrency(); ++core)
      threads_.emplace_back([this] { spin(); });
  }
  ~KeepAwake() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  KeepAwake(const KeepAwake&) = delete;
  KeepAwake& operator=(const KeepAwake&) = delete;

 private:
  // Not counted in training (tools/train): billions of turns that mean nothing.
  [[gnu::no_profile_instrument_function, gnu::noinline]] void spin() {
    const sched_param none{};
    if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0) return;
    while (!stop_.load(std::memory_order_relaxed)) {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
  }
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tools
