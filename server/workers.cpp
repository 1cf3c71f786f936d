#include "server/workers.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/http/problem.h"

namespace server {

namespace asio = boost::asio;

Task<Reply> Workers::run(Loop& loop, std::move_only_function<Reply()> work) {
  using Await = asio::use_awaitable_t<asio::io_context::executor_type>;
  if (waiting_.fetch_add(1) >= waiting_max_) {
    --waiting_;
    co_return problem(503, "Busy", "查询太多，请稍后再试。", "Too many questions wait; try again.");
  }
  Reply reply = co_await asio::async_initiate<const Await, void(Reply)>(
      [&](auto handler) {
        asio::post(pool_, [this, &loop, work = std::move(work),
                           held = std::move(handler)]() mutable {
          Reply made = work();
          --waiting_;
          asio::post(loop.context(), [made = std::move(made), handler = std::move(held)]() mutable {
            handler(std::move(made));
          });
        });
      },
      Await());
  co_return reply;
}

void Workers::post(std::move_only_function<void()> work) { asio::post(pool_, std::move(work)); }

}  // namespace server
