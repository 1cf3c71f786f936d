// A system that events are appended to, as its own users would: one session a client, each append
// acknowledged only when the peer says it is durable.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tools/benchmark/peers/event_file.h"

namespace tools {

// Sessions throw this with the peer's own words; the driver prints them and gives up.
struct PeerFailed {
  std::string text;
};

class Session {
 public:
  virtual ~Session() = default;
  // All of them or none, acknowledged once.
  virtual void append(std::span<const PeerEvent> events) = 0;
};

class Peer {
 public:
  virtual ~Peer() = default;
  // Away with what is stored; an empty store, as at first.
  virtual void begin() = 0;
  virtual std::unique_ptr<Session> connect() = 0;
  // Bytes on disk of what is stored now.
  virtual double bytes() = 0;
  [[nodiscard]] virtual bool takes_clients() const { return true; }  // more than one at a time
  // Batches over several categories lock them in the order of their events, so two clients with
  // batches may deadlock.
  [[nodiscard]] virtual bool takes_parallel_batches() const { return true; }
};

// `where`: a connection string, a file, a socket.
[[nodiscard]] std::unique_ptr<Peer> postgres_table(const std::string& where);
[[nodiscard]] std::unique_ptr<Peer> message_db(const std::string& where);
[[nodiscard]] std::unique_ptr<Peer> sqlite_table(const std::string& where);
[[nodiscard]] std::unique_ptr<Peer> redis_stream(const std::string& where);

}  // namespace tools
