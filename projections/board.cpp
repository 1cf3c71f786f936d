// The fold of the office's own records: departments, rule sets and plans. Calendars are kept ready
// by the facts.
#include "projections/board.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/event.h"

namespace projections {

using schemas::EventType;

Board::Board(const Facts& facts, std::uint64_t seq)
    : facts_(facts), seq_(seq), calendar_(facts.calendar_at(seq)) {
  CHECK(seq <= facts.seq());
  for (const std::uint32_t row : facts.office_rows()) {
    if (row > seq) break;
    fold(row);
  }
  list_progress_dues();
}

void Board::fold(std::uint32_t seq) {
  const Row& row = facts_.row(seq);
  const Item& item = facts_.items()[row.item];
  const auto type = static_cast<EventType>(row.type);
  if (item.subject == Subject::rules) return fold_rules(seq, type);
  if (item.subject == Subject::plan) return fold_plan(seq);
  if (item.subject != Subject::department) return;
  if (item.ordinal == departments_.size()) departments_.push_back({row.item, 0});
  const auto args = facts_.args_of(row);
  if (!args.empty()) departments_[item.ordinal].name = static_cast<std::uint32_t>(args[0]);
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

namespace {

Micros due_of(const schemas::Calendar& calendar, schemas::Week week) {
  const auto last = calendar.last_workday(week);
  return last ? schemas::start_of(*last + 1) : 0;
}

}  // namespace

// Long-running cases ask for the same weeks again and again.
void Board::list_progress_dues() {
  constexpr schemas::Day kWeeksMax = 1024;  // more are computed when asked
  if (seq_ == 0) return;
  first_week_ = schemas::week_of(schemas::day_of(facts_.time_of(1)));
  const schemas::Week last = schemas::week_of(schemas::day_of(facts_.time_of(seq_)));
  const schemas::Day weeks = std::min((last.monday - first_week_.monday) / 7 + 1, kWeeksMax);
  progress_dues_.reserve(static_cast<std::size_t>(weeks));
  for (schemas::Day week = 0; week < weeks; ++week)
    progress_dues_.push_back(due_of(calendar_, {first_week_.monday + 7 * week}));
}

Micros Board::progress_due(schemas::Week week) const {
  const std::int64_t place = (week.monday - first_week_.monday) / 7;
  if (week.monday >= first_week_.monday && place < static_cast<std::int64_t>(progress_dues_.size()))
    return progress_dues_[static_cast<std::size_t>(place)];
  return due_of(calendar_, week);
}

std::vector<const DepartmentState*> Board::departments_by_id() const {
  std::vector<const DepartmentState*> sorted;
  sorted.reserve(departments_.size());
  for (const DepartmentState& department : departments_) sorted.push_back(&department);
  std::ranges::sort(sorted, {}, [&](const DepartmentState* one) { return no(one->item); });
  return sorted;
}

}  // namespace projections
