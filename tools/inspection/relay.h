// Pieces of work that are prepared by whoever is free, on any thread, and then handed in order
// through stages, each of which sees one piece at a time and comes after the one before it.
#pragma once

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace tools {

template <class Piece, std::size_t kStages>
class Relay {
 public:
  // `prepare(worker, number, piece)`: `worker` says which of the `threads` threads asks. A piece is
  // used again after its last stage.
  using Prepare = std::function<void(unsigned worker, std::size_t number, Piece& piece)>;
  using Stage = std::function<void(Piece& piece)>;

  Relay(std::size_t pieces, Prepare prepare, std::array<Stage, kStages> stages)
      : pieces_(pieces), prepare_(std::move(prepare)), stages_(std::move(stages)) {}

  // Blocks until every piece has gone through every stage.
  void run(unsigned threads) {
    slots_.resize(kAhead);
    for (Slot& slot : slots_) slot.piece = std::make_unique<Piece>();
    std::vector<std::jthread> others;
    for (unsigned worker = 1; worker < threads; ++worker)
      others.emplace_back([this, worker] { work(worker); });
    work(0);
  }

 private:
  static constexpr std::size_t kAhead = 8;  // in memory at once
  struct Slot {
    std::unique_ptr<Piece> piece;
    bool prepared = false;
  };
  struct Job {
    std::size_t stage = 0, number = 0;  // stage kStages: to be prepared
    bool any = false;
  };

  // What goes in order goes first, the last stage before the others: it frees a place.
  [[nodiscard]] Job next_job() {
    for (std::size_t stage = kStages; stage-- > 0;) {
      const std::size_t number = done_[stage];
      const bool ready = number < pieces_ && slots_[number % kAhead].prepared &&
                         (stage == 0 ? number < prepared_ : number < done_[stage - 1]);
      if (busy_[stage] || !ready) continue;
      busy_[stage] = true;
      return {stage, number, true};
    }
    if (prepared_ < pieces_ && prepared_ < done_[kStages - 1] + kAhead)
      return {kStages, prepared_++, true};
    return {};
  }

  void finish(const Job& job) {
    Slot& slot = slots_[job.number % kAhead];
    if (job.stage == kStages) {
      slot.prepared = true;
      return;
    }
    busy_[job.stage] = false;
    ++done_[job.stage];
    if (job.stage + 1 == kStages) slot.prepared = false;
  }

  void work(unsigned worker) {
    std::unique_lock lock(mutex_);
    while (done_[kStages - 1] < pieces_) {
      const Job job = next_job();
      if (!job.any) {
        changed_.wait(lock);
        continue;
      }
      Piece& piece = *slots_[job.number % kAhead].piece;
      lock.unlock();
      if (job.stage == kStages)
        prepare_(worker, job.number, piece);
      else
        stages_[job.stage](piece);
      lock.lock();
      finish(job);
      changed_.notify_all();
    }
    changed_.notify_all();
  }

  const std::size_t pieces_;
  const Prepare prepare_;
  const std::array<Stage, kStages> stages_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::size_t prepared_ = 0;  // or being prepared
  std::array<std::size_t, kStages> done_{};
  std::array<bool, kStages> busy_{};
};

}  // namespace tools
