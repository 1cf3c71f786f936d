// What DIR.keys says of the ledger's signing key in public: the key in force (`vkey`), how it came
// to be (`succession-0001` and on), which losses two people accepted (`loss-0001` and on), the
// witnesses whose cosignatures count (`witnesses`), what was last signed (`signed`) and last
// cosigned (`cosigned`). None of it is in the log or in its backup, so that an older copy of the
// log meets what was signed after it. Bytes: docs/FORMAT.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/proof/checkpoint.h"
#include "engine/proof/loss.h"
#include "engine/proof/note.h"
#include "engine/proof/succession.h"
#include "engine/result.h"

namespace engine {

struct SigningKeys {
  VerifierKey in_force;
  std::vector<Succession> successions;  // oldest first; they lead to the key in force
  std::vector<VerifierKey> witnesses;

  // All of them: what opens any checkpoint that this ledger ever signed.
  [[nodiscard]] std::vector<VerifierKey> known() const;
};

// Without the private key. A missing `vkey` is ErrorCode::not_found, anything malformed `corrupt`.
[[nodiscard]] Result<SigningKeys> read_signing_keys(const std::string& keys);

// A checkpoint and its note.
struct Issued {
  Checkpoint checkpoint;
  std::string note;
  std::vector<Signed> by;
  bool fresh = false;  // signed by this call
};

// The last one signed, with the cosignatures that it has got. `not_found` if DIR.keys has none.
[[nodiscard]] Result<Issued> newest_checkpoint(const std::string& keys);
// The newest one with a cosignature; nullopt if none ever had one.
[[nodiscard]] Result<std::optional<Issued>> newest_cosigned(const std::string& keys);

// The losses that were accepted, oldest first, and their notes.
struct AcceptedLoss {
  Loss loss;
  std::string note;
};
[[nodiscard]] Result<std::vector<AcceptedLoss>> read_losses(const std::string& keys);

// The files.
[[nodiscard]] std::string private_key_file(const std::string& keys);
[[nodiscard]] std::string verifier_key_file(const std::string& keys);
[[nodiscard]] std::string signed_file(const std::string& keys);
[[nodiscard]] std::string cosigned_file(const std::string& keys);
[[nodiscard]] std::string witnesses_file(const std::string& keys);
[[nodiscard]] std::string succession_file(const std::string& keys, std::size_t number);  // from 1
[[nodiscard]] std::string loss_file(const std::string& keys, std::size_t number);        // from 1
// The note in the file of the last one signed, under these keys; without cosignatures.
[[nodiscard]] Result<Issued> read_signed(const std::string& keys, const SigningKeys& public_keys);

}  // namespace engine
