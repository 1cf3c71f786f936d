// A CSV file (RFC 4180) with a header line, whole in memory, each row with the line it starts on.
// The reading itself is libcsv's; writing cells is here too, with formulas disarmed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace tools {

struct CsvRow {
  std::uint64_t line = 0;
  std::vector<std::string> cells;
};

struct CsvFile {
  std::vector<std::string> header;
  std::vector<CsvRow> rows;
};

[[nodiscard]] engine::Result<CsvFile> read_csv(const std::string& path);

// One cell as CSV: quoted where needed; a cell that a spreadsheet would run as a formula (= + - @
// and control characters in front) gets an apostrophe before it. Numbers keep their sign.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace tools
