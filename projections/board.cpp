// The fold: what every event does to the board. Which obligation clocks it moves is not decided
// here but read from the duty rows of the facts.
#include "projections/board.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/event.h"

namespace projections {

using schemas::AppealStatus;
using schemas::AssignmentStatus;
using schemas::DutyOp;
using schemas::DutyScope;
using schemas::EventType;
using schemas::Obligation;

bool AppealState::open() const {
  switch (status) {
    case AppealStatus::none:
    case AppealStatus::concluded:
    case AppealStatus::answered:
    case AppealStatus::closed:
    case AppealStatus::rejected:
    case AppealStatus::withdrawn:
    case AppealStatus::merged:
    case AppealStatus::transferred:
      return false;
    case AppealStatus::submitted:
    case AppealStatus::supplement_requested:
    case AppealStatus::accepted:
    case AppealStatus::shelved:
    case AppealStatus::excluded:
      return true;
  }
  CHECK(false);
  return false;
}

bool ReportState::open() const {
  return status != schemas::ReportStatus::none && status != schemas::ReportStatus::closed &&
         status != schemas::ReportStatus::declined && status != schemas::ReportStatus::transferred;
}

void Board::advance(std::uint64_t to) {
  CHECK(to >= seq_);
  CHECK(to <= facts_.seq());
  const auto& duties = facts_.duties();
  if (seq_ == 0) {  // room for what there will be at most
    appeals_.reserve(facts_.items_of(Subject::appeal).size());
    assignments_.reserve(facts_.assignments().size());
    rounds_.reserve(facts_.rounds().size());
  }
  while (seq_ < to) {
    const auto seq = static_cast<std::uint32_t>(++seq_);
    fold(seq);
    for (; next_duty_ < duties.size() && duties[next_duty_].seq == seq; ++next_duty_)
      fold_duty(duties[next_duty_]);
  }
}

void Board::fold(std::uint32_t seq) {
  const EventType type = facts_.type_of(seq);
  const Item& item = facts_.items()[facts_.item_of(seq)];
  const Args args = facts_.args_of(seq);
  switch (item.subject) {
    case Subject::calendar:
      return fold_calendar(seq);
    case Subject::rules:
      return fold_rules(seq, type);
    case Subject::department:
      if (item.ordinal == departments_.size()) departments_.push_back({facts_.item_of(seq), 0});
      if (!args.empty()) departments_[item.ordinal].name = static_cast<std::uint32_t>(args[0]);
      return;
    case Subject::appeal:
      return fold_appeal(seq, type, args);
    case Subject::supervisor:
      if (item.ordinal == supervisors_.size()) supervisors_.emplace_back();
      if (!args.empty() && args[0] != 0)
        supervisors_[item.ordinal].category = static_cast<std::uint32_t>(args[0]);
      return;
    case Subject::supervisor_report:
      return fold_report(seq, type, args);
    case Subject::plan:
      return fold_plan(seq);
    case Subject::task:
      return fold_task(seq, type, args);
    case Subject::enterprise:
    case Subject::other:
      return;
  }
}

void Board::fold_calendar(std::uint32_t seq) {
  const auto& wholes = facts_.wholes();
  const auto at = std::ranges::lower_bound(wholes, seq, {}, &Whole::seq);
  if (at == wholes.end() || at->seq != seq) return;
  engine::RecordView record;
  record.seq = seq;
  record.recorded_at = facts_.time_of(seq);
  record.type = static_cast<std::uint16_t>(facts_.type_of(seq));
  record.kind = "calendar";
  record.no = no(facts_.item_of(seq));
  record.payload = at->payload;
  calendar_.apply(record);
}

void Board::fold_rules(std::uint32_t seq, EventType type) {
  const std::uint32_t item = facts_.item_of(seq);
  if (type == EventType::RuleSetPublished) {
    rule_sets_.emplace_back(item, false);
  } else if (type == EventType::RuleSetRetired) {
    for (auto& [set, retired] : rule_sets_) retired = retired || set == item;
  }
}

std::string_view Board::rules() const {
  for (auto at = rule_sets_.rbegin(); at != rule_sets_.rend(); ++at)
    if (!at->second) return no(at->first);
  return "default";
}

void Board::fold_plan(std::uint32_t seq) {
  const auto& wholes = facts_.wholes();
  const auto at = std::ranges::lower_bound(wholes, seq, {}, &Whole::seq);
  if (at == wholes.end() || at->seq != seq) return;
  const auto& event = schemas::payload_of<schemas::PlanPublished>(at->payload);
  PlanState plan;
  plan.item = facts_.item_of(seq);
  plan.seq = seq;
  plan.name = schemas::view(event.name());
  if (event.environments() != nullptr) {
    for (const auto* from : *event.environments()) {
      PlanState::Environment environment;
      environment.name = schemas::view(from->name());
      environment.tasks = from->tasks();
      if (from->domains() != nullptr)
        for (const auto* domain : *from->domains())
          environment.domains.push_back(schemas::view(domain));
      plan.environments.push_back(std::move(environment));
    }
  }
  plans_.push_back(std::move(plan));
}

void Board::fold_duty(const DutyFact& change) {
  switch (change.scope) {
    case DutyScope::assignment:
      return fold_assignment_duty(change);
    case DutyScope::round: {
      RoundState& round = rounds_[change.part];
      DutyClock* clocks[] = {&round.verify, &round.rectify};
      return fold_clocks(clocks, change);
    }
    case DutyScope::stream:
      return fold_stream_duty(change);
  }
}

void Board::fold_clocks(std::span<DutyClock* const> clocks, const DutyFact& change) {
  schemas::DutyChange as_schema;
  as_schema.op = change.op;
  as_schema.all = change.all;
  as_schema.obligation = change.obligation;
  as_schema.due = change.op == DutyOp::start ? change.value : 0;
  as_schema.provisional = change.provisional;
  as_schema.same_day = change.same_day;
  as_schema.new_terms = change.new_terms;
  for (DutyClock* clock : clocks)
    if (change.all || clock->state.obligation == change.obligation)
      apply(*clock, as_schema, facts_.time_of(change.seq), change.seq, facts_.type_of(change.seq));
}

void Board::fold_assignment_duty(const DutyFact& change) {
  AssignmentState& assignment = assignments_[change.part];
  if (change.op == DutyOp::weekly) {
    assignment.weekly_from = mark(change.seq);
    return;
  }
  DutyClock* clocks[] = {&assignment.sign, &assignment.contact, &assignment.completion,
                         &assignment.opinion, &assignment.ruling};
  fold_clocks(clocks, change);
}

// A change of every clock of a stream reaches its assignments and rounds too.
void Board::fold_stream_duty(const DutyFact& change) {
  const Item& item = facts_.items()[facts_.item_of(change.seq)];
  if (item.subject == Subject::supervisor_report) {
    ReportState& report = reports_[item.ordinal];
    DutyClock* clocks[] = {&report.to_register, &report.to_dispatch, &report.to_conclude,
                           &report.to_reply};
    return fold_clocks(clocks, change);
  }
  if (item.subject != Subject::appeal) return;
  AppealState& appeal = appeals_[item.ordinal];
  DutyClock* own[] = {&appeal.accept, &appeal.dispatch, &appeal.callback};
  fold_clocks(own, change);
  if (!change.all) return;
  for (std::uint32_t at = appeal.assignment; at != kNone; at = facts_.assignments()[at].previous) {
    AssignmentState& assignment = assignments_[at];
    DutyClock* clocks[] = {&assignment.sign, &assignment.contact, &assignment.completion,
                           &assignment.opinion, &assignment.ruling};
    fold_clocks(clocks, change);
  }
  for (std::uint32_t at = appeal.round; at != kNone; at = facts_.rounds()[at].previous) {
    DutyClock* clocks[] = {&rounds_[at].verify, &rounds_[at].rectify};
    fold_clocks(clocks, change);
  }
}

std::vector<const DepartmentState*> Board::departments_by_id() const {
  std::vector<const DepartmentState*> sorted;
  sorted.reserve(departments_.size());
  for (const DepartmentState& department : departments_) sorted.push_back(&department);
  std::ranges::sort(sorted, {}, [&](const DepartmentState* one) { return no(one->item); });
  return sorted;
}

Mark Board::end_of(const AssignmentState& assignment) const {
  if (assignment.end != AssignmentStatus::none) return assignment.ended;
  return appeals_[assignment.appeal].ended;
}

std::vector<std::uint32_t> Board::assignments_of(const AppealState& appeal) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t at = appeal.assignment; at != kNone; at = facts_.assignments()[at].previous)
    found.push_back(at);
  std::ranges::sort(found, {}, [&](std::uint32_t at) { return std::pair(matter_of(at), at); });
  return found;
}

