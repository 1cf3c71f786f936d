// The three-year plan 行动计划: environments, domains and how many tasks each environment has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/record.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

struct CommandView;

enum class PlanStatus : std::uint8_t { none, published };
struct Plan {
  PlanStatus status = PlanStatus::none;
  std::uint32_t version = 0;
  std::string name;
  struct Environment {
    std::string name;
    std::vector<std::string> domains;
    int tasks = 0;
  };
  std::vector<Environment> environments;
};
extern const Lifecycle kPlanLifecycle;
[[nodiscard]] bool admits(const Plan& state, const engine::RecordView& record);
void evolve(Plan& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Plan& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
