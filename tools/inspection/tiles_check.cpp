#include "tools/inspection/tiles_check.h"

#include <algorithm>
#include <set>

#include "engine/proof/tile.h"

namespace tools {

using engine::kTileWidth;

std::uint64_t tile_width(TilePlaceKey place, std::uint64_t size) {
  const auto& [level, tile] = place;
  return tile < engine::full_tiles(level, size) ? kTileWidth : engine::partial_width(level, size);
}

BundleName bundle_of(std::uint64_t seq, std::uint64_t size) {
  const std::uint64_t number = (seq - 1) / kTileWidth;
  return {number, tile_width({0, number}, size)};
}

std::vector<BundleName> all_bundles(std::uint64_t size) {
  std::vector<BundleName> bundles;
  for (std::uint64_t first = 1; first <= size; first += kTileWidth)
    bundles.push_back(bundle_of(first, size));
  return bundles;
}

std::vector<TilePlaceKey> tiles_needed(std::span<const BundleName> bundles, std::uint64_t size) {
  std::set<TilePlaceKey> needed;
  for (const BundleName& bundle : bundles) {
    // A full tile is a hash of the one above it, up to a partial one.
    std::uint64_t tile = bundle.number;
    for (unsigned level = 0; tile < engine::full_tiles(level, size);) {
      ++level;
      tile /= kTileWidth;
      if (!needed.emplace(level, tile).second) break;
    }
  }
  const bool last_bundle =
      std::ranges::any_of(bundles, [](const BundleName& one) { return one.width < kTileWidth; });
  for (unsigned level = last_bundle ? 1 : 0; (size >> (engine::kTileHeight * level)) != 0; ++level)
    if (engine::partial_width(level, size) != 0)
      needed.emplace(level, engine::full_tiles(level, size));
  return {needed.begin(), needed.end()};
}

bool is_held(const HashTiles& tiles, TilePlaceKey place, const engine::Hash& root) {
  const auto& [level, tile] = place;
  const auto above = tiles.find({level + 1, tile / kTileWidth});
  const std::uint64_t at = tile % kTileWidth;
  return above != tiles.end() && at < above->second.size() && above->second[at] == root;
}

engine::Result<engine::Hash> root_of_tiles(const HashTiles& tiles, std::uint64_t size) {
  return engine::root_at(size, [&](unsigned level, std::uint64_t index) {
    const engine::TilePlace place = engine::tile_of(level, index);
    const auto tile = tiles.find({place.tile_level, place.tile});
    if (tile == tiles.end() || place.first + place.count > tile->second.size())
      return engine::Result<engine::Hash>(
          engine::fail(engine::ErrorCode::not_found, "A tile at the right edge is missing."));
    return engine::Result<engine::Hash>(
        engine::root_of(std::span(tile->second).subspan(place.first, place.count)));
  });
}

}  // namespace tools
