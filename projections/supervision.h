// What supervisors reported 监督员反映事项 and how it was settled. A sealed reporter prints as
// "保密".
#pragma once

#include <boost/json.hpp>

#include "projections/board.h"
#include "projections/catalog.h"
#include "projections/lights.h"

namespace projections {

void supervision(boost::json::object& report, const Board& board, const Question& question,
                 Trace* trace);
// The totals of one week, as the weekly report shows them.
[[nodiscard]] boost::json::object supervision_of_week(const Board& board, const Window& window,
                                                      Trace* trace);

}  // namespace projections
