// The lifecycle of what supervisors report 监督员反映事项 (domain.md sections 9 and 10). The
// identity of a sealed reporter is in no plain field: the ID is sealed in ReportFiled, and every
// act of that person is recorded under a pseudonym made for that act.
#include "schemas/supervisor_report.h"

#include <chrono>
#include <utility>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/sealing.h"
#include "schemas/supervisor.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = ReportStatus;

constexpr int to(S status) { return static_cast<int>(status); }

constexpr std::string_view kStatuses[] = {"none",       "filed",      "registered", "graded",
                                          "dispatched", "concluded",  "answered",   "closed",
                                          "declined",   "transferred"};

constexpr Statuses kBeforeDispatch = in({S::filed, S::registered, S::graded});
constexpr Statuses kOpen = kBeforeDispatch | in({S::dispatched, S::concluded, S::answered});
constexpr Statuses kRecorded = kOpen | in({S::closed, S::declined, S::transferred});
constexpr Roles kReporter = kSupervisor;  // only the one who reported

// clang-format off
// Any clerk keeps a report moving, closing included: once it is answered there is nothing left to rule on (our
// choice). Moving a clue out of the office's hands is the lead's (domain.md section 9: a leader approves).
constexpr Transition kRows[] = {
  // event                  from                                         to                 roles                   refusals
  {E::ReportFiled,         in({S::none}),                               to(S::filed),       kReporter | kOffice,    {R::SupervisorNeeded, R::SupervisorNotActive, R::NotTheReporter, R::NotSealed}},
  {E::ReportRegistered,    in({S::filed}),                              to(S::registered),  kOffice,                {}},
  {E::ReportDeclined,      kBeforeDispatch,                             to(S::declined),    kOffice,                {}},
  {E::ReportGraded,        in({S::registered, S::graded}),              to(S::graded),      kOffice,                {}},
  {E::ReportDispatched,    in({S::registered, S::graded}),              to(S::dispatched),  kOffice,                {R::NotGraded, R::UnknownDepartment}},
  {E::ReportProgressed,    in({S::dispatched}),                         kStays,             kDepartment | kOffice,  {R::WrongDepartment}},
  {E::ClueTransferred,     kBeforeDispatch | in({S::dispatched}),       to(S::transferred), kLead,                  {R::NotAClue}},
  {E::ReportConcluded,     in({S::dispatched}),                         to(S::concluded),   kDepartment | kOffice,  {R::WrongDepartment}},
  {E::ReportAnswered,      in({S::concluded}),                          to(S::answered),    kOffice,                {}},
  {E::ReportRated,         in({S::answered, S::closed}),                kStays,             kReporter,              {R::NotTheReporter, R::BadLevel, R::AlreadyRated}},
  {E::ReportReopened,      in({S::concluded, S::answered, S::closed}),  to(S::dispatched),  kOffice,                {}},
  {E::ReportClosed,        in({S::answered}),                           to(S::closed),      kOffice,                {R::NotAnswered}},
  {E::IdentityAccessed,    kRecorded,                                   kStays,             kLead | kInspector,     {R::NotSealed}},
  {E::RetaliationReported, kRecorded,                                   kStays,             kReporter | kOffice,    {R::NotTheReporter}},
  {E::DeadlineRecomputed,  kOpen,                                       kStays,             0,                      {}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

constexpr std::string_view kReporterField = "reporter";

std::vector<Emitted> one(const CommandView& command, std::vector<std::uint8_t> payload,
                         std::string actor = {}) {
  return {Emitted{command.event, std::move(payload), {}, {}, std::move(actor)}};
}

// 24:00 of the same day `months` later, or of that month's last day where there is no such day
// (民法典 202).
Micros months_after(Micros t, int months) {
  using namespace std::chrono;
  const year_month_day start{sys_days{days{day_of(t)}}};
  const year_month target = year_month{start.year(), start.month()} + std::chrono::months{months};
  const year_month_day same = target / start.day();
  const sys_days last = same.ok() ? sys_days{same} : sys_days{target / std::chrono::last};
  return start_of(static_cast<Day>(last.time_since_epoch().count()) + 1);
}

// How long the handling may take, by grade: C simple, B across departments, A complex (domain.md
// section 4).
std::optional<Due> conclude_due(Grade grade, const Context& context) {
  const RuleSet& rules = context.rules;
  if (grade == Grade::A) {
    if (rules.report_conclude_a_months <= 0) return std::nullopt;
    return Due{months_after(context.now, rules.report_conclude_a_months),
               Obligation::report_conclude, false, kFixed};
  }
  const int workdays =
      grade == Grade::B ? rules.report_conclude_b_workdays : rules.report_conclude_c_workdays;
  if (workdays <= 0) return std::nullopt;
  const Deadline deadline = context.calendar.after(context.now, workdays);
  return Due{deadline.due, Obligation::report_conclude, deadline.provisional,
             static_cast<std::int16_t>(workdays)};
}

template <class Native>
void pin(Native& event, const Context& context, std::initializer_list<std::optional<Due>> dues) {
  event.dues.clear();  // what a recorded event brings when the audit decides it again
  for (const std::optional<Due>& due : dues)
    if (due) event.dues.push_back(*due);
  event.rules = context.rules.id;
  event.calendar = context.calendar.version();
}

std::optional<Due> due_by_rule(Obligation obligation, const Context& context) {
  return due_of(obligation, context.now, context.rules, context.calendar);
}

std::string pseudonym(const CommandView& command, const Context& context) {
  return context.sealer.pseudonym(command.kind, command.no, context.version);
}

// May this supervisor act as `reporter` (empty: sealed under a key that is not at hand)? What an
// export says of a sealed reporter's act carries the act's pseudonym already.
bool is_reporter(const CommandView& command, const Context& context, std::string_view reporter,
                 bool sealed_identity) {
  if (command.actor.id == reporter) return true;
  if (!sealed_identity) return false;
  return reporter.empty() || command.actor.id == pseudonym(command, context);
}

// The name under which an act of the reporter is recorded, who has shown to be one; empty: the
// actor's own.
std::string recorded_actor(const CommandView& command, const Context& context,
                           std::string_view reporter) {
  if (reporter.empty() || command.actor.role != Role::supervisor) return {};
  // Who is not named like the reporter was known by the act's pseudonym.
  return command.actor.id == reporter ? pseudonym(command, context) : std::string(command.actor.id);
}

Decision file(const CommandView& command, const Context& context) {
  const auto& data = payload_of<ReportFiled>(command.data);
  ReportFiledT event;
  data.UnPackTo(&event);
  if (!data.sealed() && !event.reporter.empty()) return refuse(R::NotSealed);
  std::string reporter = event.supervisor;
  if (!event.reporter.empty()) {
    event.reporter = sealed(context, command, kReporterField, data.reporter());
    reporter = context.sealer
                   .unseal({.kind = command.kind,
                            .no = command.no,
                            .version = context.version,
                            .field = kReporterField},
                           event.reporter)
                   .value_or("");
  } else if (reporter.empty()) {
    return refuse(R::SupervisorNeeded);
  } else if (data.sealed()) {
    event.reporter = sealed_text(context, command, kReporterField, reporter);
  }
  if (command.actor.role == Role::supervisor &&
      !is_reporter(command, context, reporter, data.sealed()))
    return refuse(R::NotTheReporter);
  if (!reporter.empty()) {
    const Supervisor* supervisor = context.neighbours.supervisor(reporter);
    if (supervisor == nullptr || !supervisor->active_on(day_of(context.now)))
      return refuse(R::SupervisorNotActive, date_text(day_of(context.now)));
  }
  if (data.sealed()) event.supervisor.clear();
  pin(event, context,
      {due_by_rule(Obligation::report_register, context),
       due_by_rule(Obligation::report_dispatch, context)});
  return one(command, pack(event),
             data.sealed() ? recorded_actor(command, context, reporter) : std::string());
}

// An act that only the reporter (or, where the table says so, the office) may do.
Decision act_of_reporter(const SupervisorReport& state, const CommandView& command,
                         const Context& context) {
  if (command.actor.role != Role::supervisor) return pass_through(command);
  if (!state.sealed) {
    if (!is_reporter(command, context, state.supervisor, false)) return refuse(R::NotTheReporter);
    return pass_through(command);
  }
  const std::string reporter = context.sealer
                                   .unseal({.kind = command.kind,
                                            .no = command.no,
                                            .version = state.reporter_version,
                                            .field = kReporterField},
                                           state.reporter)
                                   .value_or("");
  if (!is_reporter(command, context, reporter, true)) return refuse(R::NotTheReporter);
  Decision decision = pass_through(command);
  if (decision) decision->front().actor = recorded_actor(command, context, reporter);
  return decision;
}

Decision dispatch(const SupervisorReport& state, const CommandView& command,
                  const Context& context) {
  // Only clues need a grade; an ungraded suggestion counts as C (our choice).
  if (state.kind == ReportKind::clue && state.status != S::graded) return refuse(R::NotGraded);
  const auto& data = payload_of<ReportDispatched>(command.data);
  const Department* department = context.neighbours.department(view(data.department()));
  if (department == nullptr || department->status != DepartmentStatus::active)
    return refuse(R::UnknownDepartment, std::string(view(data.department())));
  ReportDispatchedT event;
  data.UnPackTo(&event);
  pin(event, context, {conclude_due(state.grade, context)});
  return one(command, pack(event));
}

Decision conclude(const CommandView& command, const Context& context) {
  ReportConcludedT event;
  payload_of<ReportConcluded>(command.data).UnPackTo(&event);
  pin(event, context, {due_by_rule(Obligation::report_reply, context)});
  return one(command, pack(event));
}

Decision reopen(const SupervisorReport& state, const CommandView& command, const Context& context) {
  ReportReopenedT event;
  payload_of<ReportReopened>(command.data).UnPackTo(&event);
  pin(event, context, {conclude_due(state.grade, context)});
  return one(command, pack(event));
}

Decision rate(const SupervisorReport& state, const CommandView& command, const Context& context) {
  const int level = payload_of<ReportRated>(command.data).level();
  if (level < 1 || level > 5) return refuse(R::BadLevel, std::to_string(level));
  Decision decision = act_of_reporter(state, command, context);
  if (decision && state.rated) return refuse(R::AlreadyRated);
  return decision;
}

std::optional<Refusal> refuse_rights(const SupervisorReport& state, const CommandView& command) {
  auto refusal = check_transition(kReportLifecycle, static_cast<unsigned>(state.status), command);
  // Closing before the answer deserves its own word: 件件有落实, 事事有回应 (domain.md section 1).
  if (refusal && refusal->code == R::WrongState && command.event == E::ReportClosed &&
      (state.status == S::dispatched || state.status == S::concluded))
    return Refusal{R::NotAnswered, {}};
  if (!refusal && command.actor.role == Role::department_officer &&
      command.actor.department != state.department)
    return Refusal{R::WrongDepartment, std::string(command.actor.department)};
  return refusal;
}

void keep_filed(SupervisorReport& state, const engine::RecordView& record) {
  const auto& event = payload_of<ReportFiled>(record);
  state.kind = event.kind();
  state.sealed = event.sealed();
  state.supervisor = view(event.supervisor());
  if (event.reporter() != nullptr)
    state.reporter.assign(event.reporter()->begin(), event.reporter()->end());
  state.reporter_version = record.version;
}

}  // namespace

constexpr Lifecycle kReportLifecycle{.name = "supervisor_report",
                                     .chinese = "监督员反映事项",
                                     .statuses = kStatuses,
                                     .rows = kRows,
                                     .index = kIndex};

bool admits(const SupervisorReport& state, const engine::RecordView& record) {
  return find_transition(kReportLifecycle, static_cast<unsigned>(state.status), type_of(record)) !=
         nullptr;
}

void evolve(SupervisorReport& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const Transition& row =
      *find_transition(kReportLifecycle, static_cast<unsigned>(state.status), type_of(record));
  if (row.to != kStays) state.status = static_cast<S>(row.to);
  state.version = record.version;
  duty_changes(record, [&](const DutyChange& change) {
    if (change.scope == DutyScope::stream) apply(state.clocks, change, record.recorded_at);
  });
  switch (type_of(record)) {
    case E::ReportFiled:
      keep_filed(state, record);
      break;
    case E::ReportGraded:
      state.grade = payload_of<ReportGraded>(record).grade();
      break;
    case E::ReportDispatched:
      state.department = view(payload_of<ReportDispatched>(record).department());
      break;
    case E::ReportRated:
      state.rated = true;
      break;
    case E::ReportReopened:
      state.rated = false;
      break;
    default:
      break;
  }
}

Decision decide(const SupervisorReport& state, const CommandView& command, const Context& context) {
  if (auto refusal = refuse_rights(state, command)) return std::unexpected(std::move(*refusal));
  switch (command.event) {
    case E::ReportFiled:
      return file(command, context);
    case E::ReportDispatched:
      return dispatch(state, command, context);
    case E::ReportConcluded:
      return conclude(command, context);
    case E::ReportReopened:
      return reopen(state, command, context);
    case E::ReportRated:
      return rate(state, command, context);
    case E::RetaliationReported:
      return act_of_reporter(state, command, context);
    case E::ClueTransferred:
      if (state.kind != ReportKind::clue) return refuse(R::NotAClue);
      return pass_through(command);
    case E::IdentityAccessed:
      if (!state.sealed) return refuse(R::NotSealed);
      return pass_through(command);
    default:
      return pass_through(command);
  }
}

std::vector<Recomputed> recompute(const SupervisorReport& state, const Calendar& calendar) {
  std::vector<Recomputed> moved;
  recompute(state.clocks, 0, {}, calendar, moved);
  return moved;
}

bool has_running_clock(const SupervisorReport& state) { return any_runs(state.clocks); }

}  // namespace schemas
