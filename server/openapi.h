// The description of the API (OpenAPI 3.1), from the router's table and the schemas:
// docs/openapi.json and /openapi.json.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace server {

[[nodiscard]] boost::json::object openapi();
// The same as text, indented, for the committed file.
[[nodiscard]] std::string openapi_document();

}  // namespace server
