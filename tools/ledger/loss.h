// Losses that people accept. A ledger that misses events which were acknowledged refuses to open,
// or to sign; nothing repairs it. Two people may state what is lost (engine/proof/loss.h) and go on
// from what is proved: of a damaged ledger every record that remains is recorded again in a new
// directory, and the damaged one stays beside it, as it was found, as evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/log/copying.h"
#include "engine/log/signing_keys.h"
#include "engine/result.h"

namespace tools {

// What the ledger misses, as it stands; its `by` is left for the two to fill. `not_found`: nothing.
// Changes nothing.
[[nodiscard]] engine::Result<engine::Loss> find_loss(const std::string& data);

struct Accepted {
  engine::Loss loss;
  std::string set_aside;  // where the damaged ledger is now; empty where none was damaged
};

// Refused (bad_input) unless both named keys have signed, and the statement is, word for word, that
// of the ledger as it stands. Recorded in the access log (access/loss), and signed: the checkpoint
// after it continues what was kept. Interrupted, it is finished by the same call.
[[nodiscard]] engine::Result<Accepted> accept_loss(const std::string& data, const std::string& note,
                                                   const engine::CopyStep& step);

// The notes of the losses that were accepted, oldest first: what a package carries.
[[nodiscard]] engine::Result<std::vector<std::string>> loss_notes(const std::string& data);

// "已确认的缺失 …" in Chinese and English, for whoever is told of the ledger: one line.
[[nodiscard]] std::string told(const engine::Loss& loss);

}  // namespace tools
