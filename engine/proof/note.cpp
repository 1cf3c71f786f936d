// C2SP signed-note and tlog-cosignature over OpenSSL's Ed25519.
#include "engine/proof/note.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/check.h"
#include "engine/proof/bytes.h"
#include "engine/proof/lines.h"

namespace engine {
namespace {

constexpr std::string_view kDash = "\u2014 ";  // em dash and space
constexpr std::size_t kKeyIdBytes = 4, kTimeBytes = 8, kEd25519Bytes = 64;

struct FreeOpenssl {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

// The next code point of `rest`, which is cut off it; nullopt where the bytes are not UTF-8 (RFC
// 3629: no overlong form, no surrogate, nothing above U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view& rest) {
  const auto first = static_cast<std::uint8_t>(rest.front());
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || rest.size() < length) return std::nullopt;
  char32_t value = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(rest[i]);
    if ((byte & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (byte & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) {
    return std::nullopt;
  }
  rest.remove_prefix(length);
  return value;
}

// Unicode's White_Space property.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// UTF-8 without ASCII control characters other than LF.
bool is_note_text(std::string_view text) {
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c || (*c < 0x20 && *c != '\n')) return false;
  }
  return true;
}

// What an Ed25519 key of this type signs for a note's text.
std::string signed_bytes(std::uint8_t type, std::string_view text, std::uint64_t unix_seconds) {
  if (type == kEd25519) return std::string(text);
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + std::string(text);
}

bool verify_ed25519(const Hash& public_key, std::string_view message, ByteSpan signature) {
  const std::unique_ptr<EVP_PKEY, FreeOpenssl> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()));
  const std::unique_ptr<EVP_MD_CTX, FreeOpenssl> context(EVP_MD_CTX_new());
  CHECK(context != nullptr);
  const ByteSpan bytes = bytes_of(message);
  return key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(),
                          bytes.size()) == 1;
}

// The time of the signature (0 for a key that signs none); nullopt if it does not hold.
std::optional<std::uint64_t> verify(const VerifierKey& key, std::string_view text,
                                    ByteSpan signature) {
  std::uint64_t unix_seconds = 0;
  if (key.type == kCosignature) {
    if (signature.size() < kTimeBytes) return std::nullopt;
    unix_seconds = get_be<std::uint64_t>(reinterpret_cast<const char*>(signature.data()));
    if (unix_seconds >> 63U != 0) return std::nullopt;  // tlog-cosignature: at most 2^63 - 1
    signature = signature.subspan(kTimeBytes);
  }
  if (signature.size() != kEd25519Bytes) return std::nullopt;
  if (!verify_ed25519(key.public_key, signed_bytes(key.type, text, unix_seconds), signature)) {
    return std::nullopt;
  }
  return unix_seconds;
}

std::string line_of(const NoteSignature& signature) {
  std::string bytes;
  put_be(bytes, signature.key_id);
  bytes.append(signature.signature.begin(), signature.signature.end());
  return std::string(kDash) + signature.name + " " + base64(bytes_of(bytes)) + "\n";
}

std::optional<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) return std::nullopt;
  NoteSignature out;
  out.name = line.substr(0, space);
  out.key_id = get_be<std::uint32_t>(reinterpret_cast<const char*>(bytes->data()));
  out.signature.assign(bytes->begin() + kKeyIdBytes, bytes->end());
  return out;
}

Error not_a_note(std::string_view why) {
  return {ErrorCode::bad_input, "This is not a signed note: " + std::string(why) + ".", 0};
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto c = take_code_point(name);
    if (!c || *c < 0x20 || *c == '+' || is_space(*c)) return false;
  }
  return true;
}

std::uint32_t VerifierKey::id() const {
  std::string bytes = name + "\n" + static_cast<char>(type);
  bytes.append(public_key.begin(), public_key.end());
  const Hash hash = sha256(bytes_of(bytes));
  return get_be<std::uint32_t>(reinterpret_cast<const char*>(hash.data()));
}

std::string VerifierKey::text() const {
  std::string number;
  put_be(number, id());
  Bytes key{type};
  key.insert(key.end(), public_key.begin(), public_key.end());
  return name + "+" + hex(bytes_of(number)) + "+" + base64(key);
}

