// The cells of a drawn report by path. An element of an array is named by what identifies it: a
// department by its id, an environment by its name, a row by appeal, matter and department.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "projections/catalog.h"

namespace projections {

[[nodiscard]] bool has_cell(const boost::json::object& report, std::string_view path);
// as_of, seq and root differ between any two moments and are no figures.
[[nodiscard]] bool is_head_cell(std::string_view path);

}  // namespace projections
