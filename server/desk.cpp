#include "server/desk.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "schemas/event.h"

namespace server {

namespace asio = boost::asio;
using engine::Answer;
using engine::Result;

Result<engine::Ruling> Gate::decide(Order&& order, std::uint64_t next_seq) {
  schemas::Command& command = order.command;
  command.at = std::max(clock_.now(), last_);
  if (!order.who.clock && command.id.starts_with(kClockKeys))
    return engine::Ruling{
        {},
        std::string(kNotPermitted),
        "以 clock/ 开头的编号由系统专用。 Keys that begin with clock/ are the system's.",
        0};
  const auto actings = actings_of(order.who, directory_, log_, command.at);
  if (!actings) return std::unexpected(actings.error());
  const Acting* const acting = choose(*actings, command);
  if (acting == nullptr)
    return engine::Ruling{
        {}, std::string(kNotPermitted), "没有办理此事的权限。 You may not do this.", 0};
  command.actor = acting->actor;
  auto ruling = district_.decide(std::move(command), next_seq);
  if (!ruling || ruling->events.empty()) return ruling;
  last_ = ruling->events.front().recorded_at;
  for (std::size_t i = 0; i < ruling->events.size(); ++i)
    directory_.apply(ruling->events[i].view(next_seq + i));
  return ruling;
}

Result<std::unique_ptr<Desk>> Desk::open(engine::Log& log, const engine::Sealer& sealer,
                                         const Clock& clock, engine::WriterLimits limits) {
  std::unique_ptr<Desk> desk(new Desk(log, sealer));
  if (auto loaded = desk->district_.load(log.last_recorded_at()); !loaded)
    return std::unexpected(loaded.error());
  auto directory = Directory::load(log);
  if (!directory) return std::unexpected(directory.error());
  desk->publish(*directory);
  desk->gate_ = std::make_unique<Gate>(desk->district_, log, clock, std::move(*directory));
  desk->writer_ = std::make_unique<Writer>(log, *desk->gate_, limits, desk->watch(clock));
  return desk;
}

engine::WriterWatch Desk::watch(const Clock& clock) {
  return {[this, &clock] { syncing_since_ = clock.ticks(); },
          [this, &clock](std::size_t commands) {
            if (grouped_) grouped_(commands, clock.ticks() - syncing_since_);
          }};
}

Task<Answer> Desk::decide(Loop& loop, Order order) {
  using Await = asio::use_awaitable_t<asio::io_context::executor_type>;
  Answer answer = co_await asio::async_initiate<const Await, void(Answer)>(
      [this, &loop, &order](auto handler) { place(loop, std::move(order), std::move(handler)); },
      Await());
  co_return answer;
}

Task<std::vector<Answer>> Desk::decide_all(Loop& loop, std::vector<Order> orders) {
  using Await = asio::use_awaitable_t<asio::io_context::executor_type>;
  if (orders.empty()) co_return std::vector<Answer>();
  std::vector<Answer> answers =
      co_await asio::async_initiate<const Await, void(std::vector<Answer>)>(
          [this, &loop, &orders](auto handler) {
            struct Waiting {
              decltype(handler) done;
              std::vector<Answer> answers;
              std::size_t missing;
            };
            // Every answer comes on the loop, so that nothing of this needs a lock.
            auto waiting = std::make_shared<Waiting>(
                Waiting{std::move(handler), std::vector<Answer>(orders.size()), orders.size()});
            for (std::size_t i = 0; i < waiting->answers.size(); ++i)
              place(loop, std::move(orders[i]), [waiting, i](Answer answer) {
                waiting->answers[i] = std::move(answer);
                if (--waiting->missing == 0) waiting->done(std::move(waiting->answers));
              });
          },
          Await());
  co_return answers;
}

Answer Desk::execute(Order order) {
  const bool of_department = order.command.kind == "department";
  ++waiting_;
  auto answer = writer_->execute(std::move(order));
  --waiting_;
  if (!answer) {
    answer.emplace();
    answer->error = engine::Error{engine::ErrorCode::locked, "The desk is closed.", 0};
  }
  if (answer->events != 0) recorded(of_department);
  return *std::move(answer);
}

Desk::Tray& Desk::tray_of(const Loop& loop) {
  const std::lock_guard lock(trays_mutex_);
  std::unique_ptr<Tray>& tray = trays_[&loop];
  if (tray == nullptr) tray = std::make_unique<Tray>();
  return *tray;
}

void Desk::place(Loop& loop, Order order, Handler handler) {
  Tray& tray = tray_of(loop);
  const bool of_department = order.command.kind == "department";
  ++waiting_;
  tray.orders.push_back(
      {std::move(order), [this, &loop, &tray, of_department,
                          held = std::move(handler)](const Answer& answer) mutable {
         if (answer.events != 0) recorded(of_department);
         --waiting_;
         const std::lock_guard lock(tray.mutex);
         tray.answers.emplace_back(std::move(held), answer);
         if (!std::exchange(tray.calling, true))
           asio::post(loop.context(), [&tray] { hand_out(tray); });
       }});
  if (std::exchange(tray.called, true)) return;
  asio::post(loop.context(), [this, &tray] { hand_in(tray); });
}

void Desk::hand_in(Tray& tray) {
  tray.called = false;
  writer_->try_submit_all(tray.orders);
  Answer full;
  full.error = engine::Error{engine::ErrorCode::locked,
                             "The queue is full: nothing was recorded, try again.", 0};
  for (Writer::Submission& one : tray.orders) one.done(full);
  tray.orders.clear();
}

void Desk::hand_out(Tray& tray) {
  std::vector<std::pair<Handler, Answer>> answers;
  {
    const std::lock_guard lock(tray.mutex);
    answers.swap(tray.answers);
    tray.calling = false;
  }
  for (auto& [handler, answer] : answers) handler(std::move(answer));
}

void Desk::publish(Directory directory) {
  auto next = std::make_shared<const Directory>(std::move(directory));
  const std::lock_guard lock(directory_mutex_);
  directory_.swap(next);  // the one before goes when the lock is given up
}

void Desk::recorded(bool of_department) {
  if (of_department) {
    // Rare. If it cannot be read, nobody has any role until it can.
    auto directory = Directory::load(log_);
    publish(directory ? std::move(*directory) : Directory());
  }
  if (grown_) grown_();
}

}  // namespace server
