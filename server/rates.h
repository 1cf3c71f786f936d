// How often somebody may ask: a token bucket a key (a person, or an address), so that a flood by
// one leaves the others unaffected (S8 of the security rules).
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/clock.h"

namespace server {

struct RateLimit {
  unsigned per_second = 0;  // 0: no limit
  unsigned burst = 0;       // that may come at once after a rest; at least 1 is taken
};

// Any thread.
class Rates {
 public:
  Rates(const Clock& clock, RateLimit limit) : clock_(clock), limit_(limit) {}

  // Takes one request of `key`'s. False: it has none left, and gets the next within a second.
  [[nodiscard]] bool take(std::string_view key);
  // Forgets whoever has rested so long that the bucket is full again: nothing changes for it.
  void sweep();
  // Keys that are remembered.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };

  const Clock& clock_;
  const RateLimit limit_;
  mutable std::mutex mutex_;
  // When the bucket is full again, in ticks of the clock: all that a bucket is (GCRA of ATM Forum's
  // traffic management 4.0), and never looked at in order.
  std::unordered_map<std::string, engine::Micros, Hash, std::equal_to<>> full_at_;
};

// What one host is known by: the address, but of IPv6 its first 64 bits, for any host has the rest
// to choose from.
[[nodiscard]] std::string host_of(const std::string& address);

}  // namespace server
