// Threads for what takes longer than a loop may be kept: drawing reports, reading long histories.
// What waits for them is bounded.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "server/http/loop.h"
#include "server/http/message.h"

namespace server {

class Workers {
 public:
  Workers(unsigned threads, std::size_t waiting_max) : pool_(threads), waiting_max_(waiting_max) {}
  ~Workers() { close(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // The reply that `work` makes on another thread; 503 if too many wait already. To be called on
  // `loop`, where the reply comes too. `work` may borrow from the caller's coroutine: it waits.
  Task<Reply> run(Loop& loop, std::move_only_function<Reply()> work);

  // The same with nobody waiting for it.
  void post(std::move_only_function<void()> work);
  // Finishes what was taken.
  void close() { pool_.join(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.load(); }

 private:
  boost::asio::thread_pool pool_;
  const std::size_t waiting_max_;
  std::atomic<std::size_t> waiting_ = 0;
};

}  // namespace server
