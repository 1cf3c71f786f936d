// The one writer of a ledger: decides commands one after another and commits what it decided in
// groups, deciding group N+1 while group N syncs. Blind to the domain: a Decider turns a command
// into events or a refusal. Used by `bihuan import` (commands from files) and by bihuand (from a
// queue).
//
// An answer (`Done`) is given only after everything it rests on is durable: a refusal or a repeat
// that was decided on top of an unsynced group waits for that group too. If a group fails, every
// command waiting gets "unknown outcome", the decider forgets its states, and further commands are
// refused.
#pragma once

#include <algorithm>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "engine/ruling.h"

namespace engine {

struct Receipt {
  std::uint64_t seq = 0;      // of the command's first event
  std::uint32_t version = 0;  // the stream's version after the command
  Micros recorded_at = 0;
  Hash leaf{};
};

struct Answer {
  std::optional<Receipt> receipt;  // accepted or repeated
  bool repeated = false;
  std::string refused, text;   // refusal
  std::optional<Error> error;  // unknown outcome, or a read that failed while deciding
  std::uint32_t events = 0;    // that the command recorded now; 0 unless accepted
};

// decide() is called by one thread only, in the order of submission, with the seq that the
// command's first event would get. It sees its own earlier rulings through its own state, not
// through the log. A ruling that `repeats` names the first event of the earlier command, durable or
// not yet.
template <class D, class Command>
concept Decider = requires(D d, const Command& c, std::uint64_t next_seq) {
  { d.decide(c, next_seq) } -> std::same_as<Result<Ruling>>;
  d.forget();
};

struct WriterLimits {
  std::size_t group_commands = 1024;
  std::size_t group_bytes = 1U << 20U;  // of payloads
  std::size_t waiting = 4096;           // commands submitted and not yet decided
};

// The receipt of the command whose first event is `seq`, read back from the log.
[[nodiscard]] inline Result<Receipt> read_receipt(const Log& log, std::uint64_t seq) {
  Receipt receipt{seq, 0, 0, {}};
  std::string kind, no;
  const auto read = log.read(seq, 0, [&](const RecordView& r) {
    if (r.seq == seq) {
      kind = r.kind;
      no = r.no;
      receipt.recorded_at = r.recorded_at;
    } else if ((r.flags & kFollows) == 0) {
      return false;
    }
    if (r.kind == kind && r.no == no) receipt.version = r.version;
    return true;
  });
  if (!read) return std::unexpected(read.error());
  const auto leaf = log.leaf_at(seq);
  if (!leaf) return std::unexpected(leaf.error());
  receipt.leaf = *leaf;
  return receipt;
}

template <class D, class Command>
  requires Decider<D, Command>
class Writer {
 public:
  // Called on the writer's committing thread, in order of submission; must not call the writer back
  // with submit() (it could wait for itself), and keeps the next group waiting while it runs.
  using Done = std::function<void(const Answer&)>;

  // `log` and `decider` outlive the writer and are its alone to append to and to decide with.
  Writer(Log& log, D& decider, WriterLimits limits = {})
      : log_(log), decider_(decider), limits_(limits), next_seq_(log.size() + 1) {
    deciding_ = std::thread([this] { decide_all(); });
    committing_ = std::thread([this] { commit_all(); });
  }
  ~Writer() { close(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Waits for a place in the queue. False: the writer is closed and `done` will not be called.
  bool submit(Command command, Done done) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closing_ || queue_.size() < limits_.waiting; });
    return push(std::move(command), std::move(done));
  }
  // False also when the queue is full: say "503, try again" to the client.
  bool try_submit(Command command, Done done) {
    const std::lock_guard lock(mutex_);
    return queue_.size() < limits_.waiting && push(std::move(command), std::move(done));
  }

  // Returns when every command submitted before the call has been answered.
  void drain() {
    std::unique_lock lock(mutex_);
    const std::uint64_t asked = submitted_;
    changed_.wait(lock, [&] { return answered_ >= asked; });
  }

