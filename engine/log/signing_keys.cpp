#include "engine/log/signing_keys.h"

#include <algorithm>

#include "engine/log/file.h"
#include "engine/proof/lines.h"

namespace engine {
namespace {

std::unexpected<Error> in_file(const std::string& path, Error error) {
  if (error.code == ErrorCode::bad_input) error.code = ErrorCode::corrupt;
  if (!error.text.starts_with(path)) error.text = path + ": " + error.text;
  return std::unexpected(std::move(error));
}

// A file of one verifier key a line.
Result<std::vector<VerifierKey>> read_keys(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  std::vector<VerifierKey> out;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    auto key = parse_verifier_key(line ? *line : rest);
    if (!key || !line) {
      return fail(ErrorCode::corrupt, path + ": a line is not a verifier key.");
    }
    out.push_back(std::move(*key));
  }
  return out;
}

// The successions that are in force; one that was prepared and not finished begins at the key in
// force instead of ending there, and is left out.
Result<std::vector<Succession>> read_successions(const std::string& keys,
                                                 const VerifierKey& in_force) {
  std::vector<Succession> out;
  for (std::size_t number = 1;; ++number) {
    const std::string path = succession_file(keys, number);
    const auto note = read_file(path);
    if (!note && note.error().code == ErrorCode::not_found) break;
    if (!note) return std::unexpected(note.error());
    auto one = open_succession(*note);
    if (!one) return in_file(path, one.error());
    if (one->from == in_force) break;
    out.push_back(std::move(*one));
  }
  if (auto chain = check_chain(out, in_force); !chain) return in_file(keys, chain.error());
  return out;
}

Result<Issued> read_note(const std::string& path, const SigningKeys& public_keys) {
  auto note = read_file(path);
  if (!note) return std::unexpected(note.error());
  auto opened = open_checkpoint(*note, public_keys.known());
  if (!opened) return in_file(path, opened.error());
  return Issued{std::move(opened->checkpoint), std::move(*note), std::move(opened->by)};
}

std::string four_digits(std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::vector<VerifierKey> SigningKeys::known() const {
  std::vector<VerifierKey> out{in_force};
  for (const Succession& one : successions) out.push_back(one.from);
  out.insert(out.end(), witnesses.begin(), witnesses.end());
  return out;
}

Result<SigningKeys> read_signing_keys(const std::string& keys) {
  auto own = read_keys(verifier_key_file(keys));
  if (!own) return std::unexpected(own.error());
  if (own->size() != 1 || own->front().type != kEd25519) {
    return fail(ErrorCode::corrupt, verifier_key_file(keys) + ": it holds one key of type 1.");
  }
  SigningKeys out{own->front(), {}, {}};
  auto successions = read_successions(keys, out.in_force);
  if (!successions) return std::unexpected(successions.error());
  out.successions = std::move(*successions);
  auto witnesses = read_keys(witnesses_file(keys));
  if (witnesses) {
    out.witnesses = std::move(*witnesses);
  } else if (witnesses.error().code != ErrorCode::not_found) {
    return std::unexpected(witnesses.error());
  }
  return out;
}

Result<Issued> read_signed(const std::string& keys, const SigningKeys& public_keys) {
  return read_note(signed_file(keys), public_keys);
}

Result<std::vector<AcceptedLoss>> read_losses(const std::string& keys) {
  std::vector<AcceptedLoss> out;
  for (std::size_t number = 1;; ++number) {
    const std::string path = loss_file(keys, number);
    auto note = read_file(path);
    if (!note && note.error().code == ErrorCode::not_found) return out;
    if (!note) return std::unexpected(note.error());
    auto loss = open_loss(*note);
    if (!loss) return in_file(path, loss.error());
    out.push_back({std::move(*loss), std::move(*note)});
  }
}

Result<Issued> newest_checkpoint(const std::string& keys) {
  const auto public_keys = read_signing_keys(keys);
  if (!public_keys) return std::unexpected(public_keys.error());
  auto last = read_signed(keys, *public_keys);
  if (!last) return last;
  auto cosigned = newest_cosigned(keys);
  if (!cosigned) return std::unexpected(cosigned.error());
  if (!*cosigned || (*cosigned)->checkpoint != last->checkpoint) return last;
  // The same text: the signature lines of both, each once.
  auto note = parse_note(last->note);
  const auto more = parse_note((*cosigned)->note);
  for (const NoteSignature& signature : more->signatures) {
    if (std::ranges::find(note->signatures, signature) == note->signatures.end()) {
      note->signatures.push_back(signature);
    }
  }
  auto opened = open_checkpoint(note->bytes(), public_keys->known());
  if (!opened) return in_file(cosigned_file(keys), opened.error());
  return Issued{std::move(opened->checkpoint), note->bytes(), std::move(opened->by)};
}

Result<std::optional<Issued>> newest_cosigned(const std::string& keys) {
  const auto public_keys = read_signing_keys(keys);
  if (!public_keys) return std::unexpected(public_keys.error());
  auto found = read_note(cosigned_file(keys), *public_keys);
  if (found) return std::optional<Issued>(std::move(*found));
  if (found.error().code == ErrorCode::not_found) return std::optional<Issued>();
  return std::unexpected(found.error());
}

std::string private_key_file(const std::string& keys) { return keys + "/sign.pem"; }
std::string verifier_key_file(const std::string& keys) { return keys + "/vkey"; }
std::string signed_file(const std::string& keys) { return keys + "/signed"; }
std::string cosigned_file(const std::string& keys) { return keys + "/cosigned"; }
std::string witnesses_file(const std::string& keys) { return keys + "/witnesses"; }
std::string succession_file(const std::string& keys, std::size_t number) {
  return keys + "/succession-" + four_digits(number);
}
std::string loss_file(const std::string& keys, std::size_t number) {
  return keys + "/loss-" + four_digits(number);
}

}  // namespace engine
