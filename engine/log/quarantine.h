// DIR/quarantine: hard links to what the next open for writing may delete (RocksDB's logs, MANIFEST
// and CURRENT) and a copy of HEAD, so that no open destroys evidence (reliability.md section 5).
// Flat names: a generation of four digits, a point, the name. A clean verified open drops the
// generations that nothing was wrong with; one with damage in it is kept, with a note that says
// what.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace engine {

// Damage after the last acknowledged record, which an open for writing found and accepted.
struct AcceptedDamage {
  std::uint64_t generation = 0;  // of the quarantine
  std::string text;              // one line
};

// At most so many generations are kept; the oldest go first, but none whose damage is unrecorded.
inline constexpr std::size_t kGenerationsKept = 4;

class Quarantine {
 public:
  explicit Quarantine(std::string dir) : dir_(std::move(dir)) {}  // the ledger's

  // Links what is in `log/` now, and syncs the links. An open that was refused before left the same
  // links: they are used again.
  Result<void> keep();
  // Says, synced, what is wrong with the generation that keep() made.
  Result<void> note_damage(std::string_view text) const;
  // Whether an open before this one accepted the same damage, and ended before RocksDB was done.
  [[nodiscard]] Result<bool> has_noted(std::string_view text) const;
  // After a clean verified open: drops every generation without a note.
  Result<void> release() const;

  // What nobody has recorded yet, oldest first.
  [[nodiscard]] Result<std::vector<AcceptedDamage>> unrecorded() const;
  Result<void> set_recorded(std::uint64_t generation) const;

 private:
  [[nodiscard]] std::string path_of(std::uint64_t generation, std::string_view name) const;

  std::string dir_;
  std::uint64_t generation_ = 0;
};

}  // namespace engine
