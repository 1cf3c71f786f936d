#include "tools/benchmark/bare_server.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdio>
#include <thread>

namespace tools {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Task = asio::awaitable<void, Executor>;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>());

Task answer_all(Socket socket) {
  boost::beast::flat_buffer buffer;
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  for (;;) {
    http::request<http::string_body> request;
    const auto [unread, count] = co_await http::async_read(socket, buffer, request, kAwait);
    if (unread) co_return;
    http::response<http::string_body> reply{http::status::ok, request.version()};
    reply.set(http::field::content_type, "application/json");
    reply.body() = R"({"status":"alive"})";
    reply.prepare_payload();
    const auto [unwritten, written] = co_await http::async_write(socket, reply, kAwait);
    if (unwritten) co_return;
  }
}

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

Task accept_all(Acceptor& acceptor, std::array<asio::io_context, 2>& loops) {
  for (std::size_t next = 0;; ++next) {
    asio::io_context& loop = loops.at(next % loops.size());
    auto [error, socket] = co_await acceptor.async_accept(loop, kAwait);
    if (error) co_return;
    asio::co_spawn(loop, answer_all(std::move(socket)), asio::detached);
  }
}

}  // namespace

int serve_bare() {
  std::array<asio::io_context, 2> loops{asio::io_context{1}, asio::io_context{1}};
  const asio::executor_work_guard<Executor> second(loops[1].get_executor());
  Acceptor acceptor(loops[0], {asio::ip::make_address("127.0.0.1"), 0});
  asio::co_spawn(loops[0], accept_all(acceptor, loops), asio::detached);
  fmt::print("bare: http://127.0.0.1:{}\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  const std::jthread other([&] { loops[1].run(); });
  loops[0].run();
  return 0;
}

}  // namespace tools
