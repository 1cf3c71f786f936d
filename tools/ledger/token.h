// Tokens of a small site that has no identity provider: JSON Web Tokens (EdDSA) signed by a key of
// the ledger's own, DIR.keys/token.pem. bihuand knows its public half, DIR.keys/token.jwks.
#pragma once

#include <string>
#include <string_view>

#include "engine/clock.h"
#include "engine/result.h"

namespace tools {

[[nodiscard]] std::string token_key_file(const std::string& keys);   // private, mode 0600
[[nodiscard]] std::string token_jwks_file(const std::string& keys);  // public, a JWKS

// Makes the key, and writes its public half; replaces both where they are, after which no token of
// the old key is known once bihuand is started again.
engine::Result<void> make_token_key(const std::string& keys);

struct TokenClaims {
  std::string person;          // `sub`: 1 to 120 bytes, without control characters
  std::string issuer;          // `iss` and `aud`: the ledger's name, so that no other takes it
  engine::Micros issued = 0;   // `iat`, `nbf`
  engine::Micros expires = 0;  // `exp`
};

// The token as it goes behind `Authorization: Bearer`. Makes the key if there is none. Refused
// (bad_input): a person who is none, or an end before the beginning.
[[nodiscard]] engine::Result<std::string> mint_token(const std::string& keys,
                                                     const TokenClaims& claims);

}  // namespace tools
