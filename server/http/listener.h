// The sockets: accepts connections, spreads them over a few loops, and ends them in good order.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/result.h"
#include "server/http/connection.h"
#include "server/http/limits.h"
#include "server/http/loop.h"
#include "server/http/tls.h"

namespace server {

class Listener {
 public:
  // `clock` outlives the listener. `answerer` is called on the loops. Without `tls`: plain HTTP.
  Listener(const Clock& clock, HttpLimits limits, unsigned loops, Answerer answerer,
           std::unique_ptr<Tls> tls = nullptr);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Binds and begins to answer. Port 0: one that is free. bad_input: the address cannot be had.
  engine::Result<void> start(const std::string& address, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Takes no more connections, lets what is at work finish within the limits, and returns when all
  // loops have ended. Whoever still waits inside an answerer must be released by the caller.
  void stop();

  // Closes connections past their deadlines, now, on every loop; returns when it is done. The
  // listener does so by itself once a second.
  void sweep();

  [[nodiscard]] std::size_t connections() const { return connections_.load(); }
  [[nodiscard]] const std::vector<std::unique_ptr<Loop>>& loops() const { return loops_; }

 private:
  struct Doors;
  Task<void> accept();
  Task<void> keep_sweeping(std::size_t number);

  const Clock& clock_;
  const HttpLimits limits_;
  const Answerer answerer_;
  const std::unique_ptr<Tls> tls_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::unique_ptr<Doors> doors_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> connections_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace server
