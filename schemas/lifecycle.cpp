// The one reading of lifecycle tables that every subject's decide() begins with.
#include "schemas/lifecycle.h"

#include "engine/check.h"
#include "engine/record.h"
#include "schemas/command.h"

namespace schemas {
namespace {

// Office acts of an import that are derived from real moments (interfaces.md section 6) are the
// system's.
bool may(Roles roles, const Command& command) {
  if ((roles & role_bit(command.actor.role)) != 0) return true;
  return roles != 0 && command.actor.role == Role::system &&
         (command.flags & engine::kDerived) != 0;
}

}  // namespace

std::optional<Refusal> check_transition(const Lifecycle& lifecycle, unsigned status,
                                        const Command& command) {
  CHECK(status < lifecycle.statuses.size());
  Statuses from = 0;
  bool role_fits = false;
  for (const Transition& row : lifecycle.rows) {
    if (row.event != command.event) continue;
    from |= row.from;
    role_fits = role_fits || may(row.roles, command);
  }
  if (!role_fits)
    return Refusal{RefusalCode::WrongRole, std::string(EnumNameRole(command.actor.role))};
  const Transition* row = find_transition(lifecycle, status, command.event);
  if (row == nullptr) {
    if (status == 0) return Refusal{RefusalCode::NotFound, command.kind + "/" + command.no};
    if (from == 1) return Refusal{RefusalCode::AlreadyExists, command.kind + "/" + command.no};
    return Refusal{RefusalCode::WrongState, std::string(lifecycle.statuses[status])};
  }
  if (!may(row->roles, command))
    return Refusal{RefusalCode::WrongRole, std::string(EnumNameRole(command.actor.role))};
  return std::nullopt;
}

}  // namespace schemas
