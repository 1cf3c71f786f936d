// The one reading of lifecycle tables that every subject's decide() begins with.
#include "schemas/lifecycle.h"

#include "engine/check.h"
#include "engine/record.h"
#include "schemas/command.h"

namespace schemas {
namespace {

// Office acts of an import that are derived from real moments (interfaces.md section 6) are the
// system's.
bool may(Roles roles, const CommandView& command) {
  if ((roles & role_bit(command.actor.role)) != 0) return true;
  return roles != 0 && command.actor.role == Role::system &&
         (command.flags & engine::kDerived) != 0;
}

}  // namespace

std::optional<Refusal> check_transition(const Lifecycle& lifecycle, unsigned status,
                                        const CommandView& command) {
  CHECK(status < lifecycle.statuses.size());
  const Transition* row = find_transition(lifecycle, status, command.event);
  if (row != nullptr && may(row->roles, command)) return std::nullopt;
  Statuses from = 0;
  bool role_fits = false;
  for (const Transition& one : lifecycle.rows) {
    if (one.event != command.event) continue;
    from |= one.from;
    role_fits = role_fits || may(one.roles, command);
  }
  if (!role_fits || row != nullptr)
    return Refusal{RefusalCode::WrongRole, std::string(EnumNameRole(command.actor.role))};
  if (status == 0) return Refusal{RefusalCode::NotFound, stream_text(command)};
  if (from == 1) return Refusal{RefusalCode::AlreadyExists, stream_text(command)};
  return Refusal{RefusalCode::WrongState, std::string(lifecycle.statuses[status])};
}

}  // namespace schemas
