#include "tools/ledger/token.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "engine/log/file.h"
#include "engine/log/key_file.h"
#include "engine/proof/hash.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr engine::Micros kSecond = 1'000'000;
constexpr std::size_t kPersonBytesMax = 120;
constexpr std::size_t kKeyIdDigits = 16;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* work) const { EVP_MD_CTX_free(work); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

std::string base64url(std::span<const std::uint8_t> bytes) {
  std::string text = engine::base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

Result<Key> read_key(const std::string& keys) {
  const std::string path = token_key_file(keys);
  const auto pem = engine::read_signing_key(path);
  if (!pem) return std::unexpected(pem.error());
  const std::unique_ptr<BIO, Free> memory(
      BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    return fail(ErrorCode::corrupt, path + " is no Ed25519 private key.");
  return key;
}

Result<engine::Hash> public_half(const Key& key) {
  engine::Hash half{};
  std::size_t size = half.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), half.data(), &size) != 1 || size != half.size())
    return fail(ErrorCode::corrupt, "The key for tokens has no public half.");
  return half;
}

// What a token names its key by: the beginning of the hash of the public half.
std::string id_of(const engine::Hash& half) {
  return engine::hex(engine::sha256(half)).substr(0, kKeyIdDigits);
}

bool is_person(std::string_view text) {
  if (text.empty() || text.size() > kPersonBytesMax) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

Result<std::string> sign(const Key& key, std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, Free> work(EVP_MD_CTX_new());
  std::array<std::uint8_t, 64> signature{};
  std::size_t size = signature.size();
  const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
  if (work == nullptr ||
      EVP_DigestSignInit(work.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(work.get(), signature.data(), &size, data, text.size()) != 1)
    return fail(ErrorCode::io, "OpenSSL could not sign a token.");
  return base64url(signature);
}

}  // namespace

std::string token_key_file(const std::string& keys) { return keys + "/token.pem"; }
std::string token_jwks_file(const std::string& keys) { return keys + "/token.jwks"; }

Result<void> make_token_key(const std::string& keys) {
  // The public half goes first: a key that bihuand does not know must not be there to sign with.
  for (const std::string& path : {token_jwks_file(keys), token_key_file(keys)})
    std::remove(path.c_str());
  if (auto made = engine::create_signing_key(token_key_file(keys)); !made) return made;
  const auto key = read_key(keys);
  if (!key) return std::unexpected(key.error());
  const auto half = public_half(*key);
  if (!half) return std::unexpected(half.error());
  const json::object jwk{{"kty", "OKP"},
                         {"crv", "Ed25519"},
                         {"alg", "EdDSA"},
                         {"kid", id_of(*half)},
                         {"x", base64url(*half)}};
  const json::object set{{"keys", json::array{jwk}}};
  return engine::write_file(token_jwks_file(keys), json::serialize(set) + "\n", 0644,
                            /*replace=*/true);
}

Result<std::string> mint_token(const std::string& keys, const TokenClaims& claims) {
  if (!is_person(claims.person))
    return fail(ErrorCode::bad_input, "A person has 1 to 120 bytes and no control characters.");
  if (claims.expires <= claims.issued)
    return fail(ErrorCode::bad_input, "A token must end after it begins.");
  if (!std::filesystem::exists(token_jwks_file(keys)))
    if (auto made = make_token_key(keys); !made) return std::unexpected(made.error());
  const auto key = read_key(keys);
  if (!key) return std::unexpected(key.error());
  const auto half = public_half(*key);
  if (!half) return std::unexpected(half.error());
  const json::object head{{"typ", "JWT"}, {"alg", "EdDSA"}, {"kid", id_of(*half)}};
  const json::object body{{"iss", claims.issuer},           {"aud", claims.issuer},
                          {"sub", claims.person},           {"iat", claims.issued / kSecond},
                          {"nbf", claims.issued / kSecond}, {"exp", claims.expires / kSecond}};
  const auto part = [](const json::object& object) {
    return base64url(engine::bytes_of(json::serialize(object)));
  };
  std::string token = part(head) + "." + part(body);
  const auto signature = sign(*key, token);
  if (!signature) return signature;
  return token.append(".").append(*signature);
}

}  // namespace tools
