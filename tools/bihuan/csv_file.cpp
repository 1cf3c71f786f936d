// libcsv in strict mode, fed line by line so that every row knows its line number.
#include "tools/bihuan/csv_file.h"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "tools/bihuan/lines.h"

namespace tools {

namespace {

constexpr std::size_t kCsvLineBytesMax = 1 << 20;

struct Collector {
  CsvFile file;
  std::vector<std::string> cells;
  std::uint64_t row_line = 1, line = 0;
};

void on_cell(void* bytes, std::size_t size, void* target) {
  auto& collector = *static_cast<Collector*>(target);
  collector.cells.emplace_back(static_cast<const char*>(bytes), size);
}

void on_row(int, void* target) {
  auto& collector = *static_cast<Collector*>(target);
  if (collector.file.header.empty())
    collector.file.header = std::move(collector.cells);
  else
    collector.file.rows.push_back({collector.row_line, std::move(collector.cells)});
  collector.cells.clear();
  collector.row_line = collector.line + 1;
}

engine::Result<void> feed(csv_parser& parser, Collector& collector, std::string_view text,
                          const std::string& path) {
  if (csv_parse(&parser, text.data(), text.size(), on_cell, on_row, &collector) == text.size())
    return {};
  return engine::fail(engine::ErrorCode::bad_input,
                      fmt::format("{}:{}: the line is not valid CSV: {}.", path, collector.line,
                                  csv_strerror(csv_error(&parser))));
}

engine::Result<void> read_rows(const std::string& path, csv_parser& parser, Collector& collector) {
  auto reader = LineReader::open(path, kCsvLineBytesMax);
  if (!reader) return std::unexpected(reader.error());
  for (Line line; reader->next(line);) {
    collector.line = line.number;
    if (line.too_long)
      return engine::fail(engine::ErrorCode::bad_input,
                          fmt::format("{}:{}: the line is too long.", path, line.number));
    std::string_view text = line.text;
    if (line.number == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (auto fed = feed(parser, collector, text, path); !fed) return fed;
    if (auto fed = feed(parser, collector, "\n", path); !fed) return fed;
  }
  if (reader->failed())
    return engine::fail(engine::ErrorCode::io, fmt::format("{} cannot be read.", path));
  if (csv_fini(&parser, on_cell, on_row, &collector) != 0)
    return engine::fail(engine::ErrorCode::bad_input,
                        fmt::format("{}:{}: a quoted cell is not closed.", path, collector.line));
  return {};
}

}  // namespace

engine::Result<CsvFile> read_csv(const std::string& path) {
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
    return engine::fail(engine::ErrorCode::io, "The CSV reader cannot be set up.");
  Collector collector;
  const auto read = read_rows(path, parser, collector);
  csv_free(&parser);
  if (!read) return std::unexpected(read.error());
  if (collector.file.header.empty())
    return engine::fail(engine::ErrorCode::bad_input, fmt::format("{} is empty.", path));
  for (const CsvRow& row : collector.file.rows)
    if (row.cells.size() != collector.file.header.size())
      return engine::fail(engine::ErrorCode::bad_input,
                          fmt::format("{}:{}: the row has {} cells, the header {}.", path, row.line,
                                      row.cells.size(), collector.file.header.size()));
  return std::move(collector.file);
}

}  // namespace tools
