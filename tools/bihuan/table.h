// Rows of cells as an aligned table (wide characters count two columns).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/ledger/csv.h"

namespace tools {

[[nodiscard]] std::string render_table(const std::vector<std::string>& headings, Cells rows);
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace tools
