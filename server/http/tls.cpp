#include "server/http/tls.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <vector>

namespace server {
namespace {

namespace asio = boost::asio;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<asio::io_context::executor_type>());

class SecureStream final : public Stream {
 public:
  SecureStream(Socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {
    Error ignored;
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto peer = stream_.next_layer().remote_endpoint(ignored);
    if (!ignored) address_ = peer.address().to_string();
  }

  Task<Error> begin() override {
    const auto [failed] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
    co_return failed;
  }
  Task<std::size_t> read_some(asio::mutable_buffer into, Error& error) override {
    const auto [failed, count] = co_await stream_.async_read_some(into, kAwait);
    error = failed;
    co_return count;
  }
  Task<Error> write(std::span<const asio::const_buffer> pieces) override {
    const auto [failed, count] = co_await asio::async_write(
        stream_, std::vector<asio::const_buffer>(pieces.begin(), pieces.end()), kAwait);
    co_return failed;
  }
  void close() override {
    Error ignored;
    stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.next_layer().close(ignored);
  }
  [[nodiscard]] std::string address() const override { return address_; }
  [[nodiscard]] bool is_secure() const override { return true; }

 private:
  asio::ssl::stream<Socket> stream_;
  std::string address_;
};

}  // namespace

struct Tls::Context {
  asio::ssl::context of{asio::ssl::context::tls_server};
};

Tls::Tls(std::unique_ptr<Context> context) : context_(std::move(context)) {}
Tls::~Tls() = default;

engine::Result<std::unique_ptr<Tls>> Tls::load(const std::string& certificate,
                                               const std::string& key) {
  auto context = std::make_unique<Context>();
  SSL_CTX_set_min_proto_version(context->of.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->of.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  boost::system::error_code error;
  std::string at = certificate;
  context->of.use_certificate_chain_file(certificate, error);
  if (!error) {
    at = key;
    context->of.use_private_key_file(key, asio::ssl::context::pem, error);
  }
  if (!error && SSL_CTX_check_private_key(context->of.native_handle()) != 1)
    error = asio::error::invalid_argument;
  if (error)
    return engine::fail(engine::ErrorCode::bad_input,
                        fmt::format("{} cannot be used for TLS: {}.", at, error.message()));
  return std::unique_ptr<Tls>(new Tls(std::move(context)));
}

std::unique_ptr<Stream> Tls::secure(Socket socket) {
  return std::make_unique<SecureStream>(std::move(socket), context_->of);
}

}  // namespace server
