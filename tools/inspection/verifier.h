// Checks a package: from the archive's bytes and the ledger's verifier key alone, without network,
// without a ledger, on all cores.
#pragma once

#include "engine/proof/hash.h"
#include "engine/proof/note.h"
#include "tools/inspection/verdict.h"

namespace tools {

// Never fails: whatever the bytes are, the verdict says what holds and what does not.
[[nodiscard]] Verdict verify_package(engine::ByteSpan archive, const engine::VerifierKey& key);

}  // namespace tools
