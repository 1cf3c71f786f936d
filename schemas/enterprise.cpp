// Enterprises by their unified social credit code: registered, verified, renamed, merged,
// deregistered.
#include <algorithm>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/sealing.h"

namespace schemas {
namespace {

using enum RefusalCode;
using E = EventType;
using S = EnterpriseStatus;

constexpr std::array<std::string_view, 5> kStatuses{"none", "registered", "verified", "merged",
                                                    "deregistered"};
constexpr Statuses kActive = in({S::registered, S::verified});
constexpr Statuses kEver = kActive | in({S::merged, S::deregistered});
constexpr Roles kKeepers =
    kOffice | kDepartment | kSystem;  // of the profile: what a register or a department knows
constexpr Roles kOwn = kOffice | kEnterprise | kSystem;  // an enterprise only for its own code

// clang-format off
constexpr std::array kRows{
    Transition{E::EnterpriseRegistered,   in({S::none}),       static_cast<int>(S::registered),   kOwn,              {BadEnterpriseCode, ProofNeeded}},
    Transition{E::EnterpriseVerified,     in({S::registered}), static_cast<int>(S::verified),     kOffice | kSystem, {}},
    Transition{E::EnterpriseRenamed,      kActive,             kStays,                            kOwn,              {NothingChanged}},
    Transition{E::EnterpriseMerged,       kActive,             static_cast<int>(S::merged),       kOffice | kSystem, {MergeCycle, UnknownEnterprise}},
    Transition{E::EnterpriseDeregistered, kActive,             static_cast<int>(S::deregistered), kOffice | kSystem, {}},
    Transition{E::ContactSet,             kActive,             kStays,                            kOwn,              {Erased}},
    Transition{E::PersonalDataErased,     kEver,               kStays,                            kLead,             {Erased, NothingChanged, SecondPersonNeeded}},
    Transition{E::ProfileUpdated,         kActive,             kStays,                            kKeepers,          {OutOfRange, NothingChanged, BadProfileValue}},
    Transition{E::QualificationGranted,   kActive,             kStays,                            kKeepers,          {OutOfRange, AlreadyHeld}},
    Transition{E::QualificationEnded,     kActive,             kStays,                            kKeepers,          {NotHeld}},
    Transition{E::EnterpriseTagged,       kActive,             kStays,                            kKeepers,          {UnknownTag, AlreadyHeld}},
    Transition{E::EnterpriseUntagged,     kActive,             kStays,                            kKeepers,          {NotHeld}},
    Transition{E::SizeClassified,         kActive,             kStays,                            kKeepers,          {BadProfileValue, OutOfRange, FiguresMissing}},
    Transition{E::ConsentGiven,           kActive,             kStays,                            kOwn,              {NothingChanged}},
    Transition{E::ConsentWithdrawn,       kActive,             kStays,                            kOwn,              {NothingChanged}},
    Transition{E::SubscriptionSet,        kActive,             kStays,                            kOwn,              {OutOfRange}},
    Transition{E::PolicyPushed,           kActive,             kStays,                            kOffice | kSystem, {UnknownItem, PolicyNotInForce, NotMatched, NoConsent, NotSubscribed, AlreadyPushed, QuietHours}},
    Transition{E::PolicyRead,             kActive,             kStays,                            kEnterprise | kSystem, {NothingToRead}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

// A real code may fail its check digit (domain.md section 6): a warning with proof, not a refusal.
Decision decide_registration(const CommandView& command) {
  const auto& asked = payload_of<EnterpriseRegistered>(command.data);
  if (!is_uscc_shape(command.no)) return refuse(BadEnterpriseCode, std::string(command.no));
  const bool fails = !uscc_check_digit_holds(command.no);
  if (fails && view(asked.proof()).empty()) return refuse(ProofNeeded, std::string(command.no));
  EnterpriseRegisteredT event;
  asked.UnPackTo(&event);
  event.check_digit_fails = fails;
  return std::vector{emit(command.event, pack(event))};
}

Decision decide_merge(const CommandView& command, const Context& context) {
  const std::string_view into = view(payload_of<EnterpriseMerged>(command.data).into());
  if (into == command.no) return refuse(MergeCycle, std::string(command.no));
  const Enterprise* target = context.neighbours.enterprise(into);
  if (target == nullptr || !target->active()) return refuse(UnknownEnterprise, std::string(into));
  return pass_through(command);
}

Decision decide_contact(const Enterprise& state, const CommandView& command,
                        const Context& context) {
  if (state.contact == Contact::erased) return refuse(Erased);
  const auto& asked = payload_of<ContactSet>(command.data);
  ContactSetT event;
  event.name = sealed(context, command, "name", asked.name());
  event.phone = sealed(context, command, "phone", asked.phone());
  return std::vector{emit(command.event, pack(event))};
}

// 删除个人信息 (PIPL art. 47; by two persons: reliability.md section 8). The state keeps no contact
// after it, and the key that opens the sealed ones is destroyed by `bihuan erase`.
Decision decide_erasure(const Enterprise& state, const CommandView& command) {
  const auto& asked = payload_of<PersonalDataErased>(command.data);
  if (state.contact == Contact::erased) return refuse(Erased);
  if (state.contact == Contact::none) return refuse(NothingChanged, "contact");
  if (view(asked.approver()) == command.actor.id) return refuse(SecondPersonNeeded, "approver");
  return pass_through(command);
}

}  // namespace

const Lifecycle kEnterpriseLifecycle{"enterprise", "企业", kStatuses, kRows, kIndex};

bool admits(const Enterprise& state, const engine::RecordView& record) {
  return find_transition(kEnterpriseLifecycle, static_cast<unsigned>(state.status),
                         type_of(record)) != nullptr;
}

void evolve(Enterprise& state, const engine::RecordView& record) {
  const E type = type_of(record);
  const Transition* row =
      find_transition(kEnterpriseLifecycle, static_cast<unsigned>(state.status), type);
  CHECK(row != nullptr);
  state.version = record.version;
  if (row->to != kStays) state.status = static_cast<S>(row->to);
  if (type == E::EnterpriseRegistered)
    state.name = view(payload_of<EnterpriseRegistered>(record).name());
  else if (type == E::EnterpriseRenamed)
    state.name = view(payload_of<EnterpriseRenamed>(record).name());
  else if (type == E::EnterpriseMerged)
    state.merged_into = view(payload_of<EnterpriseMerged>(record).into());
  else if (type == E::ContactSet)
    state.contact = Contact::sealed;
  else if (type == E::PersonalDataErased)
    state.contact = Contact::erased;
  else if (is_profile_event(type))
    evolve_profile(state.profile, record);
}

Decision decide(const Enterprise& state, const CommandView& command, const Context& context) {
  if (auto refusal =
          check_transition(kEnterpriseLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(*refusal);
  if (command.actor.role == Role::enterprise && command.actor.id != command.no)
    return refuse(WrongRole, "an enterprise acts for its own code only");
  if (command.event == E::EnterpriseRegistered) return decide_registration(command);
  if (command.event == E::EnterpriseMerged) return decide_merge(command, context);
  if (command.event == E::ContactSet) return decide_contact(state, command, context);
  if (command.event == E::PersonalDataErased) return decide_erasure(state, command);
  if (is_profile_event(command.event)) return decide_profile(state, command, context);
  if (command.event == E::EnterpriseRenamed &&
      view(payload_of<EnterpriseRenamed>(command.data).name()) == state.name)
    return refuse(NothingChanged, "name");
  return pass_through(command);
}

}  // namespace schemas
