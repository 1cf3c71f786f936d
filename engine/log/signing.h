// Who signs for a ledger. Nothing is signed that is not durable, and nothing that does not continue
// what was signed last: that is written and synced in DIR.keys before a note leaves, and DIR.keys
// is not in the log's backup, so a restored older copy is refused (ErrorCode::rolled_back).
//
// Any thread and any process may call: a lock in DIR.keys lets one act at a time, and who comes
// meanwhile gets ErrorCode::locked and tries again. bihuand calls sign() at least once a minute.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/file.h"
#include "engine/log/log.h"
#include "engine/log/signing_keys.h"
#include "engine/proof/note.h"
#include "engine/result.h"

namespace engine {

struct Succeeded {
  Succession succession;
  std::string note;  // of the succession
  Issued issued;     // the first checkpoint under the new key
};

// What may replace files of DIR.keys that were lost with the private key.
struct Remains {
  std::optional<VerifierKey> key;          // the old one
  std::optional<std::string> last_signed;  // the last checkpoint known, a note
};

class Signing {
 public:
  explicit Signing(std::string keys) : keys_(std::move(keys)) {}  // DIR.keys

  // For a ledger without records: a new private key, its verifier key under `origin`, and the
  // checkpoint of nothing. An empty origin is made from the key: `bihuan.invalid/` and 16 hex
  // digits.
  Result<VerifierKey> create(std::string_view origin) const;

  // Signs the log as it stands, or gives what was signed last if nothing has changed. The log must
  // be open for writing: another process cannot know what is synced.
  Result<Issued> sign(const Log& log) const;

  // The log as it stands, if it continues what was signed last; else why not (rolled_back). Signs
  // nothing, and takes a log that is open for reading.
  [[nodiscard]] Result<Checkpoint> continues(const Log& log) const;

  // Keeps what witnesses signed on a checkpoint of this ledger. `witnesses` are taken up among the
  // known ones. Refused if no known witness signed, or if a newer cosigned checkpoint is kept.
  Result<Issued> cosign(const Log& log, std::string_view note,
                        std::span<const VerifierKey> witnesses) const;

  // Two people accept that events are lost (proof/loss.h): what is signed next continues what they
  // say was kept, and no more what was signed last. Refused (bad_input) if the statement is not of
  // what was signed last, or if a key of the ledger's own is to bear witness.
  Result<void> accept_loss(std::string_view note) const;

  // A new key under the same origin, by a note that both sign; the old private key is gone after
  // it. Interrupted, it is finished by the next call of sign() or rotate().
  Result<Succeeded> rotate(const Log& log) const;

  // A new key under a new origin, for a private key that is lost (sign.pem is not there) or not
  // ours alone (`compromised`).
  Result<Succeeded> replace_lost(const Log& log, std::string_view origin, const Remains& remains,
                                 bool compromised) const;

 private:
  [[nodiscard]] Result<File> lock() const;
  [[nodiscard]] Result<Signer> signer(const VerifierKey& in_force) const;
  [[nodiscard]] Result<Signer> next_signer(std::string_view origin, const VerifierKey& old) const;
  Result<Issued> issue(const Signer& signer, const Checkpoint& checkpoint) const;
  Result<Succeeded> succeed(const Succession& succession, std::span<const Signer> signers,
                            const Signer& next, std::size_t number, Checkpoint checkpoint) const;
  Result<void> adopt(const Remains& remains) const;

  std::string keys_;
};

}  // namespace engine
