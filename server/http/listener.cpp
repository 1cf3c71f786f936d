#include "server/http/listener.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

namespace server {

namespace asio = boost::asio;
using asio::ip::tcp;
using Executor = asio::io_context::executor_type;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>());
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

}  // namespace

struct Listener::Doors {
  struct OfLoop {
    explicit OfLoop(Loop& loop) : work(loop.context().get_executor()), timer(loop.context()) {}
    asio::executor_work_guard<Executor> work;
    Timer timer;
  };
  explicit Doors(std::vector<std::unique_ptr<Loop>>& loops)
      : acceptor(loops.front()->context()), pause(loops.front()->context()) {
    for (const auto& loop : loops) of_loop.push_back(std::make_unique<OfLoop>(*loop));
  }
  asio::basic_socket_acceptor<tcp, Executor> acceptor;
  Timer pause;
  std::vector<std::unique_ptr<OfLoop>> of_loop;
};

Listener::Listener(const Clock& clock, HttpLimits limits, unsigned loops, Answerer answerer,
                   std::unique_ptr<Tls> tls)
    : clock_(clock), limits_(limits), answerer_(std::move(answerer)), tls_(std::move(tls)) {
  for (unsigned i = 0; i < std::max(1U, loops); ++i)
    loops_.push_back(std::make_unique<Loop>(clock_));
  doors_ = std::make_unique<Doors>(loops_);
}

Listener::~Listener() { stop(); }

engine::Result<void> Listener::start(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto at = asio::ip::make_address(address, error);
  auto& acceptor = doors_->acceptor;
  const tcp::endpoint endpoint(at, port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return engine::fail(
        engine::ErrorCode::bad_input,
        fmt::format("{}:{} cannot be listened on: {}.", address, port, error.message()));
  port_ = acceptor.local_endpoint().port();
  asio::co_spawn(loops_.front()->context(), accept(), asio::detached);
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    asio::co_spawn(loops_[i]->context(), keep_sweeping(i), asio::detached);
    threads_.emplace_back([&context = loops_[i]->context()] { context.run(); });
  }
  return {};
}

Task<void> Listener::accept() {
  constexpr auto kPause = std::chrono::milliseconds(100);
  for (std::size_t next = 0;; ++next) {
    const std::size_t number = next % loops_.size();
    Loop& loop = *loops_[number];
    auto [error, socket] = co_await doors_->acceptor.async_accept(loop.context(), kAwait);
    if (!doors_->acceptor.is_open()) co_return;
    if (error) {  // too many open files, say: others may be done in a moment
      doors_->pause.expires_after(kPause);
      co_await doors_->pause.async_wait(kAwait);
      continue;
    }
    if (connections_.load() >= limits_.connections) continue;  // closes it
    ++connections_;
    asio::co_spawn(
        loop.context(),
        [this, number, &loop, accepted = std::move(socket)]() mutable -> Task<void> {
          auto stream = tls_ == nullptr ? plain_stream(std::move(accepted))
                                        : tls_->secure(std::move(accepted));
          co_await serve(std::move(stream), loop, limits_, answerer_);
          --connections_;
          if (loop.done()) doors_->of_loop[number]->timer.cancel();
        },
        asio::detached);
  }
}

Task<void> Listener::keep_sweeping(std::size_t number) {
  constexpr auto kPeriod = std::chrono::seconds(1);
  Loop& loop = *loops_[number];
  Timer& timer = doors_->of_loop[number]->timer;
  while (!loop.done()) {
    timer.expires_after(kPeriod);
    co_await timer.async_wait(kAwait);
    loop.begin_sweep();
    while (loop.sweep_some()) co_await asio::post(loop.context(), kAwait);
  }
}

void Listener::sweep() {
  for (const auto& loop : loops_) {
    std::promise<void> done;
    asio::post(loop->context(), [&] {
      loop->begin_sweep();
      while (loop->sweep_some()) {
      }
      done.set_value();
    });
    done.get_future().wait();
  }
}

void Listener::stop() {
  if (threads_.empty()) return;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    asio::post(loops_[i]->context(), [this, i] {
      boost::system::error_code ignored;
      if (i == 0) doors_->acceptor.close(ignored);
      if (i == 0) doors_->pause.cancel();
      loops_[i]->stop(limits_.drain);
      doors_->of_loop[i]->work.reset();
      doors_->of_loop[i]->timer.cancel();
    });
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace server
