// Tiles and the right edge (docs/FORMAT.md, "Tree").
#include "engine/log/tree.h"

#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "engine/check.h"

namespace engine {
namespace {

Hash root_of_partials(const std::vector<std::vector<Hash>>& partial, std::uint64_t size,
                      std::vector<Hash>& peaks) {
  for (const Node& peak : peaks_of(size)) {
    const TilePlace place = tile_of(peak.level, peak.index);
    CHECK(place.tile_level < partial.size());
    const std::vector<Hash>& row = partial[place.tile_level];
    CHECK(place.first + place.count <= row.size());
    peaks.push_back(root_of(std::span(row).subspan(place.first, place.count)));
  }
  return peaks.empty() ? empty_root() : peaks.back();
}

std::string tile_text(unsigned tile_level, std::uint64_t tile) {
  return "log/: tree tile " + std::to_string(tile_level) + "/" + std::to_string(tile);
}

}  // namespace

Edge::Edge(std::uint64_t size, std::vector<std::vector<Hash>> partial)
    : partial_(std::move(partial)) {
  std::vector<Hash> peaks;
  root_of_partials(partial_, size, peaks);
  frontier_ = Frontier(size, std::move(peaks));
}

void Edge::append(const Hash& leaf, std::vector<FullTile>& full) {
  tile_roots_.clear();
  frontier_.append(leaf, tile_roots_);
  // What completes a tile is the next hash of the tile level above; the frontier has hashed it.
  const Hash* hash = &leaf;
  for (unsigned tile_level = 0;; ++tile_level) {
    if (tile_level >= partial_.size()) partial_.resize(tile_level + 1);
    std::vector<Hash>& row = partial_[tile_level];
    row.reserve(kTileWidth);
    row.push_back(*hash);
    if (row.size() < kTileWidth) return;
    full.push_back({tile_level, full_tiles(tile_level, size()) - 1, std::move(row)});
    row.clear();
    hash = &tile_roots_[tile_level];
  }
}

void put_tile(rocksdb::WriteBatch& batch, const Store& store, const FullTile& tile) {
  CHECK(tile.hashes.size() == kTileWidth);
  const rocksdb::Slice value(reinterpret_cast<const char*>(tile.hashes.data()), kTileBytes);
  const std::string key = tile_key(tile.tile_level, tile.tile);
  CHECK(batch.Put(store.family(Family::tree), key, value).ok());
}

Result<std::vector<Hash>> read_tile(const Store& store, unsigned tile_level, std::uint64_t tile,
                                    bool once) {
  const auto value = store.get(Family::tree, tile_key(tile_level, tile), once);
  if (!value) return std::unexpected(value.error());
  const std::uint64_t first_seq = (tile << (kTileHeight * (tile_level + 1))) + 1;
  if (!*value) {
    return fail(ErrorCode::corrupt, tile_text(tile_level, tile) + " is missing.", first_seq);
  }
  if ((*value)->size() != kTileBytes) {
    return fail(ErrorCode::corrupt, tile_text(tile_level, tile) + " is not 256 hashes.", first_seq);
  }
  std::vector<Hash> hashes(kTileWidth);
  std::memcpy(hashes.data(), (*value)->data(), kTileBytes);
  return hashes;
}

Result<Edge> edge_from_tiles(const Store& store, std::uint64_t size) {
  CHECK(size % kTileWidth == 0);
  std::vector<std::vector<Hash>> partial;
  for (unsigned level = 0; full_tiles(level, size) != 0 || partial_width(level, size) != 0;
       ++level) {
    std::vector<Hash> row;
    const std::uint64_t width = partial_width(level, size);
    // The hashes of this partial tile are the roots of the last `width` full tiles below it.
    const std::uint64_t below = level == 0 ? 0 : full_tiles(level - 1, size);
    for (std::uint64_t tile = below - (level == 0 ? 0 : width); tile < below; ++tile) {
      const auto hashes = read_tile(store, level - 1, tile);
      if (!hashes) return std::unexpected(hashes.error());
      row.push_back(root_of(*hashes));
    }
    partial.push_back(std::move(row));
  }
  return Edge(size, std::move(partial));
}

ReadNode node_reader(const Store& store, const Edge& edge) {
  // The full tile read last: up to eight peaks of a tree lie in one, one after another.
  struct Last {
    unsigned level = 0;
    std::uint64_t tile = 0;
    std::vector<Hash> hashes = {};  // empty: none was read yet
  };
  return
      [&store, &edge, last = Last{}](unsigned level, std::uint64_t index) mutable -> Result<Hash> {
        const TilePlace place = tile_of(level, index);
        if (place.tile < full_tiles(place.tile_level, edge.size())) {
          const bool at_hand =
              !last.hashes.empty() && last.level == place.tile_level && last.tile == place.tile;
          if (!at_hand) {
            auto hashes = read_tile(store, place.tile_level, place.tile);
            if (!hashes) return std::unexpected(hashes.error());
            last = {place.tile_level, place.tile, std::move(*hashes)};
          }
          return root_of(std::span<const Hash>(last.hashes).subspan(place.first, place.count));
        }
        const std::vector<Hash>* row = edge.partial(place.tile_level);
        CHECK(row != nullptr && place.first + place.count <= row->size());
        return root_of(std::span(*row).subspan(place.first, place.count));
      };
}

}  // namespace engine
