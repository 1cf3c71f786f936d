// Recorded events as they are shown: the JSON of the schema with the leaf hash, or a table.
#pragma once

#include <boost/json.hpp>

#include "engine/log/log.h"
#include "engine/record.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"

namespace tools {

[[nodiscard]] boost::json::object event_with_leaf(const engine::Log& log,
                                                  const engine::RecordView& record);
// As table or CSV.
void print_events(const boost::json::array& events, Format format);

}  // namespace tools
