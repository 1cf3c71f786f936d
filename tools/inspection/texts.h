// The texts of a package that follow from its records: lists of events for a reader, and the
// README. The verifier draws them again and compares.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "engine/proof/hash.h"
#include "engine/record.h"

namespace tools {

// One event of a list; a payload that was left out leaves `data` out and says so.
[[nodiscard]] boost::json::object listed_event(const engine::RecordView& record,
                                               const engine::Hash& leaf, bool present);
// One event a line, so that a list can be read and searched.
[[nodiscard]] std::string list_text(const boost::json::array& events);
[[nodiscard]] std::string json_text(const boost::json::object& document);

// How to verify a package, in Chinese and English.
[[nodiscard]] std::string_view readme_text();

}  // namespace tools
