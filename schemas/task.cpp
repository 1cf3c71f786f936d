// The lifecycle of tasks 攻坚任务 (domain.md section 10). What was first promised stays in
// TaskCreated; an adjustment changes only what is in force. Nobody verifies their own work.
#include "schemas/task.h"

#include <algorithm>
#include <utility>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/plan.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = TaskStatus;

constexpr int to(S status) { return static_cast<int>(status); }

constexpr std::string_view kStatuses[] = {"none",     "created", "started",   "blocked", "reported",
                                          "verified", "closed",  "cancelled", "split",   "merged"};

constexpr Statuses kAtWork = in({S::created, S::started, S::blocked});
constexpr Statuses kAlive = kAtWork | in({S::reported, S::verified});
constexpr Roles kOwners = kDepartment | kOffice;  // a department: only the task's lead and co

// clang-format off
// Who may ask: the owners do the work, any clerk keeps the plan's records and verifies; closing, cancelling,
// splitting, merging and ruling on an adjustment are the lead's (our choice, after interfaces.md section 6).
constexpr Transition kRows[] = {
  // event                        from                            to               roles             refusals
  {E::TaskCreated,             in({S::none}),                  to(S::created),   kOffice | kSystem, {R::UnknownPlan, R::UnknownEnvironment, R::UnknownDomain, R::PlanFull}},
  {E::TaskOwnerSet,            kAtWork,                        kStays,           kOffice | kSystem, {R::UnknownDepartment, R::AlreadyAssigned}},
  {E::MilestoneSet,            kAtWork,                        kStays,           kOffice | kSystem, {R::OutOfRange, R::NothingChanged}},
  {E::TaskStarted,             in({S::created}),               to(S::started),   kOwners,           {R::NoOwner, R::WrongDepartment}},
  {E::TaskProgressed,          in({S::started, S::blocked}),   kStays,           kOwners,           {R::WrongDepartment, R::OutOfRange, R::PercentFalls, R::UnknownMilestone}},
  {E::TaskBlocked,             in({S::created, S::started}),   to(S::blocked),   kOwners,           {R::WrongDepartment}},
  {E::TaskUnblocked,           in({S::blocked}),               kStays,           kOwners,           {R::WrongDepartment}},
  {E::TaskAdjustmentRequested, kAtWork,                        kStays,           kOwners,           {R::WrongDepartment, R::RequestPending, R::NothingChanged}},
  {E::TaskAdjustmentApproved,  kAtWork | in({S::reported}),    kStays,           kLead,             {R::NoPendingRequest}},
  {E::TaskAdjustmentRefused,   kAtWork | in({S::reported}),    kStays,           kLead,             {R::NoPendingRequest}},
  {E::TaskSplit,               kAtWork,                        to(S::split),     kLead,             {R::MergeCycle, R::OutOfRange}},
  {E::TaskMerged,              kAtWork,                        to(S::merged),    kLead,             {R::MergeCycle}},
  {E::TaskCompletionReported,  in({S::started, S::blocked}),   to(S::reported),  kOwners,           {R::NoOwner, R::WrongDepartment, R::EvidenceNeeded}},
  {E::TaskVerified,            in({S::reported}),              to(S::verified),  kOffice,           {R::OwnWork}},
  {E::TaskVerificationFailed,  in({S::reported}),              to(S::started),   kOffice,           {R::OwnWork}},
  {E::TaskClosed,              in({S::verified}),              to(S::closed),    kLead,             {}},
  {E::TaskReopened,            in({S::verified, S::closed}),   to(S::started),   kOffice,           {}},
  {E::TaskCancelled,           kAlive,                         to(S::cancelled), kLead,             {}},
  {E::TaskSupervised,          kAlive,                         kStays,           kLead | kLeader,   {}},
  {E::InnovationRecorded,      kAlive | in({S::closed}),       kStays,           kOwners,           {R::WrongDepartment}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

constexpr int kWeightMax = 1000;  // our choice: room for tenths of a percent

std::vector<Emitted> one(const CommandView& command, std::vector<std::uint8_t> payload) {
  return {Emitted{command.event, std::move(payload), {}, {}, {}}};
}

bool owns(const Task& state, std::string_view department) {
  return !department.empty() &&
         (department == state.lead || std::ranges::find(state.co, department) != state.co.end());
}

// Officers act for their own department only; the office may act for any (it keeps the records).
bool acts_for_another(const Task& state, const CommandView::ActorView& actor) {
  return actor.role == Role::department_officer && !owns(state, actor.department);
}

const TaskMilestone* find_milestone(const Task& state, std::string_view name) {
  for (const TaskMilestone& milestone : state.milestones)
    if (milestone.name == name) return &milestone;
  return nullptr;
}

bool is_active(Neighbours& neighbours, std::string_view id) {
  const Department* department = neighbours.department(id);
  return department != nullptr && department->status == DepartmentStatus::active;
}

Decision create(const CommandView& command, const Context& context) {
  const auto& data = payload_of<TaskCreated>(command.data);
  const std::string_view environment = view(data.environment()), domain = view(data.domain());
  const Plan* plan = context.neighbours.plan(view(data.plan()));
  if (plan == nullptr || plan->status != PlanStatus::published)
    return refuse(R::UnknownPlan, std::string(view(data.plan())));
  const auto found = std::ranges::find(plan->environments, environment, &Plan::Environment::name);
  if (found == plan->environments.end())
    return refuse(R::UnknownEnvironment, std::string(environment));
  if (std::ranges::find(found->domains, domain) == found->domains.end())
    return refuse(R::UnknownDomain, std::string(domain));
  const int so_far = context.neighbours.tasks_of(view(data.plan()), environment);
  if (so_far >= found->tasks)
    return refuse(R::PlanFull, std::to_string(so_far) + "/" + std::to_string(found->tasks));
  return pass_through(command);
}

Decision set_owner(const CommandView& command, const Context& context) {
  const auto& data = payload_of<TaskOwnerSet>(command.data);
  std::vector<std::string_view> owners{view(data.lead())};
  if (data.co() != nullptr)
    for (const flatbuffers::String* co : *data.co()) owners.push_back(view(co));
  for (auto owner = owners.begin(); owner != owners.end(); ++owner) {
    if (!is_active(context.neighbours, *owner))
      return refuse(R::UnknownDepartment, std::string(*owner));
    if (std::find(owners.begin(), owner, *owner) != owner)
      return refuse(R::AlreadyAssigned, std::string(*owner));
  }
  return pass_through(command);
}

Decision set_milestone(const Task& state, const CommandView& command) {
  const auto& data = payload_of<MilestoneSet>(command.data);
  if (data.weight() < 1 || data.weight() > kWeightMax)
    return refuse(R::OutOfRange, "weight " + std::to_string(data.weight()));
  const TaskMilestone* known = find_milestone(state, view(data.name()));
  if (known != nullptr && known->date == data.date() && known->weight == data.weight())
    return refuse(R::NothingChanged, std::string(view(data.name())));
  return pass_through(command);
}

Decision progress(const Task& state, const CommandView& command) {
  const auto& data = payload_of<TaskProgressed>(command.data);
  if (data.percent() < 0 || data.percent() > 100)
    return refuse(R::OutOfRange, "percent " + std::to_string(data.percent()));
  if (data.percent() < state.percent && !data.correction())
    return refuse(R::PercentFalls,
                  std::to_string(data.percent()) + " < " + std::to_string(state.percent));
  const std::string_view milestone = view(data.milestone());
  if (!milestone.empty() && find_milestone(state, milestone) == nullptr)
    return refuse(R::UnknownMilestone, std::string(milestone));
  return pass_through(command);
}

Decision request_adjustment(const Task& state, const CommandView& command) {
  if (state.adjustment_pending) return refuse(R::RequestPending);
  const auto& data = payload_of<TaskAdjustmentRequested>(command.data);
  const std::string_view target = view(data.target());
  const bool moves = data.due().has_value() && *data.due() != state.due;
  const bool retargets = !target.empty() && target != state.target;
  if (!moves && !retargets) return refuse(R::NothingChanged);
  return pass_through(command);
}

Decision approve_adjustment(const Task& state, const CommandView& command) {
  if (!state.adjustment_pending) return refuse(R::NoPendingRequest);
  TaskAdjustmentApprovedT event;
  payload_of<TaskAdjustmentApproved>(command.data).UnPackTo(&event);
  event.due = state.adjustment_due;
  event.target = state.adjustment_target;
  return one(command, pack(event));
}

Decision split(const CommandView& command) {
  const auto& data = payload_of<TaskSplit>(command.data);
  std::vector<std::string_view> into;
  if (data.into() != nullptr)
    for (const flatbuffers::String* code : *data.into()) {
      if (view(code) == command.no) return refuse(R::MergeCycle, std::string(command.no));
      if (std::ranges::find(into, view(code)) != into.end())
        return refuse(R::OutOfRange, std::string(view(code)) + " twice");
      into.push_back(view(code));
    }
  if (into.size() < 2) return refuse(R::OutOfRange, "into " + std::to_string(into.size()));
  return pass_through(command);
}

Decision report_completion(const Task& state, const CommandView& command) {
  if (state.lead.empty()) return refuse(R::NoOwner);
  const std::string_view evidence =
      view(payload_of<TaskCompletionReported>(command.data).evidence());
  if (evidence.find_first_not_of(" \t\n") == std::string_view::npos)
    return refuse(R::EvidenceNeeded);
  return pass_through(command);
}

// The rights that the table cannot say: whose department it is.
std::optional<Refusal> refuse_rights(const Task& state, const CommandView& command) {
  const bool verifies =
      command.event == E::TaskVerified || command.event == E::TaskVerificationFailed;
  // Said before the role is judged: that it is their own work tells an officer more than the role.
  if (verifies && state.status == S::reported && owns(state, command.actor.department))
    return Refusal{R::OwnWork, std::string(command.actor.department)};
  if (auto refusal = check_transition(kTaskLifecycle, static_cast<unsigned>(state.status), command))
    return refusal;
  if (command.event == E::TaskStarted && state.lead.empty()) return Refusal{R::NoOwner, {}};
  if (acts_for_another(state, command.actor))
    return Refusal{R::WrongDepartment, std::string(command.actor.department)};
  return std::nullopt;
}

void keep_milestone(Task& state, const MilestoneSet& event) {
  const std::string_view name = view(event.name());
  auto found = std::ranges::find(state.milestones, name, &TaskMilestone::name);
  if (found == state.milestones.end()) {
    state.milestones.push_back({.name = std::string(name)});
    found = std::prev(state.milestones.end());
  }
  found->date = event.date();
  found->weight = event.weight();
}

void keep_owner(Task& state, const TaskOwnerSet& event) {
  state.lead = view(event.lead());
  state.co.clear();
  if (event.co() != nullptr)
    for (const flatbuffers::String* co : *event.co()) state.co.emplace_back(view(co));
}

void keep_progress(Task& state, const TaskProgressed& event) {
  state.percent = event.percent();
  for (TaskMilestone& milestone : state.milestones)
    if (milestone.name == view(event.milestone())) milestone.done = true;
}

void keep_creation(Task& state, const engine::RecordView& record) {
  const auto& event = payload_of<TaskCreated>(record);
  state.created_on = day_of(record.recorded_at);
  state.plan = view(event.plan());
  state.environment = view(event.environment());
  state.domain = view(event.domain());
  state.target = view(event.target());
  state.due = state.original_due = event.due();
}

void keep_request(Task& state, const TaskAdjustmentRequested& event) {
  state.adjustment_pending = true;
  state.adjustment_due = event.due().value_or(state.due);
  state.adjustment_target = event.target() == nullptr ? state.target : event.target()->str();
}

void keep_adjustment(Task& state, const TaskAdjustmentApproved& event) {
  state.adjustment_pending = false;
  state.due = event.due();
  state.target = view(event.target());
}

}  // namespace

constexpr Lifecycle kTaskLifecycle{
    .name = "task", .chinese = "攻坚任务", .statuses = kStatuses, .rows = kRows, .index = kIndex};

bool admits(const Task& state, const engine::RecordView& record) {
  return find_transition(kTaskLifecycle, static_cast<unsigned>(state.status), type_of(record)) !=
         nullptr;
}

void evolve(Task& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const EventType type = type_of(record);
  const S was = state.status;
  const Transition& row = *find_transition(kTaskLifecycle, static_cast<unsigned>(was), type);
  if (row.to != kStays) state.status = static_cast<S>(row.to);
  state.version = record.version;
  switch (type) {
    case E::TaskCreated:
      keep_creation(state, record);
      break;
    case E::TaskOwnerSet:
      keep_owner(state, payload_of<TaskOwnerSet>(record));
      break;
    case E::MilestoneSet:
      keep_milestone(state, payload_of<MilestoneSet>(record));
      break;
    case E::TaskProgressed:
      keep_progress(state, payload_of<TaskProgressed>(record));
      break;
    case E::TaskBlocked:
      state.before = was;
      break;
    case E::TaskUnblocked:
      state.status = std::exchange(state.before, S::none);
      break;
    case E::TaskAdjustmentRequested:
      keep_request(state, payload_of<TaskAdjustmentRequested>(record));
      break;
    case E::TaskAdjustmentApproved:
      keep_adjustment(state, payload_of<TaskAdjustmentApproved>(record));
      break;
    case E::TaskAdjustmentRefused:
      state.adjustment_pending = false;
      break;
    default:
      break;
  }
}

Decision decide(const Task& state, const CommandView& command, const Context& context) {
  if (auto refusal = refuse_rights(state, command)) return std::unexpected(std::move(*refusal));
  switch (command.event) {
    case E::TaskCreated:
      return create(command, context);
    case E::TaskOwnerSet:
      return set_owner(command, context);
    case E::MilestoneSet:
      return set_milestone(state, command);
    case E::TaskProgressed:
      return progress(state, command);
    case E::TaskAdjustmentRequested:
      return request_adjustment(state, command);
    case E::TaskAdjustmentApproved:
      return approve_adjustment(state, command);
    case E::TaskAdjustmentRefused:
      if (!state.adjustment_pending) return refuse(R::NoPendingRequest);
      return pass_through(command);
    case E::TaskSplit:
      return split(command);
    case E::TaskMerged:
      if (view(payload_of<TaskMerged>(command.data).into()) == command.no)
        return refuse(R::MergeCycle, std::string(command.no));
      return pass_through(command);
    case E::TaskCompletionReported:
      return report_completion(state, command);
    default:
      return pass_through(command);
  }
}

namespace {

// How much of a task's plan is due by a day, as an exact share.
struct Share {
  std::int64_t part = 0, whole = 1;
};

Share planned_share(Day created, Day due, const std::vector<TaskMilestone>& milestones, Day today) {
  Share share{0, 0};
  for (const TaskMilestone& milestone : milestones) {
    share.whole += milestone.weight;
    if (milestone.date < today) share.part += milestone.weight;
  }
  if (share.whole > 0) return share;
  if (today > due) return {1, 1};
  if (today <= created || due <= created) return {0, 1};
  return {today - created, due - created};
}

}  // namespace

int planned_percent(Day created, Day due, const std::vector<TaskMilestone>& milestones, Day today) {
  const Share share = planned_share(created, due, milestones, today);
  return static_cast<int>(share.part * 100 / share.whole);
}

Light progress_light(Day created, Day due, const std::vector<TaskMilestone>& milestones,
                     int percent, Day today) {
  for (const TaskMilestone& milestone : milestones)
    if (!milestone.done && milestone.date < today) return Light::red;
  const Share share = planned_share(created, due, milestones, today);
  const std::int64_t gap = share.part * 100 - percent * share.whole;  // in percent of `whole`
  if (gap < 10 * share.whole) return Light::green;
  return gap <= 30 * share.whole ? Light::yellow : Light::red;
}

}  // namespace schemas
