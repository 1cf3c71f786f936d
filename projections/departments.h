// The department table of the weekly report 部门表.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <boost/json.hpp>
#include <cstdint>
#include <vector>

#include "projections/board.h"
#include "projections/case.h"
#include "projections/lights.h"
#include "projections/report.h"

namespace projections {

// Counts case by case; several tables over parts of the cases add up to one.
class DepartmentTable {
 public:
  // `board` stands at window.seq.
  DepartmentTable(const Board& board, schemas::Week week, const Window& window, Trace* trace);

  void add(const Case& of);
  // The assignments of an appeal that went straight as of the board, without folding it.
  void add_straight(const Item& appeal);
  void add(const DepartmentTable& others);
  // A callback that found the enterprise not satisfied, apart from the assignments of its case.
  void add_complaint(const Case& of, const Complaint& complaint);
  // Every department that was created by the moment of the board, in order of its id.
  [[nodiscard]] boost::json::array draw() const;

 private:
  struct Figures {
    std::int64_t dispatched = 0, completed_on_time = 0, completed_late = 0, open = 0, overdue = 0;
    std::int64_t returned = 0;
    Rate contact, completion;
    std::int64_t progress_due = 0, progress_filed = 0, yellow = 0, red = 0, dissatisfied = 0;
    Figures& operator+=(const Figures& other);
  };

  void add(std::size_t row, std::int64_t Figures::* figure, std::string_view name,
           std::uint64_t seq);
  void add(std::size_t row, Rate Figures::* rate, std::string_view name, Count counted,
           const DutyClock& clock);
  void count_events(std::size_t row, const AssignmentState& assignment);
  void count_duties(std::size_t row, const AssignmentState& assignment);
  void count_progress(std::size_t row, const Duties& duties, const AssignmentState& assignment);
  void count_open(std::size_t row, const AssignmentState& assignment, schemas::Light light);
  [[nodiscard]] bool in_week(std::uint64_t seq) const { return seq >= window_.first_seq; }
  [[nodiscard]] std::string_view id(std::size_t row) const { return board_.no(listed_[row]->item); }
  // Departments are created before anything is dispatched to them; listed_.size() if one was not.
  [[nodiscard]] std::size_t row(std::uint32_t department_text) const;
  [[nodiscard]] boost::json::object row_json(std::size_t row) const;

  const Board& board_;
  schemas::Week week_;
  const Window& window_;
  Trace* trace_;
  std::vector<const DepartmentState*> listed_;
  std::vector<Figures> figures_;
  absl::flat_hash_map<std::uint32_t, std::size_t> row_of_;  // looked up only, never walked
  AssignmentState memory_;
};

}  // namespace projections
