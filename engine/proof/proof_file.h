// Proofs as files that stand alone. Inclusion (C2SP tlog-proof): this leaf is in the tree of that
// checkpoint. Consistency (the body of C2SP tlog-witness add-checkpoint): the tree of that
// checkpoint continues an older one. Both end with the checkpoint, a signed note.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/checkpoint.h"
#include "engine/proof/hash.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

struct InclusionFile {
  std::uint64_t index = 0;     // of the leaf, from 0: seq - 1
  std::optional<Bytes> extra;  // for the reader's convenience; proves nothing
  std::vector<Hash> path;      // from the leaf to the root
  std::string checkpoint;      // the note
  [[nodiscard]] std::string text() const;
};

struct ConsistencyFile {
  std::uint64_t old_size = 0;
  std::vector<Hash> path;
  std::string checkpoint;  // the note of the newer tree
  [[nodiscard]] std::string text() const;
};

// Strict: only texts that text() gives, at most 63 hashes. ErrorCode::bad_input.
[[nodiscard]] Result<InclusionFile> parse_inclusion_file(std::string_view text);
[[nodiscard]] Result<ConsistencyFile> parse_consistency_file(std::string_view text);

// The checkpoint under which `leaf` is proved to be leaf `index` of the file.
[[nodiscard]] Result<SignedCheckpoint> verify_inclusion_file(const InclusionFile& file,
                                                             const Hash& leaf,
                                                             std::span<const VerifierKey> known);
// The checkpoint that is proved to continue `old`: same origin, and its tree has old's as its
// start.
[[nodiscard]] Result<SignedCheckpoint> verify_consistency_file(const ConsistencyFile& file,
                                                               const Checkpoint& old,
                                                               std::span<const VerifierKey> known);

}  // namespace engine
