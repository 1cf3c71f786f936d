// The effect of policies 惠企政策成效: told, read, applied for, granted, by policy, item, town,
// industry and size; who was eligible and never told; and how good the suggested tags were. As of
// any moment, from the profiles and conditions that stood then.
#pragma once

#include <boost/json.hpp>

#include "projections/board.h"
#include "projections/catalog.h"

namespace projections {

void policies_report(boost::json::object& report, const Board& board, const Question& question,
                     Trace* trace);

}  // namespace projections
