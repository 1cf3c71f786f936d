// The plan on a board 六大环境任务: environments, domains and tasks, with progress against plan.
#pragma once

#include <boost/json.hpp>

#include "projections/board.h"
#include "projections/catalog.h"

namespace projections {

void plan_board(boost::json::object& report, const Board& board, const Question& question,
                Trace* trace);
// One entry an environment, as the weekly report shows it.
[[nodiscard]] boost::json::array plan_of_week(const Board& board, Micros at, Trace* trace);

}  // namespace projections
