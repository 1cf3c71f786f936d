// Fixed-width integers in little-endian order, as every stored form of the engine writes them, and
// in big-endian order for keys, so that keys sort by number.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace engine {

static_assert(std::endian::native == std::endian::little, "stored forms are read in place");

template <std::integral T>
void put_le(std::vector<std::uint8_t>& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof(T));
  std::memcpy(out.data() + at, &value, sizeof(T));
}

template <std::integral T>
[[nodiscard]] T get_le(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <std::unsigned_integral T>
void put_be(std::string& out, T value) {
  for (std::size_t shift = sizeof(T) * 8; shift != 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint8_t>(value >> (shift - 8)));
  }
}

template <std::unsigned_integral T>
[[nodiscard]] T get_be(const char* from) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>((value << 8U) | static_cast<std::uint8_t>(from[i]));
  }
  return value;
}

}  // namespace engine
