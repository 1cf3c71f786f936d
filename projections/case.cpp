// The fold over one appeal. Which obligation clocks an event moves is not decided here but read
// from the duty words of the facts.
#include "projections/case.h"

#include <algorithm>
#include <array>

#include "engine/check.h"

namespace projections {

using schemas::AppealStatus;
using schemas::AssignmentStatus;
using schemas::DutyScope;
using schemas::EventType;
using schemas::Obligation;

void Case::begin(const Facts& facts, std::uint32_t item) {
  facts_ = &facts;
  item_ = item;
  next_ = facts.items()[item].first;
  appeal_ = AppealState{};
  assignments_.clear();
  rounds_.clear();
  filings_.clear();
  complaints_.clear();
  listed_.clear();
}

void Case::advance(std::uint64_t seq) {
  while (next_ != 0 && next_ <= seq) {
    const Row& row = facts_->row(next_);
    fold(row, next_);
    next_ = row.next;
  }
}

void warm(const Facts& facts, std::span<const std::uint32_t> items, std::uint64_t seq) {
  constexpr std::size_t kMost = 64;
  std::array<std::uint32_t, kMost> at;
  CHECK(items.size() <= kMost);
  for (std::size_t i = 0; i < items.size(); ++i) {
    at[i] = facts.items()[items[i]].first;
    if (at[i] != 0) __builtin_prefetch(&facts.row(at[i]));
  }
  for (bool going = true; going;) {
    going = false;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (at[i] == 0 || at[i] > seq) continue;
      const Row& row = facts.row(at[i]);
      __builtin_prefetch(facts.args_of(row).data());
      at[i] = row.next;
      if (at[i] == 0) continue;
      __builtin_prefetch(&facts.row(at[i]));
      going = true;
    }
  }
}

void Case::fold(const Row& row, std::uint32_t seq) {
  const auto type = static_cast<EventType>(row.type);
  const Args args = facts_->args_of(row);
  now_ = {row.at, seq};
  appeal_.last_seq = seq;
  fold_course(type, args);
  if (type >= EventType::AssignmentDispatched && type <= EventType::CardUpheld) {
    if (row.part == kNone)
      fold_office_card(type);
    else if (type == EventType::AssignmentDispatched)
      fold_dispatch(row.part, args);
    else
      fold_assignment(assignment_numbered(row.part), type, args);
  } else if (is_round_event(type) && row.part != kNone) {
    fold_round(round_numbered(row.part), type, args);
  }
  if (row.duties == 0) return;
  std::span<const std::int32_t> words = facts_->duties_of(row);
  DutyFact duty;
  while (take_duty(words, row.part, duty)) fold_duty(duty, type);
}

AssignmentState& Case::assignment_numbered(std::uint32_t number) {
  auto at = assignments_.rbegin();
  while (at->number != number) ++at;
  return *at;
}

RoundState& Case::round_numbered(std::uint32_t number) {
  auto at = rounds_.rbegin();
  while (at->number != number) ++at;
  return *at;
}

void Case::fold_dispatch(std::uint32_t part, Args args) {
  const auto place = static_cast<std::uint32_t>(assignments_.size());
  AssignmentState& assignment = assignments_.emplace_back();
  assignment.number = part;
  assignment.cycle = appeal_.reopens;
  assignment.duty = static_cast<schemas::Duty>(args[0]);
  assignment.track = static_cast<schemas::Track>(args[1]);
  assignment.dispatched = now_;
  const auto after =
      std::ranges::upper_bound(listed_, matter_of(assignment), {},
                               [&](std::uint32_t other) { return matter_of(assignments_[other]); });
  listed_.insert(after, place);
}

// Reminders and cards for the office's own duties name no assignment.
void Case::fold_office_card(EventType type) {
  if (type == EventType::ReminderIssued) ++appeal_.reminders;
  if (type == EventType::YellowCardIssued) ++appeal_.yellow_cards;
  if (type == EventType::RedCardIssued) ++appeal_.red_cards;
}

