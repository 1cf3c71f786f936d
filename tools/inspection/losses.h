// The losses that two people accepted (engine/proof/loss.h), as a package carries them, whatever it
// is about: each statement as both signed it, and the proof that the ledger's checkpoint continues
// what it says was kept. Who holds an older checkpoint reads here why the ledger breaks with it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/proof/loss.h"
#include "tools/inspection/manifest.h"

namespace tools {

[[nodiscard]] std::string loss_path(std::size_t number);        // from 1: "loss-0001"
[[nodiscard]] std::string loss_proof_path(std::size_t number);  // "loss-0001.consistency"
// How many losses the package has: their files are numbered without a gap.
[[nodiscard]] std::size_t losses_in(const Manifest& manifest);
// The name of a file of one of so many losses?
[[nodiscard]] bool is_of_losses(std::string_view name, std::size_t losses);

// Does the ledger still continue what this one kept? Not if it kept nothing, or a later loss less.
[[nodiscard]] bool is_continued(std::span<const engine::Loss> losses, std::size_t at);

// What is lost, and who accepted it, with their verifier keys: whether those are theirs is the
// reader's part.
struct LossTold {
  std::string chinese, english;
};
[[nodiscard]] LossTold told_of(const engine::Loss& loss);

}  // namespace tools
