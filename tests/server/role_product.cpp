#include "tests/server/role_product.h"

#include <fmt/format.h>

#include "schemas/json.h"
#include "server/identity/rights.h"
#include "server/router.h"

namespace role_product {

using server::Method;
using server::Route;
using server::Scope;
using support::HttpClient;
using support::Served;

namespace {

bool is_right(Scope scope, unsigned status) {
  if (status == 401) return false;
  if (scope == Scope::none) return status == 403;
  return scope != Scope::all || status != 403;  // of a part of it, the rest is denied
}

}  // namespace

void given_everybody(Served& served) {
  served.given_dispatched();
  served.given("office_lead", "AppointSupervisor", "supervisor/S1",
               R"({"name":"王芳","category":"人大代表","from":"2021-09-16"})");
}

unsigned ask(Served& served, const Route& route, std::string_view role) {
  const std::string target(route.example.empty() ? route.path : route.example);
  HttpClient client = role.empty() ? served.nobody() : served.as(role);
  return (route.method == Method::post ? client.post(target, std::string(route.body))
                                       : client.send("HEAD", target, {}, {}))
      .status;
}

std::vector<schemas::Role> people() {
  std::vector<schemas::Role> roles;
  for (const schemas::Role role : schemas::EnumValuesRole())
    if (role != schemas::Role::system) roles.push_back(role);
  return roles;
}

Product ask_everywhere(Served& served) {
  Product product;
  for (const Route* const route : server::all_routes()) {
    if (!route->action) continue;  // each command's own
    const server::Right& right = server::right_of(*route->action);
    if ((ask(served, *route, "") == 401) == right.open)
      product.wrong.push_back(fmt::format("{} without a token", route->path));
    if (right.open) continue;
    for (const schemas::Role role : people()) {
      const std::string_view name = schemas::role_name(role);
      const Scope scope = right.of_column.at(static_cast<std::size_t>(role));
      const unsigned status = ask(served, *route, name);
      if (!is_right(scope, status))
        product.wrong.push_back(fmt::format("{} by {}: {}", route->path, name, status));
      ++(scope == Scope::none ? product.denied : product.let_in);
    }
  }
  return product;
}

}  // namespace role_product
