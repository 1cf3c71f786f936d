// The parameters of the API, each under one name wherever it is taken: what it must look like, as
// JSON Schema, for the description of the API.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "server/router.h"

namespace server {

// CHECKs that the table knows the name: a route with a new parameter needs a row.
[[nodiscard]] boost::json::object parameter_schema(std::string_view name);

// Those of a route's path and query, with the values of its example.
[[nodiscard]] boost::json::array parameters_of(const Route& route);
// Of a JSON body.
[[nodiscard]] boost::json::object body_schema(const BodyForm& form);

}  // namespace server
