// Recorded events as they are shown: the JSON of the schema with the leaf hash.
#pragma once

#include <boost/json.hpp>

#include "engine/log/log.h"
#include "engine/record.h"

namespace tools {

[[nodiscard]] boost::json::object event_with_leaf(const engine::Log& log,
                                                  const engine::RecordView& record);

}  // namespace tools
