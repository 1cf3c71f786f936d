// OpenSSL's SHA-256 behind pure functions. The block functions are called without EVP: for an
// entry of a hundred bytes EVP's set-up, allocation and wiping cost as much as the hashing, and a
// record is hashed four times on its way into the log. The compression function is the same.
#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Init and its kin; deprecated in favour of EVP, not
                                     // removed
#include "engine/proof/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>

#include "engine/check.h"

namespace engine {
namespace {

class Digest {
 public:
  Digest() { CHECK(SHA256_Init(&context_) == 1); }
  Digest& add(ByteSpan bytes) {
    CHECK(SHA256_Update(&context_, bytes.data(), bytes.size()) == 1);
    return *this;
  }
  Hash finish() {
    Hash out;
    CHECK(SHA256_Final(out.data(), &context_) == 1);
    return out;
  }

 private:
  SHA256_CTX context_;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Hash hash_one(const Message& message) {
  Digest digest;
  const auto mark = static_cast<std::uint8_t>(message.mark);
  if (message.mark != Mark::none) digest.add({&mark, 1});
  return digest.add(message.bytes).finish();
}

Hash sha256(ByteSpan bytes) { return hash_one({bytes}); }

Hash leaf_hash(ByteSpan entry) { return hash_one({entry, Mark::leaf}); }

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<std::uint8_t, 65> node;
  node[0] = static_cast<std::uint8_t>(Mark::node);
  std::copy(left.begin(), left.end(), node.begin() + 1);
  std::copy(right.begin(), right.end(), node.begin() + 33);
  return Digest().add(node).finish();
}

Hash hmac_sha256(ByteSpan key, ByteSpan bytes) {
  Hash out{};
  unsigned length = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(),
             out.data(), &length) != nullptr);
  CHECK(length == out.size());
  return out;
}

std::string hex(ByteSpan bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

std::string base64(ByteSpan bytes) {
  std::vector<unsigned char> out((bytes.size() + 2) / 3 * 4 + 1);
  const int length = EVP_EncodeBlock(out.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {out.begin(), out.begin() + length};
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return Bytes{};
  const ByteSpan in = bytes_of(text);
  Bytes out(text.size() / 4 * 3);
  if (EVP_DecodeBlock(out.data(), in.data(), static_cast<int>(in.size())) < 0) return std::nullopt;
  // EVP_DecodeBlock leaves the padding in as zero bytes, and forgives spaces and stray padding: the
  // comparison below is what makes the decoder strict.
  const std::size_t padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
  out.resize(out.size() - padding);
  if (base64(out) != text) return std::nullopt;
  return out;
}

std::optional<Hash> hash_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != std::tuple_size_v<Hash>) return std::nullopt;
  Hash out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace engine