std::vector<std::uint32_t> Board::rounds_of(const AppealState& appeal) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t at = appeal.round; at != kNone; at = facts_.rounds()[at].previous)
    found.push_back(at);
  std::ranges::reverse(found);
  return found;
}

const RoundState* Board::round_of(const AssignmentState& assignment) const {
  for (std::uint32_t at = appeals_[assignment.appeal].round; at != kNone;
       at = facts_.rounds()[at].previous)
    if (rounds_[at].cycle == assignment.cycle) return &rounds_[at];
  return nullptr;
}

std::vector<std::uint32_t> Board::leads_of(const AppealState& appeal, std::int32_t cycle) const {
  std::vector<std::uint32_t> leads;
  for (std::uint32_t at = appeal.assignment; at != kNone; at = facts_.assignments()[at].previous) {
    const AssignmentState& assignment = assignments_[at];
    if (assignment.cycle != cycle || assignment.duty != schemas::Duty::lead) continue;
    if (assignment.end == AssignmentStatus::returned ||
        assignment.end == AssignmentStatus::redispatched ||
        assignment.end == AssignmentStatus::cancelled)
      continue;
    leads.push_back(facts_.assignments()[at].department);
  }
  std::ranges::reverse(leads);
  std::vector<std::uint32_t> once;
  for (const std::uint32_t lead : leads)
    if (std::ranges::find(once, lead) == once.end()) once.push_back(lead);
  return once;
}

}  // namespace projections
