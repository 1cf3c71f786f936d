// Sealing with OpenSSL's AES-SIV and HKDF (docs/FORMAT.md, "Sealed field" and "Key store").
#include "engine/proof/seal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "engine/check.h"
#include "engine/proof/bytes.h"

namespace engine {

std::string subject_of(std::string_view kind, std::string_view no) {
  return std::string(kind) + '/' + std::string(no);
}

namespace {

constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSizeClass =
    32;  // our choice: hides whether a name has two or three characters
constexpr std::string_view kFirstLine = "bihuan-keystore 1";

struct FreeCipher {
  void operator()(EVP_CIPHER* c) const { EVP_CIPHER_free(c); }
  void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
  void operator()(EVP_KDF* k) const { EVP_KDF_free(k); }
  void operator()(EVP_KDF_CTX* k) const { EVP_KDF_CTX_free(k); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const EVP_CIPHER* siv_of(std::size_t key_bytes) {
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> k128(
      EVP_CIPHER_fetch(nullptr, "AES-128-SIV", nullptr));
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> k192(
      EVP_CIPHER_fetch(nullptr, "AES-192-SIV", nullptr));
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> k256(
      EVP_CIPHER_fetch(nullptr, "AES-256-SIV", nullptr));
  const EVP_CIPHER* cipher = key_bytes == 32   ? k128.get()
                             : key_bytes == 48 ? k192.get()
                             : key_bytes == 64 ? k256.get()
                                               : nullptr;
  CHECK(cipher != nullptr);
  return cipher;
}

// HKDF-SHA256 (RFC 5869) without salt; `purpose` and `subject` are its info.
Bytes derive(ByteSpan key, std::string_view purpose, std::string_view subject, std::size_t length) {
  static const std::unique_ptr<EVP_KDF, FreeCipher> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, FreeCipher> context(EVP_KDF_CTX_new(kdf.get()));
  CHECK(context != nullptr);
  std::string digest = "SHA256";
  Bytes secret(key.begin(), key.end());
  std::string context_text = std::string(purpose) + '\n' + std::string(subject);
  const std::array<OSSL_PARAM, 4> params = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, context_text.data(),
                                        context_text.size()),
      OSSL_PARAM_construct_end()};
  Bytes out(length);
  CHECK(EVP_KDF_derive(context.get(), out.data(), out.size(), params.data()) == 1);
  return out;
}

// 0x80, then zeros up to the size class: unambiguous, since the last byte that is not zero is the
// mark.
Bytes pad(std::string_view plaintext) {
  const ByteSpan bytes = bytes_of(plaintext);
  Bytes out(bytes.begin(), bytes.end());
  out.push_back(0x80);
  out.resize((out.size() + kSizeClass - 1) / kSizeClass * kSizeClass, 0);
  return out;
}

std::optional<std::string> unpad(ByteSpan padded) {
  std::size_t end = padded.size();
  while (end > 0 && padded[end - 1] == 0) --end;
  if (end == 0 || padded[end - 1] != 0x80) return std::nullopt;
  return std::string(padded.begin(), padded.begin() + static_cast<std::ptrdiff_t>(end - 1));
}

struct Associated {
  explicit Associated(const SealedPlace& place) : stream(subject_of(place.kind, place.no)) {
    put_le(version, place.version);
    parts = {bytes_of(stream), ByteSpan(version), bytes_of(place.field)};
  }
  std::string stream;
  Bytes version;
  std::array<ByteSpan, 3> parts;
};

bool add_associated(EVP_CIPHER_CTX* context, std::span<const ByteSpan> associated,
                    bool encrypting) {
  int length = 0;
  for (const ByteSpan part : associated) {
    CHECK(!part.empty());
    const int size = static_cast<int>(part.size());
    const int done = encrypting ? EVP_EncryptUpdate(context, nullptr, &length, part.data(), size)
                                : EVP_DecryptUpdate(context, nullptr, &length, part.data(), size);
    if (done != 1) return false;
  }
  return true;
}

Result<Hash> key_from_hex(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != std::tuple_size_v<Hash>) {
    return fail(ErrorCode::corrupt, "The key store holds a key that is not 64 hex digits.");
  }
  Hash out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

bool one_line(std::string_view subject) {
  return !subject.empty() && subject.find('\n') == std::string_view::npos;
}

// Takes the next line off `text`; nullopt when it does not end in a line feed.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  return line.substr(word.size());
}

}  // namespace

Bytes siv_encrypt(ByteSpan key, std::span<const ByteSpan> associated, ByteSpan plaintext) {
  CHECK(!plaintext.empty());
  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(EVP_EncryptInit_ex2(context.get(), siv_of(key.size()), key.data(), nullptr, nullptr) == 1);
  CHECK(add_associated(context.get(), associated, /*encrypting=*/true));
  Bytes out(kTagBytes + plaintext.size());
  int length = 0;
  CHECK(EVP_EncryptUpdate(context.get(), out.data() + kTagBytes, &length, plaintext.data(),
                          static_cast<int>(plaintext.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(context.get(), out.data() + kTagBytes + length, &length) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes),
                            out.data()) == 1);
  return out;
}

std::optional<Bytes> siv_decrypt(ByteSpan key, std::span<const ByteSpan> associated,
                                 ByteSpan sealed) {
  if (sealed.size() <= kTagBytes) return std::nullopt;
  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(EVP_DecryptInit_ex2(context.get(), siv_of(key.size()), key.data(), nullptr, nullptr) == 1);
  Bytes tag(sealed.begin(), sealed.begin() + kTagBytes);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes),
                            tag.data()) == 1);
  if (!add_associated(context.get(), associated, /*encrypting=*/false)) return std::nullopt;
  const ByteSpan body = sealed.subspan(kTagBytes);
  Bytes out(body.size());
  int length = 0;
  if (EVP_DecryptUpdate(context.get(), out.data(), &length, body.data(),
                        static_cast<int>(body.size())) != 1) {
    return std::nullopt;
  }
  int rest = 0;
  if (EVP_DecryptFinal_ex(context.get(), out.data() + length, &rest) != 1) return std::nullopt;
  return out;
}