  // Answers what was submitted, then ends the threads. Further commands are not taken.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    if (deciding_.joinable()) deciding_.join();
    if (committing_.joinable()) committing_.join();
  }

  // Why writing stopped; nullopt while it goes on.
  [[nodiscard]] std::optional<Error> stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  struct Item {
    Command command;
    Done done;
  };
  // A decided command on its way to durability. `first` and `count`: its events in the group.
  struct Decided {
    Done done;
    Answer answer;
    std::size_t first = 0, count = 0;
    std::uint64_t repeats = 0;
  };
  struct Group {
    std::vector<NewEvent> events;
    std::vector<Decided> decided;
    std::size_t bytes = 0;
  };

  bool push(Command command, Done done) {
    if (closing_) return false;
    queue_.push_back({std::move(command), std::move(done)});
    ++submitted_;
    // The deciding thread takes the queue whole: it sleeps only when it found it empty.
    if (queue_.size() == 1) changed_.notify_all();
    return true;
  }

  void decide_all() {
    Group group;
    std::deque<Item> taken;
    for (;;) {
      if (taken.empty()) {
        std::unique_lock lock(mutex_);
        // Nothing to decide: what is decided goes out as soon as the committer can take it.
        changed_.wait(lock, [&] {
          const bool idle = ready_ == nullptr && !busy_;
          return !queue_.empty() || closing_ || (idle && !group.decided.empty());
        });
        if (!queue_.empty()) {
          taken.swap(queue_);
          changed_.notify_all();
        } else if (group.decided.empty()) {
          decided_all_ = true;
          changed_.notify_all();
          return;
        }
      }
      while (!taken.empty() && !full(group)) {
        decide_one(taken.front(), group);
        taken.pop_front();
      }
      offer(group, /*wait=*/full(group));
    }
  }

  [[nodiscard]] bool full(const Group& group) const {
    return group.decided.size() >= limits_.group_commands || group.bytes >= limits_.group_bytes;
  }

  // Hands the group over if the committer is idle, or when it becomes so.
  void offer(Group& group, bool wait) {
    if (group.decided.empty()) return;
    std::unique_lock lock(mutex_);
    if (!wait && (ready_ != nullptr || busy_) && !closing_) return;
    changed_.wait(lock, [&] { return ready_ == nullptr; });
    ready_ = std::make_unique<Group>(std::move(group));
    group = Group{};
    changed_.notify_all();
  }

  void decide_one(Item& item, Group& group) {
    Decided decided{std::move(item.done), {}, group.events.size(), 0, 0};
    if (auto why = take_stop()) {
      decided.answer.error = std::move(*why);
      group.decided.push_back(std::move(decided));
      return;
    }
    Result<Ruling> ruling = decider_.decide(item.command, next_seq_);
    if (!ruling) {
      decided.answer.error = ruling.error();
    } else if (!ruling->events.empty()) {
      decided.count = ruling->events.size();
      next_seq_ += decided.count;
      for (NewEvent& event : ruling->events) {
        group.bytes += event.payload.size();
        group.events.push_back(std::move(event));
      }
    } else if (ruling->repeats != 0) {
      decided.repeats = ruling->repeats;
      decided.answer.repeated = true;
    } else {
      decided.answer.refused = std::move(ruling->refused);
      decided.answer.text = std::move(ruling->text);
    }
    group.decided.push_back(std::move(decided));
  }

  // After a failure: the decider forgets once, and the command is refused without being decided.
  std::optional<Error> take_stop() {
    const std::lock_guard lock(mutex_);
    if (!stopped_) return std::nullopt;
    if (!std::exchange(forgotten_, true)) decider_.forget();
    return Error{stopped_->code,
                 "Writing has stopped, and this command was not recorded: " + stopped_->text, 0};
  }

  void commit_all() {
    for (;;) {
      std::unique_ptr<Group> group;
      {
        std::unique_lock lock(mutex_);
        busy_ = false;
        changed_.notify_all();
        changed_.wait(lock, [&] { return ready_ != nullptr || decided_all_; });
        if (ready_ == nullptr) return;
        group = std::move(ready_);
        busy_ = true;
        changed_.notify_all();
      }
      commit(*group);
      const std::lock_guard lock(mutex_);
      answered_ += group->decided.size();
      changed_.notify_all();
    }
  }

  void commit(Group& group) {
    Result<Appended> appended = Appended{};
    if (auto why = stopped()) {
      appended = std::unexpected(*why);  // decided on top of what was lost
    } else if (!group.events.empty()) {
      appended = log_.append(group.events);
      if (!appended) {
        const std::lock_guard lock(mutex_);
        stopped_ = appended.error();
      }
    }
    for (Decided& decided : group.decided) {
      if (appended) {
        complete(group, *appended, decided);
      } else if (!decided.answer.error) {
        decided.answer = Answer{};
        decided.answer.error =
            Error{appended.error().code, "The outcome is unknown: " + appended.error().text, 0};
      }
      decided.done(decided.answer);
    }
  }

  void complete(const Group& group, const Appended& appended, Decided& decided) {
    if (decided.count != 0) {
      const NewEvent& first = group.events[decided.first];
      Receipt receipt{appended.first_seq + decided.first, 0, first.recorded_at,
                      appended.leaves[decided.first]};
      for (std::size_t i = decided.first; i < decided.first + decided.count; ++i) {
        const NewEvent& event = group.events[i];
        if (event.kind == first.kind && event.no == first.no) receipt.version = event.version;
      }
      decided.answer.receipt = receipt;
      decided.answer.events = static_cast<std::uint32_t>(decided.count);
    } else if (decided.repeats != 0) {
      auto receipt = read_receipt(log_, decided.repeats);
      if (receipt) decided.answer.receipt = *receipt;
      if (!receipt) decided.answer.error = receipt.error();
    }
  }

  Log& log_;
  D& decider_;
  const WriterLimits limits_;
  std::uint64_t next_seq_;  // the deciding thread's

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> queue_;
  std::unique_ptr<Group> ready_;  // decided, waiting for the committing thread
  bool busy_ = false;             // the committing thread has a group in flight
  bool closing_ = false, decided_all_ = false, forgotten_ = false;
  std::uint64_t submitted_ = 0, answered_ = 0;
  std::optional<Error> stopped_;
  std::thread deciding_, committing_;
};

}  // namespace engine
