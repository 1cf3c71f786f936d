// Is a command the one that recorded this event? What an idempotency id promises: the same line
// again gives the first receipt, other content under the same id is refused.
#pragma once

#include "engine/record.h"
#include "engine/sealer.h"
#include "schemas/command.h"

namespace schemas {

// Compares command, stream, actor, occurred_at and data; not `at`, which a retry over HTTP cannot
// know. Sealed fields are compared by what they say, so plaintext equals the stored ciphertext of
// it.
[[nodiscard]] bool is_repeat(const Command& command, const engine::RecordView& first,
                             const engine::Sealer& sealer);

}  // namespace schemas
