#include "tools/benchmark/load_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

#include "engine/log/file.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::File;
using engine::Result;

namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

struct Reply {
  unsigned status = 0;
  std::size_t head = 0, body = 0;  // bytes
};

// nullopt: the head is not whole yet. status 0: it is not what we can read.
std::optional<Reply> parse_head(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  Reply reply;
  reply.head = end + 4;
  constexpr std::size_t kStatusAt = 9;  // "HTTP/1.1 "
  std::from_chars(bytes.data() + kStatusAt, bytes.data() + kStatusAt + 3, reply.status);
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t length = bytes.substr(0, end).find(kLength);
  if (length == std::string_view::npos) return Reply{};
  std::from_chars(bytes.data() + length + kLength.size(), bytes.data() + end, reply.body);
  return reply;
}

class Client {
 public:
  explicit Client(const LoadOrder& order) : order_(order) {}

  Result<Loaded> run() {
    epoll_ = File(::epoll_create1(EPOLL_CLOEXEC));
    for (std::size_t i = 0; i < order_.connections; ++i)
      if (auto connected = connect(); !connected) return std::unexpected(connected.error());
    watch_ = Stopwatch();
    for (auto& one : connections_)
      if (!send_next(*one)) return broken("A request could not be sent.");
    std::array<epoll_event, 128> events{};
    while (busy_ > 0) {
      const int count =
          ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        auto& one = *static_cast<Connection*>(events.at(static_cast<std::size_t>(i)).data.ptr);
        if (auto done = read(one); !done) return std::unexpected(done.error());
      }
    }
    loaded_.seconds = watch_.seconds();
    return std::move(loaded_);
  }

 private:
  struct Connection {
    File socket;
    std::string bytes;
    Stopwatch sent;
  };

  static std::unexpected<engine::Error> broken(std::string text) {
    return fail(ErrorCode::io, std::move(text));
  }

  Result<void> connect() {
    auto one = std::make_unique<Connection>();
    one->socket = File(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(order_.port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(one->socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
      return broken("The server cannot be reached.");
    const int yes = 1;
    ::setsockopt(one->socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = one.get();
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, one->socket.get(), &event);
    connections_.push_back(std::move(one));
    return {};
  }

  // A request is far smaller than what the kernel takes at once; the socket blocks otherwise.
  bool send_next(Connection& one) {
    if (order_.seconds > 0 && watch_.seconds() >= order_.seconds) return true;
    const std::string request = order_.next();
    if (request.empty()) return true;
    ++busy_;
    one.sent = Stopwatch();
    for (std::size_t sent = 0; sent < request.size();) {
      const ssize_t count =
          ::send(one.socket.get(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return true;
  }

  Result<void> read(Connection& one) {
    const ssize_t count = ::recv(one.socket.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count <= 0) return broken("A connection was closed.");
    one.bytes.append(buffer_.data(), static_cast<std::size_t>(count));
    const auto reply = parse_head(one.bytes);
    if (!reply || one.bytes.size() < reply->head + reply->body) return {};
    if (reply->status == 0) return broken("A reply has no length.");
    loaded_.waits_ms.push_back(one.sent.milliseconds());
    ++loaded_.statuses[reply->status];
    --busy_;
    const std::string_view body(one.bytes.data() + reply->head, reply->body);
    if (order_.replied && !order_.replied(reply->status, body))
      return broken(fmt::format("A reply was not as it must be: {} {}", reply->status, body));
    one.bytes.clear();
    return send_next(one) ? Result<void>{} : broken("A request could not be sent.");
  }

  const LoadOrder& order_;
  File epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::string buffer_ = std::string(kReadBytes, '\0');
  std::size_t busy_ = 0;  // connections that wait for a reply
  Stopwatch watch_;
  Loaded loaded_;
};

}  // namespace

Result<Loaded> load(const LoadOrder& order) { return Client(order).run(); }

std::string http_request(std::string_view method, std::string_view target, std::string_view token,
                         std::string_view headers, std::string_view body) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, target);
  if (!token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", token);
  text += headers;
  if (method == "POST") text += fmt::format("Content-Length: {}\r\n", body.size());
  return text.append("\r\n").append(body);
}

}  // namespace tools
