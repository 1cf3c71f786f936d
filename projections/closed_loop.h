// The closed-loop ledger 闭环台账: one row an assignment, from the appeal's submission to its
// closing. Before the first dispatch an appeal has one row of its own.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "projections/board.h"
#include "projections/case.h"
#include "projections/catalog.h"

namespace projections {

void closed_loop(boost::json::object& report, const Board& board, const Question& question,
                 Trace* trace);

// Cases, by item, and how many of the rows of each the question wants.
using WantedRows = std::vector<std::pair<std::uint32_t, std::size_t>>;
// Counts the rows of a case that stands at the board's moment.
void count_rows(WantedRows& rows, const Board& board, const Question& question, const Case& of);
// The ledger of a question whose rows are counted.
void closed_loop(boost::json::object& report, const Board& board, const Question& question,
                 const WantedRows& rows);

// "1/D07", "1/D07~2" for the second assignment of a matter to the same department, "-/-" before the
// first dispatch: how a row is named behind its appeal in the path of a cell.
// `assignment` is a number of Facts::assignments(), or kNone.
[[nodiscard]] std::string row_name(const Facts& facts, std::uint32_t assignment);
[[nodiscard]] std::string_view channel_name(schemas::Channel channel);

}  // namespace projections
