// An audit that goes on from a checkpoint somebody kept: the note must be the ledger's word, the
// ledger must still have that root, and the leaves after it must lead to the root of today.
#pragma once

#include <string>
#include <vector>

#include "engine/log/log.h"
#include "engine/log/signing_keys.h"
#include "engine/proof/checkpoint.h"
#include "engine/result.h"
#include "tools/bihuan/audit.h"

namespace tools {

// The checkpoint in the file, opened with the key given, or with those of DIR.keys.
[[nodiscard]] engine::Result<engine::Checkpoint> read_checkpoint(const std::string& data,
                                                                 const std::string& path,
                                                                 const std::string& verifier_key);

// Finds what does not fit, by ranges of seqs. The leaves themselves are held against the records by
// the audit from `since.size` + 1 on. A break with the checkpoint by an accepted loss is told as
// one.
void check_continuation(const engine::Log& log, const engine::Checkpoint& since,
                        const std::vector<engine::AcceptedLoss>& losses, Findings& findings);

}  // namespace tools
