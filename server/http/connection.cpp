// The only file that includes Beast. Its parser is given nothing that check_head() has not passed.
#include "server/http/connection.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "engine/check.h"
#include "server/http/framing.h"
#include "server/http/gzip.h"
#include "server/http/problem.h"

namespace server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using engine::Micros;
using Parser = http::request_parser<http::string_body>;

// Most heads fit into the first read, and thousands may rest in it.
constexpr std::size_t kFirstBytes = 2U << 10U, kReadBytes = 16U << 10U;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Method method_of(http::verb verb) {
  if (verb == http::verb::get) return Method::get;
  if (verb == http::verb::head) return Method::head;
  if (verb == http::verb::post) return Method::post;
  return Method::other;
}

// False: the target is not a path with a query.
bool take_target(std::string_view target, Request& request) {
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return false;
  for (const auto segment : url->encoded_segments()) {
    std::string decoded;
    segment.decode({}, boost::urls::string_token::assign_to(decoded));
    request.segments.push_back(std::move(decoded));
  }
  for (const auto& parameter : url->params())
    request.query.emplace_back(parameter.key, parameter.value);
  return true;
}

void take_headers(const Parser& parser, Request& request) {
  for (const auto& field : parser.get()) {
    std::string name = lower({field.name_string().data(), field.name_string().size()});
    const std::string_view value(field.value().data(), field.value().size());
    for (auto& [known, before] : request.headers)
      if (known == name) {
        before.append(", ").append(value);
        name.clear();
        break;
      }
    if (!name.empty()) request.headers.emplace_back(std::move(name), value);
  }
}

// As HTTP writes it; made once a second, for it is the dearest part of a small reply's head.
std::string_view date_line(Micros now) {
  thread_local std::time_t of = -1;
  thread_local std::string line;
  const auto seconds = static_cast<std::time_t>(now / 1'000'000);
  if (seconds != of) {
    of = seconds;
    line = fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(seconds));
  }
  return line;
}

