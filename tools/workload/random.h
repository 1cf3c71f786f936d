// The workload's own randomness: SplitMix64 (Steele, Lea, Flood 2014) and integer-only choices, so
// that a seed gives the same bytes on every machine. The distributions of <random> differ between
// libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/check.h"

namespace tools {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // An independent stream for the `number`-th subject of a kind: what one subject draws moves no
  // other.
  Random(std::uint64_t seed, std::uint64_t kind, std::uint64_t number)
      : state_(mix(mix(seed + kGolden) ^ mix(kind * kGolden + 1) ^ (number + 1) * kGolden)) {}

  [[nodiscard]] std::uint64_t next() { return mix(state_ += kGolden); }
  // 0 .. n - 1. The bias of the multiplication is below n / 2^32 and does not matter here.
  [[nodiscard]] std::int64_t below(std::int64_t n) {
    CHECK(n > 0 && n <= (std::int64_t{1} << 32));
    return static_cast<std::int64_t>(((next() >> 32) * static_cast<std::uint64_t>(n)) >> 32);
  }
  // Both ends are included.
  [[nodiscard]] std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + below(most - least + 1);
  }
  [[nodiscard]] bool per_mille(int rate) { return below(1000) < rate; }
  template <class T, std::size_t N>
  [[nodiscard]] const T& one_of(const T (&choices)[N]) {
    return choices[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
  }
  template <class T>
  [[nodiscard]] const T& one_of(std::span<const T> choices) {
    return choices[static_cast<std::size_t>(below(static_cast<std::int64_t>(choices.size())))];
  }

 private:
  static constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace tools
