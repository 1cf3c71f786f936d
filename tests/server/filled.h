// The `data` of any command, filled in by the schemas' table of fields: what is needed, and one
// field of the test's choice.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <vector>

#include "schemas/json_fields.h"

namespace server_test {

// A field on its way from `data`, through lists of tables.
using FieldPath = std::vector<const schemas::FieldForm*>;

// The fields of a command that `wanted` takes, each by its path.
[[nodiscard]] std::vector<FieldPath> paths_in(
    const schemas::TableForm& form, const std::function<bool(const schemas::FieldForm&)>& wanted);

// Where the path leads stands `text`, or something that fits if it is empty. An empty path: only
// what is needed.
[[nodiscard]] boost::json::object filled(const schemas::TableForm& form, const FieldPath& path,
                                         const std::string& text);

}  // namespace server_test
