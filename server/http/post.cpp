#include "server/http/post.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t kReplyBytesMax = 64U << 10U;  // nothing in it is of interest
constexpr unsigned kHttp11 = 11;

// Runs what was begun on the stream to its end; the stream's own limit of time ends it at the
// latest.
template <class Begin>
boost::system::error_code run(asio::io_context& context, Begin begin) {
  boost::system::error_code result;
  begin([&result](boost::system::error_code error, auto&&...) { result = error; });
  context.restart();
  context.run();
  return result;
}

engine::Error unreachable(const boost::system::error_code& error) {
  return {engine::ErrorCode::io, "The receiver did not answer: " + error.message(), 0};
}

}  // namespace

std::optional<Target> parse_target(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty() || parsed->has_userinfo())
    return std::nullopt;
  Target target{parsed->host_address(), parsed->has_port() ? std::string(parsed->port()) : "80",
                std::string(parsed->encoded_target())};
  if (target.path.empty() || target.path.front() != '/') target.path.insert(0, "/");
  return target;
}

engine::Result<unsigned> post(const Target& to, const Fields& headers, const std::string& body,
                              std::chrono::milliseconds within) {
  asio::io_context context{1};
  boost::system::error_code error;
  asio::ip::tcp::resolver resolver(context);
  const auto found = resolver.resolve(to.host, to.port, error);
  if (error) return std::unexpected(unreachable(error));
  beast::tcp_stream stream(context);
  stream.expires_after(within);
  error = run(context, [&](auto done) { stream.async_connect(found, std::move(done)); });
  if (error) return std::unexpected(unreachable(error));
  http::request<http::string_body> request(http::verb::post, to.path, kHttp11, body);
  request.set(http::field::host, to.host + ":" + to.port);
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.prepare_payload();
  error = run(context, [&](auto done) { http::async_write(stream, request, std::move(done)); });
  if (error) return std::unexpected(unreachable(error));
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kReplyBytesMax);
  error =
      run(context, [&](auto done) { http::async_read(stream, buffer, parser, std::move(done)); });
  if (error) return std::unexpected(unreachable(error));
  return parser.get().result_int();
}

}  // namespace server
