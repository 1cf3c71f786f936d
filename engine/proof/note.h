// Signed notes (C2SP signed-note): a text, an empty line, and signature lines `— NAME BASE64`. Keys
// of type 0x01 sign the text with Ed25519; keys of type 0x04 are witnesses' and sign it together
// with the second at which they saw it (C2SP tlog-cosignature). Bytes in, bytes out;
// docs/FORMAT.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/result.h"

struct evp_pkey_st;  // OpenSSL's

namespace engine {

inline constexpr std::uint8_t kEd25519 = 0x01;
inline constexpr std::uint8_t kCosignature = 0x04;
inline constexpr std::size_t kNoteBytesMax = 1'000'000;  // as Go's sumdb/note
inline constexpr std::size_t kNoteSignaturesMax = 100;   // as Go's sumdb/note; C2SP asks for 16

// Not empty, UTF-8, no Unicode space, no control character, no '+': what may name a key.
[[nodiscard]] bool is_key_name(std::string_view name);

// What checks the signatures of one key.
struct VerifierKey {
  std::string name;
  std::uint8_t type = kEd25519;
  Hash public_key{};

  // SHA-256(name || 0x0A || type || public key), its first four bytes.
  [[nodiscard]] std::uint32_t id() const;
  // `name+hex8(id)+base64(type || public key)`.
  [[nodiscard]] std::string text() const;
  bool operator==(const VerifierKey&) const = default;
};

// Strict: only the text that text() gives, of a type known here.
[[nodiscard]] Result<VerifierKey> parse_verifier_key(std::string_view text);

// Who signs: an Ed25519 private key under a name.
class Signer {
 public:
  // `pem`: PKCS #8. A witness's key has type kCosignature.
  [[nodiscard]] static Result<Signer> from_pem(std::string_view name, std::string_view pem,
                                               std::uint8_t type = kEd25519);
  [[nodiscard]] const VerifierKey& key() const { return key_; }
  // The signature line over a note's text, with its LF. `unix_seconds` is a witness's clock and is
  // not looked at by a key of type kEd25519. The text must be one that a note may have.
  [[nodiscard]] std::string sign(std::string_view text, std::uint64_t unix_seconds = 0) const;

 private:
  std::shared_ptr<evp_pkey_st> private_key_;
  VerifierKey key_;
};

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // without the key id
  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // ends with LF
  std::vector<NoteSignature> signatures;
  [[nodiscard]] std::string bytes() const;
};

// The form alone; says nothing of who signed. ErrorCode::bad_input.
[[nodiscard]] Result<Note> parse_note(std::string_view bytes);

// The note of this text with signature lines of these signers.
[[nodiscard]] std::string sign_note(std::string_view text, std::span<const Signer> signers);

struct Signed {
  VerifierKey key;
  std::uint64_t unix_seconds = 0;  // of a cosignature
};

struct OpenedNote {
  std::string text;
  std::vector<Signed> by;  // known keys whose signatures hold, in order of their lines; not empty
};

// The text of a note that a known key signed. Refused (bad_input) if its form is wrong, if the
// signature of a known key fails, or if no known key signed. Unknown keys are passed over.
[[nodiscard]] Result<OpenedNote> open_note(std::string_view bytes,
                                           std::span<const VerifierKey> known);

}  // namespace engine
