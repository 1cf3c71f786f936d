// The table of rights against the rules: nothing granted that no rule admits, nothing admitted that
// nobody may ask for, and the page that is printed from it.
#include "server/identity/rights.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/lifecycle.h"
#include "server/router.h"

using server::Action;
using server::Scope;

namespace {

bool lifecycles_admit(schemas::EventType event, schemas::Role role) {
  for (const schemas::Lifecycle* lifecycle : schemas::all_lifecycles())
    for (const schemas::Transition& row : lifecycle->rows)
      if (row.event == event && (row.roles & schemas::role_bit(role)) != 0) return true;
  return false;
}

}  // namespace

TEST_CASE(
    "every command has an action, and whom the rules admit the table admits, the system aside") {
  std::size_t commands = 0;
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.command.empty()) {
      CHECK_MESSAGE(!server::action_of(info.type).has_value(), std::string(info.name));
      continue;
    }
    ++commands;
    const auto action = server::action_of(info.type);
    REQUIRE_MESSAGE(action.has_value(), std::string(info.command));
    for (const schemas::Role role : schemas::EnumValuesRole()) {
      if (role == schemas::Role::system || !lifecycles_admit(info.type, role)) continue;
      const Scope scope = server::scope_of(*action, static_cast<std::size_t>(role));
      CHECK_MESSAGE(scope != Scope::none, std::string(info.command), " by ",
                    std::string(schemas::role_name(role)));
    }
  }
  CHECK(commands > 90);
}

TEST_CASE("no right to an action stands in the table that none of its commands could use") {
  for (const server::Right& right : server::rights()) {
    bool has_commands = false;
    for (const schemas::Role role : schemas::EnumValuesRole()) {
      bool usable = false;
      for (const schemas::EventInfo& info : schemas::all_events()) {
        if (info.command.empty() || server::action_of(info.type) != right.action) continue;
        has_commands = true;
        usable = usable || lifecycles_admit(info.type, role);
      }
      const bool granted = right.of_column.at(static_cast<std::size_t>(role)) != Scope::none;
      if (has_commands && granted && role != schemas::Role::system)
        CHECK_MESSAGE(usable, std::string(right.name), " by ",
                      std::string(schemas::role_name(role)));
    }
  }
}

TEST_CASE("every route names an action of the table, but the commands, which have each their own") {
  for (const server::Route* route : server::all_routes()) {
    CHECK((route->handler != nullptr));
    CHECK(!route->chinese.empty());
    CHECK(!route->english.empty());
    CHECK_MESSAGE((route->action.has_value() || route->path.starts_with("/v1/commands")),
                  std::string(route->path));
  }
}

TEST_CASE("docs/ROLES.md is what the table says") {
  std::ifstream in(PROJECT_DIR "/docs/ROLES.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  CHECK_MESSAGE((page == server::rights_document()), "run bihuand --roles > docs/ROLES.md");
}
