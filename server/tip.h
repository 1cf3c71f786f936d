// Waiting for the log to grow: for the feed. Whoever waits is woken on its own loop when records
// have become durable, and from time to time, so that a client that is gone is found out.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "engine/log/log.h"
#include "server/http/loop.h"

namespace server {

class Tip {
 public:
  // `log` and the loops outlive it.
  Tip(const engine::Log& log, const std::vector<std::unique_ptr<Loop>>& loops);

  // Returns when the log has more than `seq` records, or after a while: true; or when the server
  // stops: false. On `loop`.
  Task<bool> beyond(Loop& loop, std::uint64_t seq);

  // The log has grown. Any thread; cheap while nobody waits.
  void grew();
  // How many wait now. Any thread.
  [[nodiscard]] int waiting() const;
  // Sends everybody home.
  void close();

 private:
  using Handler = std::move_only_function<void(bool)>;
  struct Waiter {
    Handler handler;
    engine::Micros until = 0;
  };
  struct OfLoop {
    Loop* loop = nullptr;
    std::vector<Waiter> waiters;  // the loop's thread only
    std::atomic<int> waiting = 0;
    std::atomic<bool> called = false;
  };
  static void wake(OfLoop& place, bool goes_on);
  static void wake_the_patient(OfLoop& place);
  OfLoop& place_of(const Loop& loop);

  const engine::Log& log_;
  std::vector<std::unique_ptr<OfLoop>> places_;
  std::atomic<bool> closed_ = false;
};

}  // namespace server
