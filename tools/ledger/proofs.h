// Proof files and entry bundles, made from the records' own bytes and held against the tree before
// they leave: what is handed out is what a stranger will check.
#pragma once

#include <cstdint>
#include <string>

#include "engine/log/log.h"
#include "engine/log/signing_keys.h"
#include "engine/proof/bytes.h"
#include "engine/result.h"

namespace tools {

// That event `seq` is in the tree of this checkpoint (C2SP tlog-proof). not_found: it is not
// covered.
[[nodiscard]] engine::Result<std::string> inclusion_text(const engine::Log& log,
                                                         const engine::Issued& tree,
                                                         std::uint64_t seq, bool with_entry);
// That the tree of this checkpoint continues its first `old_size` events.
[[nodiscard]] engine::Result<std::string> consistency_text(const engine::Log& log,
                                                           const engine::Issued& tree,
                                                           std::uint64_t old_size);
// The headers of the records under a tile at the bottom (C2SP tlog-tiles, tile/entries/..).
[[nodiscard]] engine::Result<engine::Bytes> entry_bundle(const engine::Log& log, std::uint64_t tile,
                                                         std::uint64_t width);

}  // namespace tools
