// The Merkle tree of RFC 6962/9162 as pure arithmetic: roots, the right edge that grows by one
// leaf, and inclusion and consistency proofs made over a function that reads nodes and verified
// over nothing.
//
// A node (level, index) is the root of the full subtree over leaves [index << level, (index + 1) <<
// level). Indexes count from 0: record seq is leaf seq - 1.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/record.h"
#include "engine/result.h"

namespace engine {

using ReadNode = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

// SHA-256 of nothing: the root of the tree without leaves.
[[nodiscard]] Hash empty_root();
[[nodiscard]] Hash root_of(std::span<const Hash> leaves);

// The right edge: the roots of the full subtrees that a tree of this size is made of, largest
// first.
class Frontier {
 public:
  Frontier() = default;
  // `peaks` are the nodes that peaks_of(size) names, in that order.
  Frontier(std::uint64_t size, std::vector<Hash> peaks);

  void append(const Hash& leaf);
  // The same; the root of every full subtree of 256, 256 * 256, .. leaves that this leaf completes
  // is handed out on the way, the smallest first.
  void append(const Hash& leaf, std::vector<Hash>& tile_roots);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  bool operator==(const Node&) const = default;
};

// The full subtrees of a tree of this size, from left to right.
[[nodiscard]] std::vector<Node> peaks_of(std::uint64_t size);

[[nodiscard]] Result<Hash> root_at(std::uint64_t size, const ReadNode& read);

// index < size; the path from the leaf to the root.
[[nodiscard]] Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                        const ReadNode& read);
// 0 < old_size <= new_size.
[[nodiscard]] Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size,
                                                          std::uint64_t new_size,
                                                          const ReadNode& read);

[[nodiscard]] bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                                    std::span<const Hash> path, const Hash& root);
[[nodiscard]] bool verify_consistency(std::uint64_t old_size, std::uint64_t new_size,
                                      const Hash& old_root, const Hash& new_root,
                                      std::span<const Hash> path);

}  // namespace engine
