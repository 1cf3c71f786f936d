#include "server/access_desk.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "schemas/json.h"
#include "server/journal.h"

namespace server {

namespace asio = boost::asio;
using engine::Result;

namespace {

constexpr std::size_t kWaitingMax = 1024;

}  // namespace

tools::Act act_of(const Identity& who, const std::vector<Acting>& actings, std::string kind,
                  schemas::EventType type, std::vector<std::uint8_t> payload) {
  tools::Act act{std::move(kind), type, std::move(payload)};
  act.actor = who.person;
  act.role = actings.empty() ? "" : schemas::role_name(actings.front().actor.role);
  if (!actings.empty()) act.department = actings.front().actor.department;
  return act;
}

Task<Result<void>> AccessDesk::record(Loop& loop, tools::Act act) {
  using Await = asio::use_awaitable_t<asio::io_context::executor_type>;
  Result<void> recorded = co_await asio::async_initiate<const Await, void(Result<void>)>(
      [this, &loop, &act](auto handler) {
        auto held = std::make_shared<decltype(handler)>(std::move(handler));
        const auto answer = [&loop, held](Result<void> result) {
          asio::post(loop.context(), [held, result = std::move(result)]() mutable {
            std::move (*held)(std::move(result));
          });
        };
        if (!queue({std::move(act), answer}))
          answer(engine::fail(engine::ErrorCode::locked, "Too many acts wait to be recorded."));
      },
      Await());
  co_return recorded;
}

bool AccessDesk::queue(Waiting waiting) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kWaitingMax) return false;
  waiting_.push_back(std::move(waiting));
  if (!std::exchange(writing_, true)) workers_.post([this] { write_waiting(); });
  return true;
}

// Other processes write it too, so that it is open only as long as it is written.
Result<void> AccessDesk::write(std::span<const tools::Act> acts) const {
  auto log = tools::AccessLog::open(data_);
  const Result<void> recorded = log ? log->record(acts) : std::unexpected(log.error());
  using enum engine::ErrorCode;
  if (recorded || recorded.error().code == locked || recorded.error().code == disk_full)
    return recorded;
  // Whatever it is to the access log, to who asked it is that the server could not do its part.
  note(Grade::error, "act not recorded", {{"why", recorded.error().text}});
  return engine::fail(io, "Who asked could not be recorded.");
}

void AccessDesk::write_waiting() {
  for (;;) {
    std::vector<Waiting> taken;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        writing_ = false;
        return;
      }
      taken.swap(waiting_);
    }
    std::vector<tools::Act> acts;
    for (Waiting& one : taken) acts.push_back(std::move(one.act));
    const Result<void> result = write(acts);
    for (Waiting& one : taken) one.done(result);
  }
}

}  // namespace server
