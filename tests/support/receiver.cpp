#include "tests/support/receiver.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace support {
namespace asio = boost::asio;
namespace http = boost::beast::http;

struct Receiver::Wire {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
  bool closing = false;
};

Receiver::Receiver() : wire_(std::make_unique<Wire>()) {
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

void Receiver::serve() {
  for (;;) {
    boost::system::error_code error;
    asio::ip::tcp::socket socket(wire_->context);
    wire_->acceptor.accept(socket, error);
    unsigned status = 204;
    {
      const std::lock_guard lock(mutex_);
      if (wire_->closing || error) return;
    }
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::read(socket, buffer, request, error);
    if (error) continue;
    {
      const auto field = [&](const char* name) { return std::string(request[name]); };
      const std::lock_guard lock(mutex_);
      if (!answers_.empty()) {
        status = answers_.front();
        answers_.pop_front();
      }
      got_.push_back({std::string(request.target()), field("Content-Type"), field("webhook-id"),
                      field("webhook-timestamp"), field("webhook-signature"), request.body()});
    }
    if (status == 0) continue;
    http::response<http::empty_body> reply(static_cast<http::status>(status), 11);
    reply.set(http::field::connection, "close");
    reply.prepare_payload();
    http::write(socket, reply, error);
  }
}

}  // namespace support
