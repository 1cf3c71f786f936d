// What lies on a disk, and what of it is sure to be there after the power went: the model under
// every fault test. Contents are durable after a sync of their file, names after a sync of their
// directory; until then each write and each name may be lost, kept, or kept in part.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/numbers.h"

namespace crash {

using engine::test::Numbers;
using Ino = std::uint32_t;  // a file without its name; 0 is a directory

enum class Op : std::uint8_t {
  create,
  write,
  truncate,
  sync,
  rename,
  link,
  remove,
  make_directory,
  sync_directory,
  read,  // these change nothing and stand in no trace
  open,
};
[[nodiscard]] std::string_view name_of(Op op);

// One call that changes the disk.
struct Step {
  Op op = Op::write;
  Ino file = 0;
  std::string path, to;      // `to`: of a rename or link
  std::uint64_t offset = 0;  // of a write; the size of a truncate
  std::string bytes;
  bool operator==(const Step&) const = default;
};

// What a power cut takes of that which was not synced.
enum class Loss : std::uint8_t {
  nothing,      // the process was killed, the machine goes on
  everything,   // all that was not synced
  half,         // each write and each name by the toss of a coin
  sectors_512,  // each sector of each write by the toss of a coin
  sectors_4096,
};
inline constexpr Loss kLosses[] = {Loss::nothing, Loss::everything, Loss::half, Loss::sectors_512,
                                   Loss::sectors_4096};
[[nodiscard]] std::string_view name_of(Loss loss);

struct FileState {
  std::string now;      // what a reader sees
  std::string durable;  // what is sure to stay
  std::string before;   // what was durable before the last sync: a stale read shows it
  std::vector<Step> pending;
  bool operator==(const FileState&) const = default;
};

struct Image {
  std::map<Ino, FileState> files;
  std::map<std::string, Ino> names, durable_names;
  std::vector<Step> pending_names;
  Ino last = 0;
  bool operator==(const Image&) const = default;

  void apply(const Step& step);
  // A sync that failed: the pages count as clean and are on no disk (reliability.md, "fsync").
  void forget_pending(Ino file);
  [[nodiscard]] Image after_power_cut(Loss loss, Numbers& numbers) const;
  [[nodiscard]] std::uint64_t bytes() const;
  // Names of files directly in a directory.
  [[nodiscard]] std::vector<std::string> children(const std::string& directory) const;
  // By name; nullptr: none.
  [[nodiscard]] FileState* find(const std::string& path);
  // Everything that is there counts as synced: the start of an experiment.
  void settle();
};

[[nodiscard]] std::string parent_of(const std::string& path);

}  // namespace crash
