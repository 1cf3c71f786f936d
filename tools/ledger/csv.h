// Rows of cells as CSV (RFC 4180), with formulas disarmed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tools {

using Cells = std::vector<std::vector<std::string>>;

// One cell as CSV: quoted where needed; a cell that a spreadsheet would run as a formula (= + - @
// and control characters in front) gets an apostrophe before it. Numbers keep their sign.
[[nodiscard]] std::string csv_cell(std::string_view text);

[[nodiscard]] std::string render_csv(const std::vector<std::string>& headings, const Cells& rows);

}  // namespace tools
