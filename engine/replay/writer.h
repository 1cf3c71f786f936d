// The one writer of a ledger: decides commands one after another and commits what it decided in
// groups, deciding group N+1 while group N syncs. Blind to the domain: a Decider turns a command
// into events or a refusal. Used by `bihuan import` (commands from files) and by bihuand (from a
// queue).
//
// Its threads are equals: whoever is free takes the next thing that may be done. One at a time
// decides, one at a time commits, and the one that decided a group commits it if nobody else does:
// so a lone command is decided, synced and answered without a hand-over between threads, which
// would cost as much as a third of a sync.
//
// An answer (`Done`) is given only after everything it rests on is durable: a refusal or a repeat
// that was decided on top of an unsynced group waits for that group too. If a group fails, every
// command waiting gets "unknown outcome", the decider forgets its states, and further commands are
// refused.
#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <condition_variable>
#include <cstdint>
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

// decide() is called by one thread at a time, in the order of submission, with the seq that the
// command's first event would get. It sees its own earlier rulings through its own state, not
// through the log, and may keep the command. A ruling that `repeats` names the first event of the
// earlier command, durable or not yet.
template <class D, class Command>
concept Decider = requires(D d, Command c, std::uint64_t next_seq) {
  { d.decide(std::move(c), next_seq) } -> std::same_as<Result<Ruling>>;
  d.forget();
};

struct WriterLimits {
  std::size_t group_commands = 1024;
  std::size_t group_bytes = 1U << 20U;  // of payloads
  std::size_t waiting = 4096;           // commands submitted and not yet decided
};

// Told of each group around its sync, by the thread that commits it: one at a time, before anything
// of the group is answered. For who counts; it must be quick.
struct WriterWatch {
  std::function<void()> syncing;
  std::function<void(std::size_t commands)> synced;  // also where the sync failed
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

template <class D, class Command, class DoneFunction = std::function<void(const Answer&)>>
  requires Decider<D, Command>
class Writer {
 public:
  // Called by one of the writer's threads at a time, in order of submission; must not call the
  // writer back with submit() (it could wait for itself).
  using Done = DoneFunction;

  struct Submission {
    Command command;
    Done done;
  };

