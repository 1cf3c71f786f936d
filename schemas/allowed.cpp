#include "schemas/allowed.h"

#include <algorithm>
#include <type_traits>

#include "engine/check.h"
#include "schemas/appeal_rules.h"
#include "schemas/event.h"
#include "schemas/lifecycle.h"
#include "schemas/streams.h"

namespace schemas {
namespace {

template <class Status>
bool fits(const Lifecycle& lifecycle, Status status, EventType event, const Actor& actor) {
  const Transition* const row = find_transition(lifecycle, static_cast<unsigned>(status), event);
  return row != nullptr && (row->roles & role_bit(actor.role)) != 0;
}

// Lifecycles are named as their streams are, but for the reports of supervisors.
const Lifecycle& lifecycle_of(std::string_view kind) {
  const std::string_view name = kind == "supervisor-report" ? kReportLifecycle.name : kind;
  for (const Lifecycle* const one : all_lifecycles())
    if (one->name == name) return *one;
  CHECK(false);
  return kAppealLifecycle;
}

bool admits_one(const Appeal& appeal, const Assignment& assignment, EventType event,
                const Actor& actor) {
  if (newest(appeal, {assignment.matter, assignment.department}) != &assignment) return false;
  if (actor.role == Role::department_officer && actor.department != assignment.department)
    return false;
  return fits(kAssignmentLifecycle, status_for(&assignment, event), event, actor);
}

// An event of the appeal's three tables; cards stand in two of them.
bool allows(const Appeal& appeal, EventType event, const Actor& actor) {
  if (fits(kAppealLifecycle, appeal.status, event, actor)) return true;
  if (!appeal_admits(appeal.status, event)) return false;
  if (event == EventType::AssignmentDispatched)  // to another department, or for another matter
    return fits(kAssignmentLifecycle, AssignmentStatus::none, event, actor);
  if (fits(kRatingLifecycle, round_status_for(appeal, event), event, actor)) return true;
  return std::ranges::any_of(appeal.assignments, [&](const Assignment& one) {
    return admits_one(appeal, one, event, actor);
  });
}

}  // namespace

engine::Result<std::vector<EventType>> allowed_events(const engine::Source& source,
                                                      std::string_view kind, std::string_view no,
                                                      const Actor& actor) {
  std::vector<EventType> allowed;
  engine::Result<void> read;
  with_subject(kind, [&]<class S>() {
    S state;
    read = source.read_stream(kind, no, [&](const engine::RecordView& record) {
      if (!admits(state, record)) return false;  // the audit tells of it
      evolve(state, record);
      return true;
    });
    for (const EventInfo& info : all_events()) {
      if (info.command.empty() || info.kind != kind) continue;
      bool may = false;
      if constexpr (std::is_same_v<S, Appeal>)
        may = allows(state, info.type, actor);
      else
        may = fits(lifecycle_of(kind), state.status, info.type, actor);
      if (may) allowed.push_back(info.type);
    }
  });
  if (!read && read.error().code != engine::ErrorCode::not_found)
    return std::unexpected(read.error());
  return allowed;
}

}  // namespace schemas