// Which status an event leads to is the lifecycle's to say; here is what else it leaves behind.
void Case::fold_course(EventType type, Args args) {
  const AppealStatus was = appeal_.status;
  step(appeal_.status, appeal_.before, type);
  switch (type) {
    case EventType::AppealSubmitted:
      appeal_.submitted = now_;
      appeal_.enterprise = static_cast<std::uint32_t>(args[0]);
      appeal_.channel = static_cast<schemas::Channel>(args[1]);
      appeal_.category = static_cast<std::uint32_t>(args[2]);
      appeal_.title = static_cast<std::uint32_t>(args[3]);
      break;
    case EventType::AppealClassified:
      if (args[0] != 0) appeal_.category = static_cast<std::uint32_t>(args[0]);
      appeal_.classified_seq = now_.seq;
      break;
    case EventType::AppealAccepted:
      appeal_.accepted = now_;
      break;
    case EventType::AppealWithdrawn:
    case EventType::AppealTransferredOut:
    case EventType::AppealExcluded:
    case EventType::AppealMerged:
      appeal_.ended = now_;
      break;
    case EventType::AppealUnmerged:
      appeal_.ended = {};
      break;
    case EventType::CallbackRecorded:
      fold_callback(args);
      break;
    default:
      fold_conclusion(type, was);
      break;
  }
}

// From the conclusion on an appeal is in a round: answered, closed, or reopened into the next.
void Case::fold_conclusion(EventType type, AppealStatus was) {
  if (type == EventType::AppealConcluded) {
    rounds_.emplace_back();
    rounds_.back().number = facts_->part_of(now_.seq);
    rounds_.back().cycle = appeal_.reopens;
  }
  // The appellant of a merged appeal is answered without a conclusion of its own.
  if (type == EventType::AppealAnswered && last_round() == nullptr) appeal_.answered = now_;
  if (last_round() == nullptr) return;
  RoundState& round = rounds_.back();
  if (type == EventType::AppealAnswered) round.answered = now_;
  if (type == EventType::AppealClosed) round.closed = now_;
  if (type != EventType::AppealReopened) return;
  round.final_status = was;
  appeal_.reopened = now_;
  ++appeal_.reopens;
}

void Case::fold_callback(Args args) {
  appeal_.last_callback = now_.seq;
  if (is_complaint(args))
    complaints_.push_back({now_.seq, rounds_.empty() ? 0 : rounds_.back().cycle});
  if (rounds_.empty()) return;
  RoundState& round = rounds_.back();
  round.callback = now_;
  round.reached = args[0] == 1;
  round.solved = args[1];
  round.satisfied = args[2];
}

void Case::fold_assignment(AssignmentState& assignment, EventType type, Args args) {
  assignment.last_seq = now_.seq;
  const auto end = [&](AssignmentStatus status) {
    assignment.end = status;
    assignment.ended = now_;
  };
  // Signing is implied by contact or completion (interfaces.md section 6).
  const auto sign = [&] {
    if (!assignment.signed_) assignment.signed_ = now_;
  };
  switch (type) {
    case EventType::AssignmentSigned:
      assignment.has_signed = true;
      sign();
      break;
    case EventType::EnterpriseContacted:
      if (!assignment.contacted) assignment.contacted = now_;
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
      assignment.return_seq = now_.seq;
      end(AssignmentStatus::returned);
      break;
    case EventType::AssignmentRedispatched:
      end(AssignmentStatus::redispatched);
      break;
    case EventType::AssignmentCancelled:
      end(AssignmentStatus::cancelled);
      break;
    case EventType::LongTermApproved:
      assignment.long_term = now_;
      break;
    case EventType::ProgressReported:
      filings_.push_back({args[0], args[1], static_cast<std::uint32_t>(args[2]), now_.seq,
                          assignment.last_filing});
      assignment.last_filing = static_cast<std::uint32_t>(filings_.size() - 1);
      break;
    case EventType::ExtensionApproved:
      ++assignment.extensions;
      assignment.extension_seq = now_.seq;
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
      fold_office_act(assignment, type);
      break;
  }
}

