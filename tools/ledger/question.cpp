#include "tools/ledger/question.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/ledger/csv.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

Result<std::optional<schemas::Day>> date_of(const std::string& text) {
  if (text.empty()) return std::optional<schemas::Day>();
  const auto day = schemas::parse_date(text);
  if (!day)
    return fail(ErrorCode::bad_input, fmt::format("{} is not a date such as 2021-09-26.", text));
  return day;
}

}  // namespace

Result<projections::Question> question_of(const AskedQuestion& asked, const std::string& district) {
  projections::Question question;
  question.district = district;
  if (!asked.week.empty()) {
    question.week = schemas::parse_week(asked.week);
    if (!question.week)
      return fail(ErrorCode::bad_input,
                  fmt::format("{} is not an ISO week such as 2021-W38.", asked.week));
  }
  const auto from = date_of(asked.from), to = date_of(asked.to);
  if (!from) return std::unexpected(from.error());
  if (!to) return std::unexpected(to.error());
  question.section = asked.section;
  question.from = *from;
  question.to = *to;
  question.by = asked.by;
  question.appeal = asked.appeal;
  question.department = asked.department;
  question.light = asked.light;
  question.status = asked.status;
  question.category = asked.category;
  question.limit = asked.limit;
  question.offset = asked.offset;
  return question;
}

bool has_table(const boost::json::object& report, const projections::Table& table) {
  return table.rows.empty() || report.contains(table.rows.substr(0, table.rows.find('/')));
}

std::vector<std::string> table_headings(const projections::Table& table) {
  std::vector<std::string> headings;
  for (const projections::Column& column : table.columns) headings.emplace_back(column.heading);
  return headings;
}

std::string report_csv(const projections::ReportKind& kind, const boost::json::object& report) {
  const auto table = std::ranges::find_if(
      kind.tables, [&](const projections::Table& one) { return has_table(report, one); });
  if (table == kind.tables.end()) return {};
  return render_csv(table_headings(*table), projections::table_cells(report, *table));
}

}  // namespace tools
