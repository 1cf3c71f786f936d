// Ties the leaves of a package to one root by the hash tiles beside them: every full tile is a hash
// of the tile above it, and the partial tiles at the right edge together are the root.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/proof/merkle.h"
#include "tools/inspection/piece.h"

namespace tools {

using TilePlaceKey = std::pair<unsigned, std::uint64_t>;  // tile level, tile
using HashTiles = std::map<TilePlaceKey, std::vector<engine::Hash>>;

// The tiles that a package of these bundles needs to reach the root of a tree of `size` leaves,
// bundles themselves left out.
[[nodiscard]] std::vector<TilePlaceKey> tiles_needed(std::span<const BundleName> bundles,
                                                     std::uint64_t size);
[[nodiscard]] std::uint64_t tile_width(TilePlaceKey place, std::uint64_t size);

// Every bundle of a tree of this size, and the one that holds a record.
[[nodiscard]] std::vector<BundleName> all_bundles(std::uint64_t size);
[[nodiscard]] BundleName bundle_of(std::uint64_t seq, std::uint64_t size);

// Does the tile above hold this root of a full tile (level 0: of a full bundle's leaves)?
[[nodiscard]] bool is_held(const HashTiles& tiles, TilePlaceKey place, const engine::Hash& root);
// The root that the tiles at the right edge give; not_found where one of them is missing.
[[nodiscard]] engine::Result<engine::Hash> root_of_tiles(const HashTiles& tiles,
                                                         std::uint64_t size);

}  // namespace tools