  // `log` and `decider` outlive the writer and are its alone to append to and to decide with.
  Writer(Log& log, D& decider, WriterLimits limits = {}, WriterWatch watch = {})
      : log_(log),
        decider_(decider),
        limits_(limits),
        watch_(std::move(watch)),
        next_seq_(log.size() + 1) {
    for (std::thread& thread : threads_) thread = std::thread([this] { work(); });
  }
  ~Writer() { close(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Waits for a place in the queue. False: the writer is closed and `done` will not be called.
  bool submit(Command command, Done done) {
    std::unique_lock lock(mutex_);
    if (!closing_ && queue_.size() >= limits_.waiting) {
      changed_.wait(lock, [&] { return closing_ || queue_.size() < limits_.waiting; });
    }
    return push(std::move(command), std::move(done));
  }
  // The same for many, in their order; `batch` comes back empty. False: the writer was closed, and
  // what it had not taken by then will not be answered.
  bool submit_all(std::vector<Submission>& batch) {
    std::unique_lock lock(mutex_);
    bool taken = true;
    for (Submission& one : batch) {
      if (!closing_ && queue_.size() >= limits_.waiting) {
        changed_.wait(lock, [&] { return closing_ || queue_.size() < limits_.waiting; });
      }
      taken = taken && push(std::move(one.command), std::move(one.done));
    }
    batch.clear();
    return taken;
  }
  // Decides and commits on the calling thread as far as nobody else does, and returns the answer:
  // for a client that waits anyway, without a hand-over between threads. nullopt: the writer is
  // closed. `taken` is called once its place in the order is fixed.
  template <class Taken>
  std::optional<Answer> execute(Command command, Taken taken) {
    std::optional<Answer> mine;
    Lock lock(mutex_);
    changed_.wait(lock, [&] { return closing_ || queue_.size() < limits_.waiting; });
    if (closing_) return std::nullopt;
    // `mine` is written without the lock, and read after its group was counted as answered.
    queue_.push_back({std::move(command), [&mine](const Answer& answer) { mine = answer; }});
    const std::uint64_t place = ++submitted_;
    taken();
    while (answered_ < place) {
      if (ready_ != nullptr && !committing_)
        commit_ready(lock);
      else if (may_decide())
        decide_some(lock);
      else
        changed_.wait(lock);
    }
    if (ready_ != nullptr || may_decide()) call();  // others' work goes on without this thread
    return mine;
  }
  std::optional<Answer> execute(Command command) {
    return execute(std::move(command), [] {});
  }
  // False also when the queue is full: say "503, try again" to the client.
  bool try_submit(Command command, Done done) {
    const std::lock_guard lock(mutex_);
    return queue_.size() < limits_.waiting && push(std::move(command), std::move(done));
  }

  // As many as there is room for, in their order, without waiting; the others stay in `batch`.
  void try_submit_all(std::vector<Submission>& batch) {
    const std::lock_guard lock(mutex_);
    std::size_t taken = 0;
    while (taken < batch.size() && !closing_ && queue_.size() < limits_.waiting) {
      Submission& one = batch[taken++];
      push(std::move(one.command), std::move(one.done));
    }
    batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(taken));
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
      call_all();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  // Why writing stopped; nullopt while it goes on.
  [[nodiscard]] std::optional<Error> stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  // One decides, one syncs, one answers.
  static constexpr std::size_t kThreads = 3;
  // How often a free thread looks for work before it sleeps, some 20 us in all: a client that was
  // just answered sends its next command sooner than a sleeper wakes. It keeps its core meanwhile:
  // on a crowded machine a thread that yields comes back after milliseconds, and nobody else is
  // called.
  static constexpr int kLooks = 500;

  // A decided command on its way to durability. `first` and `count`: its events in the group.
  struct Decided {
    Done done;
    std::size_t first = 0, count = 0;
    std::uint64_t repeats = 0;
    std::unique_ptr<Answer> other;  // a refusal, or an error while deciding
  };
  struct Group {
    std::vector<NewEvent> events;
    std::vector<Decided> decided;
    std::size_t bytes = 0;
    std::uint64_t number = 0;  // in order of committing
  };
  using GroupPtr = std::unique_ptr<Group>;
  using Lock = std::unique_lock<std::mutex>;

  bool push(Command command, Done done) {
    if (closing_) return false;
    queue_.push_back({std::move(command), std::move(done)});
    ++submitted_;
    if (queue_.size() == 1) call();
    return true;
  }

  // There may be something to do: a thread that looks for it sees it, else one that sleeps is
  // woken. (Called with the lock.)
  void call() {
    called_.fetch_add(1, std::memory_order_relaxed);
    if (!looking_ && sleeping_ != 0) free_.notify_one();
  }

  // Everybody looks again, also who is about to sleep: it compares called_ before it does. (Called
  // with the lock.)
  void call_all() {
    called_.fetch_add(1);
    free_.notify_all();
  }

  void work() {
    Lock lock(mutex_);
    for (;;) {
      if (ready_ != nullptr && !committing_) {
        commit_ready(lock);
      } else if (may_decide()) {
        decide_some(lock);
      } else if (closing_ && !deciding_ && queue_.empty() && taken_.empty() && ready_ == nullptr) {
        return;
      } else {
        wait(lock);
      }
    }
  }

  [[nodiscard]] bool may_decide() const {
    return !deciding_ && (!queue_.empty() || !taken_.empty()) &&
           (ready_ == nullptr || !full(*ready_));
  }

  static void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  void wait(Lock& lock) {
    if (!looking_) {
      looking_ = true;
      const std::uint64_t seen = called_.load();
      lock.unlock();
      for (int i = 0; i < kLooks && called_.load() == seen; ++i) relax();
      lock.lock();
      looking_ = false;
      if (called_.load() != seen) return;
    }
    ++sleeping_;
    free_.wait(lock);
    --sleeping_;
  }

  [[nodiscard]] bool full(const Group& group) const {
    return group.decided.size() >= limits_.group_commands || group.bytes >= limits_.group_bytes;
  }

  // Decides what is waiting, on to the group that is ready and not yet taken.
  void decide_some(Lock& lock) {
    deciding_ = true;
    GroupPtr group = ready_ != nullptr ? std::move(ready_) : fresh_group();
    if (taken_.empty()) {
      taken_.swap(queue_);
      changed_.notify_all();
    }
    lock.unlock();
    while (taken_at_ < taken_.size() && !full(*group)) decide_one(taken_[taken_at_++], *group);
    if (taken_at_ == taken_.size()) {
      taken_.clear();
      taken_at_ = 0;
    }
    lock.lock();
    ready_ = std::move(group);
    deciding_ = false;
    if (closing_) call_all();
  }

  GroupPtr fresh_group() {
    if (spare_.empty()) return std::make_unique<Group>();
    GroupPtr group = std::move(spare_.back());
    spare_.pop_back();
    return group;
  }

  void decide_one(Submission& item, Group& group) {
    Decided& decided = group.decided.emplace_back(std::move(item.done), group.events.size());
    if (halted_.load(std::memory_order_acquire)) {
      decided.other = std::make_unique<Answer>();
      decided.other->error = take_stop();
      return;
    }
    Result<Ruling> ruling = decider_.decide(std::move(item.command), next_seq_);
    if (ruling && !ruling->events.empty()) {
      decided.count = ruling->events.size();
      next_seq_ += decided.count;
      for (NewEvent& event : ruling->events) {
        group.bytes += event.payload.size();
        group.events.push_back(std::move(event));
      }
    } else if (ruling && ruling->repeats != 0) {
      decided.repeats = ruling->repeats;
    } else {
      decided.other = std::make_unique<Answer>();
      if (!ruling) {
        decided.other->error = ruling.error();
      } else {
        decided.other->refused = std::move(ruling->refused);
        decided.other->text = std::move(ruling->text);
      }
    }
  }

  // After a failure: the decider forgets once, and the command is refused without being decided.
  Error take_stop() {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(forgotten_, true)) decider_.forget();
    return Error{stopped_->code,
                 "Writing has stopped, and this command was not recorded: " + stopped_->text, 0};
  }

  void commit_ready(Lock& lock) {
    committing_ = true;
    GroupPtr group = std::move(ready_);
    group->number = ++committed_;
    if (may_decide()) call();  // somebody decides on while this thread syncs
    const std::optional<Error> why = stopped_;
    lock.unlock();
    Result<Appended> appended = Appended{};
    if (why) {
      appended = std::unexpected(*why);  // decided on top of what was lost
    } else if (!group->events.empty()) {
      if (watch_.syncing) watch_.syncing();
      appended = log_.append(group->events);
      if (watch_.synced) watch_.synced(group->decided.size());
    }
    lock.lock();
    if (!appended && !stopped_) {
      stopped_ = appended.error();
      halted_.store(true, std::memory_order_release);
    }
    committing_ = false;
    if (ready_ != nullptr) call();  // somebody syncs on while this thread answers
    changed_.wait(lock, [&] { return answered_groups_ + 1 == group->number; });
    lock.unlock();
    answer(*group, appended);
    const std::size_t count = group->decided.size();
    group->events.clear();
    group->decided.clear();
    group->bytes = 0;
    lock.lock();
    ++answered_groups_;
    answered_ += count;
    spare_.push_back(std::move(group));
    changed_.notify_all();
    if (closing_) call_all();
  }

  void answer(Group& group, const Result<Appended>& appended) {
    for (Decided& decided : group.decided) {
      Answer answer;
      if (appended) {
        answer = answer_of(group, *appended, decided);
      } else if (decided.other != nullptr && decided.other->error) {
        answer = *decided.other;
      } else {
        answer.error =
            Error{appended.error().code, "The outcome is unknown: " + appended.error().text, 0};
      }
      decided.done(answer);
    }
  }

  Answer answer_of(const Group& group, const Appended& appended, Decided& decided) {
    if (decided.other != nullptr) return std::move(*decided.other);
    Answer answer;
    if (decided.repeats != 0) {
      answer.repeated = true;
      auto receipt = read_receipt(log_, decided.repeats);
      if (receipt) answer.receipt = *receipt;
      if (!receipt) answer.error = receipt.error();
      return answer;
    }
    const NewEvent& first = group.events[decided.first];
    answer.receipt = Receipt{appended.first_seq + decided.first, first.version, first.recorded_at,
                             appended.leaves[decided.first]};
    for (std::size_t i = decided.first + 1; i < decided.first + decided.count; ++i) {
      const NewEvent& event = group.events[i];
      if (event.kind == first.kind && event.no == first.no) answer.receipt->version = event.version;
    }
    answer.events = static_cast<std::uint32_t>(decided.count);
    return answer;
  }

  Log& log_;
  D& decider_;
  const WriterLimits limits_;
  const WriterWatch watch_;

  // Of the thread that decides.
  std::uint64_t next_seq_;
  std::vector<Submission> taken_;  // looked at by others only while nobody decides
  std::size_t taken_at_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;  // room in the queue, or commands answered
  std::condition_variable free_;     // the threads with nothing to do
  std::atomic<std::uint64_t> called_ = 0;
  bool looking_ = false;
  int sleeping_ = 0;
  std::vector<Submission> queue_;
  GroupPtr ready_;  // decided as far as commands were there; waits for the disk
  std::vector<GroupPtr> spare_;
  bool deciding_ = false, committing_ = false, closing_ = false, forgotten_ = false;
  std::uint64_t committed_ = 0, answered_groups_ = 0;
  std::uint64_t submitted_ = 0, answered_ = 0;
  std::optional<Error> stopped_;
  std::atomic<bool> halted_ = false;  // stopped_ is set
  std::array<std::thread, kThreads> threads_;
};

}  // namespace engine
