#include "engine/proof/checkpoint.h"

#include <algorithm>

#include "engine/proof/lines.h"

namespace engine {

std::string Checkpoint::text() const {
  return origin + "\n" + std::to_string(size) + "\n" + base64(root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = take_line(text), size = take_line(text), root = take_line(text);
  if (!origin || !size || !root || !text.empty()) {
    return fail(ErrorCode::bad_input, "A checkpoint has three lines: origin, size, root.");
  }
  Checkpoint out;
  out.origin = *origin;
  const auto number = decimal_of(*size);
  const auto hash = hash_from_base64(*root);
  if (!is_key_name(out.origin) || !number || !hash) {
    return fail(ErrorCode::bad_input, "A line of the checkpoint is not of its form.");
  }
  out.size = *number;
  out.root = *hash;
  return out;
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note,
                                         std::span<const VerifierKey> known) {
  auto opened = open_note(note, known);
  if (!opened) return std::unexpected(opened.error());
  auto checkpoint = parse_checkpoint(opened->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  const bool by_the_ledger = std::ranges::any_of(opened->by, [&](const Signed& one) {
    return one.key.type == kEd25519 && one.key.name == checkpoint->origin;
  });
  if (!by_the_ledger) {
    return fail(ErrorCode::bad_input,
                "No known key of " + checkpoint->origin + " has signed this checkpoint.");
  }
  return SignedCheckpoint{std::move(*checkpoint), std::move(opened->by)};
}

}  // namespace engine
