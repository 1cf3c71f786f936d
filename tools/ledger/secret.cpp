#include "tools/ledger/secret.h"

#include <openssl/rand.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>

#include "engine/proof/hash.h"

namespace tools {

engine::Result<std::string> new_token() {
  std::array<std::uint8_t, 32> secret{};
  if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
    return engine::fail(engine::ErrorCode::io, "The system gave no random bytes.");
  std::string token = engine::base64(secret);
  for (char& c : token) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  while (token.ends_with('=')) token.pop_back();
  return token;
}

std::string token_hash(std::string_view token) {
  return engine::hex(engine::sha256(engine::bytes_of(token)));
}

engine::Result<void> write_private(const std::string& path, std::string_view text) {
  const mode_t before = umask(0077);
  std::FILE* const file = std::fopen(path.c_str(), "wxb");
  umask(before);
  bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) written = (std::fclose(file) == 0) && written;
  if (!written) return engine::fail(engine::ErrorCode::io, path + " cannot be written.");
  return {};
}

}  // namespace tools
