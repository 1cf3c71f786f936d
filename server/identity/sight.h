// What of one stream a person may see, by the scope of its right: its own, its department's, or
// all.
#pragma once

#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "engine/sealer.h"
#include "engine/source.h"
#include "server/identity/identity.h"

namespace server {

enum class Sight {
  nothing,
  masked,  // without who reported: the author of a report is hidden from departments
  whole,   // sealed fields stay sealed
};

// The widest sight of all that the person acts as. A department sees an appeal while it holds, or
// has completed, an assignment of it; a report while it was the last to be given it.
[[nodiscard]] engine::Result<Sight> sight_of(const std::vector<Acting>& actings, Action action,
                                             std::string_view kind, std::string_view no,
                                             const engine::Source& source,
                                             const engine::Sealer& sealer);

// Takes out of an event what a masked sight does not show.
void mask(boost::json::object& event);

}  // namespace server
