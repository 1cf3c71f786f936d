// The access log as the audit looks at it: its records are hashed again and held against its tree,
// and every checkpoint that it says was signed must be the ledger's word and still be true of the
// ledger.
#pragma once

#include <string>
#include <vector>

#include "engine/log/log.h"
#include "engine/log/signing_keys.h"
#include "tools/bihuan/audit.h"

namespace tools {

// Findings bear seqs of the access log, under rules that begin with "access". `losses`: of
// DIR.keys.
void check_access_log(const std::string& data, const engine::Log& ledger,
                      const std::vector<engine::AcceptedLoss>& losses, Findings& findings);

}  // namespace tools
