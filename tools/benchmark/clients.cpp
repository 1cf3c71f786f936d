// Sending and waiting. Answers come on the writer's committing thread and do as little as they can
// there.
#include "tools/benchmark/clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

Result<void> Office::open(engine::Log& log) {
  if (auto loaded = district_.load(log.last_recorded_at()); !loaded) return loaded;
  writer_ = std::make_unique<engine::Writer<schemas::District, schemas::Command>>(log, district_);
  return {};
}

namespace {

constexpr std::size_t kThreadsMax = 1;  // more clients share one thread, as a server's do

// What the answers of one measurement came to; the first that is no acceptance ends it.
class Tally {
 public:
  void add(const engine::Answer& answer) {
    events_ += answer.events;
    if (answer.receipt && !answer.repeated) return;
    const std::lock_guard lock(mutex_);
    if (!wrong_.empty()) return;
    wrong_ = answer.error ? answer.error->text : answer.refused + ": " + answer.text;
    if (answer.repeated) wrong_ = "A command was recorded before.";
  }
  [[nodiscard]] Result<Sent> sent(double seconds, std::size_t commands) const {
    if (!wrong_.empty())
      return engine::fail(engine::ErrorCode::bad_input,
                          "A generated command was not accepted: " + wrong_);
    Sent sent;
    sent.seconds = seconds;
    sent.commands = commands;
    sent.events = events_;
    return sent;
  }

 private:
  std::mutex mutex_;
  std::atomic<std::uint64_t> events_ = 0;
  std::string wrong_;
};

// The next commands of the history, for whoever is free: taking and sending is one step.
struct Line {
  std::mutex turn;
  std::vector<schemas::Command> list;
  std::size_t next = 0;
};

// One command at a time, on a thread of the client's own that waits for the answer.
void be_client(Office& office, Line& line, Tally& tally, std::vector<double>& waits_ms) {
  for (;;) {
    std::optional<engine::Answer> answer;
    Stopwatch watch;
    {
      std::unique_lock turn(line.turn);
      if (line.next == line.list.size()) return;
      watch = Stopwatch();
      answer =
          office.writer().execute(std::move(line.list[line.next++]), [&turn] { turn.unlock(); });
    }
    tally.add(*answer);
    waits_ms.push_back(watch.milliseconds());
  }
}

// Many clients on one thread, as the connections of a server are: who was answered sends again.
class EventLoop {
 public:
  EventLoop(Office& office, Line& line, Tally& tally, std::size_t clients, std::size_t batch)
      : office_(office), line_(line), tally_(tally), batch_(batch), clients_(clients) {}

  void run(std::vector<double>& waits_ms) {
    std::vector<std::size_t> free(clients_.size());
    for (std::size_t i = 0; i < free.size(); ++i) free[i] = i;
    std::size_t waiting = 0;
    for (;;) {
      send(free, waiting);
      if (waiting == 0) return;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !answered_.empty(); });
        free.swap(answered_);
      }
      waiting -= free.size();
      for (const std::size_t client : free)
        waits_ms.push_back(clients_[client].watch.milliseconds());
    }
  }

 private:
  struct Client {
    std::size_t left = 0;  // answers that it waits for; the writer's
    Stopwatch watch;
  };

  void send(std::vector<std::size_t>& free, std::size_t& waiting) {
    for (const std::size_t client : free) {
      const std::size_t count = std::min(batch_, line_.list.size() - line_.next);
      if (count == 0) continue;
      ++waiting;
      clients_[client].left = count;
      clients_[client].watch = Stopwatch();
      for (std::size_t i = 0; i < count; ++i)
        sending_.push_back(
            {std::move(line_.list[line_.next++]), [this, client](const engine::Answer& answer) {
               tally_.add(answer);
               if (--clients_[client].left == 0) finish(client);
             }});
    }
    free.clear();
    office_.writer().submit_all(sending_);
  }
  void finish(std::size_t client) {
    const std::lock_guard lock(mutex_);
    answered_.push_back(client);
    if (answered_.size() == 1) changed_.notify_one();
  }

  using Submission = engine::Writer<schemas::District, schemas::Command>::Submission;
  Office& office_;
  Line& line_;
  Tally& tally_;
  std::size_t batch_;
  std::deque<Client> clients_;
  std::vector<Submission> sending_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> answered_;
};

}  // namespace

Result<Sent> send_waiting(Office& office, std::vector<schemas::Command> list, std::size_t clients,
                          std::size_t batch) {
  Line line;
  line.list = std::move(list);
  Tally tally;
  std::vector<std::vector<double>> waits(clients);
  const Stopwatch watch;
  if (clients <= kThreadsMax && batch == 1) {
    std::vector<std::jthread> threads;
    for (std::vector<double>& of_client : waits)
      threads.emplace_back([&] { be_client(office, line, tally, of_client); });
  } else {
    EventLoop(office, line, tally, clients, batch).run(waits[0]);
  }
  const double seconds = watch.seconds();
  office.writer().drain();
  auto sent = tally.sent(seconds, line.list.size());
  if (!sent) return sent;
  for (const std::vector<double>& of_client : waits)
    sent->waits_ms.insert(sent->waits_ms.end(), of_client.begin(), of_client.end());
  return sent;
}

Result<Sent> send_streaming(Office& office, std::vector<schemas::Command> list) {
  Tally tally;
  const Stopwatch watch;
  constexpr std::size_t kAtOnce = 512;  // as an import reads them
  std::vector<engine::Writer<schemas::District, schemas::Command>::Submission> batch;
  for (schemas::Command& command : list) {
    batch.push_back({std::move(command), [&](const engine::Answer& answer) { tally.add(answer); }});
    if (batch.size() == kAtOnce || &command == &list.back()) office.writer().submit_all(batch);
  }
  office.writer().drain();
  return tally.sent(watch.seconds(), list.size());
}

}  // namespace tools
