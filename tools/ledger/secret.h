// Bearer tokens, and files that only their owner may read.
#pragma once

#include <string>
#include <string_view>

#include "engine/result.h"

namespace tools {

// 32 bytes of the system's random source as base64url.
[[nodiscard]] engine::Result<std::string> new_token();
// What is kept of a token: its SHA-256 in hex.
[[nodiscard]] std::string token_hash(std::string_view token);
// A new file with mode 0600; refused if it exists.
engine::Result<void> write_private(const std::string& path, std::string_view text);

}  // namespace tools
