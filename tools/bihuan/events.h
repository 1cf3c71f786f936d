// Recorded events as they are shown: the JSON of the schema with the leaf hash, or a table.
#pragma once

#include <boost/json.hpp>

#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"
#include "tools/ledger/events.h"

namespace tools {

// As table or CSV.
void print_events(const boost::json::array& events, Format format);

}  // namespace tools
