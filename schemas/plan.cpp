// The plan 行动计划 (domain.md sections 1 and 10): published once, and its counts must add up,
// because every task created later is counted against them.
#include "schemas/plan.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = PlanStatus;

constexpr std::string_view kStatuses[] = {"none", "published"};

// clang-format off
constexpr Transition kRows[] = {
  // event            from           to                             roles                     refusals
  {E::PlanPublished, in({S::none}), static_cast<int>(S::published), kLead | kLeader | kSystem, {R::PlanCountsWrong, R::OutOfRange}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

constexpr std::int64_t kTasksMax = 1'000'000;  // our choice: far above any plan, far below overflow

// Takes a name in; false: it was there before.
bool add_unique(std::vector<std::string_view>& names, std::string_view name) {
  if (std::ranges::find(names, name) != names.end()) return false;
  names.push_back(name);
  return true;
}

Decision publish(const CommandView& command) {
  const auto& data = payload_of<PlanPublished>(command.data);
  if (data.environments() == nullptr || data.environments()->size() == 0)
    return refuse(R::PlanCountsWrong, "environments 0");
  std::vector<std::string_view> environments, domains;
  std::int64_t tasks = 0;
  for (const Environment* environment : *data.environments()) {
    const std::string_view name = view(environment->name());
    if (!add_unique(environments, name))
      return refuse(R::PlanCountsWrong, std::string(name) + " twice");
    const auto* own = environment->domains();
    if (own == nullptr || own->size() == 0)
      return refuse(R::PlanCountsWrong, std::string(name) + ": domains 0");
    for (const flatbuffers::String* domain : *own)
      if (!add_unique(domains, view(domain)))
        return refuse(R::PlanCountsWrong, std::string(view(domain)) + " twice");
    // A domain without a task is no part of a plan (our choice).
    if (environment->tasks() < static_cast<std::int64_t>(own->size()))
      return refuse(R::PlanCountsWrong, std::string(name) + ": tasks " +
                                            std::to_string(environment->tasks()) + ", domains " +
                                            std::to_string(own->size()));
    tasks += environment->tasks();
  }
  if (tasks > kTasksMax) return refuse(R::OutOfRange, "tasks " + std::to_string(tasks));
  PlanPublishedT event;
  data.UnPackTo(&event);
  event.totals_environments = static_cast<std::int32_t>(environments.size());
  event.totals_domains = static_cast<std::int32_t>(domains.size());
  event.totals_tasks = static_cast<std::int32_t>(tasks);
  return std::vector{Emitted{command.event, pack(event), {}, {}, {}}};
}

}  // namespace

constexpr Lifecycle kPlanLifecycle{
    .name = "plan", .chinese = "行动计划", .statuses = kStatuses, .rows = kRows, .index = kIndex};

bool admits(const Plan& state, const engine::RecordView& record) {
  return find_transition(kPlanLifecycle, static_cast<unsigned>(state.status), type_of(record)) !=
         nullptr;
}

void evolve(Plan& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const auto& event = payload_of<PlanPublished>(record);
  state.status = S::published;
  state.version = record.version;
  state.name = view(event.name());
  for (const Environment* environment : *event.environments()) {
    Plan::Environment& own = state.environments.emplace_back();
    own.name = view(environment->name());
    own.tasks = environment->tasks();
    for (const flatbuffers::String* domain : *environment->domains())
      own.domains.emplace_back(view(domain));
  }
}

Decision decide(const Plan& state, const CommandView& command, const Context&) {
  if (const auto refusal =
          check_transition(kPlanLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(*refusal);
  return publish(command);
}

}  // namespace schemas
