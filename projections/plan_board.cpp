// Tasks against plan. Lights of tasks: domain.md section 4; the columns: interfaces.md section 4.
#include "projections/plan_board.h"

#include <algorithm>
#include <array>
#include <map>

#include "projections/lights.h"

namespace projections {

using boost::json::object;
using schemas::Day;
using schemas::Light;
using schemas::TaskStatus;

namespace {

std::string_view status_name(TaskStatus status) {
  constexpr std::array<std::string_view, 10> kNames = {
      "none",     "created", "started",   "blocked", "reported",
      "verified", "closed",  "cancelled", "split",   "merged"};
  return kNames.at(static_cast<std::size_t>(status));
}

// A task at work has a light: started, or blocked after it was.
bool at_work(const TaskState& task) {
  return task.status == TaskStatus::started ||
         (task.status == TaskStatus::blocked && task.before == TaskStatus::started);
}

int planned_percent(const TaskState& task, Day today) {
  return schemas::planned_percent(task.created, task.due, task.milestones, today);
}

Light light_of(const TaskState& task, Day today) {
  if (!at_work(task)) return Light::none;
  return schemas::progress_light(task.created, task.due, task.milestones, task.percent, today);
}

// Where a task stands in its environment's row.
std::string_view column_of(const TaskState& task, Day today) {
  switch (light_of(task, today)) {
    case Light::green:
      return "on_plan";
    case Light::yellow:
      return "yellow";
    case Light::red:
      return "red";
    case Light::none:
    case Light::grey:
      break;
  }
  if (task.status == TaskStatus::reported || task.status == TaskStatus::verified)
    return "completed";
  return task.status == TaskStatus::closed ? "closed" : "not_started";
}

constexpr std::array<std::string_view, 6> kColumns = {"not_started", "on_plan",   "yellow",
                                                      "red",         "completed", "closed"};

using Tasks = std::vector<const TaskState*>;

// The tasks of an environment, in order of their first seq.
Tasks tasks_of(const Board& board, const std::vector<TaskState>& tasks, const PlanState& plan,
               std::string_view environment) {
  Tasks found;
  const Facts& facts = board.facts();
  for (const TaskState& task : tasks)
    if (task.status != TaskStatus::none && facts.text(task.plan) == board.no(plan.item) &&
        facts.text(task.environment) == environment)
      found.push_back(&task);
  return found;
}

// The figures of one environment. What the plan counts and nobody has created yet is not started.
void put_figures(object& row, const PlanState& plan, const PlanState::Environment& environment,
                 const Tasks& tasks, Day today, Trace* trace) {
  std::array<std::int64_t, kColumns.size()> figures{};
  for (const TaskState* task : tasks) {
    const std::string_view column = column_of(*task, today);
    const auto at =
        static_cast<std::size_t>(std::ranges::find(kColumns, column) - kColumns.begin());
    count(figures.at(at), trace, {"plan", environment.name, column}, task->status_seq);
  }
  std::int64_t started = 0;
  for (std::size_t at = 1; at < figures.size(); ++at) started += figures.at(at);
  figures[0] = std::max<std::int64_t>(environment.tasks - started, 0);
  row["total"] = environment.tasks;
  note(trace, {"plan", environment.name, "total"}, plan.seq);
  for (std::size_t at = 0; at < kColumns.size(); ++at) row[kColumns.at(at)] = figures.at(at);
}

object task_json(const Board& board, const TaskState& task, Day today, Trace* trace) {
  const Facts& facts = board.facts();
  boost::json::array co;
  for (const std::uint32_t department : task.co) co.emplace_back(facts.text(department));
  boost::json::array milestones;
  for (const schemas::TaskMilestone& milestone : task.milestones)
    milestones.push_back({{"name", milestone.name},
                          {"date", schemas::date_text(milestone.date)},
                          {"weight", milestone.weight},
                          {"done", milestone.done}});
  const std::string_view code = board.no(task.item);
  note(trace, {"tasks", code, "status"}, task.status_seq);
  note(trace, {"tasks", code, "percent"}, task.percent_seq);
  note(trace, {"tasks", code, "lead"}, task.owner_seq);
  note(trace, {"tasks", code, "light"}, task.percent_seq != 0 ? task.percent_seq : task.status_seq);
  note(trace, {"tasks", code, "title"}, task.created_seq);
  note(trace, {"tasks", code, "due"}, task.created_seq);
  note(trace, {"tasks", code, "last_seq"}, task.last_seq);
  return {{"task", code},
          {"title", facts.text(task.title)},
          {"target", text_json(facts.text(task.target))},
          {"lead", text_json(facts.text(task.lead))},
          {"co", std::move(co)},
          {"due", schemas::date_text(task.due)},
          {"original_due", schemas::date_text(task.original_due)},
          {"planned", planned_percent(task, today)},
          {"percent", task.percent},
          {"status", status_name(task.status)},
          {"light", text_json(schemas::light_name(light_of(task, today)))},
          {"progress_last", text_json(facts.text(task.text))},
          {"milestones", std::move(milestones)},
          {"last_seq", task.last_seq}};
}

boost::json::array domains_json(const Board& board, const PlanState::Environment& environment,
                                const Tasks& tasks, Day today, Trace* trace) {
  boost::json::array domains;
  for (const std::string_view domain : environment.domains) {
    boost::json::array listed;
    for (const TaskState* task : tasks)
      if (board.facts().text(task->domain) == domain)
        listed.emplace_back(task_json(board, *task, today, trace));
    domains.push_back({{"domain", domain}, {"tasks", std::move(listed)}});
  }
  return domains;
}

template <class Value>
object counts_json(const Tasks& tasks, Value value) {
  std::map<std::string_view, std::int64_t> counts;
  for (const TaskState* task : tasks)
    if (const std::string_view name = value(*task); !name.empty()) ++counts[name];
  object json;
  for (const auto& [name, number] : counts) json[name] = number;
  return json;
}

}  // namespace

boost::json::array plan_of_week(const Board& board, Micros at, Trace* trace) {
  boost::json::array rows;
  const Day today = schemas::day_of(at);
  const std::vector<TaskState> tasks = tasks_at(board.facts(), board.seq());
  for (const PlanState& plan : board.plans()) {
    for (const PlanState::Environment& environment : plan.environments) {
      object row;
      row["environment"] = environment.name;
      put_figures(row, plan, environment, tasks_of(board, tasks, plan, environment.name), today,
                  trace);
      rows.emplace_back(std::move(row));
    }
  }
  return rows;
}

void plan_board(object& report, const Board& board, const Question& question, Trace* trace) {
  const Day today = schemas::day_of(question.moment.as_of);
  boost::json::array environments;
  std::int64_t domains = 0, planned = 0, created = 0;
  const std::vector<TaskState> tasks = tasks_at(board.facts(), board.seq());
  for (const PlanState& plan : board.plans()) {
    for (const PlanState::Environment& environment : plan.environments) {
      const Tasks found = tasks_of(board, tasks, plan, environment.name);
      object row;
      row["plan"] = board.no(plan.item);
      row["environment"] = environment.name;
      put_figures(row, plan, environment, found, today, trace);
      row["statuses"] =
          counts_json(found, [](const TaskState& task) { return status_name(task.status); });
      row["lights"] = counts_json(
          found, [&](const TaskState& task) { return schemas::light_name(light_of(task, today)); });
      row["domains"] = domains_json(board, environment, found, today, trace);
      environments.emplace_back(std::move(row));
      domains += static_cast<std::int64_t>(environment.domains.size());
      planned += environment.tasks;
      created += static_cast<std::int64_t>(found.size());
    }
  }
  report["totals"] = object{{"environments", environments.size()},
                            {"domains", domains},
                            {"tasks", planned},
                            {"created", created}};
  report["environments"] = std::move(environments);
}

}  // namespace projections
