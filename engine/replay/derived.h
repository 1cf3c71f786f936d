// A projection brought up to any seq: stored segments first, then the records after them; what it
// learned on the way is stored again, so that the next start reads columns in place of records.
//
// Stored segments are never truth. Another version, a segment that does not load or does not end
// where it says, or a gap: all of them are thrown away and the projection is folded from record 1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <future>
#include <span>
#include <utility>

#include "engine/log/log.h"
#include "engine/mutant.h"
#include "engine/projection.h"
#include "engine/replay/batches.h"
#include "engine/result.h"

namespace engine {

// Not for several threads at once. `log` outlives it.
template <Projection P>
class Derived {
 public:
  static constexpr std::uint64_t kSegmentRecords = 64U << 10U;

  explicit Derived(Log& log) : log_(log) {}

  // Brings the projection to at least `seq` (0: the newest) and hands it out. It answers for any
  // earlier seq too: its rows say from which seq on they hold.
  Result<P*> upto(std::uint64_t seq = 0) {
    if (seq == 0 || seq > log_.size()) seq = log_.size();
    if (!std::exchange(loaded_, true)) {
      if (auto done = load(); !done) return std::unexpected(done.error());
    }
    if constexpr (BatchedProjection<P>) {
      if (seq > state_.seq() && seq - state_.seq() >= kSegmentRecords)
        if (auto done = fold_batches(seq); !done) return std::unexpected(done.error());
    }
    while (state_.seq() < seq) {
      // In whole segments, so that a rebuild stores the same segments again.
      const std::uint64_t to = std::min(seq, stored_ + kSegmentRecords);
      if (auto done = fold(to); !done) return std::unexpected(done.error());
      if (auto done = store_full(); !done) return std::unexpected(done.error());
    }
    return &state_;
  }

  // Stores what is not stored yet; does nothing on a log opened for reading only.
  Result<void> flush() {
    if (seeded(Mutant::projection_ahead) && log_.size() > stored_) return store(log_.size());
    return state_.seq() > stored_ ? store(state_.seq()) : Result<void>{};
  }

  [[nodiscard]] const P& state() const { return state_; }
  P&& take() && { return std::move(state_); }

 private:
  Result<void> load() {
    if constexpr (BatchedProjection<P>) state_.reserve(log_.size());
    bool good = true;
    const auto read = log_.read_derived(
        P::kName, P::kVersion, [&](std::uint64_t last_seq, std::span<const std::uint8_t> bytes) {
          // A segment written after a crash may end inside an older one that was lost and came
          // back.
          good = state_.load(bytes).has_value() && state_.seq() == last_seq;
          return good;
        });
    if (!read) return read;
    stored_ = state_.seq();
    if (good && stored_ != 0) return {};
    // Nothing of this version, or nothing to be trusted: away with it, other versions included.
    state_ = P{};
    stored_ = 0;
    return log_.writable() ? log_.drop_derived(P::kName) : Result<void>{};
  }

  Result<void> fold(std::uint64_t to) {
    const auto read = log_.read(state_.seq() + 1, to, [&](const RecordView& record) {
      state_.apply(record);
      return true;
    });
    if (read && state_.seq() != to) {
      return fail(ErrorCode::corrupt, "A projection did not follow the records one by one.", to);
    }
    return read;
  }

  // Many records: batches are made on two threads from their own parts of the log, and joined here.
  Result<void> fold_batches(std::uint64_t to) {
    state_.reserve(to);
    // Half a segment is read at once, and none reaches into the next segment.
    const std::uint64_t piece = kSegmentRecords / 2;
    std::uint64_t from = state_.seq() + 1;
    if (const std::uint64_t over = (state_.seq() - stored_) % piece; over != 0) {
      if (auto done = fold(std::min(to, state_.seq() + piece - over)); !done) return done;
      if (auto done = store_full(); !done) return done;
      from = state_.seq() + 1;
    }
    // Joining is the narrow place, so segments are encoded when all is joined, on both threads.
    const auto joined =
        each_batch<typename P::Batch>(log_, from, to, piece, [&](const typename P::Batch& batch) {
          state_.absorb(batch);
          return Result<void>{};
        });
    return joined ? store_full() : joined;
  }

  // Every whole segment that is not stored yet.
  Result<void> store_full() {
    while (state_.seq() - stored_ >= kSegmentRecords) {
      const std::uint64_t middle = stored_ + kSegmentRecords, end = middle + kSegmentRecords;
      if (state_.seq() < end || !log_.writable()) {
        if (auto done = store(middle); !done) return done;
        continue;
      }
      auto later = std::async(std::launch::async, [&] { return state_.save(middle, end); });
      if (auto done = store(middle); !done) return done;
      if (auto done = put(end, later.get()); !done) return done;
    }
    return {};
  }

  Result<void> store(std::uint64_t to) {
    if (log_.writable()) return put(to, state_.save(stored_, to));
    stored_ = to;
    return {};
  }

  Result<void> put(std::uint64_t to, std::span<const std::uint8_t> segment) {
    stored_ = to;
    return log_.put_derived(P::kName, P::kVersion, to, segment);
  }

  Log& log_;
  P state_;
  std::uint64_t stored_ = 0;  // the last seq of the last segment
  bool loaded_ = false;
};

}  // namespace engine
