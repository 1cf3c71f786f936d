// Rating statistics 好差评统计 over a cohort: the rounds whose conclusion lies in the dates asked
// for, judged with what is known at the moment. An invalidated rating leaves the rates and is
// counted apart.
#pragma once

#include <boost/json.hpp>

#include "projections/board.h"
#include "projections/catalog.h"

namespace projections {

void ratings(boost::json::object& report, const Board& board, const Question& question,
             Trace* trace);
// The same figures for the conclusions of one week, as the weekly report shows them.
[[nodiscard]] boost::json::object ratings_of_week(const Board& board, schemas::Week week,
                                                  Micros judged_at, Trace* trace);
[[nodiscard]] bool is_rating_group(std::string_view key);

}  // namespace projections