// What the office does to a running assignment without moving it along.
void Case::fold_office_act(AssignmentState& assignment, EventType type) {
  switch (type) {
    case EventType::ClockSuspended:
      assignment.suspended = now_;
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

void Case::fold_round(RoundState& round, EventType type, Args args) {
  switch (type) {
    case EventType::AppealConcluded:
      round.concluded = now_;
      round.outcome = static_cast<schemas::Outcome>(args[0]);
      break;
    case EventType::RatingSubmitted:
      round.rated = now_;
      round.level = args[0];
      break;
    case EventType::BadRatingAssigned:
      round.assigned = now_;
      break;
    case EventType::BadRatingVerified:
      round.verified = now_;
      round.finding = static_cast<schemas::Finding>(args[0]);
      break;
    case EventType::RatingContested:
      round.contested = now_;
      break;
    case EventType::ContestUpheld:
      round.upheld = now_;
      break;
    case EventType::RectificationReported:
      round.reported = now_;
      break;
    case EventType::RectificationAccepted:
      round.accepted = now_;
      break;
    case EventType::RectificationRejected:
      round.reported = {};
      break;
    case EventType::RectificationFedBack:
      round.fed_back = now_;
      break;
    case EventType::RatingInvalidated:
      round.invalidated = now_;
      break;
    default:
      break;
  }
}

// ---- obligations ----

namespace {

void move_clocks(const DutyFact& change, Mark now, EventType by, AssignmentState& assignment) {
  move_clocks(change, now, by, assignment.sign, assignment.contact, assignment.completion,
              assignment.opinion, assignment.ruling);
}

}  // namespace

void Case::fold_duty(const DutyFact& change, EventType type) {
  switch (change.scope) {
    case DutyScope::assignment: {
      AssignmentState& assignment = assignment_numbered(change.part);
      if (change.op == schemas::DutyOp::weekly)
        assignment.weekly_from = now_;
      else
        move_clocks(change, now_, type, assignment);
      return;
    }
    case DutyScope::round: {
      RoundState& round = round_numbered(change.part);
      return move_clocks(change, now_, type, round.verify, round.rectify);
    }
    case DutyScope::stream:
      return fold_stream_duty(change, type);
  }
}

// A change of every clock of a stream reaches its assignments and rounds too.
void Case::fold_stream_duty(const DutyFact& change, EventType type) {
  move_clocks(change, now_, type, appeal_.accept, appeal_.dispatch, appeal_.callback);
  if (!change.all) return;
  for (AssignmentState& assignment : assignments_) move_clocks(change, now_, type, assignment);
  for (RoundState& round : rounds_) move_clocks(change, now_, type, round.verify, round.rectify);
}

// ---- questions ----

const RoundState* Case::round_of(const AssignmentState& assignment) const {
  for (auto round = rounds_.rbegin(); round != rounds_.rend(); ++round)
    if (round->cycle == assignment.cycle) return &*round;
  return nullptr;
}

std::vector<std::uint32_t> Case::leads_of(std::int32_t cycle) const {
  std::vector<std::uint32_t> leads;
  for (const AssignmentState& assignment : assignments_) {
    if (assignment.cycle != cycle || assignment.duty != schemas::Duty::lead) continue;
    if (assignment.end == AssignmentStatus::returned ||
        assignment.end == AssignmentStatus::redispatched ||
        assignment.end == AssignmentStatus::cancelled)
      continue;
    const std::uint32_t lead = facts_->assignments()[assignment.number].department;
    if (std::ranges::find(leads, lead) == leads.end()) leads.push_back(lead);
  }
  return leads;
}

const Filing* Case::filing_of(const AssignmentState& assignment, schemas::Week week) const {
  std::uint32_t at = assignment.last_filing;
  while (at != kNone && filings_[at].week != week.monday) at = filings_[at].previous;
  return at == kNone ? nullptr : &filings_[at];
}

}  // namespace projections
