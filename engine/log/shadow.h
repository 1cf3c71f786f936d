// DIR/shadow: what log/ would be without a torn end of its MANIFEST. RocksDB reads nothing of a
// MANIFEST with a damaged record in it, and offers no way to read up to the damage; so the proof is
// made on links to all that log/ holds, beside a MANIFEST that ends before the damage.
#pragma once

#include <optional>
#include <string>

#include "engine/log/wal.h"
#include "engine/result.h"

namespace engine {

// The damage in the MANIFEST that CURRENT names, if it has the shape of a write that was cut off:
// RocksDB syncs a write to it before it acts on it. nullopt: none, or of another shape.
[[nodiscard]] Result<std::optional<WalDamage>> torn_manifest(const std::string& directory);

// Makes `shadow` anew, for reading. Nothing in it is durable, nor has to be.
Result<void> make_shadow(const std::string& directory, const WalDamage& manifest,
                         const std::string& shadow);

}  // namespace engine
