// The way of a command into the ledger: from a loop's tray through the one writer, and the answer
// back on to the loop. The queue is bounded; rights are checked by the writer's own thread, on the
// same states that the rules are decided on.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/log/log.h"
#include "engine/replay/writer.h"
#include "schemas/district.h"
#include "server/clock.h"
#include "server/http/loop.h"
#include "server/identity/identity.h"

namespace server {

// The code of a refusal for want of rights: 403.
inline constexpr std::string_view kNotPermitted = "NotPermitted";

// A command as it came in, and for whom; `at` and `actor` are given to it when it is decided.
struct Order {
  schemas::Command command;
  Identity who;
};

// The decider behind the queue: gives the command its actor and its time, then asks the rules.
class Gate {
 public:
  Gate(schemas::District& district, const engine::Log& log, const Clock& clock, Directory directory)
      : district_(district),
        log_(log),
        clock_(clock),
        directory_(std::move(directory)),
        last_(log.last_recorded_at()) {}

  engine::Result<engine::Ruling> decide(Order&& order, std::uint64_t next_seq);
  void forget() { district_.forget(); }

 private:
  schemas::District& district_;
  const engine::Log& log_;
  const Clock& clock_;
  Directory directory_;  // ahead of the disk, as the district's states are
  engine::Micros last_;  // given to a command; never decreases
};

class Desk {
 public:
  // `log` outlives the desk, which alone writes to it.
  static engine::Result<std::unique_ptr<Desk>> open(engine::Log& log, const engine::Sealer& sealer,
                                                    const Clock& clock,
                                                    engine::WriterLimits limits);
  ~Desk() { close(); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // The answer to a command, once everything it rests on is durable; an error `locked`: there was
  // no room for it. To be called on `loop`, where the answer comes too.
  Task<engine::Answer> decide(Loop& loop, Order order);
  // The same for many, in their order, each decided by itself: one answer an order.
  Task<std::vector<engine::Answer>> decide_all(Loop& loop, std::vector<Order> orders);

  // The same for a thread that waits for the answer itself. An error `locked`: the desk is closed.
  engine::Answer execute(Order order);

  // The directory as far as it is durable: for the rights of reads. Any thread.
  [[nodiscard]] std::shared_ptr<const Directory> directory() const {
    const std::lock_guard lock(directory_mutex_);
    return directory_;
  }

  // Called by the writer's thread after records became durable, before the command is answered.
  void on_growth(std::function<void()> hook) { grown_ = std::move(hook); }

  // Called around the sync of each group, before its commands are answered: how many commands are
  // in it, and how long it took to become durable.
  void on_group(std::function<void(std::size_t commands, engine::Micros took)> hook) {
    grouped_ = std::move(hook);
  }

  // Answers what was taken, then takes no more.
  void close() { writer_->close(); }
  [[nodiscard]] std::optional<engine::Error> stopped() const { return writer_->stopped(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.load(); }

 private:
  using Done = std::move_only_function<void(const engine::Answer&)>;
  using Writer = engine::Writer<Gate, Order, Done>;
  using Handler = std::move_only_function<void(engine::Answer)>;
  // What one loop collected since it last gave it to the writer: commands that arrive together are
  // submitted together, under one lock; and what was answered since the loop last looked, so that
  // the answers of a group come to it in one call.
  struct Tray {
    std::vector<Writer::Submission> orders;
    bool called = false;
    std::mutex mutex;  // of what follows
    std::vector<std::pair<Handler, engine::Answer>> answers;
    bool calling = false;
  };

  // A server works on what is open, and its memory must not grow with all that ever was.
  static constexpr std::size_t kStatesMost = 20'000;

  Desk(engine::Log& log, const engine::Sealer& sealer)
      : log_(log), district_(log, sealer, kStatesMost) {}
  [[nodiscard]] engine::WriterWatch watch(const Clock& clock);
  void place(Loop& loop, Order order, Handler handler);
  void hand_in(Tray& tray);
  static void hand_out(Tray& tray);
  Tray& tray_of(const Loop& loop);
  void recorded(bool of_department);
  void publish(Directory directory);

  engine::Log& log_;
  schemas::District district_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<Writer> writer_;
  // Not std::atomic: that of libstdc++ 12 gives its lock up relaxed, and so its pointer to a race.
  mutable std::mutex directory_mutex_;
  std::shared_ptr<const Directory> directory_;
  std::function<void()> grown_;
  std::function<void(std::size_t, engine::Micros)> grouped_;
  engine::Micros syncing_since_ = 0;  // of the group that syncs; there is one at a time
  std::mutex trays_mutex_;
  std::map<const Loop*, std::unique_ptr<Tray>> trays_;
  std::atomic<std::size_t> waiting_ = 0;
};

}  // namespace server
