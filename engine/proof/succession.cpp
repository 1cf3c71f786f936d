#include "engine/proof/succession.h"

#include <algorithm>
#include <array>

#include "engine/proof/lines.h"

namespace engine {
namespace {

constexpr std::string_view kRotation = "bihuan-key-rotation/v1";
constexpr std::string_view kLoss = "bihuan-key-loss/v1";

std::unexpected<Error> not_a_succession(std::string_view why) {
  return fail(ErrorCode::bad_input, "This is not a change of keys: " + std::string(why) + ".");
}

Result<VerifierKey> key_after(std::string_view word, std::string_view line) {
  if (!line.starts_with(word)) return not_a_succession("a line is missing");
  auto key = parse_verifier_key(line.substr(word.size()));
  if (key && key->type != kEd25519) return not_a_succession("a ledger's key has type 1");
  return key;
}

Result<Succession> parse(std::string_view text) {
  std::array<std::string_view, 6> lines;
  for (std::string_view& line : lines) {
    const auto one = take_line(text);
    if (!one) return not_a_succession("it has six lines");
    line = *one;
  }
  Succession out;
  out.lost = lines[0] == kLoss;
  if (!out.lost && lines[0] != kRotation) return not_a_succession("its first line is another");
  auto from = key_after("from ", lines[1]);
  if (!from) return std::unexpected(from.error());
  auto to = key_after("to ", lines[2]);
  if (!to) return std::unexpected(to.error());
  const auto from_start = lines[3].data();
  auto last =
      parse_checkpoint({from_start, static_cast<std::size_t>(lines[5].end() - from_start) + 1});
  if (!last) return std::unexpected(last.error());
  out.from = std::move(*from);
  out.to = std::move(*to);
  out.last = std::move(*last);
  if (!text.empty()) return not_a_succession("it has six lines");
  return out;
}

}  // namespace

std::string Succession::text() const {
  return std::string(lost ? kLoss : kRotation) + "\nfrom " + from.text() + "\nto " + to.text() +
         "\n" + last.text();
}

Result<Succession> open_succession(std::string_view bytes) {
  const auto note = parse_note(bytes);
  if (!note) return std::unexpected(note.error());
  auto out = parse(note->text);
  if (!out) return out;
  if (out->last.origin != out->from.name || (out->from.name == out->to.name) == out->lost ||
      out->from == out->to) {
    return not_a_succession("its names do not belong together");
  }
  const std::array known{out->from, out->to};
  const auto opened = open_note(bytes, known);
  if (!opened) return std::unexpected(opened.error());
  const auto signed_by = [&](const VerifierKey& key) {
    return std::ranges::any_of(opened->by, [&](const Signed& one) { return one.key == key; });
  };
  if (!signed_by(out->to) || (!out->lost && !signed_by(out->from))) {
    return not_a_succession("a key that has to has not signed it");
  }
  return out;
}

Result<void> check_chain(std::span<const Succession> chain, const VerifierKey& in_force) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const VerifierKey& next = i + 1 < chain.size() ? chain[i + 1].from : in_force;
    if (chain[i].to != next) {
      return fail(ErrorCode::bad_input, "The changes of keys do not lead to the key in force.");
    }
  }
  return {};
}

}  // namespace engine
