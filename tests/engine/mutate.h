// What a disk, or somebody with a hex editor, does to the files of a closed ledger: one change at a
// time, at random from a seed. After each the ledger is opened, read whole and asked for a
// signature; it must refuse and name what is wrong, or give what it gave before. Never a third.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace engine::test {

enum class Mutation : std::uint8_t {
  flip,         // one bit
  zero_sector,  // 512 bytes at a multiple of 512
  zero_page,    // 4,096 bytes at a multiple of 512
  truncate,     // cut at any place
  remove,       // the file is gone
  swap,         // two files have each other's bytes
  duplicate,    // a part of the file is there twice, one behind the other
  misdirect,    // a sector or page holds what belongs to another place, of this file or another
};
inline constexpr std::size_t kMutations = 8;

// Whose file is changed.
enum class Victim : std::uint8_t { wal, sst, manifest, current, options, head, acked, keys };
inline constexpr std::size_t kVictims = 8;

[[nodiscard]] std::string_view name_of(Mutation mutation);
[[nodiscard]] std::string_view name_of(Victim victim);

struct Mutations {
  // How often a change of this kind was made in a file of this kind: what never fired tested
  // nothing.
  std::array<std::array<std::uint64_t, kVictims>, kMutations> fired{};
  std::uint64_t refused = 0, identical = 0;
  std::vector<std::string> silent;   // what came back was another answer: must be empty
  std::vector<std::string> unnamed;  // refused, with neither a file nor a range: must be empty

  // One line a kind of change, a column a kind of file.
  [[nodiscard]] std::string table() const;
};

// A closed, signed ledger in `dir` (keys in DIR.keys), with tables in every family, a tail in
// RocksDB's log and an index on disk: what the changes are tried on. Its events follow from
// nothing.
void make_mutable_ledger(const std::string& dir);

// `rounds` changes of the ledger made by make_mutable_ledger(), each put back before the next. One
// in `write_every` is opened for writing, as all in keys are; the others for reading. One seed, one
// run.
[[nodiscard]] Mutations mutate(const std::string& dir, std::uint64_t seed, std::uint64_t rounds,
                               std::uint64_t write_every = 16);

}  // namespace engine::test
