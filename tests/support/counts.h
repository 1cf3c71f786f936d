// How much a test of chance tries: a part in tools/test, all of it (the counts of reliability.md)
// in .ci/run, many times as much in tests/campaign. A sanitizer looks for other things than counts:
// a twentieth is enough for it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace support {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// BIHUAN_CAMPAIGN: 1 in .ci/run, N in `tests/campaign N`; 0 when it is not set.
[[nodiscard]] inline std::uint64_t campaign() {
  const char* const times = std::getenv("BIHUAN_CAMPAIGN");
  return times != nullptr ? std::strtoull(times, nullptr, 10) : 0;
}

// One of how many is tried.
[[nodiscard]] inline std::uint64_t one_in() { return kSanitized ? 20 : campaign() > 0 ? 1 : 4; }

// `ci` runs, as often as the campaign wants, or one_in() of them; at least `least`.
[[nodiscard]] inline std::uint64_t times(std::uint64_t ci, std::uint64_t least = 1) {
  return std::max(least, ci * std::max<std::uint64_t>(campaign(), 1) / one_in());
}

}  // namespace support
