#include "server/http/stream.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <vector>

namespace server {
namespace {

namespace asio = boost::asio;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<asio::io_context::executor_type>());

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {
    Error ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    const auto peer = socket_.remote_endpoint(ignored);
    if (!ignored) address_ = peer.address().to_string();
  }

  Task<Error> begin() override { co_return Error(); }
  Task<std::size_t> read_some(asio::mutable_buffer into, Error& error) override {
    const auto [failed, count] = co_await socket_.async_read_some(into, kAwait);
    error = failed;
    co_return count;
  }
  Task<Error> write(std::span<const asio::const_buffer> pieces) override {
    // Nearly every reply fits into the kernel's buffer: then there is nothing to wait for, and no
    // turn of the loop to be waited through.
    Error error;
    std::size_t taken = socket_.write_some(pieces, error);
    if (error && error != asio::error::would_block) co_return error;
    std::vector<asio::const_buffer> rest;
    for (const asio::const_buffer& piece : pieces) {
      const std::size_t skipped = std::min(taken, piece.size());
      taken -= skipped;
      if (skipped < piece.size()) rest.push_back(piece + skipped);
    }
    if (rest.empty()) co_return Error();
    const auto [failed, count] = co_await asio::async_write(socket_, rest, kAwait);
    co_return failed;
  }
  void close() override {
    Error ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }
  [[nodiscard]] std::string address() const override { return address_; }
  [[nodiscard]] bool is_secure() const override { return false; }

 private:
  Socket socket_;
  std::string address_;
};

}  // namespace

std::unique_ptr<Stream> plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace server
