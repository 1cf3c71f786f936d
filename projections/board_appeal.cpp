// The fold over appeals, their assignments and their rating rounds.
#include "projections/board.h"
#include "schemas/lifecycle.h"

namespace projections {

using schemas::AppealStatus;
using schemas::AssignmentStatus;
using schemas::EventType;

void Board::fold_appeal(std::uint32_t seq, EventType type, Args args) {
  const std::uint32_t ordinal = facts_.items()[facts_.item_of(seq)].ordinal;
  if (ordinal == appeals_.size()) appeals_.emplace_back().item = facts_.item_of(seq);
  AppealState& appeal = appeals_[ordinal];
  appeal.last_seq = seq;
  fold_course(appeal, seq, type, args);
  if (type >= EventType::AssignmentDispatched && type <= EventType::CardUpheld) {
    if (facts_.part_of(seq) == kNone) return fold_office_card(appeal, type);
    if (type == EventType::AssignmentDispatched) {
      appeal.assignment = static_cast<std::uint32_t>(assignments_.size());
      AssignmentState& assignment = assignments_.emplace_back();
      assignment.appeal = ordinal;
      assignment.cycle = appeal.reopens;
      assignment.duty = static_cast<schemas::Duty>(args[0]);
      assignment.track = static_cast<schemas::Track>(args[1]);
      assignment.dispatched = mark(seq);
      return;
    }
    fold_assignment(seq, type, args);
  } else if (is_round_event(type) && facts_.part_of(seq) != kNone) {
    fold_round(seq, type, args);
  }
}

// Reminders and cards for the office's own duties name no assignment.
void Board::fold_office_card(AppealState& appeal, EventType type) {
  if (type == EventType::ReminderIssued) ++appeal.reminders;
  if (type == EventType::YellowCardIssued) ++appeal.yellow_cards;
  if (type == EventType::RedCardIssued) ++appeal.red_cards;
}

// Which status an event leads to is the lifecycle's to say; here is what else it leaves on the
// board.
void Board::fold_course(AppealState& appeal, std::uint32_t seq, EventType type, Args args) {
  const AppealStatus was = appeal.status;
  const schemas::Transition* row = schemas::find_transition(
      schemas::kAppealLifecycle, static_cast<unsigned>(appeal.status), type);
  if (row != nullptr && row->to != schemas::kStays)
    appeal.status = static_cast<AppealStatus>(row->to);
  switch (type) {
    case EventType::AppealSubmitted:
      appeal.submitted = mark(seq);
      appeal.enterprise = static_cast<std::uint32_t>(args[0]);
      appeal.channel = static_cast<schemas::Channel>(args[1]);
      appeal.category = static_cast<std::uint32_t>(args[2]);
      appeal.title = static_cast<std::uint32_t>(args[3]);
      break;
    case EventType::AppealClassified:
      if (args[0] != 0) appeal.category = static_cast<std::uint32_t>(args[0]);
      appeal.classified_seq = seq;
      break;
    case EventType::AppealAccepted:
      appeal.accepted = mark(seq);
      break;
    case EventType::AppealWithdrawn:
    case EventType::AppealTransferredOut:
    case EventType::AppealExcluded:
      appeal.ended = mark(seq);
      break;
    case EventType::AppealMerged:
      appeal.before = was;
      appeal.ended = mark(seq);
      break;
    case EventType::AppealUnmerged:
      appeal.status = appeal.before;
      appeal.ended = {};
      break;
    case EventType::CallbackRecorded:
      fold_callback(appeal, seq, args);
      break;
    default:
      fold_conclusion(appeal, seq, type, was);
      break;
  }
}

// From the conclusion on an appeal is in a round: answered, closed, or reopened into the next.
void Board::fold_conclusion(AppealState& appeal, std::uint32_t seq, EventType type,
                            AppealStatus was) {
  if (type == EventType::AppealConcluded) {
    appeal.round = static_cast<std::uint32_t>(rounds_.size());
    rounds_.emplace_back();
    rounds_.back().appeal = facts_.items()[appeal.item].ordinal;
    rounds_.back().cycle = appeal.reopens;
  }
  // The appellant of a merged appeal is answered without a conclusion of its own.
  if (type == EventType::AppealAnswered && last_round(appeal) == nullptr)
    appeal.answered = mark(seq);
  if (last_round(appeal) == nullptr) return;
  RoundState& round = rounds_[appeal.round];
  if (type == EventType::AppealAnswered) round.answered = mark(seq);
  if (type == EventType::AppealClosed) round.closed = mark(seq);
  if (type != EventType::AppealReopened) return;
  round.final_status = was;
  appeal.reopened = mark(seq);
  ++appeal.reopens;
}

void Board::fold_callback(AppealState& appeal, std::uint32_t seq, Args args) {
  appeal.last_callback = seq;
  if (appeal.round == kNone) return;
  RoundState& round = rounds_[appeal.round];
  round.callback = mark(seq);
  round.reached = args[0] == 1;
  round.solved = static_cast<std::int32_t>(args[1]);
  round.satisfied = static_cast<std::int32_t>(args[2]);
}

void Board::fold_assignment(std::uint32_t seq, EventType type, Args args) {
  AssignmentState& assignment = assignments_[facts_.part_of(seq)];
  assignment.last_seq = seq;
  const auto end = [&](AssignmentStatus status) {
    assignment.end = status;
    assignment.ended = mark(seq);
  };
  // Signing is implied by contact or completion (interfaces.md section 6).
  const auto sign = [&] {
    if (!assignment.signed_) assignment.signed_ = mark(seq);
  };
  switch (type) {
    case EventType::AssignmentSigned:
      assignment.has_signed = true;
      sign();
      break;
    case EventType::EnterpriseContacted:
      if (!assignment.contacted) assignment.contacted = mark(seq);
      sign();
      break;
    case EventType::ContactAttemptFailed:
      if (args[0] == 1) sign();  // it meets the contact, and so implies the signing
      break;
    case EventType::ReturnRequested:
      assignment.returning = true;
      break;
    case EventType::ReturnRefused:
      assignment.returning = false;
      break;
    case EventType::ReturnApproved:
      ++assignment.returns;
      assignment.return_seq = seq;
      end(AssignmentStatus::returned);
      break;
    case EventType::AssignmentRedispatched:
      end(AssignmentStatus::redispatched);
      break;
    case EventType::AssignmentCancelled:
      end(AssignmentStatus::cancelled);
      break;
    case EventType::LongTermApproved:
      assignment.long_term = mark(seq);
      break;
    case EventType::ProgressReported:
      filings_.push_back({static_cast<schemas::Day>(args[0]), static_cast<std::int32_t>(args[1]),
                          static_cast<std::uint32_t>(args[2]), seq, assignment.last_filing});
      assignment.last_filing = static_cast<std::uint32_t>(filings_.size() - 1);
      break;
    case EventType::ExtensionApproved:
      ++assignment.extensions;
      assignment.extension_seq = seq;
      break;
    case EventType::CompletionReported:
    case EventType::CoOpinionFiled:
      sign();
      end(AssignmentStatus::completed);
      break;
    case EventType::CompletionSentBack:
      assignment.end = AssignmentStatus::none;
      assignment.ended = {};
      break;
    default:
      fold_office_act(assignment, seq, type);
      break;
  }
}

// What the office does to a running assignment without moving it along.
void Board::fold_office_act(AssignmentState& assignment, std::uint32_t seq, EventType type) {
  switch (type) {
    case EventType::ClockSuspended:
      assignment.suspended = mark(seq);
      break;
    case EventType::ClockResumed:
      assignment.suspended = {};
      break;
    case EventType::ReminderIssued:
      ++assignment.reminders;
      break;
    case EventType::YellowCardIssued:
      ++assignment.yellow_cards;
      break;
    case EventType::RedCardIssued:
      ++assignment.red_cards;
      break;
    default:
      break;
  }
}

void Board::fold_round(std::uint32_t seq, EventType type, Args args) {
  RoundState& round = rounds_[facts_.part_of(seq)];
  switch (type) {
    case EventType::AppealConcluded:
      round.concluded = mark(seq);
      round.outcome = static_cast<schemas::Outcome>(args[0]);
      break;
    case EventType::RatingSubmitted:
      round.rated = mark(seq);
      round.level = static_cast<std::int32_t>(args[0]);
      break;
    case EventType::BadRatingAssigned:
      round.assigned = mark(seq);
      break;
    case EventType::BadRatingVerified:
      round.verified = mark(seq);
      round.finding = static_cast<schemas::Finding>(args[0]);
      break;
    case EventType::RatingContested:
      round.contested = mark(seq);
      break;
    case EventType::ContestUpheld:
      round.upheld = mark(seq);
      break;
    case EventType::RectificationReported:
      round.reported = mark(seq);
      break;
    case EventType::RectificationAccepted:
      round.accepted = mark(seq);
      break;
    case EventType::RectificationRejected:
      round.reported = {};
      break;
    case EventType::RectificationFedBack:
      round.fed_back = mark(seq);
      break;
    case EventType::RatingInvalidated:
      round.invalidated = mark(seq);
      break;
    default:
      break;
  }
}

}  // namespace projections
