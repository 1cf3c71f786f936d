// Which person a bearer token names. Only hashes of opaque tokens are kept.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "server/identity/identity.h"

namespace server {

class Tokens {
 public:
  // Knows the administrator's token of DIR.keys, if there is one.
  static engine::Result<Tokens> load(const std::string& keys);

  // New tokens for trying things out, one a role and one a department, written to `file` as JSON
  // {role: token}; readable by its owner only.
  engine::Result<void> make_demo(const std::string& file, const Directory& directory);

  // nullopt: no token that is known and valid. Any thread.
  [[nodiscard]] std::optional<Identity> find(std::string_view token) const;

 private:
  engine::Result<std::string> add(Identity identity);

  std::map<std::string, Identity, std::less<>> by_hash_;  // SHA-256 in hex
};

}  // namespace server
