// How a ledger's signing key gives way to another, as a signed note that a verifier follows from
// the key it knows to the key in force. A rotation is signed by both keys and keeps the origin. A
// loss is signed by the new key alone, under a new origin, and commits to the last checkpoint of
// the old one: it is a claim, which its readers believe by other means than the old key.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/proof/checkpoint.h"
#include "engine/proof/note.h"
#include "engine/result.h"

namespace engine {

struct Succession {
  bool lost = false;  // the old key could not sign
  Checkpoint last;    // the last one signed with the old key
  VerifierKey from, to;
  // The text of the note: six lines (docs/FORMAT.md, "Key succession").
  [[nodiscard]] std::string text() const;
  bool operator==(const Succession&) const = default;
};

// The succession that this note proves: its text strictly read, signed by `to`, and by `from`
// unless it was lost. The keys are those that the text names: whether to trust them is the reader's
// part.
[[nodiscard]] Result<Succession> open_succession(std::string_view note);

// The notes, oldest first, lead from key to key; the last one ends at `in_force`.
// ErrorCode::bad_input.
[[nodiscard]] Result<void> check_chain(std::span<const Succession> chain,
                                       const VerifierKey& in_force);

}  // namespace engine
