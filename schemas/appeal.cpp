// The lifecycle tables of the appeal, its assignments and its rating rounds (domain.md section 10),
// and what follows from them alone. The guards are in appeal_guards.cpp, assignment*.cpp and
// rating.cpp.
#include "schemas/appeal.h"

#include <algorithm>
#include <array>

#include "engine/check.h"
#include "schemas/appeal_rules.h"

namespace schemas {
namespace {

using enum EventType;
using R = RefusalCode;

// ---- the appeal 诉求
// --------------------------------------------------------------------------------
namespace appeal_rows {
using enum AppealStatus;
constexpr Statuses kBefore = in({submitted, supplement_requested});  // acceptance
constexpr Statuses kOpen = kBefore | in({accepted, shelved});        // before conclusion
constexpr Statuses kAfter = in({concluded, answered});
constexpr Statuses kAny =
    kOpen | kAfter | in({closed, rejected, withdrawn, transferred, merged, excluded});
constexpr int to(AppealStatus status) { return static_cast<int>(status); }

constexpr std::array<std::string_view, 13> kNames = {
    "none",      "submitted",   "supplement_requested",
    "accepted",  "shelved",     "concluded",
    "answered",  "closed",      "rejected",
    "withdrawn", "transferred", "merged",
    "excluded"};

// clang-format off
constexpr Transition kRows[] = {
    // event, from, to, roles, refusals
    {AppealSubmitted, in({none}), to(submitted), kEnterprise | kOffice | kSystem, {R::NotTheSubmitter, R::UnknownEnterprise}},
    {AppealSupplemented, in({supplement_requested}), to(submitted), kEnterprise | kOffice, {R::NotTheSubmitter}},
    {AppealSupplemented, in({submitted, accepted, shelved}), kStays, kEnterprise | kOffice, {R::NotTheSubmitter}},
    {SupplementRequested, kBefore, to(supplement_requested), kOffice, {}},
    {SupplementRequested, in({accepted, shelved}), kStays, kOffice, {}},
    {AppealAccepted, kBefore, to(accepted), kOffice, {}},
    {AppealRejected, kBefore, to(rejected), kOffice, {}},
    {AppealWithdrawn, kOpen, to(withdrawn), kEnterprise, {R::NotTheSubmitter}},
    {AppealClassified, kOpen, kStays, kOffice, {}},
    {AppealDecomposed, in({accepted}), kStays, kOffice, {R::NoMatters, R::MatterListedTwice, R::AlreadyDecomposed, R::UnknownDepartment, R::AlreadyAssigned, R::OutOfRange, R::MissingField}},
    {AppealTransferredOut, kOpen, to(transferred), kOffice, {}},
    {AppealMerged, kOpen, to(merged), kOffice, {R::MergeCycle, R::TargetNotOpen}},
    {AppealUnmerged, in({merged}), kStays, kOffice, {}},  // back to where it came from
    {SupervisionOrdered, kOpen | kAfter, kStays, kLead | kLeader, {}},
    {SupervisionLifted, kOpen | kAfter, kStays, kLead | kLeader, {R::NothingChanged}},
    {AppealEscalated, kOpen | kAfter, kStays, kOffice, {}},
    {AppealShelved, in({accepted}), to(shelved), kLead, {R::ReviewTooFar, R::OutOfRange}},
    {AppealUnshelved, in({shelved}), to(accepted), kLead, {}},
    {AppealConcluded, in({accepted, shelved}), to(concluded), kLead, {R::AssignmentsOpen}},
    {AppealAnswered, in({concluded}), to(answered), kOffice, {R::AlreadyAnswered}},
    {AppealAnswered, in({merged}), kStays, kOffice, {}},  // each appellant of a merger gets an answer
    {CallbackRecorded, in({answered}), kStays, kEnterprise | kOffice, {R::NotAnswered, R::NotTheSubmitter, R::CallbackDone, R::OutOfRange, R::MissingField}},
    {AppealReopened, kAfter | in({closed}), to(accepted), kOffice, {}},
    {AppealExcluded, in({accepted, shelved, concluded, answered, closed}), to(excluded), kLead, {}},
    {AppealClosed, in({answered}), to(closed), kLead, {R::NotAnswered, R::CallbackOpen, R::RatingOpen, R::RectificationOpen}},
    {AppealCorrected, kAny, kStays, kLead, {R::NoSuchEvent}},
    // Reminders and cards of the office's own duties: those that name no matter.
    {ReminderIssued, kOpen | kAfter | in({closed}), kStays, kOffice, {}},
    {YellowCardIssued, kOpen | kAfter | in({closed}), kStays, kOffice, {R::LightIsNotSo, R::CardExists}},
    {RedCardIssued, kOpen | kAfter | in({closed}), kStays, kOffice, {R::LightIsNotSo, R::CardExists}},
    {DeadlineRecomputed, kAny, kStays, 0, {}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);
}  // namespace appeal_rows

// ---- the assignment 承办单
// --------------------------------------------------------------------------
namespace assignment_rows {
using enum AssignmentStatus;
constexpr Statuses kWorking = in({dispatched, signed_, contacted});
constexpr Statuses kOpen = kWorking | in({returning, long_term});
constexpr Statuses kEver = kOpen | in({completed, returned, redispatched, cancelled});
constexpr int to(AssignmentStatus status) { return static_cast<int>(status); }

constexpr std::array<std::string_view, 10> kNames = {
    "none",      "dispatched", "signed",   "contacted",    "returning",
    "long_term", "completed",  "returned", "redispatched", "cancelled"};

// clang-format off
constexpr Transition kRows[] = {
    // event, from, to, roles, refusals
    {AssignmentDispatched, in({none}), to(dispatched), kOffice, {R::NotDecomposed, R::UnknownMatter, R::UnknownDepartment, R::LeadExists, R::AlreadyAssigned, R::OutOfRange}},
    {AssignmentSigned, in({dispatched}), to(signed_), kDepartment, {R::WrongDepartment}},
    {AssignmentSigned, in({contacted, returning, long_term}), kStays, kDepartment, {R::WrongDepartment}},
    {HandlerNamed, kOpen, kStays, kDepartment, {R::WrongDepartment}},
    {EnterpriseContacted, kWorking, to(contacted), kDepartment, {R::WrongDepartment}},
    {EnterpriseContacted, in({returning, long_term}), kStays, kDepartment, {R::WrongDepartment}},
    {ContactAttemptFailed, kOpen, kStays, kDepartment, {R::WrongDepartment}},
    {ReturnRequested, in({dispatched, signed_}), to(returning), kDepartment, {R::WrongDepartment, R::ReturnTooLate, R::ReturnAfterContact, R::ReturnAskedBefore}},
    {ReturnApproved, in({returning}), to(returned), kOffice, {R::NoPendingRequest}},
    {ReturnRefused, in({returning}), kStays, kOffice, {R::NoPendingRequest}},  // back to where it was
    {AssignmentRedispatched, kOpen, to(redispatched), kOffice, {R::UnknownDepartment, R::AlreadyAssigned, R::OutOfRange}},
    {AssignmentCancelled, kOpen, to(cancelled), kOffice, {}},
    {LongTermRequested, kWorking, kStays, kDepartment, {R::WrongDepartment, R::NotLead, R::RequestPending, R::RequestTooLate, R::UntilTooEarly}},
    {LongTermApproved, kWorking, to(long_term), kLead, {R::NoPendingRequest, R::UntilTooEarly}},
    {LongTermRefused, kWorking, kStays, kLead, {R::NoPendingRequest}},
    {ProgressReported, in({long_term}), kStays, kDepartment, {R::WrongDepartment, R::NotLongTerm, R::BadWeek, R::WeekOutOfRange, R::WeekAlreadyReported, R::OutOfRange}},
    {ExtensionRequested, kWorking | in({long_term}), kStays, kDepartment, {R::WrongDepartment, R::NotLead, R::RequestPending, R::RequestTooLate, R::TooManyExtensions, R::ExtensionTooLong, R::OutOfRange}},
    {ExtensionApproved, kWorking | in({long_term}), kStays, kLead, {R::NoPendingRequest, R::TooManyExtensions, R::ExtensionTooLong, R::OutOfRange}},
    {ExtensionRefused, kWorking | in({long_term}), kStays, kLead, {R::NoPendingRequest}},
    {ExtensionNotified, kOpen, kStays, kDepartment | kOffice, {R::WrongDepartment, R::NothingChanged}},
    {CoOpinionFiled, kWorking, to(completed), kDepartment, {R::WrongDepartment, R::NotCoHandler, R::AlreadySuspended}},
    {CompletionReported, kWorking | in({long_term}), to(completed), kDepartment, {R::WrongDepartment, R::AlreadySuspended}},
    {CompletionAccepted, in({completed}), kStays, kOffice, {R::NothingChanged}},
    {CompletionSentBack, in({completed}), kStays, kOffice, {R::LeadExists}},  // back to where it was
    {ClockSuspended, kOpen, kStays, kOffice, {R::AlreadySuspended}},
    {ClockResumed, kOpen, kStays, kOffice, {R::NotSuspended}},
    {ReminderIssued, kOpen, kStays, kOffice, {}},
    {YellowCardIssued, kOpen, kStays, kOffice, {R::LightIsNotSo, R::CardExists}},
    {RedCardIssued, kOpen, kStays, kOffice, {R::LightIsNotSo, R::CardExists}},
    {CardContested, kEver, kStays, kDepartment, {R::WrongDepartment, R::NoSuchCard}},
    {CardWaived, kEver, kStays, kLead | kLeader, {R::NoSuchCard}},
    {CardUpheld, kEver, kStays, kLead | kLeader, {R::NoSuchCard}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);
}  // namespace assignment_rows

// ---- the rating round 评价
// --------------------------------------------------------------------------
namespace rating_rows {
using enum RoundStatus;
constexpr Statuses kUnverified = in({rated, assigned});
constexpr Statuses kRated =
    in({rated, assigned, verified, contested, planned, reported, accepted, fed_back});
constexpr int to(RoundStatus status) { return static_cast<int>(status); }

constexpr std::array<std::string_view, 11> kNames = {
    "none",    "invited",  "rated",    "assigned", "verified",   "contested",
    "planned", "reported", "accepted", "fed_back", "invalidated"};

// clang-format off
constexpr Transition kRows[] = {
    // event, from, to, roles, refusals
    {RatingInvited, in({none}), to(invited), 0, {}},
    {RatingSubmitted, in({invited}), to(rated), kEnterprise, {R::NotTheSubmitter, R::RatingWindowClosed, R::AlreadyRated, R::BadLevel, R::ReasonNeeded}},
    {RatingSupplemented, kRated, kStays, kEnterprise, {R::NotTheSubmitter, R::NotRated}},
    {BadRatingAssigned, in({rated}), to(assigned), kOffice, {R::NotRated, R::NotBadRating, R::UnknownDepartment}},
    {BadRatingVerified, kUnverified, to(verified), kOffice, {R::NotRated, R::NotBadRating}},
    {RatingContested, kUnverified | in({verified}), to(contested), kDepartment | kOffice, {R::NotRated, R::WrongDepartment, R::NotBadRating}},
    {ContestUpheld, in({contested}), kStays, kLead, {}},     // back to where it was, with nothing to rectify
    {ContestDismissed, in({contested}), kStays, kLead, {}},  // back to where it was
    {RectificationPlanned, in({verified}), to(planned), kLead, {R::NotRated, R::NothingToRectify}},
    {RectificationReported, in({verified, planned}), to(reported), kDepartment | kOffice, {R::NotRated, R::WrongDepartment, R::NothingToRectify}},
    {RectificationAccepted, in({reported}), to(accepted), kOffice, {}},
    {RectificationRejected, in({reported}), to(verified), kOffice, {}},
    {RectificationFedBack, in({accepted}), to(fed_back), kDepartment | kOffice, {R::WrongDepartment}},
    {RatingRevisited, in({fed_back}), kStays, kEnterprise, {R::NotTheSubmitter, R::BadLevel, R::AlreadyRated}},
    {RatingInvalidated, kRated, to(invalidated), kLead, {R::NotRated}},
    {RatingWindowClosed, in({invited}), kStays, kSystem, {R::AlreadyRated, R::RatingOpen, R::NothingChanged}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);
}  // namespace rating_rows

// Events of assignments and ratings also need the appeal to be in one of these.
struct Gate {
  EventType first, last;
  Statuses statuses;
};
constexpr Gate kGates[] = {
    {AssignmentDispatched, AssignmentDispatched, in({AppealStatus::accepted})},
    {AssignmentRedispatched, AssignmentRedispatched, in({AppealStatus::accepted})},
    {CompletionAccepted, CompletionAccepted,
     in({AppealStatus::accepted, AppealStatus::shelved, AppealStatus::concluded,
         AppealStatus::answered})},
    {CardContested, CardUpheld,
     in({AppealStatus::accepted, AppealStatus::shelved, AppealStatus::concluded,
         AppealStatus::answered, AppealStatus::closed})},
    {AssignmentSigned, RedCardIssued, in({AppealStatus::accepted, AppealStatus::shelved})},
    {RatingInvited, RatingInvited, in({AppealStatus::concluded})},
    // A rating stays open to its appellant and its rectification goes on while work is done anew.
    {RatingSubmitted, RatingWindowClosed,
     in({AppealStatus::accepted, AppealStatus::shelved, AppealStatus::concluded,
         AppealStatus::answered, AppealStatus::closed})},
};

bool is_about_assignment(EventType type) {
  return type >= AssignmentDispatched && type <= CardUpheld;
}

// assignment_key() reads every such table through one layout.
template <class... Events>
constexpr bool begin_with_the_key() {
  return (
      (static_cast<int>(Events::VT_MATTER) == 4 && static_cast<int>(Events::VT_DEPARTMENT) == 6) &&
      ...);
}
static_assert(begin_with_the_key<
              schemas::AssignmentDispatched, schemas::AssignmentSigned, schemas::HandlerNamed,
              schemas::EnterpriseContacted, schemas::ContactAttemptFailed, schemas::ReturnRequested,
              schemas::ReturnApproved, schemas::ReturnRefused, schemas::AssignmentRedispatched,
              schemas::AssignmentCancelled, schemas::LongTermRequested, schemas::LongTermApproved,
              schemas::LongTermRefused, schemas::ProgressReported, schemas::ExtensionRequested,
              schemas::ExtensionApproved, schemas::ExtensionRefused, schemas::ExtensionNotified,
              schemas::CoOpinionFiled, schemas::CompletionReported, schemas::CompletionAccepted,
              schemas::CompletionSentBack, schemas::ClockSuspended, schemas::ClockResumed,
              schemas::ReminderIssued, schemas::YellowCardIssued, schemas::RedCardIssued,
              schemas::CardContested, schemas::CardWaived, schemas::CardUpheld>());

}  // namespace

const Lifecycle kAppealLifecycle = {"appeal", "诉求", appeal_rows::kNames, appeal_rows::kRows,
                                    appeal_rows::kIndex};
const Lifecycle kAssignmentLifecycle = {"assignment", "承办单", assignment_rows::kNames,
                                        assignment_rows::kRows, assignment_rows::kIndex};
const Lifecycle kRatingLifecycle = {"rating_round", "评价", rating_rows::kNames, rating_rows::kRows,
                                    rating_rows::kIndex};

bool Assignment::open() const {
  return ((assignment_rows::kOpen >> static_cast<unsigned>(status)) & 1u) != 0;
}

const LongTerm& Assignment::long_term() const {
  static const LongTerm kNothing;
  return long_term_ == nullptr ? kNothing : *long_term_;
}

LongTerm& Assignment::begin_long_term() {
  if (long_term_ == nullptr) long_term_ = std::make_unique<LongTerm>();
  return *long_term_;
}

bool RatingRound::rectification_open() const {
  if (!bad() || upheld) return false;
  if (status == RoundStatus::fed_back || status == RoundStatus::invalidated) return false;
  return !finding || *finding == Finding::true_ || *finding == Finding::partly_true;
}

AssignmentKey assignment_key(EventType type, std::span<const std::uint8_t> payload) {
  CHECK(is_about_assignment(type));
  const auto* table = flatbuffers::GetRoot<flatbuffers::Table>(payload.data());
  return {table->GetField<std::int32_t>(4, 0),
          view(table->GetPointer<const flatbuffers::String*>(6))};
}

AppealTable table_of(EventType type, std::span<const std::uint8_t> payload) {
  if (type >= EventType::RatingInvited && type <= EventType::RatingWindowClosed)
    return AppealTable::rating;
  if (!is_about_assignment(type)) return AppealTable::appeal;
  const bool may_be_the_offices = type == EventType::ReminderIssued ||
                                  type == EventType::YellowCardIssued ||
                                  type == EventType::RedCardIssued;
  return may_be_the_offices && assignment_key(type, payload).matter == 0 ? AppealTable::appeal
                                                                         : AppealTable::assignment;
}

bool appeal_admits(AppealStatus status, EventType type) {
  for (const Gate& gate : kGates)
    if (type >= gate.first && type <= gate.last)
      return ((gate.statuses >> static_cast<unsigned>(status)) & 1u) != 0;
  return true;
}

const Assignment* newest(const Appeal& appeal, AssignmentKey key) {
  for (auto it = appeal.assignments.rbegin(); it != appeal.assignments.rend(); ++it)
    if (it->matter == key.matter && it->department == key.department) return &*it;
  return nullptr;
}

AssignmentStatus status_for(const Assignment* assignment, EventType type) {
  if (assignment == nullptr) return AssignmentStatus::none;
  if (type == EventType::AssignmentDispatched && !assignment->open()) return AssignmentStatus::none;
  return assignment->status;
}

RoundStatus round_status_for(const Appeal& appeal, EventType type) {
  if (type == EventType::RatingInvited || appeal.rounds.empty()) return RoundStatus::none;
  return appeal.rounds.back().status;
}

bool admits(const Appeal& state, const engine::RecordView& record) {
  const EventType type = type_of(record);
  switch (table_of(type, record.payload)) {
    case AppealTable::appeal:
      return find_transition(kAppealLifecycle, static_cast<unsigned>(state.status), type) !=
             nullptr;
    case AppealTable::assignment: {
      const Assignment* assignment = newest(state, assignment_key(type, record.payload));
      const auto status = static_cast<unsigned>(status_for(assignment, type));
      return appeal_admits(state.status, type) &&
             find_transition(kAssignmentLifecycle, status, type) != nullptr;
    }
    case AppealTable::rating: {
      const auto status = static_cast<unsigned>(round_status_for(state, type));
      return appeal_admits(state.status, type) &&
             find_transition(kRatingLifecycle, status, type) != nullptr;
    }
  }
  CHECK(false);
  return false;
}

Decision decide(const Appeal& state, const CommandView& command, const Context& context) {
  const Asked asked{state, command, context};
  switch (table_of(command.event, command.data)) {
    case AppealTable::appeal:
      return decide_appeal(asked);
    case AppealTable::assignment:
      return decide_assignment(asked);
    case AppealTable::rating:
      return decide_rating(asked);
  }
  CHECK(false);
  return {};
}

namespace {

// Every list of clocks that may run: the office's own, the open assignments' with matter and
// department, the newest round's.
template <class Visit>
void for_each_list(const Appeal& state, Visit&& visit) {
  visit(state.clocks, 0, std::string_view());
  for (const Assignment& assignment : state.assignments)
    if (assignment.open()) visit(assignment.clocks, assignment.matter, assignment.department);
  if (!state.rounds.empty()) visit(state.rounds.back().clocks, 0, std::string_view());
}

}  // namespace

std::vector<Recomputed> recompute(const Appeal& state, const Calendar& calendar) {
  std::vector<Recomputed> out;
  for_each_list(state,
                [&](const std::vector<Clock>& clocks, int matter, std::string_view department) {
                  recompute(clocks, matter, department, calendar, out);
                });
  return out;
}

bool has_running_clock(const Appeal& state) {
  bool runs = false;
  for_each_list(state, [&](const std::vector<Clock>& clocks, int, std::string_view) {
    runs = runs || any_runs(clocks);
  });
  return runs;
}

Light progress_light(const Assignment& assignment, const Calendar& calendar, Micros at) {
  if (!assignment.weekly || assignment.status != AssignmentStatus::long_term) return Light::none;
  if (assignment.suspended) return Light::grey;
  Light light = Light::none;
  const Week now = week_of(day_of(at));
  for (Week week{week_of(day_of(assignment.long_term().approved_at)).monday + 7}; week <= now;
       week.monday += 7) {
    const auto last = calendar.last_workday(week);
    if (!last || is_among(assignment.long_term().weeks_filed, week.monday)) continue;
    if (at >= start_of(*last + 1)) return Light::red;
    light = at >= start_of(*last) ? Light::yellow : Light::green;
  }
  return light;
}

}  // namespace schemas
