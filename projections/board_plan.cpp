// The fold over supervisors' reports and over the tasks of the plan.
#include "projections/board.h"

namespace projections {

using schemas::EventType;
using schemas::ReportStatus;
using schemas::TaskStatus;

void Board::fold_report(std::uint32_t seq, EventType type, Args args) {
  const std::uint32_t ordinal = facts_.items()[facts_.item_of(seq)].ordinal;
  if (ordinal == reports_.size()) reports_.emplace_back().item = facts_.item_of(seq);
  ReportState& report = reports_[ordinal];
  report.last_seq = seq;
  const auto become = [&](ReportStatus status, Mark& when) {
    report.status = status;
    when = mark(seq);
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
      report.grade = static_cast<std::int32_t>(args[0]);
      report.grade_seq = seq;
      break;
    case EventType::ReportDispatched:
      become(ReportStatus::dispatched, report.dispatched);
      report.department = static_cast<std::uint32_t>(args[0]);
      break;
    case EventType::ReportProgressed:
      report.progress_text = static_cast<std::uint32_t>(args[0]);
      report.progress_seq = seq;
      break;
    case EventType::ReportConcluded:
      become(ReportStatus::concluded, report.concluded);
      report.result = static_cast<std::int32_t>(args[0]);
      break;
    case EventType::ReportAnswered:
      become(ReportStatus::answered, report.answered);
      break;
    case EventType::ReportRated:
      report.rating = static_cast<std::int32_t>(args[0]);
      report.rating_seq = seq;
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

void Board::fold_task(std::uint32_t seq, EventType type, Args args) {
  const std::uint32_t ordinal = facts_.items()[facts_.item_of(seq)].ordinal;
  if (ordinal == tasks_.size()) tasks_.emplace_back().item = facts_.item_of(seq);
  TaskState& task = tasks_[ordinal];
  task.last_seq = seq;
  switch (type) {
    case EventType::TaskCreated:
      task.plan = static_cast<std::uint32_t>(args[0]);
      task.environment = static_cast<std::uint32_t>(args[1]);
      task.domain = static_cast<std::uint32_t>(args[2]);
      task.title = static_cast<std::uint32_t>(args[3]);
      task.due = task.original_due = static_cast<schemas::Day>(args[4]);
      task.target = static_cast<std::uint32_t>(args[5]);
      task.created = schemas::day_of(facts_.time_of(seq));
      task.created_seq = seq;
      break;
    case EventType::TaskOwnerSet:
      task.lead = static_cast<std::uint32_t>(args[0]);
      task.co.clear();
      for (const std::int64_t co : args.subspan(1))
        task.co.push_back(static_cast<std::uint32_t>(co));
      task.owner_seq = seq;
      break;
    case EventType::MilestoneSet:
      set_milestone(task, args);
      break;
    case EventType::TaskProgressed:
      task.percent = static_cast<std::int32_t>(args[0]);
      task.text = static_cast<std::uint32_t>(args[1]);
      for (schemas::TaskMilestone& milestone : task.milestones)
        if (args[2] != 0 && milestone.name == facts_.text(args[2])) milestone.done = true;
      task.percent_seq = seq;
      break;
    case EventType::TaskAdjustmentApproved:
      task.due = static_cast<schemas::Day>(args[0]);
      if (args[1] != 0) task.target = static_cast<std::uint32_t>(args[1]);
      break;
    default:
      break;
  }
  fold_task_status(task, seq, type);
}

// A milestone named again is moved, not added.
void Board::set_milestone(TaskState& task, Args args) const {
  const std::string_view name = facts_.text(args[0]);
  for (schemas::TaskMilestone& milestone : task.milestones) {
    if (milestone.name != name) continue;
    milestone.date = static_cast<schemas::Day>(args[1]);
    milestone.weight = static_cast<int>(args[2]);
    return;
  }
  task.milestones.push_back(
      {std::string(name), static_cast<schemas::Day>(args[1]), static_cast<int>(args[2]), false});
}

void Board::fold_task_status(TaskState& task, std::uint32_t seq, EventType type) {
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

}  // namespace projections
