// The kinds of fault of a disk, and how often each has struck.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crash {

enum class Kind : std::uint8_t {
  fail,       // the call fails with `error`; a failed sync loses what it should have written
  shorten,    // a read gives half, a write writes half and fails
  flip,       // a read with one bit changed
  zero,       // a read with a sector of zeros, 512 or 4,096 bytes
  misdirect,  // a read of another place; a write to another place
  stale,      // a read of what was there before the last sync
  lie,        // a sync that says yes and does nothing
  slow,       // two seconds of virtual time
  cut,        // the power goes in the middle of the call
  full,       // the disk has no more room
};
inline constexpr std::size_t kKinds = 10;
[[nodiscard]] constexpr std::string_view name_of(Kind kind) {
  constexpr std::string_view kNames[kKinds] = {"fail",  "short", "flip", "zero", "misdirect",
                                               "stale", "lie",   "slow", "cut",  "full"};
  return kNames[static_cast<std::size_t>(kind)];
}
// How often each has struck.
using Fired = std::array<std::uint64_t, kKinds>;

}  // namespace crash