Result<VerifierKey> parse_verifier_key(std::string_view text) {
  const auto wrong = [](std::string_view why) {
    return fail(ErrorCode::bad_input, "This is not a verifier key: " + std::string(why) + ".");
  };
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return wrong("it is written NAME+ID+KEY");
  VerifierKey key;
  key.name = text.substr(0, first);
  if (!is_key_name(key.name)) return wrong("its name is empty or has a space in it");
  const auto bytes = from_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != 1 + key.public_key.size()) return wrong("the key is cut");
  key.type = bytes->front();
  if (key.type != kEd25519 && key.type != kCosignature) return wrong("its type is not known");
  std::copy(bytes->begin() + 1, bytes->end(), key.public_key.begin());
  if (key.text() != text) return wrong("its id is not the one of its name and key");
  return key;
}

Result<Signer> Signer::from_pem(std::string_view name, std::string_view pem, std::uint8_t type) {
  CHECK(type == kEd25519 || type == kCosignature);
  if (!is_key_name(name)) {
    return fail(ErrorCode::bad_input, "A key's name is not empty and holds no space and no '+'.");
  }
  const std::unique_ptr<BIO, FreeOpenssl> memory(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(memory != nullptr);
  // An empty passphrase instead of OpenSSL's own callback, which would ask on the terminal.
  char none[] = "";
  const std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, none),
                                      FreeOpenssl());
  Signer signer;
  std::size_t length = signer.key_.public_key.size();
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key.get(), signer.key_.public_key.data(), &length) != 1) {
    return fail(ErrorCode::bad_input, "The signing key is not an Ed25519 key in PEM form.");
  }
  signer.private_key_ = key;
  signer.key_.name = name;
  signer.key_.type = type;
  return signer;
}

std::string Signer::sign(std::string_view text, std::uint64_t unix_seconds) const {
  CHECK(text.ends_with('\n') && is_note_text(text));
  const std::unique_ptr<EVP_MD_CTX, FreeOpenssl> context(EVP_MD_CTX_new());
  CHECK(context != nullptr);
  const std::string message = signed_bytes(key_.type, text, unix_seconds);
  std::string bytes;
  if (key_.type == kCosignature) put_be(bytes, unix_seconds);
  NoteSignature out{key_.name, key_.id(), {bytes.begin(), bytes.end()}};
  const std::size_t at = out.signature.size();
  out.signature.resize(at + kEd25519Bytes);
  std::size_t length = kEd25519Bytes;
  CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, private_key_.get()) == 1);
  CHECK(EVP_DigestSign(context.get(), out.signature.data() + at, &length, bytes_of(message).data(),
                       message.size()) == 1);
  CHECK(length == kEd25519Bytes);
  return line_of(out);
}

std::string Note::bytes() const {
  std::string out = text + "\n";
  for (const NoteSignature& signature : signatures) out += line_of(signature);
  return out;
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) return std::unexpected(not_a_note("it is longer than 1 MB"));
  if (!is_note_text(bytes)) {
    return std::unexpected(not_a_note("it is not UTF-8, or has control characters in it"));
  }
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) {
    return std::unexpected(not_a_note("no empty line parts text and signatures"));
  }
  Note note;
  note.text = bytes.substr(0, split + 1);
  std::string_view rest = bytes.substr(split + 2);
  if (rest.empty()) return std::unexpected(not_a_note("it has no signature"));
  while (!rest.empty()) {
    const auto line = take_line(rest);
    auto signature = line ? parse_line(*line) : std::nullopt;
    if (!signature) return std::unexpected(not_a_note("a signature line is not of the form"));
    if (note.signatures.size() == kNoteSignaturesMax) {
      return std::unexpected(not_a_note("it has more than 100 signatures"));
    }
    note.signatures.push_back(std::move(*signature));
  }
  return note;
}

std::string sign_note(std::string_view text, std::span<const Signer> signers) {
  std::string out = std::string(text) + "\n";
  for (const Signer& signer : signers) out += signer.sign(text);
  return out;
}

Result<OpenedNote> open_note(std::string_view bytes, std::span<const VerifierKey> known) {
  auto note = parse_note(bytes);
  if (!note) return std::unexpected(note.error());
  OpenedNote out{std::move(note->text), {}};
  for (const NoteSignature& signature : note->signatures) {
    const auto key = std::ranges::find_if(known, [&](const VerifierKey& one) {
      return one.name == signature.name && one.id() == signature.key_id;
    });
    if (key == known.end()) continue;
    const auto time = verify(*key, out.text, signature.signature);
    if (!time) {
      return fail(ErrorCode::bad_input,
                  "The signature of " + key->name + " on this note does not hold.");
    }
    const auto same = [&](const Signed& one) { return one.key == *key; };
    if (std::ranges::none_of(out.by, same)) out.by.push_back({*key, *time});
  }
  if (out.by.empty()) return fail(ErrorCode::bad_input, "No known key has signed this note.");
  return out;
}

}  // namespace engine
