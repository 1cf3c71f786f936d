// Notices on their way to another system: each event of the outbox as one CloudEvent, signed, in
// order. The place reached is kept in a file and moves only after the receiver has taken the event,
// so nothing is lost or overtakes by a restart; an event may come twice, and its id says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "engine/log/log.h"
#include "engine/result.h"
#include "server/clock.h"
#include "server/http/post.h"
#include "server/live_facts.h"

namespace server {

struct WebhookOptions {
  std::string url;  // http(s)://HOST:PORT/PATH; empty: none
  std::string
      authorities;  // who may vouch for the receiver (Recipient); empty: as the machine has it
  std::string secret_file;  // the shared secret, one line; its owner's alone to read
  std::chrono::milliseconds within{10'000};  // for one reply
};

class Webhook {
 public:
  // Takes up the place kept in `place_file`; where there is none, begins behind what is recorded.
  // Everything else outlives it.
  static engine::Result<std::unique_ptr<Webhook>> open(const WebhookOptions& options,
                                                       std::string place_file, std::string source,
                                                       const engine::Log& log, LiveFacts& facts,
                                                       const Clock& clock);

  // Whether the log has grown since the last look, and a wait after a failure is over. Any thread.
  [[nodiscard]] bool is_due() const;
  // Sends what is waiting until all is taken, or one is not: then the error, and a wait that
  // doubles from one second to five minutes. A thread that may be kept.
  engine::Result<void> deliver();
  // The last record that needs no sending any more. Any thread.
  [[nodiscard]] std::uint64_t place() const;
  // Notices not taken yet, and attempts that failed in a row. Any thread.
  [[nodiscard]] unsigned failures() const;

  // The value of `webhook-signature`: v1 and the HMAC-SHA256 of "ID.SECONDS.BODY" in base64, as the
  // Standard Webhooks specification has it.
  [[nodiscard]] static std::string signature(std::string_view secret, std::string_view id,
                                             std::string_view seconds, std::string_view body);

 private:
  Webhook(const engine::Log& log, LiveFacts& facts, const Clock& clock)
      : log_(log), facts_(facts), clock_(clock) {}
  engine::Result<void> send(std::uint64_t seq, const std::string& body) const;
  engine::Result<void> keep(std::uint64_t place);
  engine::Result<void> deliver_all();

  const engine::Log& log_;
  LiveFacts& facts_;
  const Clock& clock_;
  std::unique_ptr<Recipient> recipient_;
  std::chrono::milliseconds within_{};
  std::string secret_, place_file_, source_;
  std::mutex turn_;  // one delivers
  mutable std::mutex mutex_;
  std::uint64_t place_ = 0;
  unsigned failures_ = 0;
  engine::Micros not_before_ = 0;  // ticks
};

}  // namespace server
