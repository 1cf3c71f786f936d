// The department table. Columns: interfaces.md section 4; what counts where: section 6.
#include "projections/departments.h"

#include <absl/container/flat_hash_map.h>

namespace projections {

using schemas::AssignmentStatus;
using schemas::EventType;
using schemas::Light;

namespace {

struct Figures {
  std::int64_t dispatched = 0, completed_on_time = 0, completed_late = 0, open = 0, overdue = 0;
  std::int64_t returned = 0;
  Rate contact, completion;
  std::int64_t progress_due = 0, progress_filed = 0, yellow = 0, red = 0, dissatisfied = 0;
};

class DepartmentTable {
 public:
  DepartmentTable(const Board& board, schemas::Week week, const Window& window, Trace* trace)
      : board_(board),
        week_(week),
        window_(window),
        trace_(trace),
        listed_(board.departments_by_id()),
        figures_(listed_.size()) {
    for (std::size_t row = 0; row < listed_.size(); ++row)
      row_of_.emplace(board.facts().items()[listed_[row]->item].no, row);
  }

  boost::json::array draw() {
    count_events();
    for (std::uint32_t at = 0; at < board_.assignments().size(); ++at) count_assignment(at);
    boost::json::array rows;
    for (std::size_t row = 0; row < listed_.size(); ++row) rows.push_back(row_json(row));
    return rows;
  }

 private:
  void add(std::size_t row, std::int64_t Figures::* figure, std::string_view name,
           std::uint64_t seq) {
    count(figures_[row].*figure, trace_, {"departments", id(row), name}, seq);
  }
  void add(std::size_t row, Rate Figures::* rate, std::string_view name, Count counted,
           const DutyClock& clock) {
    if (counted == Count::no) return;
    count((figures_[row].*rate).d, trace_, {"departments", id(row), name, "d"}, clock.start_seq);
    if (counted == Count::met)
      count((figures_[row].*rate).n, trace_, {"departments", id(row), name, "n"}, clock.met_seq);
  }
  [[nodiscard]] std::string_view id(std::size_t row) const { return board_.no(listed_[row]->item); }
  // Departments are created before anything is dispatched to them; listed_.size() if one was not.
  [[nodiscard]] std::size_t row(std::uint32_t department_text) const {
    const auto at = row_of_.find(department_text);
    return at == row_of_.end() ? listed_.size() : at->second;
  }

  void count_events() {
    const Facts& facts = board_.facts();
    for (std::uint64_t seq = window_.first_seq; seq <= window_.seq; ++seq) {
      const EventType type = facts.type_of(seq);
      if (type == EventType::CallbackRecorded) {
        count_callback(seq);
        continue;
      }
      if (type < EventType::AssignmentDispatched || type > EventType::CardUpheld) continue;
      const std::uint32_t part = facts.part_of(seq);
      if (part == kNone) continue;
      const std::size_t at = row(facts.assignments()[part].department);
      if (at == listed_.size()) continue;
      count_event(at, type, seq, board_.assignments()[part]);
    }
  }

  void count_event(std::size_t at, EventType type, std::uint64_t seq,
                   const AssignmentState& assignment) {
    switch (type) {
      case EventType::AssignmentDispatched:  // an approved return leaves `dispatched`
        if (assignment.end != AssignmentStatus::returned)
          add(at, &Figures::dispatched, "dispatched", seq);
        break;
      case EventType::ReturnApproved:
        add(at, &Figures::returned, "returned", seq);
        break;
      case EventType::CompletionReported:
      case EventType::CoOpinionFiled: {
        // One that was sent back, or reported again since, is not how the assignment ended.
        if (assignment.end != AssignmentStatus::completed || assignment.ended.seq != seq) break;
        const DutyClock& duty = assignment.main();
        const bool late = duty.owed() && assignment.ended.at >= duty.due();
        if (late)
          add(at, &Figures::completed_late, "completed_late", seq);
        else
          add(at, &Figures::completed_on_time, "completed_on_time", seq);
        break;
      }
      default:
        break;
    }
  }

  void count_callback(std::uint64_t seq) {
    const Facts& facts = board_.facts();
    const auto args = facts.args_of(seq);
    if (args[0] != 1 || args[2] != 0) return;  // reached, and not satisfied
    const AppealState& appeal = board_.appeals()[facts.items()[facts.item_of(seq)].ordinal];
    for (const std::uint32_t lead : board_.leads_of(appeal, cycle_at(appeal, seq)))
      if (const std::size_t at = row(lead); at != listed_.size())
        add(at, &Figures::dissatisfied, "dissatisfied", seq);
  }

  // The cycle that an event after a conclusion belongs to: that of the newest conclusion before it.
  [[nodiscard]] std::int32_t cycle_at(const AppealState& appeal, std::uint64_t seq) const {
    std::int32_t cycle = 0;
    for (const std::uint32_t round : board_.rounds_of(appeal))
      if (board_.rounds()[round].concluded.seq < seq) cycle = board_.rounds()[round].cycle;
    return cycle;
  }

  void count_assignment(std::uint32_t number) {
    const AssignmentState& assignment = board_.assignments()[number];
    const std::size_t at = row(board_.facts().assignments()[number].department);
    if (at == listed_.size() || assignment.end == AssignmentStatus::returned) return;
    add(at, &Figures::contact, "contact", count_in_week(assignment.contact, window_),
        assignment.contact);
    add(at, &Figures::completion, "completion", count_in_week(assignment.completion, window_),
        assignment.completion);
    const Progress progress = progress_of(board_, number, week_, window_.lights_at);
    if (progress.owed) {
      add(at, &Figures::progress_due, "progress_due", assignment.weekly_from.seq);
      if (progress.filing != kNone)
        add(at, &Figures::progress_filed, "progress_filed", board_.filings()[progress.filing].seq);
    }
    if (!board_.open(assignment)) return;
    add(at, &Figures::open, "open", assignment.dispatched.seq);
    if (assignment.completion.light(window_.lights_at) == Light::red)
      add(at, &Figures::overdue, "overdue", assignment.completion.due_seq);
    const Light light = light_of_assignment(board_, number, window_.lights_at);
    if (light == Light::yellow) add(at, &Figures::yellow, "yellow", assignment.dispatched.seq);
    if (light == Light::red) add(at, &Figures::red, "red", assignment.dispatched.seq);
  }

  [[nodiscard]] boost::json::object row_json(std::size_t row) const {
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

  const Board& board_;
  schemas::Week week_;
  const Window& window_;
  Trace* trace_;
  std::vector<const DepartmentState*> listed_;
  std::vector<Figures> figures_;
  absl::flat_hash_map<std::uint32_t, std::size_t> row_of_;  // looked up only, never walked
};

}  // namespace

boost::json::array departments(const Board& board, schemas::Week week, const Window& window,
                               Trace* trace) {
  return DepartmentTable(board, week, window, trace).draw();
}

}  // namespace projections
