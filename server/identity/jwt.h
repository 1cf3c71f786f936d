// JSON Web Tokens signed by somebody else: EdDSA (Ed25519) or RS256, by a key of the JWKS file and
// by no other; what a token says of its own keys is not looked at. rhonabwy does the cryptography.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/clock.h"
#include "engine/result.h"

namespace server {

// What a token must say beside a person and a time.
struct JwtTerms {
  std::string issuer;    // `iss`; empty: any
  std::string audience;  // `aud`; empty: any
};

struct JwtClaims {
  std::string person;          // `sub`
  engine::Micros expires = 0;  // `exp`
};

class JwtKeys {
 public:
  // A JWKS file of public keys: Ed25519, or RSA of 2,048 bits and more. Anything else in it is
  // refused.
  static engine::Result<JwtKeys> load(const std::string& path, JwtTerms terms);
  ~JwtKeys();
  JwtKeys(JwtKeys&&) noexcept;
  JwtKeys& operator=(JwtKeys&&) noexcept;

  // The claims of a token that is well signed, of these terms and valid at `now`. Any thread.
  [[nodiscard]] std::optional<JwtClaims> verify(std::string_view token, engine::Micros now) const;

 private:
  struct Keys;
  explicit JwtKeys(std::unique_ptr<Keys> keys);
  std::unique_ptr<Keys> keys_;
};

}  // namespace server
