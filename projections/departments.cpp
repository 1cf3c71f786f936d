// The department table. Columns: interfaces.md section 4; what counts where: section 6.
#include "projections/departments.h"

#include "projections/activity.h"
#include "projections/milestones.h"

namespace projections {

using schemas::AssignmentStatus;
using schemas::Light;

DepartmentTable::DepartmentTable(const Board& board, schemas::Week week, const Window& window,
                                 Trace* trace)
    : board_(board),
      week_(week),
      window_(window),
      trace_(trace),
      listed_(board.departments_by_id()),
      figures_(listed_.size()) {
  for (std::size_t row = 0; row < listed_.size(); ++row)
    row_of_.emplace(board.facts().items()[listed_[row]->item].no, row);
}

DepartmentTable::Figures& DepartmentTable::Figures::operator+=(const Figures& other) {
  for (const auto figure :
       {&Figures::dispatched, &Figures::completed_on_time, &Figures::completed_late, &Figures::open,
        &Figures::overdue, &Figures::returned, &Figures::progress_due, &Figures::progress_filed,
        &Figures::yellow, &Figures::red, &Figures::dissatisfied})
    this->*figure += other.*figure;
  for (const auto rate : {&Figures::contact, &Figures::completion}) {
    (this->*rate).n += (other.*rate).n;
    (this->*rate).d += (other.*rate).d;
  }
  return *this;
}

void DepartmentTable::add(const DepartmentTable& others) {
  for (std::size_t row = 0; row < figures_.size(); ++row) figures_[row] += others.figures_[row];
}

boost::json::array DepartmentTable::draw() const {
  boost::json::array rows;
  for (std::size_t row = 0; row < listed_.size(); ++row) rows.push_back(row_json(row));
  return rows;
}

void DepartmentTable::add(std::size_t row, std::int64_t Figures::* figure, std::string_view name,
                          std::uint64_t seq) {
  count(figures_[row].*figure, trace_, {"departments", id(row), name}, seq);
}

void DepartmentTable::add(std::size_t row, Rate Figures::* rate, std::string_view name,
                          Count counted, const DutyClock& clock) {
  if (counted == Count::no) return;
  count((figures_[row].*rate).d, trace_, {"departments", id(row), name, "d"}, clock.start_seq);
  if (counted == Count::met)
    count((figures_[row].*rate).n, trace_, {"departments", id(row), name, "n"}, clock.met_seq);
}

std::size_t DepartmentTable::row(std::uint32_t department_text) const {
  const auto at = row_of_.find(department_text);
  return at == row_of_.end() ? listed_.size() : at->second;
}

void DepartmentTable::add(const Case& of) {
  for (const Complaint& complaint : of.complaints())
    if (in_week(complaint.seq)) add_complaint(of, complaint);
  const Duties duties(board_, of);
  for (const AssignmentState& assignment : of.assignments()) {
    const std::size_t at = row(of.facts().assignments()[assignment.number].department);
    if (at == listed_.size()) continue;
    count_events(at, assignment);
    if (assignment.end == AssignmentStatus::returned) continue;
    count_duties(at, assignment);
    count_progress(at, duties, assignment);
    if (of.open(assignment))
      count_open(at, assignment, duties.light_of(assignment, window_.lights_at));
  }
}

// One that went straight owes no weekly progress.
void DepartmentTable::add_straight(const Item& appeal) {
  const Facts& facts = board_.facts();
  const auto& keys = facts.assignments();
  const std::uint32_t item = facts.items_of(Subject::appeal)[appeal.ordinal];
  for (std::uint32_t number = facts.last_assignment(item); number != kNone;
       number = keys[number].previous) {
    if (keys[number].seq > board_.seq()) continue;
    const std::size_t at = row(keys[number].department);
    if (at == listed_.size()) continue;
    const AssignmentState& assignment =
        state_at(facts.activity().milestones(number), board_.seq(), memory_);
    count_events(at, assignment);
    if (assignment.end == AssignmentStatus::returned) continue;
    count_duties(at, assignment);
    if (assignment.end == AssignmentStatus::none)
      count_open(at, assignment, light_of_clocks(assignment, window_.lights_at));
  }
}

void DepartmentTable::count_duties(std::size_t at, const AssignmentState& assignment) {
  add(at, &Figures::contact, "contact", count_in_week(assignment.contact, window_),
      assignment.contact);
  add(at, &Figures::completion, "completion", count_in_week(assignment.completion, window_),
      assignment.completion);
}

void DepartmentTable::add_complaint(const Case& of, const Complaint& complaint) {
  for (const std::uint32_t lead : of.leads_of(complaint.cycle))
    if (const std::size_t at = row(lead); at != listed_.size())
      add(at, &Figures::dissatisfied, "dissatisfied", complaint.seq);
}

void DepartmentTable::count_events(std::size_t at, const AssignmentState& assignment) {
  if (assignment.end == AssignmentStatus::returned) {
    // An approved return leaves `dispatched`.
    if (in_week(assignment.return_seq))
      add(at, &Figures::returned, "returned", assignment.return_seq);
    return;
  }
  if (in_week(assignment.dispatched.seq))
    add(at, &Figures::dispatched, "dispatched", assignment.dispatched.seq);
  // A completion that was sent back, or reported again since, is not how the assignment ended.
  if (assignment.end != AssignmentStatus::completed || !in_week(assignment.ended.seq)) return;
  const DutyClock& duty = assignment.main();
  if (duty.owed() && assignment.ended.at >= duty.due())
    add(at, &Figures::completed_late, "completed_late", assignment.ended.seq);
  else
    add(at, &Figures::completed_on_time, "completed_on_time", assignment.ended.seq);
}

void DepartmentTable::count_progress(std::size_t at, const Duties& duties,
                                     const AssignmentState& assignment) {
  const Progress progress = duties.progress_of(assignment, week_, window_.lights_at);
  if (!progress.owed) return;
  add(at, &Figures::progress_due, "progress_due", assignment.weekly_from.seq);
  if (progress.filing != nullptr)
    add(at, &Figures::progress_filed, "progress_filed", progress.filing->seq);
}

void DepartmentTable::count_open(std::size_t at, const AssignmentState& assignment, Light light) {
  add(at, &Figures::open, "open", assignment.dispatched.seq);
  if (assignment.completion.light(window_.lights_at) == Light::red)
    add(at, &Figures::overdue, "overdue", assignment.completion.due_seq);
  if (light == Light::yellow) add(at, &Figures::yellow, "yellow", assignment.dispatched.seq);
  if (light == Light::red) add(at, &Figures::red, "red", assignment.dispatched.seq);
}

boost::json::object DepartmentTable::row_json(std::size_t row) const {
  const Figures& f = figures_[row];
  return {{"department", id(row)},
          {"name", board_.facts().text(listed_[row]->name)},
          {"dispatched", f.dispatched},
          {"completed_on_time", f.completed_on_time},
          {"completed_late", f.completed_late},
          {"open", f.open},
          {"overdue", f.overdue},
          {"returned", f.returned},
          {"contact", rate_json(f.contact)},
          {"completion", rate_json(f.completion)},
          {"progress_due", f.progress_due},
          {"progress_filed", f.progress_filed},
          {"yellow", f.yellow},
          {"red", f.red},
          {"dissatisfied", f.dissatisfied}};
}

}  // namespace projections
