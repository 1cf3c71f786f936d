// The board: what stands around the cases after the first N records. Departments, rule set,
// calendar and plans, folded from their few records; tasks and supervisors' reports on demand.
//
// A board judges nothing by a clock: whoever asks for lights brings the instant.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "projections/duty_clock.h"
#include "projections/facts.h"
#include "schemas/calendar.h"
#include "schemas/supervisor_report.h"
#include "schemas/task.h"

namespace projections {

struct ReportState {  // a supervisor's report
  schemas::ReportStatus status = schemas::ReportStatus::none;
  schemas::ReportKind kind = schemas::ReportKind::suggestion;
  std::uint32_t item = kNone;
  std::uint32_t supervisor = 0, title = 0, department = 0, progress_text = 0;
  bool sealed = false;
  std::int32_t grade = -1, result = -1, rating = 0;
  std::uint32_t last_seq = 0, grade_seq = 0, rating_seq = 0, progress_seq = 0;
  Mark filed, registered, dispatched, concluded, answered, closed, ended;
  DutyClock to_register{schemas::Obligation::report_register};
  DutyClock to_dispatch{schemas::Obligation::report_dispatch};
  DutyClock to_conclude{schemas::Obligation::report_conclude};
  DutyClock to_reply{schemas::Obligation::report_reply};
  [[nodiscard]] bool open() const;
};

struct TaskState {
  schemas::TaskStatus status = schemas::TaskStatus::none;
  schemas::TaskStatus before = schemas::TaskStatus::none;
  std::uint32_t item = kNone;
  std::uint32_t plan = 0, environment = 0, domain = 0, title = 0, target = 0, lead = 0, text = 0;
  std::vector<std::uint32_t> co;
  schemas::Day created = 0, due = 0, original_due = 0;
  std::int32_t percent = 0;
  std::uint32_t created_seq = 0, status_seq = 0, percent_seq = 0, owner_seq = 0, last_seq = 0;
  std::vector<schemas::TaskMilestone> milestones;
};

struct PlanState {
  std::uint32_t item = kNone;
  std::uint32_t seq = 0;  // of PlanPublished
  std::string_view name;
  struct Environment {
    std::string_view name;
    std::vector<std::string_view> domains;
    std::int32_t tasks = 0;
  };
  std::vector<Environment> environments;
};

struct DepartmentState {
  std::uint32_t item = kNone;
  std::uint32_t name = 0;
};

class Board {
 public:
  // After record `seq`, which the facts have.
  Board(const Facts& facts, std::uint64_t seq);

  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const schemas::Calendar& calendar() const { return calendar_; }
  // The id of the rule set in force; "default" if none.
  [[nodiscard]] std::string_view rules() const;
  [[nodiscard]] const std::vector<PlanState>& plans() const { return plans_; }
  // By id, in order of the bytes of the id.
  [[nodiscard]] std::vector<const DepartmentState*> departments_by_id() const;
  // The due of a week's progress: 24:00 of its last working day; 0 for a week that owes none.
  [[nodiscard]] Micros progress_due(schemas::Week week) const;

  [[nodiscard]] std::string_view no(std::uint32_t item) const {
    return facts_.text(facts_.items()[item].no);
  }

 private:
  void fold(std::uint32_t seq);
  void fold_rules(std::uint32_t seq, schemas::EventType type);
  void fold_plan(std::uint32_t seq);
  void list_progress_dues();

  const Facts& facts_;
  std::uint64_t seq_;
  const schemas::Calendar& calendar_;
  std::vector<std::pair<std::uint32_t, bool>> rule_sets_;  // item, retired; in order of publication
  std::vector<PlanState> plans_;
  std::vector<DepartmentState> departments_;
  schemas::Week first_week_;
  std::vector<Micros> progress_dues_;  // by week from first_week_
};

// One supervisor's report after record `seq`; last_seq 0: it had not begun.
[[nodiscard]] ReportState report_at(const Facts& facts, std::uint32_t item, std::uint64_t seq);
// Every task that had begun with record `seq`, in order of its first seq.
[[nodiscard]] std::vector<TaskState> tasks_at(const Facts& facts, std::uint64_t seq);

}  // namespace projections
