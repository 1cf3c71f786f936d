// The statement by which two people accept that acknowledged events are lost (reliability.md,
// section 5), as a signed note: which events are kept, with the root of their tree; which are not
// there any more; what the ledger signed last, which it may contradict from now on; what is
// damaged; and whose signatures make it valid. Whether the two keys are those of the people whose
// they are said to be is the reader's part.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/checkpoint.h"
#include "engine/proof/note.h"
#include "engine/result.h"

namespace engine {

struct Loss {
  std::array<VerifierKey, 2> by;
  std::uint64_t lost_to = 0;         // events kept.size + 1 .. lost_to
  std::vector<std::string> damaged;  // a line each; none where an older copy was restored
  Checkpoint kept, last;             // of the same ledger; `last`: signed last
  // The text of the note (docs/FORMAT.md, "Accepted loss").
  [[nodiscard]] std::string text() const;
  bool operator==(const Loss&) const = default;
};

// Strict: only a text that text() gives, with two keys of type 1 that differ.
[[nodiscard]] Result<Loss> parse_loss(std::string_view text);
// The loss that this note proves: both of the keys that it names have signed it.
[[nodiscard]] Result<Loss> open_loss(std::string_view note);

}  // namespace engine
