// The text forms of C2SP, line by line: strict, so that a text has one reading and a value one
// text.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace engine {

// Cuts the first line off `rest`; nullopt if no LF is left. The line is without its LF.
[[nodiscard]] inline std::optional<std::string_view> take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

// ASCII decimal without sign and without leading zeros, below 2^64.
[[nodiscard]] inline std::optional<std::uint64_t> decimal_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

}  // namespace engine
