// A CSV file (RFC 4180) with a header line, whole in memory, each row with the line it starts on.
// The reading itself is libcsv's.
#pragma once

#include <cstdint>
#include <string>
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

}  // namespace tools
