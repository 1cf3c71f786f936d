// How recorded events change the state of an appeal: the tables' next status, the clocks through
// duty_changes(), and what later guards must remember. Arithmetic only; no rule and no deadline.
#include <algorithm>
#include <utility>

#include "engine/check.h"
#include "schemas/appeal_rules.h"

namespace schemas {
namespace {

using engine::RecordView;

constexpr std::size_t kEventsUsual = 16;  // of an appeal; so that most grow no further

std::uint32_t bit(Obligation obligation) { return 1u << static_cast<unsigned>(obligation); }

// A clock that starts anew may get its own cards.
void apply_change(std::vector<Clock>& clocks, std::uint32_t& yellow, std::uint32_t& red,
                  const DutyChange& change, Micros at) {
  if (change.op == DutyOp::start) {
    const Clock* clock = find_clock(clocks, change.obligation);
    if (clock == nullptr || !clock->duty.running()) {
      yellow &= ~bit(change.obligation);
      red &= ~bit(change.obligation);
    }
  }
  apply(clocks, change, at);
}

void apply_duties(Appeal& state, const RecordView& record) {
  const Assignment* found = nullptr;  // the one that the changes of this record are about
  bool sought = false;
  duty_changes(record, [&](const DutyChange& change) {
    const Micros at = record.recorded_at;
    if (change.scope == DutyScope::assignment) {
      if (!std::exchange(sought, true)) found = newest(state, {change.matter, change.department});
      if (found == nullptr) return;
      Assignment& assignment =
          state.assignments[static_cast<std::size_t>(found - state.assignments.data())];
      if (change.op == DutyOp::weekly) assignment.weekly = true;
      apply_change(assignment.clocks, assignment.yellow_cards, assignment.red_cards, change, at);
      return;
    }
    if (change.scope == DutyScope::round || change.all) {
      if (!state.rounds.empty())
        apply_change(state.rounds.back().clocks, state.yellow_cards, state.red_cards, change, at);
      if (change.scope == DutyScope::round) return;
    }
    if (change.all)
      for (Assignment& assignment : state.assignments) apply(assignment.clocks, change, at);
    apply_change(state.clocks, state.yellow_cards, state.red_cards, change, at);
  });
}

// ---- the appeal ----
void remember_appeal(Appeal& state, const RecordView& record) {
  switch (type_of(record)) {
    case EventType::AppealSubmitted:
      state.enterprise = view(payload_of<AppealSubmitted>(record).enterprise());
      break;
    case EventType::AppealDecomposed: {
      const auto* matters = payload_of<AppealDecomposed>(record).matters();
      state.decomposed = true;
      if (matters == nullptr) break;
      for (const Matter* matter : *matters) state.matters.push_back(matter->matter());
      break;
    }
    case EventType::AppealMerged:
      state.before = state.status;
      state.merged_into = view(payload_of<AppealMerged>(record).into());
      break;
    case EventType::AppealUnmerged:
      state.merged_into.clear();
      break;
    case EventType::SupervisionOrdered:
      state.supervised = true;
      break;
    case EventType::SupervisionLifted:
      state.supervised = false;
      break;
    case EventType::AppealConcluded:
      state.failed_callbacks.clear();
      break;
    case EventType::CallbackRecorded:
      if (!payload_of<CallbackRecorded>(record).reached())
        state.failed_callbacks.push_back(record.recorded_at);
      break;
    case EventType::AppealReopened:
      ++state.reopens;
      break;
    case EventType::YellowCardIssued:
      state.yellow_cards |= bit(payload_of<YellowCardIssued>(record).obligation());
      break;
    case EventType::RedCardIssued:
      state.red_cards |= bit(payload_of<RedCardIssued>(record).obligation());
      break;
    default:
      break;
  }
}

void evolve_appeal(Appeal& state, const RecordView& record) {
  const EventType type = type_of(record);
  const Transition* row =
      find_transition(kAppealLifecycle, static_cast<unsigned>(state.status), type);
  CHECK(row != nullptr);
  remember_appeal(state, record);
  if (row->to != kStays) state.status = static_cast<AppealStatus>(row->to);
  if (type == EventType::AppealUnmerged) state.status = state.before;
}

// ---- assignments ----
// A card of the weekly duty stands for the weeks missed so far: a new report lets a new card come.
void remember_progress(Assignment& assignment, const ProgressReported& event) {
  if (const auto week = parse_week(view(event.week())))
    assignment.begin_long_term().weeks_filed.push_back(week->monday);
  assignment.begin_long_term().last_progress = view(event.text());
  assignment.yellow_cards &= ~bit(Obligation::progress);
  assignment.red_cards &= ~bit(Obligation::progress);
}

void remember_terms(Assignment& assignment, const RecordView& record) {
  switch (type_of(record)) {
    case EventType::LongTermRequested: {
      const auto& event = payload_of<LongTermRequested>(record);
      assignment.long_term_pending = true;
      assignment.begin_long_term().plan = view(event.plan());
      assignment.begin_long_term().until = event.until();
      break;
    }
    case EventType::LongTermApproved:
      assignment.long_term_pending = false;
      assignment.begin_long_term().approved_at = record.recorded_at;
      break;
    case EventType::LongTermRefused:
      assignment.long_term_pending = false;
      break;
    case EventType::ProgressReported:
      remember_progress(assignment, payload_of<ProgressReported>(record));
      break;
    case EventType::ExtensionRequested:
      assignment.extension_pending = payload_of<ExtensionRequested>(record).workdays();
      break;
    case EventType::ExtensionApproved:
      assignment.extension_pending = 0;
      ++assignment.extensions;
      break;
    case EventType::ExtensionRefused:
      assignment.extension_pending = 0;
      break;
    case EventType::ClockSuspended:
      assignment.suspended = true;
      assignment.suspended_at = record.recorded_at;
      break;
    case EventType::ClockResumed:
      assignment.suspended = false;
      break;
    case EventType::YellowCardIssued:
      assignment.yellow_cards |= bit(payload_of<YellowCardIssued>(record).obligation());
      break;
    case EventType::RedCardIssued:
      assignment.red_cards |= bit(payload_of<RedCardIssued>(record).obligation());
      break;
    default:
      break;
  }
}

void remember_assignment(Assignment& assignment, const RecordView& record) {
  switch (type_of(record)) {
    case EventType::AssignmentSigned:
      assignment.signed_for = true;
      break;
    case EventType::EnterpriseContacted:
      assignment.contacted = true;
      break;
    case EventType::ContactAttemptFailed:
      assignment.failed_contacts.push_back(record.recorded_at);
      break;
    case EventType::ReturnRequested:
      assignment.return_asked = true;
      assignment.before = assignment.status;
      break;
    case EventType::CompletionReported:
    case EventType::CoOpinionFiled:
      assignment.before = assignment.status;
      break;
    case EventType::CompletionAccepted:
      assignment.completion_accepted = true;
      break;
    case EventType::CompletionSentBack:
      assignment.completion_accepted = false;
      break;
    default:
      remember_terms(assignment, record);
      break;
  }
}

// Where a refused return or a completion sent back leads.
AssignmentStatus status_restored(const Assignment& assignment) {
  if (assignment.before == AssignmentStatus::long_term) return AssignmentStatus::long_term;
  if (assignment.contacted) return AssignmentStatus::contacted;
  return assignment.signed_for ? AssignmentStatus::signed_ : AssignmentStatus::dispatched;
}

void add_assignment(Appeal& state, const RecordView& record) {
  const auto& event = payload_of<AssignmentDispatched>(record);
  Assignment added;
  added.matter = event.matter();
  added.department = view(event.department());
  added.duty = event.duty();
  added.track = event.track();
  added.status = AssignmentStatus::dispatched;
  added.round = state.round();
  added.dispatched_at = record.recorded_at;
  added.return_until = event.return_until();
  state.assignments.push_back(std::move(added));
}

void evolve_assignment(Appeal& state, const RecordView& record) {
  const EventType type = type_of(record);
  const Assignment* found = newest(state, assignment_key(type, record.payload));
  const Transition* row =
      find_transition(kAssignmentLifecycle, static_cast<unsigned>(status_for(found, type)), type);
  CHECK(row != nullptr);
  CHECK(appeal_admits(state.status, type));
  if (type == EventType::AssignmentDispatched) {
    add_assignment(state, record);
    return;
  }
  Assignment& assignment =
      state.assignments[static_cast<std::size_t>(found - state.assignments.data())];
  remember_assignment(assignment, record);
  if (row->to != kStays) assignment.status = static_cast<AssignmentStatus>(row->to);
  if (type == EventType::ReturnRefused || type == EventType::CompletionSentBack)
    assignment.status = status_restored(assignment);
}

// ---- rating rounds ----
void remember_round(RatingRound& round, const RecordView& record) {
  switch (type_of(record)) {
    case EventType::RatingSubmitted:
      round.rated_at = record.recorded_at;
      round.level = payload_of<RatingSubmitted>(record).level();
      break;
    case EventType::BadRatingAssigned:
      round.department = view(payload_of<BadRatingAssigned>(record).department());
      break;
    case EventType::BadRatingVerified:
      round.finding = payload_of<BadRatingVerified>(record).finding();
      break;
    case EventType::RatingContested:
      round.before_contest = round.status;
      break;
    case EventType::ContestUpheld:
      round.upheld = true;
      break;
    case EventType::RatingRevisited:
      round.revisited = true;
      break;
    case EventType::RatingWindowClosed:
      round.window_closed = true;
      break;
    default:
      break;
  }
}

void evolve_round(Appeal& state, const RecordView& record) {
  const EventType type = type_of(record);
  const auto status = static_cast<unsigned>(round_status_for(state, type));
  const Transition* row = find_transition(kRatingLifecycle, status, type);
  CHECK(row != nullptr);
  CHECK(appeal_admits(state.status, type));
  if (type == EventType::RatingInvited) {
    const auto& event = payload_of<RatingInvited>(record);
    RatingRound added;
    added.round = event.round();
    added.until = event.until();
    state.rounds.push_back(std::move(added));
  }
  RatingRound& round = state.rounds.back();
  remember_round(round, record);
  if (row->to != kStays) round.status = static_cast<RoundStatus>(row->to);
  if (type == EventType::ContestUpheld || type == EventType::ContestDismissed)
    round.status = round.before_contest;
}

}  // namespace

void evolve(Appeal& state, const RecordView& record) {
  const EventType type = type_of(record);
  switch (table_of(type, record.payload)) {
    case AppealTable::appeal:
      evolve_appeal(state, record);
      break;
    case AppealTable::assignment:
      evolve_assignment(state, record);
      break;
    case AppealTable::rating:
      evolve_round(state, record);
      break;
  }
  apply_duties(state, record);
  state.version = record.version;
  if (state.seqs.empty()) state.seqs.reserve(kEventsUsual);
  state.seqs.push_back(record.seq);
}

}  // namespace schemas
