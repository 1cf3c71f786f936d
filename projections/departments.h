// The department table of the weekly report 部门表.
#pragma once

#include <boost/json.hpp>

#include "projections/board.h"
#include "projections/lights.h"
#include "projections/report.h"

namespace projections {

// Every department that was created by the moment of the board, in order of its id.
[[nodiscard]] boost::json::array departments(const Board& board, schemas::Week week,
                                             const Window& window, Trace* trace);

}  // namespace projections
