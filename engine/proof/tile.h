// Tile arithmetic of C2SP tlog-tiles: 256 hashes of one level a tile, 8 levels of the tree a tile
// level; where a node lies, how wide the rightmost tile is, and the paths under which tiles are
// served.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/record.h"

namespace engine {

inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr std::size_t kTileBytes = kTileWidth * sizeof(Hash);

// Full tiles of a tile level in a tree of `size` leaves, and the width of the partial one after
// them.
[[nodiscard]] std::uint64_t full_tiles(unsigned tile_level, std::uint64_t size);
[[nodiscard]] std::uint64_t partial_width(unsigned tile_level, std::uint64_t size);

// A node lies in tile (tile_level, tile) as the root of hashes [first, first + count) of it.
struct TilePlace {
  unsigned tile_level = 0;
  std::uint64_t tile = 0;
  std::uint64_t first = 0, count = 0;
};
[[nodiscard]] TilePlace tile_of(unsigned level, std::uint64_t index);

// "tile/0/x001/x234/067" or with ".p/W" for a partial tile of width W; level nullopt:
// "tile/entries/..".
[[nodiscard]] std::string tile_path(std::optional<unsigned> tile_level, std::uint64_t tile,
                                    std::uint64_t width = kTileWidth);

struct TileName {
  std::optional<unsigned> tile_level;  // nullopt: an entry bundle
  std::uint64_t tile = 0;
  std::uint64_t width = kTileWidth;
  bool operator==(const TileName&) const = default;
};
// Strict: exactly the texts that tile_path() gives.
[[nodiscard]] std::optional<TileName> parse_tile_path(std::string_view path);

}  // namespace engine
