// Checkpoints as the command line comes by them: the ledger signed as it stands, each signature and
// each change of keys recorded in the access log before its note leaves.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/log/signing.h"
#include "engine/proof/note.h"
#include "engine/result.h"

namespace tools {

struct SignedLedger {
  std::unique_ptr<engine::Log> log;
  engine::Issued newest;
};

// Opens the ledger and signs it if it has grown. While another process writes it, that process
// signs: then the log is open for reading, and `newest` is what was signed last.
[[nodiscard]] engine::Result<SignedLedger> open_signed(const std::string& data);

// Of a ledger open for writing.
[[nodiscard]] engine::Result<engine::Issued> sign_and_record(const engine::Log& log,
                                                             const std::string& data);

// The checkpoint over `size` events that was signed once, from the access log.
[[nodiscard]] engine::Result<engine::Issued> checkpoint_at(const std::string& data,
                                                           std::uint64_t size);

// What the access log still knows of keys and checkpoints, for a DIR.keys that is lost.
[[nodiscard]] engine::Result<engine::Remains> remains_of(const std::string& data);

// With the private key of DIR.keys, which must be that of the verifier key in force.
[[nodiscard]] engine::Result<engine::Signer> signer_in_force(const std::string& keys);

// A file of the user's, at most as long as a note may be.
[[nodiscard]] engine::Result<std::string> read_note_file(const std::string& path);

}  // namespace tools
