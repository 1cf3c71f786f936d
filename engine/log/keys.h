// Every key of every column family, in one place (docs/FORMAT.md, "Families and keys"). Numbers are
// big-endian, so that keys sort by number; texts are length-prefixed, so that no name is another's
// prefix.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/proof/bytes.h"

namespace engine {

// The truth: tail, blocks, tree. Derived from it, and rebuilt when lost: index, derived.
enum class Family : std::uint8_t { tail, blocks, tree, index, derived };
inline constexpr std::array<std::string_view, 5> kFamilyNames = {"tail", "blocks", "tree", "index",
                                                                 "derived"};

inline std::string seq_key(std::uint64_t first_seq) {
  std::string key;
  put_be(key, first_seq);
  return key;
}

inline std::string tile_key(unsigned tile_level, std::uint64_t tile) {
  std::string key(1, static_cast<char>(tile_level));
  put_be(key, tile);
  return key;
}

inline void put_short_text(std::string& key, std::string_view text) {
  key += static_cast<char>(static_cast<std::uint8_t>(text.size()));
  key += text;
}

// The index family. The marker names the last seq that the index covers.
inline std::string marker_key() { return "m"; }

// The fingerprints of the ids of one run, by its first and last seq.
inline constexpr std::string_view kPrintsPrefix = "b";
inline std::string prints_key(std::uint64_t first_seq, std::uint64_t last_seq) {
  std::string key(kPrintsPrefix);
  put_be(key, first_seq);
  put_be(key, last_seq);
  return key;
}

using IdDigest = std::array<std::uint8_t, 16>;
inline std::string id_key(const IdDigest& digest) {
  return "i" + std::string(digest.begin(), digest.end());
}

// A stream's seqs, one value a run of the index: prefix, then the first seq in the run.
inline std::string stream_prefix(std::string_view kind, std::string_view no) {
  std::string key = "s";
  put_short_text(key, kind);
  put_short_text(key, no);
  return key;
}

// The streams of a kind in order of their first seq.
inline std::string first_prefix(std::string_view kind) {
  std::string key = "f";
  put_short_text(key, kind);
  return key;
}

// The derived family: name, version, last seq.
inline std::string derived_prefix(std::string_view name) {
  std::string key;
  put_short_text(key, name);
  return key;
}
inline std::string derived_prefix(std::string_view name, std::uint32_t version) {
  std::string key = derived_prefix(name);
  put_be(key, version);
  return key;
}

}  // namespace engine
