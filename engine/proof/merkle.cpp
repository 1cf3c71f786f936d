// RFC 6962 section 2.1 and RFC 9162 section 2.1.3 and 2.1.4. An odd node is carried up, never
// doubled (doubling is what made CVE-2012-2459 possible).
#include "engine/proof/merkle.h"

#include <bit>
#include <optional>

#include "engine/check.h"
#include "engine/proof/hash.h"

namespace engine {
namespace {

constexpr unsigned kTileLevels = 8;  // of the tree in one level of tiles

// Root of leaves [begin, begin + size): `begin` is a multiple of the smallest power of two >= size.
Result<Hash> range_root(std::uint64_t begin, std::uint64_t size, const ReadNode& read) {
  std::vector<Hash> peaks;
  for (const Node& peak : peaks_of(size)) {
    auto hash = read(peak.level, (begin >> peak.level) + peak.index);
    if (!hash) return std::unexpected(hash.error());
    peaks.push_back(*hash);
  }
  CHECK(!peaks.empty());
  Hash root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) root = node_hash(peaks[i], root);
  return root;
}

Result<void> push_range(std::vector<Hash>& path, std::uint64_t begin, std::uint64_t size,
                        const ReadNode& read) {
  auto hash = range_root(begin, size, read);
  if (!hash) return std::unexpected(hash.error());
  path.push_back(*hash);
  return {};
}

// PATH(m, D[n]) of RFC 6962 section 2.1.1 over leaves [begin, begin + size).
Result<void> inclusion_path(std::vector<Hash>& path, std::uint64_t index, std::uint64_t begin,
                            std::uint64_t size, const ReadNode& read) {
  if (size == 1) return {};
  const std::uint64_t split = std::bit_floor(size - 1);
  const bool left = index < split;
  const auto inner = left ? inclusion_path(path, index, begin, split, read)
                          : inclusion_path(path, index - split, begin + split, size - split, read);
  if (!inner) return inner;
  return left ? push_range(path, begin + split, size - split, read)
              : push_range(path, begin, split, read);
}

// SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2; `whole`: the old tree is still a subtree of its
// own.
Result<void> consistency_path(std::vector<Hash>& path, std::uint64_t old_size, std::uint64_t begin,
                              std::uint64_t size, bool whole, const ReadNode& read) {
  if (old_size == size) return whole ? Result<void>{} : push_range(path, begin, size, read);
  const std::uint64_t split = std::bit_floor(size - 1);
  const bool left = old_size <= split;
  const auto inner = left ? consistency_path(path, old_size, begin, split, whole, read)
                          : consistency_path(path, old_size - split, begin + split, size - split,
                                             /*whole=*/false, read);
  if (!inner) return inner;
  return left ? push_range(path, begin + split, size - split, read)
              : push_range(path, begin, split, read);
}

}  // namespace

Hash empty_root() { return sha256({}); }

// Row by row, two nodes at once. A node without a neighbour goes up as it is.
Hash root_of(std::span<const Hash> leaves) {
  if (leaves.empty()) return empty_root();
  std::vector<Hash> row(leaves.begin(), leaves.end());
  const auto parent = [&](std::size_t at) {
    return Message{{row[2 * at].data(), 2 * sizeof(Hash)}, Mark::node};
  };
  while (row.size() > 1) {
    const std::size_t pairs = row.size() / 2;
    std::size_t at = 0;
    for (; at + 1 < pairs; at += 2) {
      const auto [left, right] = hash_two(parent(at), parent(at + 1));
      row[at] = left;
      row[at + 1] = right;
    }
    if (at < pairs) row[at] = hash_one(parent(at));
    if (row.size() % 2 != 0) row[pairs] = row.back();
    row.resize((row.size() + 1) / 2);
  }
  return row.front();
}

Frontier::Frontier(std::uint64_t size, std::vector<Hash> peaks)
    : size_(size), peaks_(std::move(peaks)) {
  CHECK(peaks_.size() == static_cast<std::size_t>(std::popcount(size)));
}

void Frontier::append(const Hash& leaf) {
  std::vector<Hash> not_wanted;
  append(leaf, not_wanted);
}

void Frontier::append(const Hash& leaf, std::vector<Hash>& tile_roots) {
  Hash carry = leaf;
  unsigned level = 0;
  for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    carry = node_hash(peaks_.back(), carry);
    peaks_.pop_back();
    if (++level % kTileLevels == 0) tile_roots.push_back(carry);
  }
  peaks_.push_back(carry);
  ++size_;
}

Hash Frontier::root() const {
  if (peaks_.empty()) return empty_root();
  Hash root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = node_hash(peaks_[i], root);
  return root;
}

std::vector<Node> peaks_of(std::uint64_t size) {
  std::vector<Node> peaks;
  std::uint64_t begin = 0;
  while (begin < size) {
    const auto level = static_cast<unsigned>(std::bit_width(size - begin) - 1);
    peaks.push_back({level, begin >> level});
    begin += std::uint64_t{1} << level;
  }
  return peaks;
}

Result<Hash> root_at(std::uint64_t size, const ReadNode& read) {
  if (size == 0) return empty_root();
  return range_root(0, size, read);
}

Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                          const ReadNode& read) {
  if (index >= size) return fail(ErrorCode::bad_input, "The tree of this size has no such leaf.");
  std::vector<Hash> path;
  if (auto made = inclusion_path(path, index, 0, size, read); !made) {
    return std::unexpected(made.error());
  }
  return path;
}

Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                            const ReadNode& read) {
  if (old_size == 0 || old_size > new_size) {
    return fail(ErrorCode::bad_input,
                "A consistency proof leads from 1 or more leaves to no fewer.");
  }
  std::vector<Hash> path;
  if (auto made = consistency_path(path, old_size, 0, new_size, /*whole=*/true, read); !made) {
    return std::unexpected(made.error());
  }
  return path;
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                      std::span<const Hash> path, const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index, sn = size - 1;
  Hash r = leaf;
  for (const Hash& p : path) {
    if (sn == 0) return false;
    if ((fn & 1U) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && r == root;
}

bool verify_consistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                        const Hash& new_root, std::span<const Hash> path) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  // A power of two is a full subtree: its root is the first node and is not sent.
  std::optional<Hash> first;
  if (std::has_single_bit(old_size)) {
    first = old_root;
  } else {
    if (path.empty()) return false;
    first = path.front();
    path = path.subspan(1);
  }
  std::uint64_t fn = old_size - 1, sn = new_size - 1;
  while ((fn & 1U) != 0) {
    fn >>= 1U;
    sn >>= 1U;
  }
  Hash fr = *first, sr = *first;
  for (const Hash& c : path) {
    if (sn == 0) return false;
    if ((fn & 1U) != 0 || fn == sn) {
      fr = node_hash(c, fr);
      sr = node_hash(c, sr);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      sr = node_hash(sr, c);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return fr == old_root && sr == new_root && sn == 0;
}

}  // namespace engine
