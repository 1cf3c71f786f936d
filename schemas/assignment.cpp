// The guards of assignments 承办单 (domain.md section 10): dispatch, signing, contact, returns,
// completion. Extensions, long-term work and standing clocks: assignment_terms.cpp. Cards:
// card.cpp.
#include <algorithm>

#include "engine/check.h"
#include "schemas/appeal_rules.h"
#include "schemas/sealing.h"

namespace schemas {

std::optional<Due> completion_due(Track track, Micros start, const RuleSet& rules,
                                  const Calendar& calendar) {
  const auto standard = due_of(Obligation::completion, start, rules, calendar);
  if (!standard || track != Track::same_day) return standard;
  const Deadline deadline = calendar.same_day(start, rules.same_day_cutoff);
  const bool today = deadline.due == start_of(day_of(start) + 1);
  return Due{deadline.due, Obligation::completion, deadline.provisional,
             today ? kSameDay : static_cast<std::int16_t>(1)};
}

namespace {

Dues dispatch_dues(Duty duty, Track track, const Context& context) {
  Dues dues;
  const auto add = [&](const std::optional<Due>& due) {
    if (due) dues.push_back(*due);
  };
  if (duty == Duty::co) {
    add(due_now(Obligation::co_opinion, context));
    return dues;
  }
  add(due_now(Obligation::sign, context));
  add(due_now(Obligation::contact, context));
  add(completion_due(track, context.now, context.rules, context.calendar));
  return dues;
}

bool has_open_lead(const Appeal& appeal, int matter) {
  return std::ranges::any_of(appeal.assignments, [&](const Assignment& assignment) {
    return assignment.open() && assignment.matter == matter && assignment.duty == Duty::lead;
  });
}

// What both ways of dispatching ask of the department that gets the work.
Objection bad_target(const Asked& asked, int matter, std::string_view department, Track track) {
  if (track == Track::long_term) return object(RefusalCode::OutOfRange, "track");
  if (!is_active_department(asked.context, department))
    return object(RefusalCode::UnknownDepartment, std::string(department));
  const Assignment* there = newest(asked.appeal, {matter, department});
  if (there != nullptr && there->open())
    return object(RefusalCode::AlreadyAssigned, std::string(department));
  return std::nullopt;
}

Decision dispatch(const Asked& asked) {
  const auto& event = asked.event<AssignmentDispatched>();
  if (!asked.appeal.decomposed) return refuse(RefusalCode::NotDecomposed);
  if (!is_among(asked.appeal.matters, event.matter()))
    return refuse(RefusalCode::UnknownMatter, std::to_string(event.matter()));
  const std::string_view department = view(event.department());
  if (auto objection = bad_target(asked, event.matter(), department, event.track()))
    return std::unexpected(*objection);
  if (event.duty() == Duty::lead && has_open_lead(asked.appeal, event.matter()))
    return refuse(RefusalCode::LeadExists, std::to_string(event.matter()));
  std::vector<Emitted> events;
  events.push_back(dispatched(asked, event.matter(), department, event.duty(), event.track(), ""));
  return events;
}

// 改派: the old assignment ends and a new one begins, with new clocks, in one batch.
Decision redispatch(const Asked& asked, const Assignment& assignment) {
  const auto& event = asked.event<AssignmentRedispatched>();
  if (auto objection = bad_target(asked, assignment.matter, view(event.to()), event.track()))
    return std::unexpected(*objection);
  Decision decision = pass_through(asked.command);
  decision->push_back(dispatched(asked, assignment.matter, view(event.to()), assignment.duty,
                                 event.track(), assignment.department));
  return decision;
}

// Three attempts on different half-days, the last within the due, meet the duty (domain.md
// section 10, our choice).
bool meets_contact(const Asked& asked, const Assignment& assignment) {
  const Clock* contact = find_clock(assignment.clocks, Obligation::contact);
  if (contact == nullptr || !contact->duty.running()) return false;
  if (asked.context.now >= contact->duty.due) return false;
  constexpr Micros kHalfDay = kDayMicros / 2;
  std::vector<Micros> half_days;
  const auto add = [&](Micros at) {
    const Day day = day_of(at);
    const Micros half = start_of(day) + (at - start_of(day) < kHalfDay ? 0 : kHalfDay);
    if (!is_among(half_days, half)) half_days.push_back(half);
  };
  for (const Micros at : assignment.failed_contacts) add(at);
  add(asked.context.now);
  return half_days.size() >= 3;
}

// 退单: within D(1) of the dispatch, before contact, once.
Objection bad_return(const Asked& asked, const Assignment& assignment) {
  if (asked.context.now >= assignment.return_until)
    return object(RefusalCode::ReturnTooLate, time_text(assignment.return_until));
  if (assignment.contacted) return object(RefusalCode::ReturnAfterContact);
  if (assignment.return_asked) return object(RefusalCode::ReturnAskedBefore);
  return std::nullopt;
}

Decision request_return(const Asked& asked, const Assignment& assignment) {
  if (auto objection = bad_return(asked, assignment)) return std::unexpected(*objection);
  const Context& context = asked.context;
  const auto event = asked.draft<ReturnRequested>();
  event->dues.clear();
  event->rules = context.rules.id;
  event->calendar = context.calendar.version();
  if (const auto due =
          due_of(Obligation::return_ruling, context.now, context.rules, context.calendar))
    event->dues.push_back(*due);
  return decided(EventType::ReturnRequested, *event);
}

Objection bad_send_back(const Asked& asked, const Assignment& assignment) {
  if (assignment.round != asked.appeal.round())
    return object(RefusalCode::WrongState, "round " + std::to_string(assignment.round));
  if (assignment.duty == Duty::lead && has_open_lead(asked.appeal, assignment.matter))
    return object(RefusalCode::LeadExists, std::to_string(assignment.matter));
  return std::nullopt;
}

// A refusal that says more than WrongState.
Refusal what_is_so(const Asked& asked, const Assignment& assignment, Refusal refusal) {
  if (!assignment.open()) return refusal;
  switch (asked.command.event) {
    case EventType::AssignmentDispatched:
      return {RefusalCode::AlreadyAssigned, assignment.department};
    case EventType::ReturnRequested:
      return bad_return(asked, assignment).value_or(refusal);
    case EventType::ReturnApproved:
    case EventType::ReturnRefused:
      return {RefusalCode::NoPendingRequest, {}};
    case EventType::ProgressReported:
      return {RefusalCode::NotLongTerm, {}};
    default:
      return refusal;
  }
}

// The appeal's own status, the department's existence here, the table's row and its role.
Objection bad_step(const Asked& asked, const Assignment* assignment) {
  const EventType type = asked.command.event;
  const auto status = status_for(assignment, type);
  auto refusal =
      check_transition(kAssignmentLifecycle, static_cast<unsigned>(status), asked.command);
  if (refusal && refusal->code == RefusalCode::WrongRole) return refusal;
  if (asked.appeal.status == AppealStatus::none)
    return object(RefusalCode::NotFound, stream_text(asked.command));
  if (!appeal_admits(asked.appeal.status, type)) {
    const auto at = static_cast<std::size_t>(asked.appeal.status);
    return object(RefusalCode::WrongState, std::string(kAppealLifecycle.statuses[at]));
  }
  if (assignment == nullptr && type != EventType::AssignmentDispatched)
    return object(RefusalCode::UnknownAssignment);
  if (refusal) return what_is_so(asked, *assignment, *refusal);
  const auto& actor = asked.command.actor;
  if (actor.role == Role::department_officer && actor.department != assignment->department)
    return object(RefusalCode::WrongDepartment, std::string(actor.department));
  return std::nullopt;
}

Decision name_handler(const Asked& asked) {
  const auto& event = asked.event<HandlerNamed>();
  PayloadBuilder made;
  const auto department = made.text(event.department());
  const auto handler = made.bytes(sealed(asked.context, asked.command, "handler", event.handler()));
  return decided(made.emit(EventType::HandlerNamed,
                           CreateHandlerNamed(*made, event.matter(), department, handler)));
}

Decision record_contact(const Asked& asked) {
  const auto& event = asked.event<EnterpriseContacted>();
  PayloadBuilder made;
  const auto department = made.text(event.department()), method = made.text(event.method());
  const auto person = made.bytes(sealed(asked.context, asked.command, "person", event.person()));
  return decided(
      made.emit(EventType::EnterpriseContacted,
                CreateEnterpriseContacted(*made, event.matter(), department, method, person)));
}

Decision record_failed_contact(const Asked& asked, const Assignment& assignment) {
  const auto& event = asked.event<ContactAttemptFailed>();
  PayloadBuilder made;
  const auto department = made.text(event.department()), method = made.text(event.method());
  const auto reason = made.text(event.reason());
  return decided(made.emit(EventType::ContactAttemptFailed,
                           CreateContactAttemptFailed(*made, event.matter(), department, method,
                                                      reason, meets_contact(asked, assignment))));
}

Decision decide_work(const Asked& asked, const Assignment& assignment) {
  const EventType type = asked.command.event;
  switch (type) {
    case EventType::AssignmentSigned:
      if (assignment.signed_for) return refuse(RefusalCode::WrongState, "signed");
      return pass_through(asked.command);
    case EventType::HandlerNamed:
      return name_handler(asked);
    case EventType::EnterpriseContacted:
      return record_contact(asked);
    case EventType::ContactAttemptFailed:
      return record_failed_contact(asked, assignment);
    case EventType::ReturnRequested:
      return request_return(asked, assignment);
    case EventType::AssignmentRedispatched:
      return redispatch(asked, assignment);
    case EventType::CoOpinionFiled:
      if (assignment.duty != Duty::co) return refuse(RefusalCode::NotCoHandler);
      [[fallthrough]];
    case EventType::CompletionReported:
      // What is due cannot be judged while the clock stands still.
      if (assignment.suspended) return refuse(RefusalCode::AlreadySuspended);
      return pass_through(asked.command);
    case EventType::CompletionAccepted:
      if (assignment.completion_accepted) return refuse(RefusalCode::NothingChanged);
      return pass_through(asked.command);
    case EventType::CompletionSentBack:
      if (auto objection = bad_send_back(asked, assignment)) return std::unexpected(*objection);
      return pass_through(asked.command);
    default:
      return decide_assignment_terms(asked, assignment);
  }
}

}  // namespace

Emitted dispatched(const Asked& asked, int matter, std::string_view department, Duty duty,
                   Track track, std::string_view from) {
  const Context& context = asked.context;
  const Micros return_until =
      context.rules.return_workdays > 0
          ? context.calendar.after(context.now, context.rules.return_workdays).due
          : context.now;
  PayloadBuilder made;
  const auto to = made.text(department);
  const auto dues = made.dues(dispatch_dues(duty, track, context));
  const auto moved_from = made.text(from), rules = made.text(context.rules.id);
  return made.emit(EventType::AssignmentDispatched,
                   CreateAssignmentDispatched(*made, matter, to, duty, track, dues, return_until,
                                              moved_from, rules, context.calendar.version()));
}

Decision decide_assignment(const Asked& asked) {
  const EventType type = asked.command.event;
  const Assignment* assignment = newest(asked.appeal, assignment_key(type, asked.command.data));
  if (auto objection = bad_step(asked, assignment)) return std::unexpected(*objection);
  if (type == EventType::AssignmentDispatched) return dispatch(asked);
  CHECK(assignment != nullptr);
  return decide_work(asked, *assignment);
}

}  // namespace schemas
