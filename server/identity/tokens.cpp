#include "server/identity/tokens.h"

#include <boost/json.hpp>
#include <cstdio>

#include "engine/log/file.h"
#include "schemas/json.h"
#include "tools/ledger/secret.h"

namespace server {

using engine::ErrorCode;
using engine::Result;

Result<Tokens> Tokens::load(const std::string& keys) {
  Tokens tokens;
  auto hash = engine::read_file(keys + "/admin.sha256");
  if (!hash && hash.error().code == ErrorCode::not_found) return tokens;
  if (!hash) return std::unexpected(hash.error());
  while (hash->ends_with('\n')) hash->pop_back();
  tokens.by_hash_[*hash] = {"administrator", true, {}, {}};
  return tokens;
}

Result<std::string> Tokens::add(Identity identity) {
  auto token = tools::new_token();
  if (token) by_hash_[tools::token_hash(*token)] = std::move(identity);
  return token;
}

Result<void> Tokens::make_demo(const std::string& file, const Directory& directory) {
  boost::json::object out;
  for (const schemas::Role role : schemas::EnumValuesRole()) {
    if (role == schemas::Role::system) continue;  // the server's own
    const std::string name(schemas::role_name(role));
    const auto token = add({"demo-" + name, false, role, {}});
    if (!token) return std::unexpected(token.error());
    out[name] = *token;
  }
  for (const std::string& department : directory.departments()) {
    const auto token =
        add({"demo-officer-" + department, false, schemas::Role::department_officer, department});
    if (!token) return std::unexpected(token.error());
    out["department_officer:" + department] = *token;
  }
  std::remove(file.c_str());  // an old one, of tokens that are no longer known
  return tools::write_private(file, boost::json::serialize(out) + "\n");
}

std::optional<Identity> Tokens::find(std::string_view token) const {
  const auto found = by_hash_.find(tools::token_hash(token));
  if (found == by_hash_.end()) return std::nullopt;
  return found->second;
}

}  // namespace server
