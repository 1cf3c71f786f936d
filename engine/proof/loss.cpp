#include "engine/proof/loss.h"

#include <algorithm>
#include <optional>

#include "engine/proof/lines.h"

namespace engine {
namespace {

constexpr std::string_view kFirst = "bihuan-loss/v1", kBy = "by ", kLost = "lost ",
                           kDamaged = "damaged ";

std::unexpected<Error> not_a_loss(std::string_view why) {
  return fail(ErrorCode::bad_input, "This is not a statement of a loss: " + std::string(why) + ".");
}

// What follows `word` in the next line.
std::optional<std::string_view> take_after(std::string_view word, std::string_view& rest) {
  if (!rest.starts_with(word)) return std::nullopt;
  auto line = take_line(rest);
  if (line) line->remove_prefix(word.size());
  return line;
}

Result<Checkpoint> take_checkpoint(std::string_view& rest) {
  const std::string_view begin = rest;
  for (int line = 0; line < 3; ++line) {
    if (!take_line(rest)) return not_a_loss("it ends with two checkpoints");
  }
  return parse_checkpoint(begin.substr(0, begin.size() - rest.size()));
}

}  // namespace

std::string Loss::text() const {
  std::string out = std::string(kFirst) + "\n";
  for (const VerifierKey& key : by) out += std::string(kBy) + key.text() + "\n";
  out += std::string(kLost) + std::to_string(kept.size + 1) + ".." + std::to_string(lost_to) + "\n";
  for (const std::string& line : damaged) out += std::string(kDamaged) + line + "\n";
  return out + kept.text() + last.text();
}

Result<Loss> parse_loss(std::string_view text) {
  std::string_view rest = text;
  Loss out;
  if (take_line(rest) != kFirst) return not_a_loss("its first line is another");
  for (VerifierKey& key : out.by) {
    const auto line = take_after(kBy, rest);
    auto parsed = parse_verifier_key(line.value_or(""));
    if (!parsed || parsed->type != kEd25519) return not_a_loss("it names two keys of type 1");
    key = std::move(*parsed);
  }
  if (out.by[0].public_key == out.by[1].public_key) return not_a_loss("its two keys are one");
  const auto range = take_after(kLost, rest);
  const std::size_t dots = range ? range->find("..") : std::string_view::npos;
  if (dots == std::string_view::npos) return not_a_loss("it does not say which events are lost");
  const auto to = decimal_of(range->substr(dots + 2));
  out.lost_to = to.value_or(0);
  while (const auto line = take_after(kDamaged, rest)) out.damaged.emplace_back(*line);
  for (Checkpoint* const one : {&out.kept, &out.last}) {
    auto checkpoint = take_checkpoint(rest);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    *one = std::move(*checkpoint);
  }
  if (out.lost_to <= out.kept.size) return not_a_loss("no event is lost");
  if (out.text() != text) return not_a_loss("it is written otherwise than it would be");
  return out;
}

Result<Loss> open_loss(std::string_view bytes) {
  const auto note = parse_note(bytes);
  if (!note) return std::unexpected(note.error());
  auto out = parse_loss(note->text);
  if (!out) return out;
  const auto opened = open_note(bytes, out->by);
  if (!opened) return std::unexpected(opened.error());
  for (const VerifierKey& key : out->by) {
    if (std::ranges::none_of(opened->by, [&](const Signed& one) { return one.key == key; })) {
      return fail(ErrorCode::bad_input, key.name + " has not signed it: two have to.");
    }
  }
  return out;
}

}  // namespace engine
