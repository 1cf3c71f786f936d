#include "schemas/district_state.h"

#include "engine/check.h"

namespace schemas {
namespace {

std::string task_key(std::string_view plan, std::string_view environment) {
  return std::string(plan) + '\n' + std::string(environment);
}

// A task that was split, merged away or cancelled leaves its place in the plan's count.
bool counts(const Task& task) {
  return task.status != TaskStatus::split && task.status != TaskStatus::merged &&
         task.status != TaskStatus::cancelled;
}

}  // namespace

template <class S>
const S* District::State::neighbour(std::string_view kind, std::string_view no) {
  auto found = streams.find<S>(kind, no);
  if (!found) {
    read_error = found.error();
    return nullptr;
  }
  return *found == nullptr ? nullptr : &(*found)->state;
}

const Department* District::State::department(std::string_view id) {
  return neighbour<Department>("department", id);
}
const Enterprise* District::State::enterprise(std::string_view uscc) {
  return neighbour<Enterprise>("enterprise", uscc);
}
const Appeal* District::State::appeal(std::string_view no) {
  return neighbour<Appeal>("appeal", no);
}
const Supervisor* District::State::supervisor(std::string_view id) {
  return neighbour<Supervisor>("supervisor", id);
}
const Plan* District::State::plan(std::string_view id) { return neighbour<Plan>("plan", id); }
const Policy* District::State::policy(std::string_view no) {
  return neighbour<Policy>("policy", no);
}
const Vocabulary* District::State::vocabulary(std::string_view id) {
  return neighbour<Vocabulary>("vocabulary", id);
}
const Item* District::State::item(std::string_view no) { return neighbour<Item>("item", no); }
const Application* District::State::application(std::string_view no) {
  return neighbour<Application>("application", no);
}

int District::State::tasks_of(std::string_view plan, std::string_view environment) {
  if (!tasks_counted_) count_tasks();
  return task_counts_[task_key(plan, environment)];
}

// Once every durable task is on its shelf beside those decided ahead of the disk, each stands there
// once, wherever the disk is by then. A count that a read error broke off is begun again when next
// asked for: kept, it would let a full plan take more tasks.
void District::State::count_tasks() {
  task_counts_.clear();
  std::vector<std::string> durable;
  auto listed = source.streams("task", [&](std::string_view no, std::uint64_t) {
    durable.emplace_back(no);
    return true;
  });
  if (!listed) read_error = listed.error();
  for (const std::string& no : durable) {
    if (read_error) return;
    neighbour<Task>("task", no);
  }
  if (read_error) return;
  for (const auto& [no, shelved] : streams.shelf<Task>())
    if (counts(shelved->state))
      ++task_counts_[task_key(shelved->state.plan, shelved->state.environment)];
  tasks_counted_ = true;
}

engine::Result<void> District::State::load(engine::Micros last_recorded_at) {
  last_at = last_recorded_at;
  engine::Result<void> failed;
  for (const std::string_view kind : {"calendar", "rules"}) {
    std::vector<std::string> listed;
    auto read = source.streams(kind, [&](std::string_view no, std::uint64_t) {
      listed.emplace_back(no);
      return true;
    });
    if (!read) return read;
    for (const std::string& no : listed) {
      read = source.read_stream(kind, no, [&](const engine::RecordView& record) {
        if (!verify(type_of(record), record.payload)) {
          failed = engine::fail(engine::ErrorCode::corrupt,
                                "seq " + std::to_string(record.seq) + " holds no valid " +
                                    std::string(kind) + " event",
                                record.seq);
          return false;
        }
        if (kind == "calendar") calendar.apply(record);
        if (kind == "rules") apply_rules(record);
        return true;
      });
      if (!read) return read;
      if (!failed) return failed;
    }
  }
  return {};
}

void District::State::forget() {
  streams.clear();
  calendar = Calendar{};
  rule_sets.clear();
  ahead.clear();
  task_counts_.clear();
  tasks_counted_ = false;
  expected_.clear();
  read_error.reset();
}

const RuleSet& District::State::rules() const {
  static const RuleSet kDefault{};
  for (auto at = rule_sets.rbegin(); at != rule_sets.rend(); ++at)
    if (!at->retired) return at->set;
  return kDefault;
}

void District::State::apply_rules(const engine::RecordView& record) {
  if (type_of(record) == EventType::RuleSetPublished) {
    Rules published;
    evolve(published, record);
    rule_sets.push_back({std::string(record.no), published.set, false});
  }
  if (type_of(record) == EventType::RuleSetRetired)
    for (Published& one : rule_sets)
      if (one.id == record.no) one.retired = true;
}

void District::State::note(const engine::RecordView& record) {
  switch (type_of(record)) {
    case EventType::CalendarPublished:
    case EventType::CalendarAmended:
    case EventType::LocalClosureDeclared:
      calendar.apply(record);
      break;
    case EventType::RuleSetPublished:
    case EventType::RuleSetRetired:
      apply_rules(record);
      break;
    case EventType::TaskCreated:
    case EventType::TaskSplit:
    case EventType::TaskMerged:
    case EventType::TaskCancelled:
      if (const Task* task = neighbour<Task>("task", record.no); task != nullptr && tasks_counted_)
        task_counts_[task_key(task->plan, task->environment)] += counts(*task) ? 1 : -1;
      break;
    default:
      break;
  }
}

}  // namespace schemas
