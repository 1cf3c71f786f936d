// The guards of the appeal itself (domain.md section 10): who may ask, what must be so before, and
// which consequences are pinned into the event.
#include <algorithm>

#include "engine/check.h"
#include "schemas/appeal_rules.h"
#include "schemas/directory.h"

namespace schemas {

bool is_system_derived(const CommandView& command) {
  return command.actor.role == Role::system && (command.flags & engine::kDerived) != 0;
}

bool is_active_department(const Context& context, std::string_view id) {
  const Department* department = context.neighbours.department(id);
  return department != nullptr && department->status == DepartmentStatus::active;
}

Objection not_the_submitter(const Asked& asked) {
  const auto& actor = asked.command.actor;
  if (actor.role != Role::enterprise || actor.id == asked.appeal.enterprise) return std::nullopt;
  return object(RefusalCode::NotTheSubmitter);
}

namespace {

Decision submit(const Asked& asked) {
  const auto& event = asked.event<AppealSubmitted>();
  const auto& actor = asked.command.actor;
  const Context& context = asked.context;
  const std::string_view code = view(event.enterprise());
  if (actor.role == Role::enterprise && actor.id != code)
    return refuse(RefusalCode::NotTheSubmitter);
  if (actor.role == Role::system && event.channel() != Channel::import_ &&
      !is_system_derived(asked.command))
    return refuse(RefusalCode::WrongRole, "system");
  const Enterprise* enterprise = context.neighbours.enterprise(code);
  if (enterprise == nullptr || !enterprise->active())
    return refuse(RefusalCode::UnknownEnterprise, std::string(code));
  PayloadBuilder made;
  const auto submitter = made.text(event.enterprise()), category = made.text(event.category());
  const auto title = made.text(event.title()), text = made.text(event.text());
  const auto attachments = made.texts(event.attachments());
  const auto dues = made.dues(due_now(Obligation::accept, context));
  const auto rules = made.text(context.rules.id);
  return decided(
      made.emit(EventType::AppealSubmitted,
                CreateAppealSubmitted(*made, submitter, event.channel(), category, title, text,
                                      attachments, dues, rules, context.calendar.version())));
}

Decision accept_appeal(const Asked& asked) {
  const Context& context = asked.context;
  PayloadBuilder made;
  const auto dues = made.dues(due_now(Obligation::dispatch, context));
  const auto rules = made.text(context.rules.id);
  return decided(made.emit(EventType::AppealAccepted,
                           CreateAppealAccepted(*made, dues, rules, context.calendar.version())));
}

// At least one matter, each with exactly one lead department.
Objection bad_matter(const Asked& asked, const Matter& matter) {
  const std::string_view lead = view(matter.lead());
  if (matter.matter() < 1) return object(RefusalCode::OutOfRange, "matter");
  if (lead.empty()) return object(RefusalCode::MissingField, "lead");
  if (!is_active_department(asked.context, lead))
    return object(RefusalCode::UnknownDepartment, std::string(lead));
  if (matter.co() == nullptr) return std::nullopt;
  std::vector<std::string_view> named{lead};
  for (const auto* co : *matter.co()) {
    if (!is_active_department(asked.context, view(co)))
      return object(RefusalCode::UnknownDepartment, std::string(view(co)));
    if (is_among(named, view(co)))
      return object(RefusalCode::AlreadyAssigned, std::string(view(co)));
    named.push_back(view(co));
  }
  return std::nullopt;
}

Decision decompose(const Asked& asked) {
  if (asked.appeal.decomposed) return refuse(RefusalCode::AlreadyDecomposed);
  const auto* matters = asked.event<AppealDecomposed>().matters();
  if (matters == nullptr || matters->size() == 0) return refuse(RefusalCode::NoMatters);
  std::vector<int> numbers;
  for (const Matter* matter : *matters) {
    if (auto objection = bad_matter(asked, *matter)) return std::unexpected(*objection);
    if (is_among(numbers, matter->matter()))
      return refuse(RefusalCode::MatterListedTwice, std::to_string(matter->matter()));
    numbers.push_back(matter->matter());
  }
  return pass_through(asked.command);
}

bool is_open(const Appeal& appeal) {
  switch (appeal.status) {
    case AppealStatus::submitted:
    case AppealStatus::supplement_requested:
    case AppealStatus::accepted:
    case AppealStatus::shelved:
      return true;
    case AppealStatus::none:
    case AppealStatus::concluded:
    case AppealStatus::answered:
    case AppealStatus::closed:
    case AppealStatus::rejected:
    case AppealStatus::withdrawn:
    case AppealStatus::transferred:
    case AppealStatus::merged:
    case AppealStatus::excluded:
      return false;
  }
  CHECK(false);
  return false;
}

// The target open, not itself, no cycle.
Decision merge(const Asked& asked) {
  const std::string into(view(asked.event<AppealMerged>().into()));
  std::string at = into;
  while (!at.empty()) {
    if (at == asked.command.no) return refuse(RefusalCode::MergeCycle, into);
    const Appeal* next = asked.context.neighbours.appeal(at);
    at = next == nullptr ? std::string() : next->merged_into;
  }
  const Appeal* target = asked.context.neighbours.appeal(into);
  if (target == nullptr || !is_open(*target)) return refuse(RefusalCode::TargetNotOpen, into);
  return pass_through(asked.command);
}

// 挂账: the next review is at most 30 days away (domain.md section 4).
Decision shelve(const Asked& asked) {
  const Day review = asked.event<AppealShelved>().review();
  const Day today = day_of(asked.context.now);
  if (review < today) return refuse(RefusalCode::OutOfRange, "review");
  if (review > today + asked.context.rules.shelve_review_days)
    return refuse(RefusalCode::ReviewTooFar, date_text(review));
  return pass_through(asked.command);
}

Emitted concluded(const Asked& asked, int round) {
  const Context& context = asked.context;
  PayloadBuilder made;
  const auto dues = made.dues(due_now(Obligation::callback, context));
  const auto rules = made.text(context.rules.id);
  return made.emit(EventType::AppealConcluded,
                   CreateAppealConcluded(*made, asked.event<AppealConcluded>().outcome(), round,
                                         dues, rules, context.calendar.version()));
}

Emitted invited(const Context& context, int round) {
  const Micros until = context.rules.rating_workdays > 0
                           ? context.calendar.after(context.now, context.rules.rating_workdays).due
                           : context.now;
  PayloadBuilder made;
  const auto rules = made.text(context.rules.id);
  return made.emit(EventType::RatingInvited,
                   CreateRatingInvited(*made, round, until, rules, context.calendar.version()));
}

// 办结: all assignments of this round ended; one batch with the invitation to rate.
Decision conclude(const Asked& asked) {
  for (const Assignment& assignment : asked.appeal.assignments)
    if (assignment.open())
      return refuse(RefusalCode::AssignmentsOpen,
                    std::to_string(assignment.matter) + " " + assignment.department);
  std::vector<Emitted> events;
  events.reserve(2);
  const int round = static_cast<int>(asked.appeal.rounds.size()) + 1;
  events.push_back(concluded(asked, round));
  events.push_back(invited(asked.context, round));
  return events;
}

// Three failed attempts on two different working days exhaust the duty (domain.md section 4).
bool exhausts(const Asked& asked) {
  const Clock* callback = find_clock(asked.appeal.clocks, Obligation::callback);
  if (callback == nullptr || !callback->duty.running()) return false;
  if (asked.appeal.failed_callbacks.size() + 1 < 3) return false;
  std::vector<Day> workdays;
  const auto add = [&](Micros at) {
    const Day day = day_of(at);
    if (asked.context.calendar.is_workday(day) && !is_among(workdays, day)) workdays.push_back(day);
  };
  for (const Micros at : asked.appeal.failed_callbacks) add(at);
  add(asked.context.now);
  return workdays.size() >= 2;
}

// The appellant answers by itself in place of a call: once a conclusion, while the callback is
// owed, and never that it was not reached (our choice; domain.md section 10: not the handling
// department).
Objection not_its_to_answer(const Asked& asked) {
  if (asked.command.actor.role != Role::enterprise) return std::nullopt;
  if (auto objection = not_the_submitter(asked)) return objection;
  const Clock* callback = find_clock(asked.appeal.clocks, Obligation::callback);
  if (callback == nullptr || !callback->duty.running()) return object(RefusalCode::CallbackDone);
  if (!asked.event<CallbackRecorded>().reached()) return object(RefusalCode::OutOfRange, "reached");
  return std::nullopt;
}

Decision call_back(const Asked& asked) {
  const auto& event = asked.event<CallbackRecorded>();
  if (auto objection = not_its_to_answer(asked)) return std::unexpected(*objection);
  if (event.reached() && !event.solved()) return refuse(RefusalCode::MissingField, "solved");
  if (event.reached() && !event.satisfied()) return refuse(RefusalCode::MissingField, "satisfied");
  PayloadBuilder made;
  const auto text = made.text(event.text());
  return decided(
      made.emit(EventType::CallbackRecorded,
                CreateCallbackRecorded(*made, event.reached(), event.solved(), event.satisfied(),
                                       text, !event.reached() && exhausts(asked))));
}

// 销号: answered, callback met or exhausted, rating made or its window past, no open rectification.
Decision close_appeal(const Asked& asked) {
  const Clock* callback = find_clock(asked.appeal.clocks, Obligation::callback);
  if (callback != nullptr && callback->duty.running()) return refuse(RefusalCode::CallbackOpen);
  CHECK(!asked.appeal.rounds.empty());
  const RatingRound& round = asked.appeal.rounds.back();
  if (round.status == RoundStatus::invited && asked.context.now < round.until)
    return refuse(RefusalCode::RatingOpen, time_text(round.until));
  if (round.rectification_open()) return refuse(RefusalCode::RectificationOpen);
  return pass_through(asked.command);
}

// A refusal that says more than WrongState.
RefusalCode what_is_so(AppealStatus status, EventType event) {
  using enum RefusalCode;
  const bool unanswered = status == AppealStatus::concluded;
  if (event == EventType::AppealAnswered && status == AppealStatus::answered)
    return AlreadyAnswered;
  if (event == EventType::CallbackRecorded && unanswered) return NotAnswered;
  if (event == EventType::AppealClosed && unanswered) return NotAnswered;
  return WrongState;
}

}  // namespace

Decision decide_appeal(const Asked& asked) {
  const Appeal& appeal = asked.appeal;
  if (auto refusal =
          check_transition(kAppealLifecycle, static_cast<unsigned>(appeal.status), asked.command)) {
    if (refusal->code == RefusalCode::WrongState)
      refusal->code = what_is_so(appeal.status, asked.command.event);
    return std::unexpected(*refusal);
  }
  switch (asked.command.event) {
    case EventType::AppealSubmitted:
      return submit(asked);
    case EventType::AppealSupplemented:
    case EventType::AppealWithdrawn:
      if (auto objection = not_the_submitter(asked)) return std::unexpected(*objection);
      return pass_through(asked.command);
    case EventType::AppealAccepted:
      return accept_appeal(asked);
    case EventType::AppealDecomposed:
      return decompose(asked);
    case EventType::AppealMerged:
      return merge(asked);
    case EventType::SupervisionLifted:
      if (!appeal.supervised) return refuse(RefusalCode::NothingChanged);
      return pass_through(asked.command);
    case EventType::AppealShelved:
      return shelve(asked);
    case EventType::AppealConcluded:
      return conclude(asked);
    case EventType::CallbackRecorded:
      return call_back(asked);
    case EventType::AppealClosed:
      return close_appeal(asked);
    case EventType::AppealCorrected:
      if (!is_among(appeal.seqs, asked.event<AppealCorrected>().event()))
        return refuse(RefusalCode::NoSuchEvent);
      return pass_through(asked.command);
    case EventType::YellowCardIssued:
    case EventType::RedCardIssued:
      return decide_card(asked, nullptr);
    default:
      return pass_through(asked.command);
  }
}

}  // namespace schemas
