#include "server/identity/jwt.h"

#include <fmt/format.h>
#include <rhonabwy.h>

#include "engine/log/file.h"

namespace server {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr unsigned kRsaBitsMin = 2048;
constexpr std::size_t kTokenBytesMax = 8192, kPersonBytesMax = 120;
constexpr engine::Micros kSecond = 1'000'000;

struct FreeJwks {
  void operator()(jwks_t* keys) const { r_jwks_free(keys); }
};
struct FreeJwk {
  void operator()(jwk_t* key) const { r_jwk_free(key); }
};
struct FreeJwt {
  void operator()(jwt_t* token) const { r_jwt_free(token); }
};

bool is_fit(jwk_t* key) {
  unsigned bits = 0;
  const auto type = static_cast<unsigned>(r_jwk_key_type(key, &bits, R_FLAG_IGNORE_REMOTE));
  const auto has = [&](unsigned flag) { return (type & flag) == flag; };
  if (!has(R_KEY_TYPE_PUBLIC)) return false;
  return has(R_KEY_TYPE_EDDSA) || (has(R_KEY_TYPE_RSA) && bits >= kRsaBitsMin);
}

std::string text_claim(jwt_t* token, const char* name) {
  const char* const text = r_jwt_get_claim_str_value(token, name);
  return text == nullptr ? std::string() : std::string(text);
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kPersonBytesMax) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

// `aud` is a text or a list of texts.
bool is_for(jwt_t* token, const std::string& audience) {
  json_t* const claim = r_jwt_get_claim_json_t_value(token, "aud");
  bool found = json_is_string(claim) && audience == json_string_value(claim);
  for (std::size_t i = 0; i < json_array_size(claim); ++i) {
    const char* const one = json_string_value(json_array_get(claim, i));
    found = found || (one != nullptr && audience == one);
  }
  json_decref(claim);
  return found;
}

}  // namespace

struct JwtKeys::Keys {
  std::unique_ptr<jwks_t, FreeJwks> set;
  JwtTerms terms;
  mutable std::mutex turn;  // the library does not say what may be shared between threads
};

JwtKeys::JwtKeys(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
JwtKeys::~JwtKeys() = default;
JwtKeys::JwtKeys(JwtKeys&&) noexcept = default;
JwtKeys& JwtKeys::operator=(JwtKeys&&) noexcept = default;

Result<JwtKeys> JwtKeys::load(const std::string& path, JwtTerms terms) {
  const auto text = engine::read_file(path);
  if (!text) return std::unexpected(text.error());
  auto keys = std::make_unique<Keys>();
  keys->terms = std::move(terms);
  jwks_t* set = nullptr;
  if (r_jwks_init(&set) != RHN_OK) return fail(ErrorCode::io, "No memory for the keys.");
  keys->set.reset(set);
  const bool read = r_jwks_import_from_json_str(set, text->c_str()) == RHN_OK;
  if (!read || r_jwks_size(set) == 0)
    return fail(ErrorCode::bad_input, path + " is not a JWKS file with keys in it.");
  for (std::size_t i = 0; i < r_jwks_size(set); ++i) {
    const std::unique_ptr<jwk_t, FreeJwk> key(r_jwks_get_at(set, i));
    if (!is_fit(key.get()))
      return fail(
          ErrorCode::bad_input,
          fmt::format("Key {} of {} is neither a public Ed25519 key nor a public RSA key of "
                      "2048 bits or more.",
                      i + 1, path));
  }
  return JwtKeys(std::move(keys));
}

std::optional<JwtClaims> JwtKeys::verify(std::string_view token, engine::Micros now) const {
  if (token.size() > kTokenBytesMax) return std::nullopt;
  const std::lock_guard lock(keys_->turn);
  jwt_t* made = nullptr;
  if (r_jwt_init(&made) != RHN_OK) return std::nullopt;
  const std::unique_ptr<jwt_t, FreeJwt> jwt(made);
  if (r_jwt_add_sign_jwks(made, nullptr, keys_->set.get()) != RHN_OK) return std::nullopt;
  const std::string text(token);
  if (r_jwt_advanced_parse(made, text.c_str(), R_PARSE_NONE, R_FLAG_IGNORE_REMOTE) != RHN_OK)
    return std::nullopt;
  const jwa_alg algorithm = r_jwt_get_sign_alg(made);
  if (algorithm != R_JWA_ALG_EDDSA && algorithm != R_JWA_ALG_RS256) return std::nullopt;
  if (r_jwt_verify_signature(made, nullptr, R_FLAG_IGNORE_REMOTE) != RHN_OK) return std::nullopt;
  const auto seconds = now / kSecond;
  const auto expires = r_jwt_get_claim_int_value(made, "exp");
  const auto begins = r_jwt_get_claim_int_value(made, "nbf");  // 0 where it is not said
  constexpr rhn_int_t kLatest = rhn_int_t{1} << 40;            // so that it fits in microseconds
  if (expires <= seconds || expires > kLatest || begins > seconds) return std::nullopt;
  JwtClaims claims{text_claim(made, "sub"), expires * kSecond};
  if (!is_name(claims.person)) return std::nullopt;
  const JwtTerms& terms = keys_->terms;
  if (!terms.issuer.empty() && text_claim(made, "iss") != terms.issuer) return std::nullopt;
  if (!terms.audience.empty() && !is_for(made, terms.audience)) return std::nullopt;
  return claims;
}

}  // namespace server
