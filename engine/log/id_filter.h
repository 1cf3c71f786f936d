// Says of most ids that they are new without asking the store: the common case of every command. A
// Bloom filter over 4-byte fingerprints of the ids' digests; what it does not know was never
// recorded, what it may know is looked up. About 2.5 bytes an id.
//
// It grows by layers, each four times the one before, so that nothing is hashed again. One thread
// adds; any number of threads ask, without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/log/keys.h"

namespace engine {

class IdFilter {
 public:
  using Fingerprint = std::uint32_t;
  [[nodiscard]] static Fingerprint fingerprint(const IdDigest& digest);

  IdFilter() = default;
  ~IdFilter();
  IdFilter(const IdFilter&) = delete;
  IdFilter& operator=(const IdFilter&) = delete;

  void add(Fingerprint print);
  // False: certainly not added. Sees what was added before whatever the caller synchronised with.
  [[nodiscard]] bool may_hold(Fingerprint print) const;
  [[nodiscard]] std::size_t bytes() const;  // of memory

 private:
  // 512 bits, a cache line: asking costs one miss a layer.
  struct alignas(64) Line {
    std::array<std::atomic<std::uint64_t>, 8> words{};
  };
  struct Layer {
    explicit Layer(std::size_t count) : lines(std::make_unique<Line[]>(count)), count(count) {}
    std::unique_ptr<Line[]> lines;
    std::size_t count;
  };

  static constexpr std::size_t kLayers = 16;  // enough for 4 * 10^13 ids
  std::array<std::atomic<Layer*>, kLayers> layers_{};
  std::size_t used_ = 0;  // layers; the adding thread's, like what follows
  std::size_t room_ = 0;  // ids that the last layer still takes
};

}  // namespace engine
