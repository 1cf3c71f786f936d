#include "server/webhook.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <vector>

#include "engine/log/file.h"
#include "engine/proof/hash.h"
#include "server/cloud_event.h"
#include "server/outbox.h"

namespace server {

using engine::ErrorCode;
using engine::Micros;
using engine::Result;

namespace {

constexpr Micros kFirstWait = 1'000'000, kLongestWait = 300'000'000;
constexpr std::uint64_t kPieceMax = 256;  // notices read ahead of their sending
constexpr std::size_t kSecretBytesMin = 16;
constexpr Micros kSecond = 1'000'000;

Result<std::string> read_secret(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return engine::fail(
        ErrorCode::bad_input,
        "webhook-secret 的文件只能由其所有者读取（chmod 600）。 The webhook's secret "
        "must be readable by its owner alone (chmod 600).");
  auto text = engine::read_file(path);
  if (!text) return text;
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  if (text->size() < kSecretBytesMin)
    return engine::fail(ErrorCode::bad_input,
                        "webhook-secret 至少要有 16 个字节。 The webhook's secret has 16 bytes or "
                        "more.");
  return text;
}

// nullopt: there is no such file. Anything but a number is an error, never a guess.
Result<std::optional<std::uint64_t>> read_place(const std::string& path) {
  auto text = engine::read_file(path);
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<std::uint64_t>();
  if (!text) return std::unexpected(text.error());
  std::uint64_t place = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, place);
  if (error != std::errc() || std::string_view(rest, end) != "\n")
    return engine::fail(ErrorCode::corrupt, "The place of the webhook is no number: " + path);
  return std::optional(place);
}

}  // namespace

std::string Webhook::signature(std::string_view secret, std::string_view id,
                               std::string_view seconds, std::string_view body) {
  const std::string signed_text = fmt::format("{}.{}.{}", id, seconds, body);
  const engine::Hash code =
      engine::hmac_sha256(engine::bytes_of(secret), engine::bytes_of(signed_text));
  return "v1," + engine::base64(code);
}

Result<std::unique_ptr<Webhook>> Webhook::open(const WebhookOptions& options,
                                               std::string place_file, std::string source,
                                               const engine::Log& log, LiveFacts& facts,
                                               const Clock& clock) {
  auto recipient = Recipient::open(options.url, options.authorities);
  if (!recipient) return std::unexpected(recipient.error());
  auto secret = read_secret(options.secret_file);
  if (!secret) return std::unexpected(secret.error());
  std::unique_ptr<Webhook> made(new Webhook(log, facts, clock));
  made->recipient_ = std::move(*recipient);
  made->within_ = options.within;
  made->secret_ = std::move(*secret);
  made->place_file_ = std::move(place_file);
  made->source_ = std::move(source);
  const auto place = read_place(made->place_file_);
  if (!place) return std::unexpected(place.error());
  if (*place) {
    made->place_ = **place;
  } else if (auto kept = made->keep(log.size()); !kept) {
    return std::unexpected(kept.error());
  }
  return made;
}

bool Webhook::is_due() const {
  const std::lock_guard lock(mutex_);
  return log_.size() > place_ && clock_.ticks() >= not_before_;
}

std::uint64_t Webhook::place() const {
  const std::lock_guard lock(mutex_);
  return place_;
}

unsigned Webhook::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

Result<void> Webhook::keep(std::uint64_t place) {
  constexpr mode_t kMode = 0600;
  auto kept = engine::write_file(place_file_, fmt::format("{}\n", place), kMode, true);
  if (!kept) return kept;
  const std::lock_guard lock(mutex_);
  place_ = place;
  return {};
}

Result<void> Webhook::send(std::uint64_t seq, const std::string& body) const {
  const std::string id = std::to_string(seq), seconds = std::to_string(clock_.now() / kSecond);
  const Fields headers{{"Content-Type", "application/cloudevents+json"},
                       {"User-Agent", "bihuan"},
                       {"webhook-id", id},
                       {"webhook-timestamp", seconds},
                       {"webhook-signature", signature(secret_, id, seconds, body)}};
  const auto status = recipient_->post(headers, body, within_);
  if (!status) return std::unexpected(status.error());
  constexpr unsigned kOk = 200, kNoLongerOk = 300;
  if (*status < kOk || *status >= kNoLongerOk)
    return engine::fail(ErrorCode::io, fmt::format("The receiver answered {}.", *status), seq);
  return {};
}

Result<void> Webhook::deliver_all() {
  for (;;) {
    const std::uint64_t size = log_.size();
    std::vector<std::pair<std::uint64_t, std::string>> bodies;
    const auto read =
        read_notices(log_, facts_, place(), kPieceMax, [&](const engine::RecordView& record) {
          bodies.emplace_back(record.seq,
                              boost::json::serialize(cloud_event(log_, source_, record)));
        });
    if (!read) return read;
    for (const auto& [seq, body] : bodies) {
      if (auto sent = send(seq, body); !sent) return sent;
      if (auto kept = keep(seq); !kept) return kept;
    }
    if (bodies.size() == kPieceMax) continue;
    // What follows is nothing to tell: looked at again only when the log grows.
    const std::lock_guard lock(mutex_);
    place_ = std::max(place_, size);
    return {};
  }
}

Result<void> Webhook::deliver() {
  const std::lock_guard turn(turn_);
  auto done = deliver_all();
  const std::lock_guard lock(mutex_);
  if (done) {
    failures_ = 0;
    not_before_ = 0;
    return done;
  }
  constexpr unsigned kDoublingsMax = 16;
  const Micros wait = kFirstWait << std::min(failures_, kDoublingsMax);
  not_before_ = clock_.ticks() + std::min(wait, kLongestWait);
  ++failures_;
  return done;
}

}  // namespace server
