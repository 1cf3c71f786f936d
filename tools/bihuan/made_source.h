// Commands that a subcommand makes by itself, on their way through the same door as an import's.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "tools/bihuan/source.h"

namespace tools {

// One command as a line of a history file, by the system under the name `actor`.
[[nodiscard]] boost::json::object made_line(engine::Micros at, std::string_view actor,
                                            std::string_view command, std::string stream,
                                            std::string id, boost::json::object data);

// The lines in their order.
[[nodiscard]] std::unique_ptr<ItemSource> made_source(std::vector<boost::json::object> lines);

}  // namespace tools
