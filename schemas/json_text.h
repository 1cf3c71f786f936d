// What the JSON door asks of texts and numbers, wherever they stand in a line.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/refusal.h"

namespace schemas {

inline constexpr std::size_t kTextBytesMax = 64 * 1024;

// `none`, or InvalidText (C0 control characters other than \n and \t) or OutOfRange (over 64 KiB).
[[nodiscard]] RefusalCode check_text(std::string_view text);
// The same for identifiers: 1..`most` bytes on one line. Empty: MissingField.
[[nodiscard]] RefusalCode check_name(std::string_view text, std::size_t most);
// A key from outside for the detail of a refusal: short, and without control characters.
[[nodiscard]] std::string shown(std::string_view text);
// 1 and 1.0, but not 1.5, not beyond 2^63 - 1.
[[nodiscard]] std::optional<std::int64_t> whole_number(const boost::json::value& value);

}  // namespace schemas
