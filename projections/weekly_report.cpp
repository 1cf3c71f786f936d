// The weekly report: which cases are folded, and which are counted from their milestones.
#include "projections/weekly_report.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "projections/departments.h"
#include "projections/parts.h"
#include "projections/week_cases.h"
#include "projections/week_tally.h"

namespace projections {

using boost::json::object;

namespace {

// The department table alone, as a desk asks for it every minute.
boost::json::array departments_alone(const Facts& facts, const Question& question) {
  const Window window = window_of(facts, *question.week, question.moment);
  const Board board(facts, window.seq);
  const WeekCases cases(facts, window);
  auto tables = in_parts<DepartmentTable>(
      cases.items().size(), kThreads, [&](std::size_t begin, std::size_t end) {
        DepartmentTable table(board, *question.week, window, nullptr);
        std::vector<std::uint32_t> folded;
        for (const std::uint32_t item : std::span(cases.items()).subspan(begin, end - begin)) {
          if (cases.must_fold(item))
            folded.push_back(item);
          else
            table.add_straight(facts.items()[item]);
        }
        each_case(facts, folded, window.seq, [&](Case& one) {
          one.advance(window.seq);
          table.add(one);
        });
        return table;
      });
  for (std::size_t part = 1; part < tables.size(); ++part) tables[0].add(tables[part]);
  return tables[0].draw();
}

}  // namespace

void weekly_report(object& report, const Facts& facts, const Question& question, Trace* trace) {
  if (question.section == "departments" && trace == nullptr) {
    put_week(report, *question.week);
    report["departments"] = departments_alone(facts, question);
    return;
  }
  const Weeks weeks(facts, *question.week, question.moment);
  const WeekCases cases(facts, weeks.before, weeks.window);
  // A trace listens in one place, and to folds only.
  const unsigned threads = trace == nullptr ? kThreads : 1;
  auto tallies =
      in_parts<WeekTally>(cases.items().size(), threads, [&](std::size_t begin, std::size_t end) {
        WeekTally tally(weeks, trace);
        std::vector<std::uint32_t> folded;
        for (const std::uint32_t item : std::span(cases.items()).subspan(begin, end - begin)) {
          if (trace != nullptr || cases.must_fold(item))
            folded.push_back(item);
          else
            tally.add_straight(facts.items()[item]);
        }
        each_case(facts, folded, weeks.window.seq, [&](Case& one) { tally.add(one); });
        return tally;
      });
  for (std::size_t part = 1; part < tallies.size(); ++part)
    tallies[0].add(std::move(tallies[part]));
  tallies[0].draw(report);
  if (question.section.empty()) return;
  boost::json::value only = std::move(report[question.section]);
  report.clear();
  put_week(report, *question.week);
  report[question.section] = std::move(only);
}

}  // namespace projections
