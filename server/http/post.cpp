#include "server/http/post.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>

namespace server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

struct Recipient::Place {
  std::string host, port, path;
  bool is_name = true;                    // no number of an address
  std::string host_field;                 // of the request
  std::optional<asio::ssl::context> tls;  // nullopt: plain HTTP
};

namespace {

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

// One request and its reply on a stream that is ready for them.
template <class Wire>
engine::Result<unsigned> exchange(asio::io_context& context, Wire& stream,
                                  const http::request<http::string_body>& request) {
  auto error =
      run(context, [&](auto done) { http::async_write(stream, request, std::move(done)); });
  if (error) return std::unexpected(unreachable(error));
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kReplyBytesMax);
  error =
      run(context, [&](auto done) { http::async_read(stream, buffer, parser, std::move(done)); });
  if (error) return std::unexpected(unreachable(error));
  return parser.get().result_int();
}

// What a certificate must be for. The name is also told to the other side, which may have several.
bool expect_name(SSL* of, const std::string& host, bool is_name) {
  if (!is_name) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(of), host.c_str()) == 1;
  SSL_set_hostflags(of, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(of, host.c_str()) == 1 && SSL_set_tlsext_host_name(of, host.c_str()) == 1;
}

engine::Error untrusted(SSL* of, const boost::system::error_code& error) {
  const long why = SSL_get_verify_result(of);
  if (why == X509_V_OK) return unreachable(error);
  return {engine::ErrorCode::io,
          fmt::format("The receiver's certificate is not accepted: {}.",
                      X509_verify_cert_error_string(why)),
          0};
}

engine::Result<void> believe(asio::ssl::context& context, const std::string& authorities) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(asio::ssl::verify_peer);
  boost::system::error_code error;
  if (authorities.empty())
    context.set_default_verify_paths(error);
  else
    context.load_verify_file(authorities, error);
  if (error)
    return engine::fail(engine::ErrorCode::bad_input,
                        fmt::format("不能从 {0} 读取证书机构。 No authority can be read from {0}: "
                                    "{1}.",
                                    authorities, error.message()));
  return {};
}

}  // namespace

Recipient::Recipient(std::unique_ptr<Place> place) : place_(std::move(place)) {}
Recipient::~Recipient() = default;

engine::Result<std::unique_ptr<Recipient>> Recipient::open(const std::string& url,
                                                           const std::string& authorities) {
  const auto parsed = boost::urls::parse_uri(url);
  const bool is_secure = parsed && parsed->scheme() == "https";
  if (!parsed || (parsed->scheme() != "http" && !is_secure) || parsed->host().empty() ||
      parsed->has_userinfo())
    return engine::fail(engine::ErrorCode::bad_input,
                        "webhook 应写作 https://主机:端口/路径 或 http://…。 --webhook is written "
                        "https://HOST:PORT/PATH, or http://...");
  auto place = std::make_unique<Place>();
  place->host = parsed->host_address();
  place->is_name = parsed->host_type() == boost::urls::host_type::name;
  place->port = parsed->has_port() ? std::string(parsed->port()) : is_secure ? "443" : "80";
  place->host_field = std::string(parsed->encoded_host()) + ":" + place->port;
  place->path = std::string(parsed->encoded_target());
  if (!place->path.starts_with('/')) place->path.insert(0, "/");
  if (is_secure) {
    place->tls.emplace(asio::ssl::context::tls_client);
    if (auto done = believe(*place->tls, authorities); !done) return std::unexpected(done.error());
  } else if (!authorities.empty()) {
    return engine::fail(
        engine::ErrorCode::bad_input,
        "webhook-ca 只用于 https:// 的地址。 --webhook-ca is for an https:// address.");
  }
  return std::unique_ptr<Recipient>(new Recipient(std::move(place)));
}

engine::Result<unsigned> Recipient::post(const Fields& headers, const std::string& body,
                                         std::chrono::milliseconds within) const {
  http::request<http::string_body> request(http::verb::post, place_->path, kHttp11, body);
  request.set(http::field::host, place_->host_field);
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.prepare_payload();
  asio::io_context context{1};
  boost::system::error_code error;
  asio::ip::tcp::resolver resolver(context);
  const auto found = resolver.resolve(place_->host, place_->port, error);
  if (error) return std::unexpected(unreachable(error));
  beast::tcp_stream plain(context);
  plain.expires_after(within);
  error = run(context, [&](auto done) { plain.async_connect(found, std::move(done)); });
  if (error) return std::unexpected(unreachable(error));
  if (!place_->tls) return exchange(context, plain, request);
  asio::ssl::stream<beast::tcp_stream&> secure(plain, *place_->tls);
  if (!expect_name(secure.native_handle(), place_->host, place_->is_name))
    return std::unexpected(unreachable(asio::error::invalid_argument));
  error = run(context, [&](auto done) {
    secure.async_handshake(asio::ssl::stream_base::client, std::move(done));
  });
  if (error) return std::unexpected(untrusted(secure.native_handle(), error));
  return exchange(context, secure, request);
}

}  // namespace server
