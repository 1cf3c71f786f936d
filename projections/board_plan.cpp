// The folds of one supervisor's report and of the tasks of the plan.
#include "projections/board.h"
#include "projections/case.h"
#include "projections/duty_words.h"

namespace projections {

using schemas::EventType;
using schemas::ReportStatus;
using schemas::TaskStatus;

bool ReportState::open() const {
  return status != ReportStatus::none && status != ReportStatus::closed &&
         status != ReportStatus::declined && status != ReportStatus::transferred;
}

namespace {

using Args = std::span<const std::int32_t>;

void fold_report(ReportState& report, const Mark& now, EventType type, Args args) {
  report.last_seq = now.seq;
  const auto become = [&](ReportStatus status, Mark& when) {
    report.status = status;
    when = now;
  };
  switch (type) {
    case EventType::ReportFiled:
      become(ReportStatus::filed, report.filed);
      report.supervisor = static_cast<std::uint32_t>(args[0]);
      report.kind = static_cast<schemas::ReportKind>(args[1]);
      report.sealed = args[2] == 1;
      report.title = static_cast<std::uint32_t>(args[3]);
      break;
    case EventType::ReportRegistered:
      become(ReportStatus::registered, report.registered);
      break;
    case EventType::ReportGraded:
      report.status = ReportStatus::graded;
      report.grade = args[0];
      report.grade_seq = now.seq;
      break;
    case EventType::ReportDispatched:
      become(ReportStatus::dispatched, report.dispatched);
      report.department = static_cast<std::uint32_t>(args[0]);
      break;
    case EventType::ReportProgressed:
      report.progress_text = static_cast<std::uint32_t>(args[0]);
      report.progress_seq = now.seq;
      break;
    case EventType::ReportConcluded:
      become(ReportStatus::concluded, report.concluded);
      report.result = args[0];
      break;
    case EventType::ReportAnswered:
      become(ReportStatus::answered, report.answered);
      break;
    case EventType::ReportRated:
      report.rating = args[0];
      report.rating_seq = now.seq;
      break;
    case EventType::ReportClosed:
      become(ReportStatus::closed, report.closed);
      break;
    case EventType::ReportDeclined:
      become(ReportStatus::declined, report.ended);
      break;
    case EventType::ClueTransferred:
      become(ReportStatus::transferred, report.ended);
      break;
    case EventType::ReportReopened:
      report.status = ReportStatus::dispatched;
      report.concluded = report.answered = report.closed = {};
      report.result = -1;
      break;
    default:
      break;
  }
}

}  // namespace

ReportState report_at(const Facts& facts, std::uint32_t item, std::uint64_t seq) {
  ReportState report;
  report.item = item;
  for (std::uint32_t at = facts.items()[item].first; at != 0 && at <= seq;) {
    const Row& row = facts.row(at);
    const auto type = static_cast<EventType>(row.type);
    const Mark now{row.at, at};
    fold_report(report, now, type, facts.args_of(row));
    std::span<const std::int32_t> words = facts.duties_of(row);
    DutyFact duty;
    while (take_duty(words, row.part, duty))
      if (duty.scope == schemas::DutyScope::stream)
        move_clocks(duty, now, type, report.to_register, report.to_dispatch, report.to_conclude,
                    report.to_reply);
    at = row.next;
  }
  return report;
}

namespace {

// A milestone named again is moved, not added.
void set_milestone(TaskState& task, const Facts& facts, Args args) {
  const std::string_view name = facts.text(args[0]);
  for (schemas::TaskMilestone& milestone : task.milestones) {
    if (milestone.name != name) continue;
    milestone.date = args[1];
    milestone.weight = args[2];
    return;
  }
  task.milestones.push_back({std::string(name), args[1], args[2], false});
}

void fold_task_status(TaskState& task, std::uint32_t seq, EventType type) {
  const TaskStatus was = task.status;
  switch (type) {
    case EventType::TaskCreated:
      task.status = TaskStatus::created;
      break;
    case EventType::TaskStarted:
    case EventType::TaskVerificationFailed:
    case EventType::TaskReopened:
      task.status = TaskStatus::started;
      break;
    case EventType::TaskBlocked:
      task.before = task.status;
      task.status = TaskStatus::blocked;
      break;
    case EventType::TaskUnblocked:
      task.status = task.before;
      break;
    case EventType::TaskCompletionReported:
      task.status = TaskStatus::reported;
      break;
    case EventType::TaskVerified:
      task.status = TaskStatus::verified;
      break;
    case EventType::TaskClosed:
      task.status = TaskStatus::closed;
      break;
    case EventType::TaskCancelled:
      task.status = TaskStatus::cancelled;
      break;
    case EventType::TaskSplit:
      task.status = TaskStatus::split;
      break;
    case EventType::TaskMerged:
      task.status = TaskStatus::merged;
      break;
    default:
      break;
  }
  if (task.status != was) task.status_seq = seq;
}

void fold_task(TaskState& task, const Facts& facts, std::uint32_t seq) {
  const auto type = facts.type_of(seq);
  const Args args = facts.args_of(seq);
  task.last_seq = seq;
  switch (type) {
    case EventType::TaskCreated:
      task.plan = static_cast<std::uint32_t>(args[0]);
      task.environment = static_cast<std::uint32_t>(args[1]);
      task.domain = static_cast<std::uint32_t>(args[2]);
      task.title = static_cast<std::uint32_t>(args[3]);
      task.due = task.original_due = args[4];
      task.target = static_cast<std::uint32_t>(args[5]);
      task.created = schemas::day_of(facts.time_of(seq));
      task.created_seq = seq;
      break;
    case EventType::TaskOwnerSet:
      task.lead = static_cast<std::uint32_t>(args[0]);
      task.co.clear();
      for (const std::int32_t co : args.subspan(1))
        task.co.push_back(static_cast<std::uint32_t>(co));
      task.owner_seq = seq;
      break;
    case EventType::MilestoneSet:
      set_milestone(task, facts, args);
      break;
    case EventType::TaskProgressed:
      task.percent = args[0];
      task.text = static_cast<std::uint32_t>(args[1]);
      for (schemas::TaskMilestone& milestone : task.milestones)
        if (args[2] != 0 && milestone.name == facts.text(args[2])) milestone.done = true;
      task.percent_seq = seq;
      break;
    case EventType::TaskAdjustmentApproved:
      task.due = args[0];
      if (args[1] != 0) task.target = static_cast<std::uint32_t>(args[1]);
      break;
    default:
      break;
  }
  fold_task_status(task, seq, type);
}

}  // namespace

std::vector<TaskState> tasks_at(const Facts& facts, std::uint64_t seq) {
  std::vector<TaskState> tasks;
  std::span<const std::uint32_t> cold = facts.items_of(Subject::task);
  std::size_t warmed = 0;
  for (const std::uint32_t item : facts.items_of(Subject::task)) {
    if (facts.items()[item].first > seq) break;
    if (tasks.size() == warmed) {
      const auto group = cold.first(std::min<std::size_t>(cold.size(), 16));
      warm(facts, group, seq);
      cold = cold.subspan(group.size());
      warmed += group.size();
    }
    TaskState& task = tasks.emplace_back();
    task.item = item;
    for (std::uint32_t at = facts.items()[item].first; at != 0 && at <= seq;
         at = facts.row(at).next)
      fold_task(task, facts, at);
  }
  return tasks;
}

}  // namespace projections
