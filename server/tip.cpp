#include "server/tip.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "engine/check.h"

namespace server {

namespace asio = boost::asio;

namespace {

constexpr engine::Micros kPatience = 15'000'000;

}  // namespace

Tip::Tip(const engine::Log& log, const std::vector<std::unique_ptr<Loop>>& loops) : log_(log) {
  for (const auto& loop : loops) {
    places_.push_back(std::make_unique<OfLoop>());
    OfLoop& place = *places_.back();
    place.loop = loop.get();
    loop->on_sweep([&place] { wake_the_patient(place); });
  }
}

Tip::OfLoop& Tip::place_of(const Loop& loop) {
  for (const auto& place : places_)
    if (place->loop == &loop) return *place;
  CHECK(false && "a loop that the tip was not told of");
  std::unreachable();
}

Task<bool> Tip::beyond(Loop& loop, std::uint64_t seq) {
  using Await = asio::use_awaitable_t<asio::io_context::executor_type>;
  if (closed_.load()) co_return false;
  if (log_.size() > seq) co_return true;
  OfLoop& place = place_of(loop);
  const bool goes_on = co_await asio::async_initiate<const Await, void(bool)>(
      [&](auto handler) {
        place.waiters.push_back({std::move(handler), loop.clock().ticks() + kPatience});
        ++place.waiting;
        // What happened since the looks above found nobody waiting.
        if (log_.size() > seq || closed_.load()) grew();
      },
      Await());
  co_return goes_on && !closed_.load();
}

void Tip::grew() {
  for (const auto& place : places_) {
    if (place->waiting.load() == 0 || place->called.exchange(true)) continue;
    asio::post(place->loop->context(), [this, &at = *place] {
      at.called.store(false);
      wake(at, !closed_.load());
    });
  }
}

int Tip::waiting() const {
  int sum = 0;
  for (const auto& place : places_) sum += place->waiting.load();
  return sum;
}

void Tip::close() {
  closed_.store(true);
  grew();
}

void Tip::wake(OfLoop& place, bool goes_on) {
  std::vector<Waiter> woken;
  woken.swap(place.waiters);
  place.waiting -= static_cast<int>(woken.size());
  for (Waiter& one : woken) one.handler(goes_on);
}

void Tip::wake_the_patient(OfLoop& place) {
  const engine::Micros now = place.loop->clock().ticks();
  for (const Waiter& one : place.waiters)
    if (now >= one.until) return wake(place, true);
}

}  // namespace server
