// The description of the API is made from the tables that the server works by.
#include "server/openapi.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "schemas/event.h"
#include "server/router.h"
#include "tests/support/served.h"

namespace json = boost::json;

namespace {

std::string without_dots(std::string path) {
  if (const std::size_t dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

}  // namespace

TEST_CASE("every route and every command is described, and nothing else") {
  const json::object description = server::openapi();
  const json::object& paths = description.at("paths").as_object();
  std::size_t expected = 0;
  for (const server::Route* route : server::all_routes()) {
    if (route->path == "/v1/commands/{command}") continue;
    ++expected;
    const json::object& path = paths.at(without_dots(std::string(route->path))).as_object();
    const auto& operation =
        path.at(route->method == server::Method::post ? "post" : "get").as_object();
    CHECK(operation.at("summary").as_string().find(route->english.data()) != json::string::npos);
    const bool open = route->action && server::right_of(*route->action).open;
    CHECK(operation.at("security").as_array().empty() == open);
  }
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.command.empty()) continue;
    ++expected;
    CHECK(paths.contains("/v1/commands/" + std::string(info.command)));
  }
  CHECK(paths.size() == expected);
}

TEST_CASE("a command's body is described without what the ledger adds by itself") {
  const json::value description = server::openapi();
  const json::value& data = description.at_pointer(
      "/paths/~1v1~1commands~1DispatchAssignment/post/requestBody/content/application~1json/schema/"
      "properties/data");
  CHECK(data.at("properties").as_object().contains("department"));
  CHECK(!data.at("properties").as_object().contains("dues"));
  CHECK(data.at_pointer("/properties/duty/enum/0").as_string() == "lead");
}

TEST_CASE("every parameter says of which type it is, and those of a path show an example") {
  const json::object description = server::openapi();
  std::size_t typed = 0;
  for (const auto& [path, operations] : description.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object()) {
      const auto* const parameters = operation.as_object().if_contains("parameters");
      if (parameters == nullptr || std::string_view(path).starts_with("/v1/commands/")) continue;
      for (const json::value& one : parameters->as_array()) {
        CAPTURE(json::serialize(one));
        const std::string type(one.at_pointer("/schema/type").as_string());
        CHECK((type == "string" || type == "integer"));
        if (one.at("in") == "path") CHECK(one.as_object().contains("example"));
        if (one.at("name") == "seq") CHECK(type == "integer");
        if (one.at("name") == "as_of") CHECK(one.at_pointer("/schema/format") == "date-time");
        ++typed;
      }
    }
  CHECK(typed > 60);
  const json::value weekly = description;
  CHECK(weekly.at_pointer("/paths/~1v1~1reports~1{report}/get/parameters/0/schema/enum/0")
            .is_string());
}

TEST_CASE("the description that is served is the committed one") {
  std::ifstream in(PROJECT_DIR "/docs/openapi.json");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  CHECK_MESSAGE((page == server::openapi_document()), "run bihuand --openapi > docs/openapi.json");
  support::Served served;
  const support::HttpReply reply = served.nobody().get("/openapi.json");
  CHECK(reply.status == 200);
  CHECK((reply.body == page));
}

TEST_CASE("a parameter that the description does not name is refused") {
  support::Served served;
  support::HttpClient lead = served.as("office_lead");
  CHECK(lead.get("/v1/me?min_seq=0").status == 200);
  CHECK(lead.get("/v1/me?as=office_clerk").status == 400);
  CHECK(lead.get("/v1/proofs/consistency?old=1&old=1").status == 400);
}
