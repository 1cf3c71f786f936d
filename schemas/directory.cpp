// Departments: created, renamed, merged away (history keeps the old name), and who holds which role
// there.
#include "schemas/directory.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/calendar.h"
#include "schemas/command.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using enum RefusalCode;
using E = EventType;
using S = DepartmentStatus;

constexpr std::array<std::string_view, 3> kStatuses{"none", "active", "merged"};

// clang-format off
constexpr std::array kRows{
    Transition{E::DepartmentCreated, in({S::none}),   static_cast<int>(S::active), kOffice | kSystem, {}},
    Transition{E::DepartmentRenamed, in({S::active}), kStays,                      kOffice | kSystem, {NothingChanged}},
    Transition{E::DepartmentMerged,  in({S::active}), static_cast<int>(S::merged), kOffice | kSystem, {MergeCycle, UnknownDepartment}},
    Transition{E::RoleGranted,       in({S::active}), kStays,                      kLead | kSystem, {RoleAlreadyHeld}},
    Transition{E::RoleRevoked,       in({S::active}), kStays,                      kLead | kSystem, {RoleNotHeld}},
    Transition{E::DelegationSet,     in({S::active}), kStays,                      kLead | kSystem, {RoleNotHeld, NothingChanged, UntilTooEarly}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

bool holds(const Department& state, std::string_view person, Role role) {
  return std::ranges::any_of(state.people, [&](const std::pair<std::string, Role>& one) {
    return one.first == person && one.second == role;
  });
}

std::optional<Refusal> check_merge(const CommandView& command, const Context& context) {
  const std::string_view into = view(payload_of<DepartmentMerged>(command.data).into());
  if (into == command.no) return Refusal{MergeCycle, std::string(command.no)};
  const Department* target = context.neighbours.department(into);
  if (target == nullptr || target->status != S::active)
    return Refusal{UnknownDepartment, std::string(into)};
  return std::nullopt;
}

std::optional<Refusal> check_delegation(const Department& state, const CommandView& command,
                                        const Context& context) {
  const auto& asked = payload_of<DelegationSet>(command.data);
  if (!holds(state, view(asked.from()), asked.role()))
    return Refusal{RoleNotHeld, std::string(view(asked.from()))};
  if (view(asked.from()) == view(asked.to())) return Refusal{NothingChanged, "to"};
  if (asked.until() < day_of(context.now)) return Refusal{UntilTooEarly, date_text(asked.until())};
  return std::nullopt;
}

// The guards of each event, beside status and role.
std::optional<Refusal> check(const Department& state, const CommandView& command,
                             const Context& context) {
  if (command.event == E::DepartmentRenamed &&
      view(payload_of<DepartmentRenamed>(command.data).name()) == state.name)
    return Refusal{NothingChanged, "name"};
  if (command.event == E::DepartmentMerged) return check_merge(command, context);
  if (command.event == E::RoleGranted) {
    const auto& asked = payload_of<RoleGranted>(command.data);
    if (holds(state, view(asked.person()), asked.role()))
      return Refusal{RoleAlreadyHeld, std::string(view(asked.person()))};
  }
  if (command.event == E::RoleRevoked) {
    const auto& asked = payload_of<RoleRevoked>(command.data);
    if (!holds(state, view(asked.person()), asked.role()))
      return Refusal{RoleNotHeld, std::string(view(asked.person()))};
  }
  if (command.event == E::DelegationSet) return check_delegation(state, command, context);
  return std::nullopt;
}

void take_role(Department& state, const engine::RecordView& record) {
  if (type_of(record) == E::RoleGranted) {
    const auto& event = payload_of<RoleGranted>(record);
    state.people.emplace_back(view(event.person()), event.role());
  } else {
    const auto& event = payload_of<RoleRevoked>(record);
    std::erase(state.people, std::pair{std::string(view(event.person())), event.role()});
  }
}

}  // namespace

const Lifecycle kDepartmentLifecycle{"department", "部门", kStatuses, kRows, kIndex};

bool admits(const Department& state, const engine::RecordView& record) {
  return find_transition(kDepartmentLifecycle, static_cast<unsigned>(state.status),
                         type_of(record)) != nullptr;
}

void evolve(Department& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  state.version = record.version;
  const E type = type_of(record);
  if (type == E::DepartmentCreated) {
    state.status = S::active;
    state.name = view(payload_of<DepartmentCreated>(record).name());
  } else if (type == E::DepartmentRenamed) {
    state.name = view(payload_of<DepartmentRenamed>(record).name());
  } else if (type == E::DepartmentMerged) {
    state.status = S::merged;
    state.merged_into = view(payload_of<DepartmentMerged>(record).into());
  } else if (type == E::RoleGranted || type == E::RoleRevoked) {
    take_role(state, record);
  }
}

Decision decide(const Department& state, const CommandView& command, const Context& context) {
  if (auto refusal =
          check_transition(kDepartmentLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(*refusal);
  if (auto refusal = check(state, command, context)) return std::unexpected(*refusal);
  return pass_through(command);
}

}  // namespace schemas
