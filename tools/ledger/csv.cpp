#include "tools/ledger/csv.h"

#include <csv.h>

#include <algorithm>

namespace tools {

std::string csv_cell(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool negative_number =
      text.size() > 1 && text[0] == '-' && std::all_of(text.begin() + 1, text.end(), is_digit);
  const bool formula = !text.empty() && !negative_number && text != "-" &&
                       std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string cell;
  if (formula) cell.push_back('\'');
  cell.append(text);
  if (cell.find_first_of("\",\r\n") == std::string::npos) return cell;
  std::string quoted(csv_write(nullptr, 0, cell.data(), cell.size()), '\0');
  quoted.resize(csv_write(quoted.data(), quoted.size(), cell.data(), cell.size()));
  return quoted;
}

std::string render_csv(const std::vector<std::string>& headings, const Cells& rows) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    for (std::size_t c = 0; c < row.size(); ++c) text += (c == 0 ? "" : ",") + csv_cell(row[c]);
    text += "\r\n";
  };
  add(headings);
  for (const auto& row : rows) add(row);
  return text;
}

}  // namespace tools
