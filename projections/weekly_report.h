// The weekly report 周报 of one ISO week. Flow figures count the events of the week up to the
// moment; stock figures stand at min(to, as_of), so that later weeks never change the report of a
// finished one.
#pragma once

#include <boost/json.hpp>

#include "projections/board.h"
#include "projections/catalog.h"

namespace projections {

// `board` is empty; it is moved forward to the instants that the report needs.
void weekly_report(boost::json::object& report, Board& board, const Question& question,
                   Trace* trace);

[[nodiscard]] Window window_of(const Facts& facts, schemas::Week week, const Moment& moment);

}  // namespace projections
