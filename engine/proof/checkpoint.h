// Checkpoints (C2SP tlog-checkpoint): what a ledger says of itself, as the text of a signed note:
// its origin, its size and the root of its tree, one a line. This ledger writes no extension lines
// and accepts none.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/proof/note.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

struct Checkpoint {
  std::string origin;  // a schema-less URL: a key name, see is_key_name()
  std::uint64_t size = 0;
  Hash root{};
  [[nodiscard]] std::string text() const;
  bool operator==(const Checkpoint&) const = default;
};

// Strict: only the text that text() gives. ErrorCode::bad_input.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<Signed> by;  // the ledger's key and those witnesses that are known
};

// A note that is a checkpoint signed by a known key whose name is its origin; cosignatures of known
// witnesses must hold as well. A cosignature alone is not enough.
[[nodiscard]] Result<SignedCheckpoint> open_checkpoint(std::string_view note,
                                                       std::span<const VerifierKey> known);

}  // namespace engine
