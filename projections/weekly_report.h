// The weekly report 周报 of one ISO week. Flow figures count the events of the week up to the
// moment; stock figures stand at min(to, as_of), so that later weeks never change the report of a
// finished one.
#pragma once

#include <boost/json.hpp>

#include "projections/catalog.h"

namespace projections {

void weekly_report(boost::json::object& report, const Facts& facts, const Question& question,
                   Trace* trace);

}  // namespace projections
