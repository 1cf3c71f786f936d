// Which report, and how it is asked, as texts: from the command line's options or from a request's
// parameters.
#pragma once

#include <string>
#include <vector>

#include "engine/result.h"
#include "projections/catalog.h"

namespace tools {

struct AskedQuestion {
  std::string week, section, from, to, appeal, department, light, status, category;
  std::vector<std::string> by;
  std::size_t limit = 0, offset = 0;
};

// Without the moment. bad_input: a text that is not of its form.
[[nodiscard]] engine::Result<projections::Question> question_of(const AskedQuestion& asked,
                                                                const std::string& district);

// A report asked for one section has that table alone.
[[nodiscard]] bool has_table(const boost::json::object& report, const projections::Table& table);
[[nodiscard]] std::vector<std::string> table_headings(const projections::Table& table);
// The report as CSV: its first table, or that of the section it was asked for.
[[nodiscard]] std::string report_csv(const projections::ReportKind& kind,
                                     const boost::json::object& report);

}  // namespace tools
