// The guards of what changes an assignment's terms (domain.md section 4): extension 延期, long-term
// work 长期推进 with its weekly progress, and standing clocks 中止计时.
#include <algorithm>

#include "engine/check.h"
#include "schemas/appeal_rules.h"

namespace schemas {
namespace {

const DutyState* completion_in_force(const Assignment& assignment) {
  const Clock* clock = find_clock(assignment.clocks, Obligation::completion);
  return clock != nullptr && clock->duty.running() ? &clock->duty : nullptr;
}

// "At least one working day before the deadline in force": before 24:00 of the working day before
// its last day. Without a due (switched off) nothing is too late.
Objection too_late_to_ask(const Asked& asked, const Assignment& assignment) {
  const DutyState* completion = completion_in_force(assignment);
  if (completion == nullptr) return std::nullopt;
  Day before = day_of(completion->due - 1) - 1;
  while (!asked.context.calendar.is_workday(before)) --before;
  const Micros limit = start_of(before + 1);
  if (asked.context.now < limit) return std::nullopt;
  return object(RefusalCode::RequestTooLate, time_text(limit));
}

Objection bad_until(const Asked& asked, const Assignment& assignment, Day until) {
  const DutyState* completion = completion_in_force(assignment);
  const Day last = completion == nullptr ? day_of(asked.context.now) : day_of(completion->due - 1);
  if (until > last) return std::nullopt;
  return object(RefusalCode::UntilTooEarly, date_text(last));
}

Decision request_long_term(const Asked& asked, const Assignment& assignment) {
  if (assignment.duty != Duty::lead) return refuse(RefusalCode::NotLead);
  if (assignment.long_term_pending) return refuse(RefusalCode::RequestPending);
  if (auto objection = too_late_to_ask(asked, assignment)) return std::unexpected(*objection);
  const Day until = asked.event<LongTermRequested>().until();
  if (auto objection = bad_until(asked, assignment, until)) return std::unexpected(*objection);
  return pass_through(asked.command);
}

Decision approve_long_term(const Asked& asked, const Assignment& assignment) {
  if (!assignment.long_term_pending) return refuse(RefusalCode::NoPendingRequest);
  const auto event = asked.draft<LongTermApproved>();
  if (!event->until) event->until = assignment.long_term().until;
  if (event->plan.empty()) event->plan = assignment.long_term().plan;
  if (auto objection = bad_until(asked, assignment, *event->until))
    return std::unexpected(*objection);
  const DutyState* completion = completion_in_force(assignment);
  event->old_due = completion == nullptr ? 0 : completion->due;
  event->dues = {Due{start_of(*event->until + 1), Obligation::completion, false, kFixed}};
  event->weekly = asked.context.rules.weekly_progress != kOff;
  event->rules = asked.context.rules.id;
  return decided(EventType::LongTermApproved, *event);
}

// A report is for the approval's week or a later one, not for a week to come (our choice).
Decision report_progress(const Asked& asked, const Assignment& assignment) {
  const auto& event = asked.event<ProgressReported>();
  const std::string_view name = view(event.week()), said = view(event.text());
  const auto week = parse_week(name);
  if (!week) return refuse(RefusalCode::BadWeek, std::string(name));
  const Week first = week_of(day_of(assignment.long_term().approved_at));
  const Week last = week_of(day_of(asked.context.now));
  if (*week < first || *week > last) return refuse(RefusalCode::WeekOutOfRange, std::string(name));
  if (is_among(assignment.long_term().weeks_filed, week->monday))
    return refuse(RefusalCode::WeekAlreadyReported, std::string(name));
  if (event.percent() < 0 || event.percent() > 100)
    return refuse(RefusalCode::OutOfRange, "percent");
  PayloadBuilder made;
  const auto department = made.text(event.department());
  const auto of_week = made.text(name), text = made.text(said);
  return decided(made.emit(
      EventType::ProgressReported,
      CreateProgressReported(*made, event.matter(), department, of_week, text, event.percent(),
                             !said.empty() && said == assignment.long_term().last_progress)));
}

Objection bad_extension(const Asked& asked, const Assignment& assignment, int workdays) {
  const RuleSet& rules = asked.context.rules;
  if (workdays < 1) return object(RefusalCode::OutOfRange, "workdays");
  if (workdays > rules.extension_workdays_max)
    return object(RefusalCode::ExtensionTooLong, std::to_string(rules.extension_workdays_max));
  if (assignment.extensions >= rules.extensions_max)
    return object(RefusalCode::TooManyExtensions, std::to_string(rules.extensions_max));
  if (completion_in_force(assignment) == nullptr)
    return object(RefusalCode::NothingChanged, "completion");
  return std::nullopt;
}

Decision request_extension(const Asked& asked, const Assignment& assignment) {
  if (assignment.duty != Duty::lead) return refuse(RefusalCode::NotLead);
  if (assignment.extension_pending != 0) return refuse(RefusalCode::RequestPending);
  const int workdays = asked.event<ExtensionRequested>().workdays();
  if (auto objection = bad_extension(asked, assignment, workdays))
    return std::unexpected(*objection);
  if (auto objection = too_late_to_ask(asked, assignment)) return std::unexpected(*objection);
  return pass_through(asked.command);
}

// Clocks that run n working days longer.
Due moved(const DutyState& duty, int workdays, const Calendar& calendar) {
  const Deadline deadline = calendar.extend(duty.due, workdays);
  const auto total =
      duty.workdays == kFixed ? kFixed : static_cast<std::int16_t>(duty.workdays + workdays);
  return {deadline.due, duty.obligation, deadline.provisional, total};
}

Decision approve_extension(const Asked& asked, const Assignment& assignment) {
  if (assignment.extension_pending == 0) return refuse(RefusalCode::NoPendingRequest);
  const auto event = asked.draft<ExtensionApproved>();
  if (!event->workdays) event->workdays = assignment.extension_pending;
  if (auto objection = bad_extension(asked, assignment, *event->workdays))
    return std::unexpected(*objection);
  const DutyState& completion = *completion_in_force(assignment);
  event->old_due = completion.due;
  event->dues = {moved(completion, *event->workdays, asked.context.calendar)};
  event->calendar = asked.context.calendar.version();
  return decided(EventType::ExtensionApproved, *event);
}

// The start day is not counted, as everywhere (民法典 201): stopped and resumed on one day moves
// nothing.
Decision resume_clock(const Asked& asked, const Assignment& assignment) {
  if (!assignment.suspended) return refuse(RefusalCode::NotSuspended);
  const Calendar& calendar = asked.context.calendar;
  const auto event = asked.draft<ClockResumed>();
  event->suspended_workdays =
      calendar.workdays_between(day_of(assignment.suspended_at) + 1, day_of(asked.context.now));
  event->dues.clear();
  event->calendar = calendar.version();
  for (const Clock& clock : assignment.clocks)
    if (clock.duty.running() && event->suspended_workdays > 0)
      event->dues.push_back(moved(clock.duty, event->suspended_workdays, calendar));
  return decided(EventType::ClockResumed, *event);
}

}  // namespace

Decision decide_assignment_terms(const Asked& asked, const Assignment& assignment) {
  switch (asked.command.event) {
    case EventType::LongTermRequested:
      return request_long_term(asked, assignment);
    case EventType::LongTermApproved:
      return approve_long_term(asked, assignment);
    case EventType::LongTermRefused:
      if (!assignment.long_term_pending) return refuse(RefusalCode::NoPendingRequest);
      return pass_through(asked.command);
    case EventType::ProgressReported:
      return report_progress(asked, assignment);
    case EventType::ExtensionRequested:
      return request_extension(asked, assignment);
    case EventType::ExtensionApproved:
      return approve_extension(asked, assignment);
    case EventType::ExtensionRefused:
      if (assignment.extension_pending == 0) return refuse(RefusalCode::NoPendingRequest);
      return pass_through(asked.command);
    case EventType::ExtensionNotified:
      if (assignment.extensions == 0) return refuse(RefusalCode::NothingChanged);
      return pass_through(asked.command);
    case EventType::ClockSuspended:
      if (assignment.suspended) return refuse(RefusalCode::AlreadySuspended);
      return pass_through(asked.command);
    case EventType::ClockResumed:
      return resume_clock(asked, assignment);
    case EventType::YellowCardIssued:
    case EventType::RedCardIssued:
    case EventType::CardContested:
    case EventType::CardWaived:
    case EventType::CardUpheld:
      return decide_card(asked, &assignment);
    default:
      return pass_through(asked.command);
  }
}

}  // namespace schemas
