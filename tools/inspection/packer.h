// Makes an inspection package: chooses what it must hold, writes it, and holds it against the
// verifier before it is handed out.
#pragma once

#include <string>
#include <vector>

#include "engine/proof/checkpoint.h"
#include "engine/proof/merkle.h"
#include "engine/proof/note.h"
#include "engine/result.h"
#include "engine/source.h"
#include "projections/facts.h"
#include "projections/report.h"
#include "tools/inspection/manifest.h"

namespace tools {

// What a package is made from. The checkpoint covers the moment's records.
struct PackedLedger {
  const engine::Source& records;
  engine::ReadNode nodes;  // of the ledger's tree
  std::string district;
  const engine::Signer& signer;
  std::string checkpoint_note;
  engine::Checkpoint checkpoint;
  std::vector<std::string> losses;  // the notes of those that were accepted, oldest first
};

struct PackOrder {
  About about;
  projections::Moment moment;
  std::vector<std::string> withheld;  // streams whose payloads the reader may not see, "kind/no"
};

struct Packed {
  std::uint64_t bytes = 0, files = 0, records = 0, payloads = 0;
};

// `facts`: of at least the moment's records, for a report's package; nullptr for the others.
// bad_input, not_found: there is nothing to pack like that. corrupt: what was written did not
// verify; the file is gone again.
[[nodiscard]] engine::Result<Packed> make_package(const PackedLedger& ledger, PackOrder order,
                                                  const projections::Facts* facts,
                                                  const std::string& path);

}  // namespace tools
