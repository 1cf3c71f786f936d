// The lifecycle of policy items (domain.md section 10). The quota is kept here: a grant is an event
// of this stream, in one batch with the approval, so that no two approvals can both have the last
// place.
#include "schemas/item.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/conditions.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/policy.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = ItemStatus;

constexpr int to(S status) { return static_cast<int>(status); }

constexpr std::string_view kStatuses[] = {"none", "listed", "open", "withdrawn"};
constexpr Statuses kKnown = in({S::listed, S::open});
constexpr Roles kKeepers = kOffice | kDepartment | kSystem;  // a department: only its own items

// clang-format off
constexpr Transition kRows[] = {
  // event                  from                                     to               roles           refusals
  {E::ItemListed,          in({S::none}),                           to(S::listed),    kKeepers,       {R::UnknownPolicy, R::PolicyNotInForce, R::UnknownDepartment, R::WrongDepartment}},
  {E::ItemConditionsSet,   kKnown,                                  kStays,           kKeepers,       {R::BadConditions, R::WrongDepartment}},
  {E::ItemMaterialsSet,    kKnown,                                  kStays,           kKeepers,       {R::WrongDepartment}},
  {E::ItemModeSet,         kKnown,                                  kStays,           kKeepers,       {R::NothingChanged, R::WrongDepartment}},
  {E::ItemWindowOpened,    kKnown,                                  to(S::open),      kKeepers,       {R::NoConditions, R::PolicyNotInForce, R::OutOfRange, R::WrongDepartment}},
  {E::ItemWindowClosed,    in({S::open}),                           to(S::listed),    kKeepers,       {R::WrongDepartment}},
  {E::ItemQuotaSet,        kKnown,                                  kStays,           kOffice | kSystem, {R::OutOfRange, R::NothingChanged}},
  {E::ItemGranted,         kKnown | in({S::withdrawn}),             kStays,           0,              {}},
  {E::ItemBudgetExhausted, kKnown | in({S::withdrawn}),             kStays,           0,              {}},
  {E::ItemWithdrawn,       kKnown,                                  to(S::withdrawn), kLead | kSystem, {}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

Decision list(const CommandView& command, const Context& context) {
  const auto& data = payload_of<ItemListed>(command.data);
  const Policy* policy = context.neighbours.policy(view(data.policy()));
  if (policy == nullptr) return refuse(R::UnknownPolicy, std::string(view(data.policy())));
  if (!policy->in_force(day_of(context.now)))
    return refuse(R::PolicyNotInForce, std::string(view(data.policy())));
  const Department* department = context.neighbours.department(view(data.department()));
  if (department == nullptr || department->status != DepartmentStatus::active)
    return refuse(R::UnknownDepartment, std::string(view(data.department())));
  if (command.actor.role == Role::department_officer &&
      command.actor.department != view(data.department()))
    return refuse(R::WrongDepartment, std::string(view(data.department())));
  return pass_through(command);
}

Decision open_window(const Item& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<ItemWindowOpened>(command.data);
  if (state.conditions_version == 0) return refuse(R::NoConditions);
  const Policy* policy = context.neighbours.policy(state.policy);
  if (policy == nullptr || !policy->in_force(day_of(context.now)))
    return refuse(R::PolicyNotInForce, state.policy);
  if (data.until() < data.from() || data.until() < day_of(context.now))
    return refuse(R::OutOfRange, "until " + date_text(data.until()));
  return pass_through(command);
}

Decision set_quota(const Item& state, const CommandView& command) {
  const auto& data = payload_of<ItemQuotaSet>(command.data);
  if (data.places() && *data.places() < 0)
    return refuse(R::OutOfRange, "places " + std::to_string(*data.places()));
  if (data.budget() && (*data.budget() < 0 || *data.budget() > kGrantMax))
    return refuse(R::OutOfRange, "budget " + std::to_string(*data.budget()));
  const auto same = [](const auto& asked, const std::optional<std::int64_t>& now) {
    return asked.has_value() == now.has_value() && (!asked || *asked == *now);
  };
  if (same(data.places(), state.places) && same(data.budget(), state.budget))
    return refuse(R::NothingChanged);
  return pass_through(command);
}

}  // namespace

constexpr Lifecycle kItemLifecycle{
    .name = "item", .chinese = "可申报项目", .statuses = kStatuses, .rows = kRows, .index = kIndex};

bool is_granted(const Item& state, std::string_view enterprise) {
  return std::ranges::find(state.enterprises, enterprise) != state.enterprises.end();
}

std::optional<Refusal> refuse_grant(const Item& state, std::string_view enterprise,
                                    std::int64_t amount) {
  if (is_granted(state, enterprise)) return Refusal{R::AlreadyGranted, std::string(enterprise)};
  if (amount < 0 || amount > kGrantMax)
    return Refusal{R::OutOfRange, "amount " + std::to_string(amount)};
  if (state.places && state.granted >= *state.places)
    return Refusal{R::QuotaExhausted,
                   std::to_string(state.granted) + "/" + std::to_string(*state.places)};
  if (state.budget && state.amount + amount > *state.budget)
    return Refusal{R::BudgetExhausted, std::to_string(state.amount) + " + " +
                                           std::to_string(amount) + " > " +
                                           std::to_string(*state.budget)};
  return std::nullopt;
}

std::vector<Emitted> grant(const Item& state, std::string_view item, std::string_view application,
                           std::string_view enterprise, std::int64_t amount) {
  const auto in_its_stream = [&](Emitted event) {
    event.kind = "item";
    event.no = item;
    return event;
  };
  ItemGrantedT granted;
  granted.application = application;
  granted.enterprise = enterprise;
  granted.amount = amount;
  std::vector<Emitted> events{in_its_stream(emit(E::ItemGranted, pack(granted)))};
  const std::int64_t places = state.granted + 1, spent = state.amount + amount;
  if ((state.places && places == *state.places) || (state.budget && spent == *state.budget)) {
    ItemBudgetExhaustedT exhausted;
    exhausted.places = static_cast<std::int32_t>(places);
    exhausted.amount = spent;
    events.push_back(in_its_stream(emit(E::ItemBudgetExhausted, pack(exhausted))));
  }
  return events;
}

bool admits(const Item& state, const engine::RecordView& record) {
  return find_transition(kItemLifecycle, static_cast<unsigned>(state.status), type_of(record)) !=
         nullptr;
}

void evolve(Item& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const Transition& row =
      *find_transition(kItemLifecycle, static_cast<unsigned>(state.status), type_of(record));
  if (row.to != kStays) state.status = static_cast<S>(row.to);
  state.version = record.version;
  switch (type_of(record)) {
    case E::ItemListed:
      state.policy = view(payload_of<ItemListed>(record).policy());
      state.department = view(payload_of<ItemListed>(record).department());
      break;
    case E::ItemConditionsSet:
      state.conditions = read_conditions(*payload_of<ItemConditionsSet>(record).conditions());
      state.conditions_version = record.version;
      break;
    case E::ItemModeSet:
      state.mode = payload_of<ItemModeSet>(record).mode();
      break;
    case E::ItemWindowOpened:
      state.from = payload_of<ItemWindowOpened>(record).from();
      state.last = payload_of<ItemWindowOpened>(record).until();
      break;
    case E::ItemQuotaSet: {
      const auto& event = payload_of<ItemQuotaSet>(record);
      state.places = event.places() ? std::optional<std::int64_t>(*event.places()) : std::nullopt;
      state.budget = event.budget() ? std::optional<std::int64_t>(*event.budget()) : std::nullopt;
      break;
    }
    case E::ItemGranted: {
      const auto& event = payload_of<ItemGranted>(record);
      ++state.granted;
      state.amount += event.amount();
      state.enterprises.emplace_back(view(event.enterprise()));
      break;
    }
    default:
      break;
  }
}

Decision decide(const Item& state, const CommandView& command, const Context& context) {
  if (auto refusal = check_transition(kItemLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(std::move(*refusal));
  if (command.event == E::ItemListed) return list(command, context);
  if (command.actor.role == Role::department_officer &&
      command.actor.department != state.department)
    return refuse(R::WrongDepartment, state.department);
  switch (command.event) {
    case E::ItemConditionsSet:
      if (std::string fault =
              conditions_fault(payload_of<ItemConditionsSet>(command.data).conditions());
          !fault.empty())
        return refuse(R::BadConditions, std::move(fault));
      return pass_through(command);
    case E::ItemModeSet:
      if (payload_of<ItemModeSet>(command.data).mode() == state.mode)
        return refuse(R::NothingChanged, "mode");
      return pass_through(command);
    case E::ItemWindowOpened:
      return open_window(state, command, context);
    case E::ItemQuotaSet:
      return set_quota(state, command);
    default:
      return pass_through(command);
  }
}

}  // namespace schemas
