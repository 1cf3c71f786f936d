// The stored Merkle tree: full tiles in the `tree` family, the right edge in memory. An Edge is a
// value: the writer grows a copy and publishes it when its group is durable, so readers never see a
// leaf early.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/log/store.h"
#include "engine/proof/merkle.h"
#include "engine/proof/tile.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

struct FullTile {
  unsigned tile_level = 0;
  std::uint64_t tile = 0;
  std::vector<Hash> hashes;
};

// The partial tile of every tile level of a tree of size().
class Edge {
 public:
  Edge() = default;
  Edge(std::uint64_t size, std::vector<std::vector<Hash>> partial);

  // Tiles that this leaf completes are added to `full`.
  void append(const Hash& leaf, std::vector<FullTile>& full);
  [[nodiscard]] std::uint64_t size() const { return frontier_.size(); }
  [[nodiscard]] Hash root() const { return frontier_.root(); }
  [[nodiscard]] const std::vector<Hash>* partial(unsigned tile_level) const {
    return tile_level < partial_.size() ? &partial_[tile_level] : nullptr;
  }

 private:
  Frontier frontier_;
  std::vector<std::vector<Hash>> partial_;
  std::vector<Hash> tile_roots_;  // of the leaf being appended; kept for its memory
};

void put_tile(rocksdb::WriteBatch& batch, const Store& store, const FullTile& tile);
Result<std::vector<Hash>> read_tile(const Store& store, unsigned tile_level, std::uint64_t tile,
                                    bool once = false);

// The edge of the tree at `size`, a multiple of 256, from full tiles alone.
Result<Edge> edge_from_tiles(const Store& store, std::uint64_t size);

// Reads any node that a tree of edge.size() has, from tiles or from the edge. Keeps the tile read
// last, so one reader is for one thread at a time.
ReadNode node_reader(const Store& store, const Edge& edge);

}  // namespace engine
