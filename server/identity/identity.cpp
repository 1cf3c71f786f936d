#include "server/identity/identity.h"

#include <algorithm>

#include "schemas/calendar.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/lifecycle.h"
#include "schemas/supervisor.h"

namespace server {
namespace {

using engine::Result;
using schemas::Role;

template <class State>
Result<State> state_of(const engine::Source& source, std::string_view kind, std::string_view no) {
  State state;
  const auto read = source.read_stream(kind, no, [&](const engine::RecordView& record) {
    if (!admits(state, record)) return false;
    evolve(state, record);
    return true;
  });
  if (!read && read.error().code != engine::ErrorCode::not_found)
    return std::unexpected(read.error());
  return state;
}

Acting acting_as(std::string person, Role role, std::string department = {}) {
  return {{std::move(person), role, role == Role::department_officer ? std::move(department) : ""},
          static_cast<std::size_t>(role)};
}

// Adds what a person is by its number: an enterprise or a supervisor.
Result<void> add_subject(const std::string& person, const engine::Source& source,
                         engine::Micros now, std::vector<Acting>& out) {
  if (schemas::is_uscc_shape(person)) {
    const auto state = state_of<schemas::Enterprise>(source, "enterprise", person);
    if (!state) return std::unexpected(state.error());
    if (state->active() || state->status == schemas::EnterpriseStatus::none)
      out.push_back(acting_as(person, Role::enterprise));
    return {};
  }
  const auto state = state_of<schemas::Supervisor>(source, "supervisor", person);
  if (!state) return std::unexpected(state.error());
  if (state->active_on(schemas::day_of(now))) out.push_back(acting_as(person, Role::supervisor));
  return {};
}

// The first stream of a kind whose number is an acting subject today.
Result<void> add_first(std::string_view kind, const engine::Source& source, engine::Micros now,
                       std::vector<Acting>& out) {
  Result<void> added;
  const auto read = source.streams(kind, [&](std::string_view no, std::uint64_t) {
    added = add_subject(std::string(no), source, now, out);
    return added && out.empty();
  });
  return read ? added : read;
}

Result<std::vector<Acting>> demo_actings(const Identity& identity, const Directory& directory,
                                         const engine::Source& source, engine::Micros now) {
  std::vector<Acting> out;
  const Role role = *identity.demo;
  if (role == Role::enterprise || role == Role::supervisor) {
    const auto added = add_first(schemas::role_name(role), source, now, out);
    if (!added) return std::unexpected(added.error());
  } else if (role != Role::department_officer) {
    out.push_back(acting_as(identity.person, role));
  } else {
    const auto& departments = directory.departments();
    const std::string department = !identity.demo_department.empty() ? identity.demo_department
                                   : departments.empty()             ? std::string()
                                                                     : departments.front();
    if (std::ranges::find(departments, department) != departments.end())
      out.push_back(acting_as(identity.person, role, department));
  }
  return out;
}

// The department that a command names; empty: it names none.
std::string_view department_of(const schemas::Command& command) {
  const auto* fields = schemas::info_of(command.event).table->fields();
  const auto* field = fields->LookupByKey("department");
  if (field == nullptr || field->type()->base_type() != reflection::String) return {};
  const auto* table = flatbuffers::GetAnyRoot(command.data.data());
  return schemas::view(flatbuffers::GetFieldS(*table, *field));
}

bool lifecycles_admit(schemas::EventType event, Role role) {
  for (const schemas::Lifecycle* lifecycle : schemas::all_lifecycles())
    for (const schemas::Transition& row : lifecycle->rows)
      if (row.event == event && (row.roles & schemas::role_bit(role)) != 0) return true;
  return false;
}

}  // namespace

Result<std::vector<Acting>> actings_of(const Identity& identity, const Directory& directory,
                                       const engine::Source& source, engine::Micros now) {
  if (identity.administrator)
    return std::vector<Acting>{{{identity.person, Role::system, {}}, kAdministrator}};
  if (identity.clock) return std::vector<Acting>{acting_as(identity.person, Role::system)};
  if (identity.demo) return demo_actings(identity, directory, source, now);
  std::vector<Acting> out;
  for (const Holding& held : directory.of(identity.person, schemas::day_of(now)))
    if (held.role != Role::system)  // the server's own, whatever the directory says
      out.push_back(acting_as(identity.person, held.role, held.department));
  if (auto added = add_subject(identity.person, source, now, out); !added)
    return std::unexpected(added.error());
  return out;
}

const Acting* choose(const std::vector<Acting>& actings, const schemas::Command& command) {
  const auto action = action_of(command.event);
  if (!action) return nullptr;
  const std::string_view department = department_of(command);
  const Acting* best = nullptr;
  int best_fit = -1;
  for (const Acting& one : actings) {
    if (scope_of(*action, one.column) == Scope::none) continue;
    const int fit = (lifecycles_admit(command.event, one.actor.role) ? 2 : 0) +
                    (one.actor.department == department ? 1 : 0);
    if (fit > best_fit) {
      best = &one;
      best_fit = fit;
    }
  }
  return best;
}

}  // namespace server
