// Whether a key store opens what a log has sealed: it is kept apart from the log, so the two may
// come back from different days (reliability.md section 6, R16).
#pragma once

#include <cstdint>

#include "engine/log/log.h"
#include "engine/proof/seal.h"
#include "engine/result.h"

namespace tools {

struct KeyStoreFit {
  std::uint64_t opened = 0;        // sealed fields
  std::uint64_t destroyed = 0;     // their key was destroyed, which the key store says
  std::uint64_t closed = 0;        // their key is not in this key store
  std::uint64_t first_closed = 0;  // seq; 0: none
  std::uint64_t undead = 0;        // subjects that were erased and whose key is still here
};

// Tries every sealed field of every record; O(records).
[[nodiscard]] engine::Result<KeyStoreFit> fit_of(const engine::Log& log,
                                                 const engine::KeyRing& keys);

}  // namespace tools
