// A table as a stranger's program would read it, cell after cell: RFC 4180, and every quote closed.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace support {

inline std::vector<std::string> csv_cells(const std::string& text) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      cells.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      cells.emplace_back();
    } else if (quoted || c != '\r') {
      cells.back() += c;
    }
  }
  CHECK_FALSE(quoted);
  return cells;
}

}  // namespace support
