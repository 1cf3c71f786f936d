// Rows of cells as an aligned table (wide characters count two columns) or as CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tools {

using Cells = std::vector<std::vector<std::string>>;

[[nodiscard]] std::string render_table(const std::vector<std::string>& headings, Cells rows);
[[nodiscard]] std::string render_csv(const std::vector<std::string>& headings, const Cells& rows);
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace tools
