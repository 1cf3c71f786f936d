// Redis streams with appendfsync always: a reply comes after the append-only file is synced. There
// is no version check and no id check.
#include <hiredis/hiredis.h>

#include <array>
#include <filesystem>

#include "tools/benchmark/peers/peer.h"

namespace tools {

namespace {

struct Disconnect {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(void* reply) const { freeReplyObject(reply); }
};

class RedisSession final : public Session {
 public:
  explicit RedisSession(const std::string& socket) : redis_(redisConnectUnix(socket.c_str())) {
    if (redis_ == nullptr || redis_->err != 0)
      throw PeerFailed{redis_ == nullptr ? "no memory" : std::string(redis_->errstr)};
  }

  // A batch is one pipeline.
  void append(std::span<const PeerEvent> events) override {
    for (const PeerEvent& event : events) send(event);
    for (std::size_t i = 0; i < events.size(); ++i) receive();
  }

  void run(const char* command) {
    redisAppendCommand(redis_.get(), command);
    receive();
  }

 private:
  void send(const PeerEvent& event) {
    const std::string at = std::to_string(event.recorded_at),
                      version = std::to_string(event.version);
    const std::string stream = event.kind + '/' + event.no;
    const std::array<const std::string*, 7> values = {
        &at, &stream, &version, &event.type, &event.actor, &event.id, &event.payload};
    constexpr std::array<const char*, 7> kNames = {"at", "st", "v", "t", "ac", "id", "p"};
    std::array<const char*, 17> words = {"XADD", "events", "*"};
    std::array<std::size_t, 17> lengths = {4, 6, 1};
    for (std::size_t i = 0; i < values.size(); ++i) {
      words[3 + 2 * i] = kNames[i];
      lengths[3 + 2 * i] = std::char_traits<char>::length(kNames[i]);
      words[4 + 2 * i] = values[i]->data();
      lengths[4 + 2 * i] = values[i]->size();
    }
    redisAppendCommandArgv(redis_.get(), static_cast<int>(words.size()), words.data(),
                           lengths.data());
  }

  void receive() {
    void* got = nullptr;
    if (redisGetReply(redis_.get(), &got) != REDIS_OK) throw PeerFailed{redis_->errstr};
    const std::unique_ptr<void, FreeReply> reply(got);
    const auto* const answer = static_cast<const redisReply*>(got);
    if (answer->type == REDIS_REPLY_ERROR) throw PeerFailed{answer->str};
  }

  std::unique_ptr<redisContext, Disconnect> redis_;
};

class RedisPeer final : public Peer {
 public:
  // "SOCKET:DIR"; the append-only files are in DIR.
  explicit RedisPeer(const std::string& where)
      : socket_(where.substr(0, where.find(':'))), dir_(where.substr(where.find(':') + 1)) {}
  void begin() override {
    RedisSession(socket_).run("FLUSHALL SYNC");
    before_ = file_bytes();
  }
  std::unique_ptr<Session> connect() override { return std::make_unique<RedisSession>(socket_); }
  double bytes() override { return file_bytes() - before_; }

 private:
  // The append-only files are not rewritten while the bench runs.
  [[nodiscard]] double file_bytes() const {
    double bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ + "/appendonlydir"))
      if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
    return bytes;
  }

  std::string socket_, dir_;
  double before_ = 0;
};

}  // namespace

std::unique_ptr<Peer> redis_stream(const std::string& where) {
  return std::make_unique<RedisPeer>(where);
}

}  // namespace tools
