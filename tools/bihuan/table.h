// Rows of cells as an aligned table (wide characters count two columns).
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tools/bihuan/session.h"
#include "tools/ledger/csv.h"

namespace tools {

[[nodiscard]] std::string render_table(const std::vector<std::string>& headings, Cells rows);
// Prints the rows: as CSV, or as a table for a person.
void print_rows(Format format, const std::vector<std::string>& headings, const Cells& rows);
// A member as a cell shows it; empty: it is not there, or null.
[[nodiscard]] std::string cell_of(const boost::json::object& row, std::string_view key);
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace tools
