// The lifecycle of supervisors 监督员 (domain.md sections 1, 9 and 10). Expiry is never stored: a
// term ends by its own date. The state keeps no name; the name stays sealed in the events.
#include "schemas/supervisor.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/event.h"
#include "schemas/sealing.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = SupervisorStatus;

constexpr int to(S status) { return static_cast<int>(status); }

constexpr std::string_view kStatuses[] = {"none", "nominated", "appointed", "suspended",
                                          "dismissed"};

// clang-format off
// Ending or suspending a term is the lead's (our choice); the rest is any act of the office (interfaces.md 6).
constexpr Transition kRows[] = {
  // event                    from                                         to               roles    refusals
  {E::SupervisorNominated,   in({S::none, S::dismissed}),                  to(S::nominated), kOffice, {R::UnknownCategory}},
  {E::SupervisorAppointed,   in({S::none, S::nominated, S::appointed, S::dismissed}),
                                                                           to(S::appointed), kOffice,  {R::UnknownCategory, R::TermOverlaps}},
  {E::SupervisorReappointed, in({S::appointed}),                           to(S::appointed), kOffice,  {R::NotAssessed, R::TermOverlaps}},
  {E::SupervisorAssessed,    in({S::appointed, S::suspended}),             kStays,           kOffice, {R::SupervisorNotActive}},
  {E::SupervisorUpdated,     in({S::nominated, S::appointed, S::suspended}), kStays,         kOffice, {R::UnknownCategory, R::NothingChanged}},
  {E::SupervisorSuspended,   in({S::appointed}),                           to(S::suspended), kLead,   {}},
  {E::SupervisorReinstated,  in({S::suspended}),                           to(S::appointed), kLead,   {}},
  {E::SupervisorDismissed,   in({S::appointed, S::suspended}),             to(S::dismissed), kLead,   {}},
  {E::ActivityAttended,      in({S::appointed}),                           kStays,           kOffice, {R::SupervisorNotActive, R::OutOfRange}},
  {E::TermEndAnnounced,      in({S::appointed, S::suspended}),             kStays,           kSystem, {R::OutOfRange, R::NothingChanged}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

constexpr std::string_view kCategories[] = {
    "人大代表",         "政协委员",   "企业家代表", "驻区高校专家学者",      "媒体行业从业人员",
    "法律行业从业人员", "注册会计师", "注册税务师", "第三方评估机构营商专家"};

bool is_category(std::string_view category) {
  return std::ranges::find(kCategories, category) != std::end(kCategories);
}

// Of a term (domain.md section 1); the first day after it is the same month and day.
constexpr int kTermYears = 2;

Day last_end(const Supervisor& state) {
  Day end = std::numeric_limits<Day>::min();
  for (const Supervisor::Term& term : state.terms) end = std::max(end, term.until);
  return end;
}

Supervisor::Term* term_on(Supervisor& state, Day day) {
  for (Supervisor::Term& term : state.terms)
    if (term.from <= day && day < term.until) return &term;
  return nullptr;
}

bool in_a_term(const Supervisor& state, Day day) {
  return std::ranges::any_of(state.terms, [day](const Supervisor::Term& term) {
    return term.from <= day && day < term.until;
  });
}

template <class Native>
Decision with_sealed_name(const CommandView& command, const Context& context, Native event) {
  const auto& data = payload_of<typename Native::TableType>(command.data);
  event.name = sealed(context, command, "name", data.name());
  return std::vector{Emitted{command.event, pack(event), {}, {}, {}}};
}

Decision nominate(const CommandView& command, const Context& context) {
  const auto& data = payload_of<SupervisorNominated>(command.data);
  if (!is_category(view(data.category())))
    return refuse(R::UnknownCategory, std::string(view(data.category())));
  SupervisorNominatedT event;
  data.UnPackTo(&event);
  return with_sealed_name(command, context, std::move(event));
}

Decision appoint(const Supervisor& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<SupervisorAppointed>(command.data);
  if (!is_category(view(data.category())))
    return refuse(R::UnknownCategory, std::string(view(data.category())));
  if (!state.terms.empty() && data.from() < last_end(state))
    return refuse(R::TermOverlaps, date_text(last_end(state)));
  SupervisorAppointedT event;
  data.UnPackTo(&event);
  event.until = add_years(data.from(), kTermYears);
  return with_sealed_name(command, context, std::move(event));
}

Decision reappoint(const Supervisor& state, const CommandView& command) {
  const auto& data = payload_of<SupervisorReappointed>(command.data);
  if (!state.terms.back().assessed) return refuse(R::NotAssessed);
  if (data.from() < last_end(state)) return refuse(R::TermOverlaps, date_text(last_end(state)));
  SupervisorReappointedT event;
  event.from = data.from();
  event.until = add_years(data.from(), kTermYears);
  return std::vector{Emitted{command.event, pack(event), {}, {}, {}}};
}

Decision update(const Supervisor& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<SupervisorUpdated>(command.data);
  const std::string_view category = view(data.category());
  if (!category.empty() && !is_category(category))
    return refuse(R::UnknownCategory, std::string(category));
  const bool names = data.name() != nullptr && data.name()->size() != 0;
  if (!names && (category.empty() || category == state.category)) return refuse(R::NothingChanged);
  SupervisorUpdatedT event;
  data.UnPackTo(&event);
  return with_sealed_name(command, context, std::move(event));
}

// Once a term, from kTermNoticeDays before its end on; the clock may have stood still past the end.
Decision announce_end(const Supervisor& state, const CommandView& command, const Context& context) {
  const Supervisor::Term* const term = state.last_term();
  CHECK(term != nullptr);  // an appointed one has a term
  if (day_of(context.now) < term->until - kTermNoticeDays)
    return refuse(R::OutOfRange, date_text(term->until));
  if (term->end_announced) return refuse(R::NothingChanged);
  TermEndAnnouncedT event;
  event.until = term->until;
  return std::vector{Emitted{command.event, pack(event), {}, {}, {}}};
}

Decision attend(const Supervisor& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<ActivityAttended>(command.data);
  if (data.on() > day_of(context.now)) return refuse(R::OutOfRange, "on " + date_text(data.on()));
  if (!state.active_on(data.on())) return refuse(R::SupervisorNotActive, date_text(data.on()));
  return pass_through(command);
}

}  // namespace

constexpr Lifecycle kSupervisorLifecycle{.name = "supervisor",
                                         .chinese = "监督员",
                                         .statuses = kStatuses,
                                         .rows = kRows,
                                         .index = kIndex};

std::span<const std::string_view> supervisor_categories() { return kCategories; }

const Supervisor::Term* Supervisor::last_term() const {
  const auto last = std::ranges::max_element(terms, {}, &Term::until);
  return last == terms.end() ? nullptr : &*last;
}

bool Supervisor::active_on(Day day) const {
  return status == S::appointed && in_a_term(*this, day);
}

bool admits(const Supervisor& state, const engine::RecordView& record) {
  return find_transition(kSupervisorLifecycle, static_cast<unsigned>(state.status),
                         type_of(record)) != nullptr;
}

void evolve(Supervisor& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const Transition& row =
      *find_transition(kSupervisorLifecycle, static_cast<unsigned>(state.status), type_of(record));
  if (row.to != kStays) state.status = static_cast<S>(row.to);
  state.version = record.version;
  const Day today = day_of(record.recorded_at);
  switch (type_of(record)) {
    case E::SupervisorNominated:
      state.category = view(payload_of<SupervisorNominated>(record).category());
      break;
    case E::SupervisorAppointed: {
      const auto& event = payload_of<SupervisorAppointed>(record);
      state.category = view(event.category());
      state.terms.push_back({.from = event.from(), .until = event.until()});
      break;
    }
    case E::SupervisorReappointed: {
      const auto& event = payload_of<SupervisorReappointed>(record);
      state.terms.push_back({.from = event.from(), .until = event.until()});
      break;
    }
    case E::SupervisorAssessed:
      if (Supervisor::Term* term = term_on(state, today)) term->assessed = true;
      break;
    case E::SupervisorUpdated:
      if (const auto* category = payload_of<SupervisorUpdated>(record).category())
        state.category = category->string_view();
      break;
    case E::TermEndAnnounced: {
      const Day until = payload_of<TermEndAnnounced>(record).until();
      for (Supervisor::Term& term : state.terms)
        if (term.until == until) term.end_announced = true;
      break;
    }
    case E::SupervisorDismissed:
      // Dismissal ends the term that day; a new one may begin at once.
      for (Supervisor::Term& term : state.terms)
        if (term.until > today) term.until = std::max(term.from, today);
      break;
    default:
      break;
  }
}

Decision decide(const Supervisor& state, const CommandView& command, const Context& context) {
  if (const auto refusal =
          check_transition(kSupervisorLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(*refusal);
  switch (command.event) {
    case E::SupervisorNominated:
      return nominate(command, context);
    case E::SupervisorAppointed:
      return appoint(state, command, context);
    case E::SupervisorReappointed:
      return reappoint(state, command);
    case E::SupervisorAssessed:
      // The assessment that a renewal needs is one made in the term (domain.md section 10).
      if (!in_a_term(state, day_of(context.now))) return refuse(R::SupervisorNotActive);
      return pass_through(command);
    case E::SupervisorUpdated:
      return update(state, command, context);
    case E::ActivityAttended:
      return attend(state, command, context);
    case E::TermEndAnnounced:
      return announce_end(state, command, context);
    default:
      return pass_through(command);
  }
}

}  // namespace schemas
