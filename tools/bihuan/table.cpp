// Tables for people. fmt knows which characters are two columns wide; nothing depends on a locale.
#include "tools/bihuan/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {

std::size_t display_width(std::string_view text) {
  // Padded to as many columns as it has bytes, the text grows by bytes - width.
  if (text.empty()) return 0;
  return 2 * text.size() - fmt::formatted_size("{:<{}}", text, text.size());
}

namespace {

// "2021-09-18T00:00:00.000000+08:00" -> "2021-09-18 00:00:00": a table is for reading.
std::string plain_time(std::string_view text) {
  if (text.size() == 32 && text[10] == 'T' && text.ends_with(".000000+08:00"))
    return fmt::format("{} {}", text.substr(0, 10), text.substr(11, 8));
  return std::string(text);
}

// A cell must not draw on the terminal: control characters become spaces, also those of two bytes
// (C1: U+0080 to U+009F), which some terminals obey.
std::string one_line(std::string text) {
  constexpr unsigned char kC1Lead = 0xc2, kC1Most = 0x9f;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
    if (at(i) < 0x20 || at(i) == 0x7f) text[i] = ' ';
    if (at(i) == kC1Lead && i + 1 < text.size() && at(i + 1) <= kC1Most) text.replace(i, 2, "  ");
  }
  return text;
}

bool is_figure(std::string_view text) {
  return text.empty() || text == "-" ||
         (text[0] >= '0' && text[0] <= '9' &&
          text.find_first_not_of("0123456789/.()% ") == std::string_view::npos);
}

}  // namespace

std::string render_table(const std::vector<std::string>& headings, Cells rows) {
  std::vector<std::size_t> widths;
  for (const std::string& heading : headings) widths.push_back(display_width(heading));
  std::vector<bool> right(headings.size(), !rows.empty());
  for (auto& row : rows) {
    row.resize(headings.size());
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] = one_line(plain_time(row[c]));
      widths[c] = std::max(widths[c], display_width(row[c]));
      if (!is_figure(row[c])) right[c] = false;
    }
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad(widths[c] - display_width(row[c]), ' ');
      line += right[c] ? pad + row[c] : row[c] + pad;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(headings);
  std::vector<std::string> rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  add(rule);
  for (const auto& row : rows) add(row);
  return text;
}

void print_rows(Format format, const std::vector<std::string>& headings, const Cells& rows) {
  print(format == Format::csv ? render_csv(headings, rows) : render_table(headings, rows));
}

std::string cell_of(const boost::json::object& row, std::string_view key) {
  const boost::json::value* const value = row.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

}  // namespace tools
