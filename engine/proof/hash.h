// SHA-256 as the ledger uses it: plain, of a leaf (0x00 || entry) and of a node (0x01 || left ||
// right), RFC 6962 section 2.1; and the two text forms of bytes that leave the house, hex and
// base64.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"

namespace engine {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

// What is hashed: bytes, and for a leaf or a node its mark before them.
enum class Mark : std::uint8_t { leaf = 0, node = 1, none = 0xFF };
struct Message {
  ByteSpan bytes;
  Mark mark = Mark::none;
};
[[nodiscard]] Hash hash_one(const Message& message);
// Both, in some two thirds of the time where the processor can do that.
[[nodiscard]] std::array<Hash, 2> hash_two(const Message& first, const Message& second);

[[nodiscard]] Hash sha256(ByteSpan bytes);
[[nodiscard]] Hash leaf_hash(ByteSpan entry);
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
[[nodiscard]] Hash hmac_sha256(ByteSpan key, ByteSpan bytes);

// The bytes of a text, without a copy.
[[nodiscard]] inline ByteSpan bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] std::string hex(ByteSpan bytes);
// Lower or upper case; nullopt for anything else.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);
// RFC 4648 section 4, with padding, without line breaks.
[[nodiscard]] std::string base64(ByteSpan bytes);
// Strict: the only text accepted is the one that base64() gives.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);
// A hash from its base64 text; nullopt if it is not 32 bytes.
[[nodiscard]] std::optional<Hash> hash_from_base64(std::string_view text);

}  // namespace engine
