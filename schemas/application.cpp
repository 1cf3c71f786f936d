// The lifecycle of applications (domain.md sections 7 and 10). A match is decided like everything
// else: its verdict, its findings and the versions it rests on are pinned, and the audit finds them
// again byte for byte.
#include "schemas/application.h"

#include <algorithm>
#include <utility>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/conditions.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/item.h"
#include "schemas/policy.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = ApplicationStatus;

constexpr int to(S status) { return static_cast<int>(status); }

constexpr std::string_view kStatuses[] = {
    "none",      "matched",  "confirmed", "started", "submitted", "accepted",  "reviewed",
    "publicity", "approved", "paying",    "paid",    "rejected",  "withdrawn", "revoked"};
constexpr Statuses kBefore = in({S::none, S::matched});
constexpr Statuses kHandled =
    in({S::submitted, S::confirmed, S::accepted, S::reviewed, S::publicity});
constexpr Roles kOwn = kEnterprise | kOffice;       // an enterprise only for itself
constexpr Roles kHandlers = kDepartment | kOffice;  // a department only for its items

// clang-format off
// 免申即享: match, intent, approval. Else: form, acceptance, review, publicity, approval. Who reviewed does not approve.
constexpr Transition kRows[] = {
  // event                      from                                             to               roles             refusals
  {E::MatchComputed,         kBefore,                                        to(S::matched),   kOffice | kSystem, {R::UnknownEnterprise, R::UnknownItem, R::NoConditions, R::PolicyNotInForce, R::NoConsent, R::WrongItem}},
  {E::IntentConfirmed,       in({S::matched}),                               to(S::confirmed), kOwn,              {R::NotTheSubmitter, R::NotDirect, R::NotMatched, R::WindowClosed, R::AlreadyGranted}},
  {E::ApplicationStarted,    kBefore,                                        to(S::started),   kOwn,              {R::NotTheSubmitter, R::UnknownEnterprise, R::UnknownItem, R::WindowClosed, R::WrongItem}},
  {E::ApplicationSubmitted,  in({S::started}),                               to(S::submitted), kOwn,              {R::NotTheSubmitter, R::UnknownItem, R::WindowClosed, R::AlreadyGranted, R::OutOfRange}},
  {E::ApplicationAccepted,   in({S::submitted}),                             to(S::accepted),  kHandlers,         {R::WrongDepartment}},
  {E::ApplicationReturned,   in({S::submitted, S::accepted, S::reviewed}),   to(S::started),   kHandlers,         {R::WrongDepartment}},
  {E::ApplicationReviewed,   in({S::accepted}),                              to(S::reviewed),  kHandlers,         {R::WrongDepartment}},
  {E::PublicityOpened,       in({S::reviewed}),                              to(S::publicity), kHandlers,         {R::WrongDepartment, R::NotPassed, R::OutOfRange}},
  {E::ObjectionRaised,       in({S::publicity}),                             kStays,           kOwn | kHandlers | kSystem, {R::PublicityOver}},
  {E::ObjectionSettled,      in({S::publicity}),                             kStays,           kHandlers,         {R::WrongDepartment, R::NoObjection}},
  {E::ApplicationApproved,   in({S::confirmed, S::reviewed, S::publicity}),  to(S::approved),  kHandlers,         {R::WrongDepartment, R::NotPassed, R::OwnWork, R::PublicityOpen, R::ObjectionOpen, R::AlreadyGranted, R::QuotaExhausted, R::BudgetExhausted}},
  {E::ApplicationRejected,   kHandled,                                       to(S::rejected),  kHandlers,         {R::WrongDepartment}},
  {E::PaymentOrdered,        in({S::approved}),                              to(S::paying),    kHandlers,         {R::WrongDepartment}},
  {E::PaymentConfirmed,      in({S::paying}),                                to(S::paid),      kHandlers | kSystem, {R::WrongDepartment, R::OutOfRange}},
  {E::ApplicationWithdrawn,  kHandled | in({S::started}),                    to(S::withdrawn), kOwn,              {R::NotTheSubmitter}},
  {E::GrantRevoked,          in({S::approved, S::paying, S::paid}),          to(S::revoked),   kLead,             {R::OutOfRange}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

// Working days for accepting (or returning), reviewing and paying an application (our choice; 60 to
// pay is the published practice, domain.md section 7).
constexpr int kAcceptWorkdays = 5, kReviewWorkdays = 15, kPayWorkdays = 60;

template <class Event>
void pin_due(Event& event, const Context& context, int workdays) {
  const Deadline due = context.calendar.after(context.now, workdays);
  event.due = due.due;
  event.provisional = due.provisional;
}

Decision only(const CommandView& command, std::vector<std::uint8_t> payload) {
  return std::vector{emit(command.event, std::move(payload))};
}

// The item of an application that stands; a withdrawn one is none.
const Item* item_in_use(std::string_view no, const Context& context) {
  const Item* item = context.neighbours.item(no);
  return item == nullptr || item->status == ItemStatus::withdrawn ? nullptr : item;
}

LeafVerdictT told(const LeafFinding& finding) {
  LeafVerdictT leaf;
  leaf.node = finding.node;
  leaf.verdict = finding.verdict;
  leaf.stale = finding.stale;
  if (finding.value != nullptr) {
    leaf.value = finding.value->value;
    leaf.version = finding.value->version;
  } else if (finding.holding != nullptr) {
    leaf.value = finding.holding->name;
    leaf.version = finding.holding->version;
  }
  return leaf;
}

Decision compute(const Application& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<MatchComputed>(command.data);
  const std::string_view whose = view(data.enterprise()), of = view(data.item());
  if (state.status != S::none && (state.enterprise != whose || state.item != of))
    return refuse(R::WrongItem, state.enterprise + ", " + state.item);
  const Enterprise* enterprise = context.neighbours.enterprise(whose);
  if (enterprise == nullptr || !enterprise->active())
    return refuse(R::UnknownEnterprise, std::string(whose));
  if (!enterprise->profile.may_match) return refuse(R::NoConsent, "matching");
  const Item* item = item_in_use(of, context);
  if (item == nullptr) return refuse(R::UnknownItem, std::string(of));
  if (item->conditions_version == 0) return refuse(R::NoConditions, std::string(of));
  const Day today = day_of(context.now);
  const Policy* policy = context.neighbours.policy(item->policy);
  if (policy == nullptr || !policy->in_force(today))
    return refuse(R::PolicyNotInForce, item->policy);
  const Matching matching = match(item->conditions, enterprise->profile, today,
                                  item->status == ItemStatus::open ? item->last : today);
  MatchComputedT event;
  event.enterprise = whose;
  event.item = of;
  event.verdict = matching.verdict();
  event.lacking = matching.lacking;
  event.missing = matching.missing;
  for (const LeafFinding& finding : matching.leaves) {
    event.leaves.push_back(std::make_unique<LeafVerdictT>(told(finding)));
    if (finding.holding == nullptr || finding.holding->vocabulary.empty()) continue;
    if (std::ranges::find(event.vocabularies, finding.holding->vocabulary) ==
        event.vocabularies.end())
      event.vocabularies.push_back(finding.holding->vocabulary);
  }
  event.policy = item->policy;
  event.department = item->department;
  event.policy_version = policy->version;
  event.conditions_version = item->conditions_version;
  event.profile_version = enterprise->version;
  event.matcher = kMatcher;
  event.item_version = item->version;
  return only(command, pack(event));
}

Decision confirm(const Application& state, const CommandView& command, const Context& context) {
  const Item* item = item_in_use(state.item, context);
  if (item == nullptr) return refuse(R::WindowClosed, state.item);
  if (item->mode != ItemMode::direct) return refuse(R::NotDirect, state.item);
  if (state.verdict != Verdict::met || state.conditions_version != item->conditions_version)
    return refuse(R::NotMatched, state.item);
  if (!item->takes_applications(day_of(context.now))) return refuse(R::WindowClosed, state.item);
  if (is_granted(*item, state.enterprise)) return refuse(R::AlreadyGranted, state.enterprise);
  return pass_through(command);
}

Decision start(const Application& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<ApplicationStarted>(command.data);
  const std::string_view whose = view(data.enterprise()), of = view(data.item());
  if (command.actor.role == Role::enterprise && command.actor.id != whose)
    return refuse(R::NotTheSubmitter);
  if (state.status != S::none && (state.enterprise != whose || state.item != of))
    return refuse(R::WrongItem, state.enterprise + ", " + state.item);
  const Enterprise* enterprise = context.neighbours.enterprise(whose);
  if (enterprise == nullptr || !enterprise->active())
    return refuse(R::UnknownEnterprise, std::string(whose));
  const Item* item = item_in_use(of, context);
  if (item == nullptr) return refuse(R::UnknownItem, std::string(of));
  if (!item->takes_applications(day_of(context.now)))
    return refuse(R::WindowClosed, std::string(of));
  ApplicationStartedT event;
  data.UnPackTo(&event);
  event.department = item->department;
  return only(command, pack(event));
}

Decision submit(const Application& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<ApplicationSubmitted>(command.data);
  const Item* item = item_in_use(state.item, context);
  if (item == nullptr) return refuse(R::UnknownItem, state.item);
  if (!item->takes_applications(day_of(context.now))) return refuse(R::WindowClosed, state.item);
  if (is_granted(*item, state.enterprise)) return refuse(R::AlreadyGranted, state.enterprise);
  if (data.amount() < 0 || data.amount() > kGrantMax)
    return refuse(R::OutOfRange, "amount " + std::to_string(data.amount()));
  ApplicationSubmittedT event;
  data.UnPackTo(&event);
  event.conditions_version = item->conditions_version;
  pin_due(event, context, kAcceptWorkdays);
  return only(command, pack(event));
}

Decision accept(const CommandView& command, const Context& context) {
  ApplicationAcceptedT event;
  payload_of<ApplicationAccepted>(command.data).UnPackTo(&event);
  pin_due(event, context, kReviewWorkdays);
  return only(command, pack(event));
}

Decision approve(const Application& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<ApplicationApproved>(command.data);
  if (state.status != S::confirmed && !state.passed) return refuse(R::NotPassed);
  if (!state.reviewer.empty() && state.reviewer == command.actor.id)
    return refuse(R::OwnWork, state.reviewer);
  if (state.objection) return refuse(R::ObjectionOpen);
  if (state.status == S::publicity && day_of(context.now) <= state.publicity_until)
    return refuse(R::PublicityOpen, date_text(state.publicity_until));
  const Item* item = context.neighbours.item(state.item);
  // Streams do not end: only who checks a part of a ledger has the application without its item.
  if (item == nullptr) return refuse(R::UnknownItem, state.item);
  if (auto refusal = refuse_grant(*item, state.enterprise, data.amount()))
    return std::unexpected(std::move(*refusal));
  ApplicationApprovedT event;
  data.UnPackTo(&event);
  pin_due(event, context, kPayWorkdays);
  std::vector<Emitted> events{emit(command.event, pack(event))};
  for (Emitted& one : grant(*item, state.item, command.no, state.enterprise, data.amount()))
    events.push_back(std::move(one));
  return events;
}

Decision open_publicity(const Application& state, const CommandView& command,
                        const Context& context) {
  const Day until = payload_of<PublicityOpened>(command.data).until();
  if (!state.passed) return refuse(R::NotPassed);
  if (until < day_of(context.now)) return refuse(R::OutOfRange, "until " + date_text(until));
  return pass_through(command);
}

Decision decide_plain(const Application& state, const CommandView& command,
                      const Context& context) {
  const Day today = day_of(context.now);
  switch (command.event) {
    case E::ObjectionRaised:
      if (today > state.publicity_until)
        return refuse(R::PublicityOver, date_text(state.publicity_until));
      break;
    case E::ObjectionSettled:
      if (!state.objection) return refuse(R::NoObjection);
      break;
    case E::PaymentConfirmed:
      if (payload_of<PaymentConfirmed>(command.data).on() > today)
        return refuse(R::OutOfRange,
                      "on " + date_text(payload_of<PaymentConfirmed>(command.data).on()));
      break;
    case E::GrantRevoked: {
      const std::int64_t amount = payload_of<GrantRevoked>(command.data).amount();
      if (amount < 0 || amount > state.amount)
        return refuse(R::OutOfRange, "amount " + std::to_string(amount));
      break;
    }
    default:
      break;
  }
  return pass_through(command);
}

// An enterprise acts on its own applications, an officer on those for the items of the department.
// Raising an objection is free to both.
std::optional<Refusal> refuse_other(const Application& state, const CommandView& command) {
  if (command.event == E::ObjectionRaised || state.status == S::none) return std::nullopt;
  if (command.actor.role == Role::enterprise && command.actor.id != state.enterprise)
    return Refusal{R::NotTheSubmitter, {}};
  if (command.actor.role == Role::department_officer &&
      command.actor.department != state.department)
    return Refusal{R::WrongDepartment, state.department};
  return std::nullopt;
}

}  // namespace

constexpr Lifecycle kApplicationLifecycle{.name = "application",
                                          .chinese = "政策申报",
                                          .statuses = kStatuses,
                                          .rows = kRows,
                                          .index = kIndex};

bool admits(const Application& state, const engine::RecordView& record) {
  return find_transition(kApplicationLifecycle, static_cast<unsigned>(state.status),
                         type_of(record)) != nullptr;
}

void evolve(Application& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const Transition& row =
      *find_transition(kApplicationLifecycle, static_cast<unsigned>(state.status), type_of(record));
  if (row.to != kStays) state.status = static_cast<S>(row.to);
  state.version = record.version;
  switch (type_of(record)) {
    case E::MatchComputed: {
      const auto& event = payload_of<MatchComputed>(record);
      state.enterprise = view(event.enterprise());
      state.item = view(event.item());
      state.department = view(event.department());
      state.verdict = event.verdict();
      state.conditions_version = event.conditions_version();
      break;
    }
    case E::ApplicationStarted:
      state.enterprise = view(payload_of<ApplicationStarted>(record).enterprise());
      state.item = view(payload_of<ApplicationStarted>(record).item());
      state.department = view(payload_of<ApplicationStarted>(record).department());
      break;
    case E::ApplicationSubmitted:
      state.amount = payload_of<ApplicationSubmitted>(record).amount();
      state.conditions_version = payload_of<ApplicationSubmitted>(record).conditions_version();
      break;
    case E::ApplicationReturned:
      state.passed = false;
      state.reviewer.clear();
      break;
    case E::ApplicationReviewed:
      state.passed = payload_of<ApplicationReviewed>(record).passed();
      state.reviewer = record.actor;
      break;
    case E::PublicityOpened:
      state.publicity_until = payload_of<PublicityOpened>(record).until();
      break;
    case E::ObjectionRaised:
      state.objection = true;
      break;
    case E::ObjectionSettled:
      state.objection = false;
      if (payload_of<ObjectionSettled>(record).upheld()) state.passed = false;
      break;
    case E::ApplicationApproved:
      state.amount = payload_of<ApplicationApproved>(record).amount();
      break;
    default:
      break;
  }
}

Decision decide(const Application& state, const CommandView& command, const Context& context) {
  if (auto refusal =
          check_transition(kApplicationLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(std::move(*refusal));
  if (auto refusal = refuse_other(state, command)) return std::unexpected(std::move(*refusal));
  switch (command.event) {
    case E::MatchComputed:
      return compute(state, command, context);
    case E::IntentConfirmed:
      return confirm(state, command, context);
    case E::ApplicationStarted:
      return start(state, command, context);
    case E::ApplicationSubmitted:
      return submit(state, command, context);
    case E::ApplicationAccepted:
      return accept(command, context);
    case E::PublicityOpened:
      return open_publicity(state, command, context);
    case E::ApplicationApproved:
      return approve(state, command, context);
    default:
      return decide_plain(state, command, context);
  }
}

}  // namespace schemas
