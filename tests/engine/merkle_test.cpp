// The tree against the vectors of evidence.md and against a naive tree written from RFC 6962's
// text.
#include "engine/proof/merkle.h"

#include <doctest/doctest.h>

#include <bit>
#include <string>

#include "engine/proof/hash.h"
#include "engine/proof/tile.h"

using namespace engine;

namespace {

// MTH(D[n]) of RFC 6962 section 2.1, as it stands there.
Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return node_hash(naive_root(leaves.first(split)), naive_root(leaves.subspan(split)));
}

std::vector<Hash> numbered_leaves(std::uint64_t n) {
  std::vector<Hash> out;
  for (std::uint64_t i = 0; i < n; ++i) out.push_back(leaf_hash(bytes_of(std::to_string(i))));
  return out;
}

ReadNode reader(const std::vector<Hash>& leaves) {
  return [&leaves](unsigned level, std::uint64_t index) -> Result<Hash> {
    const std::uint64_t width = std::uint64_t{1} << level;
    REQUIRE((index + 1) * width <= leaves.size());  // only full subtrees may be asked for
    return naive_root(std::span(leaves).subspan(index * width, width));
  };
}

}  // namespace

TEST_CASE("roots are those of the published vectors") {
  std::vector<Hash> leaves;
  const auto root_after = [&](std::initializer_list<const char*> entries) {
    for (const char* entry : entries) leaves.push_back(leaf_hash(*from_hex(entry)));
    return hex(root_of(leaves));
  };
  CHECK(hex(empty_root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(root_after({""}) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  CHECK(root_after({"00"}) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  CHECK(root_after({"10"}) == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  CHECK(root_after({"2021", "3031", "40414243", "5051525354555657"}) ==
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
  CHECK(root_after({"606162636465666768696a6b6c6d6e6f"}) ==
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST_CASE("for every size to 70 the growing edge, the read tree and the rows have the naive root") {
  const auto leaves = numbered_leaves(70);
  Frontier frontier;
  for (std::uint64_t n = 0; n <= 70; ++n) {
    CAPTURE(n);
    const Hash root = naive_root(std::span(leaves).first(n));
    CHECK(frontier.root() == root);
    CHECK(root_at(n, reader(leaves)).value() == root);
    CHECK(root_of(std::span(leaves).first(n)) == root);
    if (n < 70) frontier.append(leaves[n]);
  }
}

TEST_CASE("for every leaf of every tree to 70 its path verifies, and verifies nothing else") {
  const auto leaves = numbered_leaves(70);
  for (std::uint64_t n = 1; n <= 70; ++n) {
    const Hash root = naive_root(std::span(leaves).first(n));
    for (std::uint64_t i = 0; i < n; ++i) {
      CAPTURE(n);
      CAPTURE(i);
      auto path = inclusion_proof(i, n, reader(leaves)).value();
      REQUIRE(verify_inclusion(i, n, leaves[i], path, root));
      CHECK_FALSE(verify_inclusion(i, n, leaf_hash(bytes_of("other")), path, root));
      if (n > 1) CHECK_FALSE(verify_inclusion((i + 1) % n, n, leaves[i], path, root));
      CHECK_FALSE(verify_inclusion(n, n, leaves[i], path, root));
      auto longer = path;
      longer.push_back(root);
      CHECK_FALSE(verify_inclusion(i, n, leaves[i], longer, root));
      for (Hash& step : path) {
        step[0] ^= 1;
        CHECK_FALSE(verify_inclusion(i, n, leaves[i], path, root));
        step[0] ^= 1;
      }
      if (path.empty()) continue;
      path.pop_back();
      CHECK_FALSE(verify_inclusion(i, n, leaves[i], path, root));
    }
  }
}

TEST_CASE("for every pair of sizes to 70 the old tree is proved to be a prefix, and no other is") {
  const auto leaves = numbered_leaves(70);
  const Hash other = leaf_hash(bytes_of("other"));
  for (std::uint64_t n = 1; n <= 70; ++n) {
    const Hash new_root = naive_root(std::span(leaves).first(n));
    for (std::uint64_t m = 1; m <= n; ++m) {
      CAPTURE(m);
      CAPTURE(n);
      const Hash old_root = naive_root(std::span(leaves).first(m));
      auto path = consistency_proof(m, n, reader(leaves)).value();
      REQUIRE(verify_consistency(m, n, old_root, new_root, path));
      CHECK_FALSE(verify_consistency(m, n, other, new_root, path));
      CHECK_FALSE(verify_consistency(m, n, old_root, other, path));
      path.push_back(other);
      CHECK_FALSE(verify_consistency(m, n, old_root, new_root, path));
      path.pop_back();
      if (path.empty()) continue;
      path.back()[5] ^= 4;
      CHECK_FALSE(verify_consistency(m, n, old_root, new_root, path));
      path.pop_back();
      CHECK_FALSE(verify_consistency(m, n, old_root, new_root, path));
    }
  }
  CHECK_FALSE(verify_consistency(0, 5, empty_root(), other, {}));
  CHECK_FALSE(verify_consistency(6, 5, other, other, {}));
}

TEST_CASE("a proof that cannot exist is refused, and a node that cannot be read is passed on") {
  const auto leaves = numbered_leaves(4);
  CHECK(inclusion_proof(4, 4, reader(leaves)).error().code == ErrorCode::bad_input);
  CHECK(consistency_proof(0, 4, reader(leaves)).error().code == ErrorCode::bad_input);
  CHECK(consistency_proof(5, 4, reader(leaves)).error().code == ErrorCode::bad_input);
  const ReadNode broken = [](unsigned, std::uint64_t) -> Result<Hash> {
    return fail(ErrorCode::corrupt, "gone", 7);
  };
  CHECK(inclusion_proof(0, 4, broken).error().seq == 7);
  CHECK(root_at(4, broken).error().code == ErrorCode::corrupt);
}

TEST_CASE("tiles are named as C2SP tlog-tiles names them, and only so") {
  CHECK(tile_path(0, 0) == "tile/0/000");
  CHECK(tile_path(0, 1234067) == "tile/0/x001/x234/067");
  CHECK(tile_path(1, 1000, 7) == "tile/1/x001/000.p/7");
  CHECK(tile_path(std::nullopt, 5, 1) == "tile/entries/005.p/1");
  for (const std::uint64_t n : {0U, 1U, 255U, 999U, 1000U, 1234067U, 999999999U}) {
    for (const std::uint64_t width : {1U, 255U, 256U}) {
      CHECK(parse_tile_path(tile_path(2, n, width)) == TileName{2U, n, width});
      CHECK(parse_tile_path(tile_path(std::nullopt, n, width)) == TileName{std::nullopt, n, width});
    }
  }
  for (const char* bad :
       {"", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000",
        "tile/0/x000/000", "tile/0/001/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/",
        "tile/0/000.p/07", "tile/0/../000", "/tile/0/000", "tile/0/000/", "tile/e/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_tile_path(bad).has_value());
  }
}

TEST_CASE("a node lies in the tile that holds the hashes below it") {
  for (unsigned level = 0; level < 20; ++level) {
    for (std::uint64_t index : {0U, 1U, 5U, 77U}) {
      const TilePlace place = tile_of(level, index);
      const std::uint64_t hash_width = std::uint64_t{1} << (8 * place.tile_level);  // in leaves
      const std::uint64_t first_leaf = (place.tile * 256 + place.first) * hash_width;
      CHECK(first_leaf == index << level);
      CHECK(place.count * hash_width == std::uint64_t{1} << level);
      CHECK(place.first + place.count <= 256);
    }
  }
  CHECK(full_tiles(0, 511) == 1);
  CHECK(partial_width(0, 511) == 255);
  CHECK(full_tiles(1, 65536) == 1);
  CHECK(partial_width(1, 65535) == 255);
  CHECK(partial_width(2, 65536) == 1);
}
