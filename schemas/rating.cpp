// The guards of rating rounds 评价 (domain.md sections 2 and 10): the appellant rates once a
// conclusion, within the window; a bad rating is verified, rectified and fed back; its level never
// changes.
#include <algorithm>

#include "engine/check.h"
#include "schemas/appeal_rules.h"

namespace schemas {
namespace {

bool is_level(int level) { return level >= 1 && level <= 5; }

Decision rate(const Asked& asked, const RatingRound& round) {
  const Context& context = asked.context;
  const auto& event = asked.event<RatingSubmitted>();
  const int level = event.level();
  if (auto objection = not_the_submitter(asked)) return std::unexpected(*objection);
  if (!is_level(level)) return refuse(RefusalCode::BadLevel, std::to_string(level));
  if (context.now >= round.until)
    return refuse(RefusalCode::RatingWindowClosed, time_text(round.until));
  const bool bad = level <= 2;
  if (bad && (event.reasons() == nullptr || event.reasons()->size() == 0))
    return refuse(RefusalCode::ReasonNeeded);
  Dues dues;
  for (const Obligation obligation : {Obligation::rating_verify, Obligation::rating_rectify})
    if (const auto due = bad ? due_now(obligation, context) : std::nullopt) dues.push_back(*due);
  PayloadBuilder made;
  const auto reasons = made.texts(event.reasons());
  const auto text = made.text(event.text());
  const auto pinned = made.dues(dues);
  const auto rules = made.text(context.rules.id);
  return decided(made.emit(EventType::RatingSubmitted,
                           CreateRatingSubmitted(*made, event.level(), reasons, text, round.round,
                                                 pinned, rules, context.calendar.version())));
}

// 评价期满: recorded once, so that the appellant's silence is a fact with a time.
Decision close_window(const Asked& asked, const RatingRound& round) {
  if (asked.context.now < round.until) return refuse(RefusalCode::RatingOpen);
  if (round.window_closed) return refuse(RefusalCode::NothingChanged);
  RatingWindowClosedT event;
  event.round = round.round;
  event.until = round.until;
  return decided(EventType::RatingWindowClosed, event);
}

Decision revisit(const Asked& asked, const RatingRound& round) {
  const int level = asked.event<RatingRevisited>().level();
  if (auto objection = not_the_submitter(asked)) return std::unexpected(*objection);
  if (!is_level(level)) return refuse(RefusalCode::BadLevel, std::to_string(level));
  if (round.revisited) return refuse(RefusalCode::AlreadyRated);
  return pass_through(asked.command);
}

// 谁办理谁负责: a lead department of this appeal, or the one that the bad rating was assigned to.
Objection wrong_department(const Asked& asked, const RatingRound& round) {
  const auto& actor = asked.command.actor;
  if (actor.role != Role::department_officer) return std::nullopt;
  if (!round.department.empty() && actor.department == round.department) return std::nullopt;
  // Assignments are of the round whose conclusion was rated, not of work begun anew.
  const bool leads = std::ranges::any_of(asked.appeal.assignments, [&](const Assignment& one) {
    return one.duty == Duty::lead && one.round <= round.round && one.department == actor.department;
  });
  if (leads) return std::nullopt;
  return object(RefusalCode::WrongDepartment, std::string(actor.department));
}

Objection nothing_to_rectify(const RatingRound& round) {
  if (!round.rectification_open()) return object(RefusalCode::NothingToRectify);
  return std::nullopt;
}

// 限期整改: a complex rectification has D(15) of the rating in place of D(5).
Decision plan(const Asked& asked, const RatingRound& round) {
  if (auto objection = nothing_to_rectify(round)) return std::unexpected(*objection);
  const Context& context = asked.context;
  const auto event = asked.draft<RectificationPlanned>();
  const Clock* clock = find_clock(round.clocks, Obligation::rating_rectify);
  event->old_due = 0;
  event->dues.clear();
  event->calendar = context.calendar.version();
  const int workdays = context.rules.rating_rectify_complex_workdays;
  if (clock != nullptr && clock->duty.running() && workdays > 0) {
    const Deadline deadline = context.calendar.after(round.rated_at, workdays);
    event->old_due = clock->duty.due;
    event->dues.emplace_back(deadline.due, Obligation::rating_rectify, deadline.provisional,
                             static_cast<std::int16_t>(workdays));
  }
  return decided(EventType::RectificationPlanned, *event);
}

// A refusal that says more than WrongState.
RefusalCode what_is_so(RoundStatus status, EventType event) {
  const bool of_the_window =
      event == EventType::RatingSubmitted || event == EventType::RatingWindowClosed;
  if (of_the_window && status != RoundStatus::none) return RefusalCode::AlreadyRated;
  if (status == RoundStatus::invited && !of_the_window) return RefusalCode::NotRated;
  return RefusalCode::WrongState;
}

Objection bad_step(const Asked& asked) {
  const EventType type = asked.command.event;
  const RoundStatus status = round_status_for(asked.appeal, type);
  auto refusal = check_transition(kRatingLifecycle, static_cast<unsigned>(status), asked.command);
  if (refusal && refusal->code == RefusalCode::WrongRole) return refusal;
  if (asked.appeal.status == AppealStatus::none)
    return object(RefusalCode::NotFound, stream_text(asked.command));
  if (!appeal_admits(asked.appeal.status, type) || status == RoundStatus::none) {
    const auto at = static_cast<std::size_t>(asked.appeal.status);
    return object(RefusalCode::WrongState, std::string(kAppealLifecycle.statuses[at]));
  }
  if (refusal && refusal->code == RefusalCode::WrongState) refusal->code = what_is_so(status, type);
  return refusal;
}

}  // namespace

Decision decide_rating(const Asked& asked) {
  if (auto objection = bad_step(asked)) return std::unexpected(*objection);
  CHECK(!asked.appeal.rounds.empty());
  const RatingRound& round = asked.appeal.rounds.back();
  Objection objection;
  switch (asked.command.event) {
    case EventType::RatingSubmitted:
      return rate(asked, round);
    case EventType::RatingRevisited:
      return revisit(asked, round);
    case EventType::RatingWindowClosed:
      return close_window(asked, round);
    case EventType::RectificationPlanned:
      return plan(asked, round);
    case EventType::RatingSupplemented:
      objection = not_the_submitter(asked);
      break;
    case EventType::BadRatingAssigned: {
      const std::string_view to = view(asked.event<BadRatingAssigned>().department());
      if (!round.bad())
        objection = object(RefusalCode::NotBadRating);
      else if (!is_active_department(asked.context, to))
        objection = object(RefusalCode::UnknownDepartment, std::string(to));
      break;
    }
    case EventType::BadRatingVerified:
      if (!round.bad()) objection = object(RefusalCode::NotBadRating);
      break;
    case EventType::RatingContested:
      objection = wrong_department(asked, round);
      if (!objection && !round.bad()) objection = object(RefusalCode::NotBadRating);
      break;
    case EventType::RectificationReported:
      objection = wrong_department(asked, round);
      if (!objection) objection = nothing_to_rectify(round);
      break;
    case EventType::RectificationFedBack:
      objection = wrong_department(asked, round);
      break;
    default:
      break;
  }
  if (objection) return std::unexpected(*objection);
  return pass_through(asked.command);
}

}  // namespace schemas
