#include "tests/support/receiver.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

namespace support {
namespace asio = boost::asio;
namespace http = boost::beast::http;

struct Receiver::Wire {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
  bool closing = false;
  std::optional<asio::ssl::context> tls;
};

Receiver::Receiver() : wire_(std::make_unique<Wire>()) {
  thread_ = std::thread([this] { serve(); });
}

Receiver::Receiver(const std::string& certificate, const std::string& key)
    : wire_(std::make_unique<Wire>()) {
  wire_->tls.emplace(asio::ssl::context::tls_server);
  wire_->tls->use_certificate_chain_file(certificate);
  wire_->tls->use_private_key_file(key, asio::ssl::context::pem);
  thread_ = std::thread([this] { serve(); });
}

Receiver::~Receiver() {
  {
    const std::lock_guard lock(mutex_);
    wire_->closing = true;
  }
  // Wakes the listener; whether it is still there does not matter.
  boost::system::error_code ignored;
  asio::ip::tcp::socket last(wire_->context);
  last.connect({asio::ip::make_address("127.0.0.1"), port()}, ignored);
  thread_.join();
}

std::uint16_t Receiver::port() const { return wire_->acceptor.local_endpoint().port(); }

void Receiver::answer(std::initializer_list<unsigned> statuses) {
  const std::lock_guard lock(mutex_);
  answers_.assign(statuses);
}

std::vector<Receiver::Got> Receiver::got() const {
  const std::lock_guard lock(mutex_);
  return got_;
}

unsigned Receiver::left() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

template <class Stream>
void Receiver::answer_one(Stream& stream) {
  boost::system::error_code error;
  boost::beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::read(stream, buffer, request, error);
  unsigned status = 204;
  {
    const auto field = [&](const char* name) { return std::string(request[name]); };
    const std::lock_guard lock(mutex_);
    if (error) {
      ++left_;
      return;
    }
    if (!answers_.empty()) {
      status = answers_.front();
      answers_.pop_front();
    }
    got_.push_back({std::string(request.target()), field("Content-Type"), field("webhook-id"),
                    field("webhook-timestamp"), field("webhook-signature"), request.body()});
  }
  if (status == 0) return;
  http::response<http::empty_body> reply(static_cast<http::status>(status), 11);
  reply.set(http::field::connection, "close");
  reply.prepare_payload();
  http::write(stream, reply, error);
}

void Receiver::serve() {
  for (;;) {
    boost::system::error_code error;
    asio::ip::tcp::socket socket(wire_->context);
    wire_->acceptor.accept(socket, error);
    {
      const std::lock_guard lock(mutex_);
      if (wire_->closing || error) return;
    }
    if (!wire_->tls) {
      answer_one(socket);
      continue;
    }
    asio::ssl::stream<asio::ip::tcp::socket&> secure(socket, *wire_->tls);
    secure.handshake(asio::ssl::stream_base::server, error);
    // In TLS 1.3 a client that turns away says so after the handshake.
    if (!error) {
      answer_one(secure);
    } else {
      const std::lock_guard lock(mutex_);
      ++left_;
    }
  }
}

}  // namespace support