KeyRing::KeyRing(const Hash& master, std::uint32_t epoch) : master_(master), epoch_(epoch) {}

Hash KeyRing::subject_key(const std::string& subject) const {
  if (const auto held = explicit_.find(subject); held != explicit_.end()) return held->second;
  const Bytes derived = derive(master_, "bihuan subject 1", subject, sizeof(Hash));
  Hash out{};
  std::copy(derived.begin(), derived.end(), out.begin());
  return out;
}

Bytes KeyRing::seal(const SealedPlace& place, std::string_view plaintext) const {
  const Associated associated(place);
  const Bytes key = derive(subject_key(associated.stream), "bihuan seal 1", associated.stream, 64);
  const Bytes body = siv_encrypt(key, associated.parts, pad(plaintext));
  Bytes out = {kSealed};
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

std::optional<std::string> KeyRing::unseal(const SealedPlace& place, ByteSpan sealed) const {
  if (sealed.empty() || sealed[0] != kSealed) return std::nullopt;
  const Associated associated(place);
  // After erasure nothing of the subject is shown any more, whatever key its bytes were sealed
  // under.
  if (destroyed_.contains(associated.stream)) return std::nullopt;
  const Bytes key = derive(subject_key(associated.stream), "bihuan seal 1", associated.stream, 64);
  const auto padded = siv_decrypt(key, associated.parts, sealed.subspan(1));
  return padded ? unpad(*padded) : std::nullopt;
}

std::string KeyRing::pseudonym(std::string_view kind, std::string_view no,
                               std::uint32_t version) const {
  const std::string subject = subject_of(kind, no);
  const Bytes key = derive(subject_key(subject), "bihuan pseudonym 1", subject, sizeof(Hash));
  const std::string act = std::string(kind) + '|' + std::string(no) + '|' + std::to_string(version);
  const Hash mac = hmac_sha256(key, bytes_of(act));
  return "sealed-" + hex(ByteSpan(mac).first(8));
}

Result<KeyRing> KeyRing::without(const std::set<std::string>& erased,
                                 const std::set<std::string>& sealed,
                                 const Hash& new_master) const {
  for (const auto* const subjects : {&erased, &sealed})
    if (!std::ranges::all_of(*subjects, one_line))
      return fail(ErrorCode::bad_input, "A subject is one line of text.");
  KeyRing next(new_master, epoch_ + 1);
  next.explicit_ = explicit_;
  next.destroyed_ = destroyed_;
  next.destroyed_.insert(erased.begin(), erased.end());
  for (const std::string& subject : sealed)
    if (!next.destroyed(subject)) next.explicit_.insert_or_assign(subject, subject_key(subject));
  for (const std::string& subject : erased) next.explicit_.erase(subject);
  return next;
}

bool KeyRing::destroyed(const std::string& subject) const { return destroyed_.contains(subject); }

std::string KeyRing::serialize() const {
  std::string out(kFirstLine);
  out += "\nepoch " + std::to_string(epoch_) + "\nmaster " + hex(master_) + '\n';
  for (const auto& [subject, key] : explicit_) out += "key " + hex(key) + ' ' + subject + '\n';
  for (const std::string& subject : destroyed_) out += "destroyed " + subject + '\n';
  out += "sum " + hex(sha256(bytes_of(out))) + '\n';
  return out;
}

Result<KeyRing> KeyRing::parse(std::string_view text) {
  const auto bad = [](const char* why) { return fail(ErrorCode::corrupt, why); };
  std::string_view rest = text;
  if (take_line(rest) != kFirstLine) {
    return fail(ErrorCode::wrong_format, "The key store is not of format \"bihuan-keystore 1\".");
  }
  const std::string sum_line = "sum " + std::string(64, '0') + '\n';
  if (rest.size() < sum_line.size()) return bad("The key store is cut short.");
  const std::string_view body = text.substr(0, text.size() - sum_line.size());
  if (text.substr(body.size()) != "sum " + hex(sha256(bytes_of(body))) + '\n') {
    return bad("The key store does not agree with its checksum line.");
  }
  rest.remove_suffix(sum_line.size());
  const auto epoch_text = after(take_line(rest).value_or(""), "epoch ");
  const auto master_text = after(take_line(rest).value_or(""), "master ");
  if (!epoch_text || !master_text) return bad("The key store lacks its epoch or its master key.");
  std::uint32_t epoch = 0;
  std::from_chars(epoch_text->data(), epoch_text->data() + epoch_text->size(), epoch);
  const auto master = key_from_hex(*master_text);
  if (!master) return std::unexpected(master.error());
  KeyRing ring(*master, epoch);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest).value_or("");
    if (const auto subject = after(line, "destroyed ")) {
      ring.destroyed_.emplace(*subject);
      continue;
    }
    const auto key_line = after(line, "key ");
    if (!key_line || key_line->size() < 66)
      return bad("The key store has a line of no known kind.");
    const auto key = key_from_hex(key_line->substr(0, 64));
    if (!key) return std::unexpected(key.error());
    ring.explicit_.emplace(key_line->substr(65), *key);
  }
  // Only the canonical text is a key store: a second reading of the same bytes cannot differ.
  if (ring.serialize() != text) return bad("The key store is not in its canonical form.");
  return ring;
}

}  // namespace engine
