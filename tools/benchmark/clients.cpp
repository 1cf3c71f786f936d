// Sending and waiting. Answers come on the writer's committing thread and do as little as they can
// there.
#include "tools/benchmark/clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
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

struct Line {
  std::mutex turn;  // taking the next commands and submitting them is one step
  std::vector<schemas::Command> list;
  std::size_t next = 0;
};

struct Client {
  std::atomic<int> left = 0;  // answers that it waits for
  std::vector<double> waits_ms;
};

void be_client(Office& office, Line& line, std::size_t batch, Tally& tally, Client& client) {
  std::atomic<int>& left = client.left;
  for (;;) {
    Stopwatch watch;
    {
      const std::lock_guard turn(line.turn);
      const std::size_t count = std::min(batch, line.list.size() - line.next);
      if (count == 0) return;
      watch = Stopwatch();
      left = static_cast<int>(count);
      for (std::size_t i = 0; i < count; ++i)
        office.writer().submit(std::move(line.list[line.next++]),
                               [&tally, &left](const engine::Answer& answer) {
                                 tally.add(answer);
                                 if (left.fetch_sub(1) == 1) left.notify_one();
                               });
    }
    for (int now = left; now != 0; now = left) left.wait(now);
    client.waits_ms.push_back(watch.milliseconds());
  }
}

}  // namespace

Result<Sent> send_waiting(Office& office, std::vector<schemas::Command> list, std::size_t clients,
                          std::size_t batch) {
  Line line;
  line.list = std::move(list);
  Tally tally;
  std::deque<Client> all(clients);  // until the last callback has returned
  const Stopwatch watch;
  std::vector<std::thread> threads;
  threads.reserve(clients);
  for (Client& client : all)
    threads.emplace_back([&] { be_client(office, line, batch, tally, client); });
  for (std::thread& thread : threads) thread.join();
  const double seconds = watch.seconds();
  office.writer().drain();
  auto sent = tally.sent(seconds, line.list.size());
  if (!sent) return sent;
  for (const Client& one : all)
    sent->waits_ms.insert(sent->waits_ms.end(), one.waits_ms.begin(), one.waits_ms.end());
  return sent;
}

Result<Sent> send_streaming(Office& office, std::vector<schemas::Command> list) {
  Tally tally;
  const Stopwatch watch;
  for (schemas::Command& command : list)
    office.writer().submit(std::move(command),
                           [&](const engine::Answer& answer) { tally.add(answer); });
  office.writer().drain();
  return tally.sent(watch.seconds(), list.size());
}

}  // namespace tools
