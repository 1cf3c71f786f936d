// S5: the table of rights decides: what it denies is 403 and nothing else, what it grants is never
// denied for want of a right to the action.
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/json_fields.h"
#include "server/identity/rights.h"
#include "server/router.h"
#include "tests/server/role_product.h"

using server::Scope;
using support::HttpReply;
using support::Served;

namespace {

// Data of a command that the door lets through: the first of everything that it could be.
boost::json::object sample_of(const schemas::TableForm& form) {
  using schemas::Shape;
  boost::json::object data;
  for (const schemas::FieldForm& field : form.fields) {
    if (field.pinned || field.optional) continue;
    boost::json::value& value = data[field.name];
    switch (field.shape) {
      case Shape::boolean:
        value = true;
        break;
      case Shape::integer:
        value = 1;
        break;
      case Shape::enumeration:
        value = boost::json::value(field.names.front());
        break;
      case Shape::time:
        value = "2021-09-16T09:30:00+08:00";
        break;
      case Shape::date:
        value = "2021-09-16";
        break;
      case Shape::text:
      case Shape::sealed:
      case Shape::digest:
        value = "x";
        break;
      case Shape::dates:
        value = boost::json::array{"2021-09-16"};
        break;
      case Shape::texts:
        value = boost::json::array{"x"};
        break;
      case Shape::tables:
      case Shape::structs:
        value = boost::json::array{sample_of(*field.table)};
        break;
    }
  }
  return data;
}

std::string line_of(const schemas::EventInfo& info, const std::string& id) {
  return boost::json::serialize(
      boost::json::object{{"command", info.command},
                          {"stream", std::string(info.kind) + "/X1"},
                          {"id", id + "-" + std::string(info.command)},
                          {"data", sample_of(schemas::form_of(info.type))}});
}

}  // namespace

TEST_CASE("S5: every role before every route is let in or turned away as the table says") {
  Served served;
  role_product::given_everybody(served);
  const role_product::Product product = role_product::ask_everywhere(served);
  for (const std::string& one : product.wrong) CHECK_MESSAGE(false, one);
  CHECK(product.denied > 40);
  CHECK(product.let_in > 60);
}

TEST_CASE("S5: every role asks for every command, and is denied exactly where the table says") {
  Served served;
  role_product::given_everybody(served);
  std::vector<const schemas::EventInfo*> commands;
  for (const schemas::EventInfo& info : schemas::all_events())
    if (!info.command.empty()) commands.push_back(&info);
  REQUIRE(commands.size() > 90);
  for (const schemas::Role role : role_product::people()) {
    const std::string name(schemas::role_name(role));
    CAPTURE(name);
    std::string batch;
    for (const schemas::EventInfo* const info : commands) batch += line_of(*info, name) + "\n";
    const HttpReply reply = served.as(name).post("/v1/commands", batch);
    std::istringstream answers(reply.body);
    for (const schemas::EventInfo* const info : commands) {
      std::string answer;
      REQUIRE(std::getline(answers, answer));
      const auto line = boost::json::parse(answer);
      // Whatever else is wrong with it: that nobody looked at its data is what matters.
      REQUIRE_MESSAGE(line.at("status") != 400, std::string(info->command), answer);
      const Scope scope =
          server::scope_of(server::action_of(info->type).value(), static_cast<std::size_t>(role));
      CHECK_MESSAGE((line.at("status") == 403) == (scope == Scope::none),
                    std::string(info->command), answer);
    }
  }
}

TEST_CASE(
    "S5: another district's token opens nothing here, though all of its numbers are the same") {
  Served here, there;
  role_product::given_everybody(here);
  role_product::given_everybody(there);
  std::size_t asked = 0;
  for (const server::Route* const route : server::all_routes()) {
    if (route->action && server::right_of(*route->action).open) continue;
    const std::string target(route->example.empty() ? route->path : route->example);
    for (const schemas::Role role : role_product::people()) {
      support::HttpClient stranger(here.port(), there.token(schemas::role_name(role)));
      const HttpReply reply = route->method == server::Method::post
                                  ? stranger.post(target, std::string(route->body))
                                  : stranger.get(target);
      CHECK_MESSAGE(reply.status == 401, std::string(route->path));
      CHECK(reply.text("code") == "NoToken");
      ++asked;
    }
  }
  CHECK(asked > 150);
}
