// 删除个人信息, the half that the log cannot do: the keys of the subjects that PersonalDataErased
// names are destroyed (reliability.md section 8). The events stay, and with them every proof.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "engine/result.h"
#include "tools/ledger/ledger.h"

namespace tools {

struct Erasure {
  std::set<std::string> destroyed;  // now: "kind/no"
  std::size_t before = 0;           // by earlier runs
  std::uint32_t epoch = 0;          // of the key store as it is now
};

// Writes a new key store without their keys in place of the old one, under a new master, so that no
// other subject's key opens what was theirs; then records KeyDestroyed for each. May be cut off
// anywhere and run again. `ledger` is open for writing: no other process holds its keys.
[[nodiscard]] engine::Result<Erasure> destroy_erased_keys(Ledger& ledger, const std::string& data);

}  // namespace tools