class Connection final : public Loop::Watched {
 public:
  Connection(std::unique_ptr<Stream> stream, Loop& loop, const HttpLimits& limits,
             const Answerer& answerer)
      : stream_(std::move(stream)), loop_(loop), limits_(limits), answerer_(answerer) {
    within(limits_.head);
    loop_.watch(*this);
  }
  ~Connection() override { loop_.forget(*this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void close() override { stream_->close(); }

  Task<void> run() {
    const auto failed = co_await stream_->begin();
    bool goes_on = !failed;
    while (goes_on) goes_on = co_await one_request();
    stream_->close();
  }

 private:
  void within(Micros limit) { deadline = loop_.clock().ticks() + limit; }

  // One request and its reply; false: the connection ends.
  Task<bool> one_request() {
    Request request;
    request.address = stream_->address();
    std::optional<Reply> refused;
    keep_alive_ = false;
    const bool read = co_await read_request(request, refused);
    if (!read && !refused) co_return false;
    Reply reply;
    if (refused) {
      reply = std::move(*refused);
      reply.close = true;
    } else {
      within(limits_.answer);
      reply = co_await answerer_(request, loop_);
    }
    if (loop_.stopping()) reply.close = true;
    const bool goes_on = keep_alive_ && !reply.close;
    const bool written = co_await write_reply(request, reply, goes_on);
    co_return written&& goes_on;
  }

  // False with `refused` empty: the client is gone.
  Task<bool> read_request(Request& request, std::optional<Reply>& refused) {
    if (loop_.stopping()) co_return false;  // it may have been between two requests at the stop
    idle = true;
    within(limits_.idle);
    std::string_view head;
    const bool found = co_await read_head(head, refused);
    if (!found) co_return false;
    if (const auto fault = check_head(head)) {
      refused = problem(fault->status, "BadFraming", fault->chinese, fault->english);
      co_return false;
    }
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(kHeadBytesMax + 1));
    parser.body_limit(limits_.body_bytes);
    within(limits_.body);
    const bool whole = co_await read_rest(parser, request, refused);
    if (!whole) co_return false;
    request.body = std::move(parser.get().body());
    keep_alive_ = parser.keep_alive();
    co_return true;
  }

  // Reads until the empty line; `head` stays in the buffer.
  Task<bool> read_head(std::string_view& head, std::optional<Reply>& refused) {
    for (;;) {
      const std::string_view begun = bytes();
      if (!begun.empty() && idle) {
        idle = false;
        within(limits_.head);
      }
      const std::size_t end = begun.find("\r\n\r\n");
      if (end != std::string_view::npos) {
        head = begun.substr(0, end + 4);
        co_return true;
      }
      if (!may_become_head(begun)) {
        const bool large = begun.size() > kHeadBytesMax;
        refused = problem(large ? 431 : 400, "BadFraming", "请求头太大或含有不允许的字节。",
                          "The head is too large or holds bytes that are not allowed.");
        co_return false;
      }
      const bool more = co_await read_more(begun.size() < kFirstBytes ? kFirstBytes : kReadBytes);
      if (!more) co_return false;
    }
  }

  Task<bool> read_rest(Parser& parser, Request& request, std::optional<Reply>& refused) {
    bool headers_taken = false;
    for (;;) {
      boost::system::error_code error;
      const std::size_t used = parser.put(buffer_.data(), error);
      buffer_.consume(used);
      if (error && error != http::error::need_more) {
        const bool large = error == http::error::body_limit;
        refused = large ? problem(413, "BodyTooLarge", "请求体太大。", "The body is too large.")
                        : problem(400, "BadFraming", "请求不合 HTTP 的格式。",
                                  "The request is not well-formed HTTP.");
        co_return false;
      }
      // Taken before the parser may go on into the body: what a trailer adds is nobody's header.
      if (parser.is_header_done() && !headers_taken) {
        headers_taken = true;
        parser.eager(true);
        const bool good = take(parser, request);
        if (!good) {
          refused = problem(400, "BadTarget", "请求地址不合要求。", "The target is malformed.");
          co_return false;
        }
        const std::string* const expected = request.header("expect");
        if (expected != nullptr && lower(*expected) == "100-continue" && !parser.is_done()) {
          const std::array<asio::const_buffer, 1> interim{asio::buffer(kContinue)};
          const auto failed = co_await stream_->write(interim);
          if (failed) co_return false;
        }
      }
      if (parser.is_done()) co_return true;
      if (error != http::error::need_more && used != 0) continue;
      const bool more = co_await read_more(kReadBytes);
      if (!more) co_return false;
    }
  }

  static bool take(const Parser& parser, Request& request) {
    request.method = method_of(parser.get().method());
    take_headers(parser, request);
    const auto target = parser.get().target();
    return take_target({target.data(), target.size()}, request);
  }

  Task<bool> read_more(std::size_t most) {
    boost::system::error_code error;
    const asio::mutable_buffer into = buffer_.prepare(most);
    const std::size_t count = co_await stream_->read_some(into, error);
    buffer_.commit(count);
    co_return !error && count != 0;
  }

  [[nodiscard]] std::string_view bytes() const {
    const auto data = buffer_.data();
    return {static_cast<const char*>(data.data()), data.size()};
  }

  Task<bool> write_reply(const Request& request, Reply& reply, bool goes_on) {
    const bool whole = !reply.next_piece;
    if (whole) compress(request, reply);
    const std::string head = head_of(reply, goes_on);
    within(limits_.write);
    const bool bodiless = request.method == Method::head || reply.status == 304;
    std::array<asio::const_buffer, 2> pieces{asio::buffer(head), asio::const_buffer()};
    if (whole && !bodiless) pieces[1] = asio::buffer(reply.bytes());
    const auto failed = co_await stream_->write(pieces);
    if (failed || whole || bodiless) co_return !failed;
    co_return co_await write_pieces(reply);
  }

  // Each piece as a chunk, each within its own limit; between them the connection may rest.
  Task<bool> write_pieces(Reply& reply) {
    for (;;) {
      within(kForever);
      const std::optional<std::string> piece = co_await reply.next_piece();
      within(limits_.write);
      const std::string size = piece ? fmt::format("{:x}\r\n", piece->size()) : "0\r\n";
      if (piece && piece->empty()) continue;
      const std::array<asio::const_buffer, 3> chunk{
          asio::buffer(size), piece ? asio::buffer(*piece) : asio::const_buffer(),
          asio::buffer("\r\n", 2)};
      const auto failed = co_await stream_->write(chunk);
      if (failed || !piece) co_return !failed;
    }
  }

  [[nodiscard]] std::string head_of(const Reply& reply, bool goes_on) const {
    const auto reason = http::obsolete_reason(static_cast<http::status>(reply.status));
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", reply.status,
                                   std::string_view(reason.data(), reason.size()));
    bool cache_said = false, policy_said = false;
    for (const auto& [name, value] : reply.headers) {
      CHECK(value.find_first_of("\r\n") == std::string::npos);
      head.append(name).append(": ").append(value).append("\r\n");
      cache_said = cache_said || name == "Cache-Control";
      policy_said = policy_said || name == "Content-Security-Policy";
    }
    if (!reply.type.empty()) head.append("Content-Type: ").append(reply.type).append("\r\n");
    if (reply.next_piece)
      head.append("Transfer-Encoding: chunked\r\n");
    else if (reply.status != 304)
      head.append(fmt::format("Content-Length: {}\r\n", reply.bytes().size()));
    if (!cache_said) head.append("Cache-Control: no-store\r\n");
    if (!policy_said)
      head.append("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
    head.append("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
    if (stream_->is_secure()) head.append("Strict-Transport-Security: max-age=31536000\r\n");
    head.append(date_line(loop_.clock().now()));
    if (!goes_on) head.append("Connection: close\r\n");
    return head.append("\r\n");
  }

  static constexpr Micros kForever = Micros{1} << 50;

  std::unique_ptr<Stream> stream_;
  Loop& loop_;
  const HttpLimits& limits_;
  const Answerer& answerer_;
  boost::beast::flat_buffer buffer_;
  bool keep_alive_ = false;
};

}  // namespace

Task<void> serve(std::unique_ptr<Stream> stream, Loop& loop, const HttpLimits& limits,
                 const Answerer& answerer) {
  Connection connection(std::move(stream), loop, limits, answerer);
  co_await connection.run();
}

}  // namespace server
