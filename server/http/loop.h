// One event loop: a thread, its connections and their deadlines. A connection lives and dies on one
// loop, so nothing of it needs a lock.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <list>
#include <vector>

#include "server/clock.h"
#include "server/http/message.h"

namespace server {

class Loop {
 public:
  // What the loop knows of a connection.
  struct Watched {
    virtual ~Watched() = default;
    virtual void close() = 0;
    engine::Micros deadline = 0;
    bool idle = true;  // no request is being read or answered

   private:
    friend class Loop;
    std::list<Watched*>::iterator place;
    bool closed = false;
  };

  explicit Loop(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }

  // How many connections it watches; any thread may ask.
  [[nodiscard]] std::size_t watched() const { return count_.load(); }

  // The rest is for the loop's thread.
  // From now on every sweep looks at its deadline, which must be set.
  void watch(Watched& one) {
    one.place = watched_.insert(watched_.end(), &one);
    ++count_;
  }
  void forget(Watched& one) {
    watched_.erase(one.place);
    --count_;
  }
  // Called by every sweep, before the deadlines are looked at.
  void on_sweep(std::function<void()> hook) { swept_.push_back(std::move(hook)); }
  void begin_sweep() {
    for (const auto& hook : swept_) hook();
  }
  // Closes some of what is past its deadline. True: there may be more of it. Thousands may have the
  // same deadline, and whoever else is on the loop would wait for them all.
  bool sweep_some() {
    constexpr int kAtOnce = 32;
    const engine::Micros now = clock_.ticks();
    int closed = 0;
    for (Watched* const one : watched_) {
      if (now < one->deadline || one->closed) continue;
      if (closed++ == kAtOnce) return true;
      one->closed = true;
      one->close();
    }
    return false;
  }
  // From now on a reply is the last of its connection; what is idle is closed.
  void stop(engine::Micros drain) {
    stopping_ = true;
    const engine::Micros last = clock_.ticks() + drain;
    for (Watched* const one : watched_) {
      one->deadline = std::min(one->deadline, last);
      if (one->idle) one->close();
    }
  }
  [[nodiscard]] bool stopping() const { return stopping_; }
  [[nodiscard]] bool done() const { return stopping_ && watched_.empty(); }

 private:
  const Clock& clock_;
  boost::asio::io_context context_{1};
  std::list<Watched*> watched_;
  std::atomic<std::size_t> count_ = 0;
  std::vector<std::function<void()>> swept_;
  bool stopping_ = false;
};

}  // namespace server
