// Tasks 攻坚任务 of the plan: progress against plan, blocked ones, verification, closing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/record.h"
#include "schemas/calendar.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"
#include "schemas/obligations.h"

namespace schemas {

struct CommandView;

enum class TaskStatus : std::uint8_t {
  none,
  created,
  started,
  blocked,
  reported,
  verified,
  closed,
  cancelled,
  split,
  merged
};
struct TaskMilestone {
  std::string name;
  Day date = 0;
  int weight = 0;
  bool done = false;
};
struct Task {
  TaskStatus status = TaskStatus::none;
  TaskStatus before = TaskStatus::none;  // blocked: where it came from
  std::uint32_t version = 0;
  Day created_on = 0;
  std::string plan, environment, domain, lead;
  std::vector<std::string> co;
  Day due = 0, original_due = 0;
  std::string target;
  int percent = 0;
  bool adjustment_pending = false;
  Day adjustment_due = 0;  // as requested, or the one in force where none was
  std::string adjustment_target;
  std::vector<TaskMilestone> milestones;
};
extern const Lifecycle kTaskLifecycle;
[[nodiscard]] bool admits(const Task& state, const engine::RecordView& record);
void evolve(Task& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Task& state, const CommandView& command,
                              const Context& context);

// Planned percent on a day: weights of the milestones whose date is past (the whole day is theirs)
// over all weights; without milestones, linear in calendar days from creation to due (our choice).
// Rounded down.
[[nodiscard]] int planned_percent(Day created, Day due,
                                  const std::vector<TaskMilestone>& milestones, Day today);

// The light of a task at work 任务灯色 (domain.md section 4): less than 10 points behind the plan green, 10 to
// 30 yellow, more red; red also when a milestone's day passed undone. Judged on the exact share.
[[nodiscard]] Light progress_light(Day created, Day due,
                                   const std::vector<TaskMilestone>& milestones, int percent,
                                   Day today);

}  // namespace schemas
