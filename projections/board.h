// The board: how the district stands after the first N records. A fold of the facts into flat
// arrays, moved forward by advance(); every report at one moment is drawn from one board.
//
// A board judges nothing by a clock: whoever asks for lights brings the instant.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "projections/facts.h"
#include "projections/lights.h"
#include "schemas/appeal.h"
#include "schemas/calendar.h"
#include "schemas/supervisor_report.h"
#include "schemas/task.h"

namespace projections {

// An event as a milestone: when, and which record. seq 0: it has not happened.
struct Mark {
  Micros at = 0;
  std::uint32_t seq = 0;
  [[nodiscard]] explicit operator bool() const { return seq != 0; }
};

struct AppealState {
  schemas::AppealStatus status = schemas::AppealStatus::none;
  schemas::AppealStatus before = schemas::AppealStatus::none;  // merged: where it came from
  schemas::Channel channel = schemas::Channel::app;
  std::uint32_t item = kNone;
  std::uint32_t enterprise = 0, category = 0, title = 0;  // texts
  Mark submitted, accepted, reopened;
  Mark answered;  // outside any round: of a merged appeal
  Mark ended;     // withdrawn, merged, transferred, excluded: ends its assignments
  std::uint32_t last_seq = 0, last_callback = 0, classified_seq = 0;
  std::int32_t reopens = 0;  // also the number of its current cycle
  std::int32_t yellow_cards = 0, red_cards = 0, reminders = 0;  // of the office's own duties
  std::uint32_t assignment = kNone, round = kNone;              // the newest of each
  DutyClock accept{schemas::Obligation::accept}, dispatch{schemas::Obligation::dispatch};
  DutyClock callback{schemas::Obligation::callback};
  // Submitted and not concluded, rejected, withdrawn, merged away or transferred out.
  [[nodiscard]] bool open() const;
};

struct AssignmentState {
  schemas::Duty duty = schemas::Duty::lead;
  schemas::Track track = schemas::Track::standard;
  std::uint32_t appeal = kNone;  // ordinal
  std::int32_t cycle = 0;        // the appeal's reopens at dispatch
  bool returning = false;
  bool has_signed =
      false;  // by AssignmentSigned; signed_ is also what contact and completion imply
  schemas::AssignmentStatus end = schemas::AssignmentStatus::none;  // completed, returned, ...
  Mark dispatched, signed_, contacted, ended, long_term;
  Mark suspended;    // until the clock is resumed
  Mark weekly_from;  // the weekly duty begins with the week after it
  std::int32_t extensions = 0, yellow_cards = 0, red_cards = 0, reminders = 0, returns = 0;
  std::uint32_t last_seq = 0, return_seq = 0, extension_seq = 0;
  std::uint32_t last_filing = kNone;  // newest of Board::filings()
  DutyClock sign{schemas::Obligation::sign}, contact{schemas::Obligation::contact};
  DutyClock completion{schemas::Obligation::completion};
  DutyClock opinion{schemas::Obligation::co_opinion};
  DutyClock ruling{schemas::Obligation::return_ruling};  // the office's
  [[nodiscard]] const DutyClock& main() const {          // what completing it is judged by
    return duty == schemas::Duty::lead ? completion : opinion;
  }
};

// One weekly progress report 报送进展.
struct Filing {
  schemas::Day week = 0;  // Monday
  std::int32_t percent = 0;
  std::uint32_t text = 0, seq = 0, previous = kNone;
};

// A rating round: one conclusion, its answer and callback, its rating and rectification.
struct RoundState {
  std::uint32_t appeal = kNone;
  std::int32_t cycle = 0;
  schemas::Outcome outcome = schemas::Outcome::solved;
  schemas::AppealStatus final_status = schemas::AppealStatus::none;  // when the appeal was reopened
  Mark concluded, answered, callback, closed, rated, assigned, verified, reported, accepted,
      fed_back;
  Mark contested, upheld, invalidated;
  bool reached = false;
  std::int32_t solved = -1, satisfied = -1;  // -1: not asked
  std::int32_t level = 0;
  schemas::Finding finding = schemas::Finding::true_;
  DutyClock verify{schemas::Obligation::rating_verify};
  DutyClock rectify{schemas::Obligation::rating_rectify};
  [[nodiscard]] bool valid() const { return rated && !invalidated; }
  [[nodiscard]] bool bad() const { return valid() && level <= 2; }
};

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

struct SupervisorState {
  std::uint32_t category = 0;
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
  explicit Board(const Facts& facts) : facts_(facts) {}

  // Folds records seq() + 1 .. to. `to` not before seq(), not after facts.seq().
  void advance(std::uint64_t to);
  [[nodiscard]] std::uint64_t seq() const { return seq_; }

  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const schemas::Calendar& calendar() const { return calendar_; }
  [[nodiscard]] std::string_view rules()
      const;  // the id of the rule set in force; "default" if none
  [[nodiscard]] const std::vector<AppealState>& appeals() const { return appeals_; }
  [[nodiscard]] const std::vector<AssignmentState>& assignments() const { return assignments_; }
  [[nodiscard]] const std::vector<RoundState>& rounds() const { return rounds_; }
  [[nodiscard]] const std::vector<Filing>& filings() const { return filings_; }
  [[nodiscard]] const std::vector<ReportState>& supervisor_reports() const { return reports_; }
  [[nodiscard]] const std::vector<SupervisorState>& supervisors() const { return supervisors_; }
  [[nodiscard]] const std::vector<TaskState>& tasks() const { return tasks_; }
  [[nodiscard]] const std::vector<PlanState>& plans() const { return plans_; }
  // By id, in order of the bytes of the id.
  [[nodiscard]] std::vector<const DepartmentState*> departments_by_id() const;

  [[nodiscard]] std::string_view no(std::uint32_t item) const {
    return facts_.text(facts_.items()[item].no);
  }
  [[nodiscard]] std::string_view department_of(std::uint32_t assignment) const {
    return facts_.text(facts_.assignments()[assignment].department);
  }
  [[nodiscard]] std::int32_t matter_of(std::uint32_t assignment) const {
    return facts_.assignments()[assignment].matter;
  }
  // How and when an assignment ended, by its own event or with its appeal; a false Mark: it is
  // open.
  [[nodiscard]] Mark end_of(const AssignmentState& assignment) const;
  [[nodiscard]] bool open(const AssignmentState& assignment) const { return !end_of(assignment); }
  // Assignments of an appeal by matter, then dispatch.
  [[nodiscard]] std::vector<std::uint32_t> assignments_of(const AppealState& appeal) const;
  // Rounds of an appeal, oldest first.
  [[nodiscard]] std::vector<std::uint32_t> rounds_of(const AppealState& appeal) const;
  // The round of an assignment's cycle, if the appeal was concluded in it.
  [[nodiscard]] const RoundState* round_of(const AssignmentState& assignment) const;
  // The round that the appeal's present cycle was concluded with, or nullptr.
  [[nodiscard]] const RoundState* last_round(const AppealState& appeal) const {
    const bool present = appeal.round != kNone && rounds_[appeal.round].cycle == appeal.reopens;
    return present ? &rounds_[appeal.round] : nullptr;
  }
  // Lead departments (texts, by first dispatch) of an appeal's cycle; assignments that were
  // returned, moved or cancelled do not count.
  [[nodiscard]] std::vector<std::uint32_t> leads_of(const AppealState& appeal,
                                                    std::int32_t cycle) const;

 private:
  using Args = std::span<const std::int64_t>;
  void fold(std::uint32_t seq);
  void fold_appeal(std::uint32_t seq, schemas::EventType type, Args args);
  void fold_office_card(AppealState& appeal, schemas::EventType type);
  void fold_callback(AppealState& appeal, std::uint32_t seq, Args args);
  void fold_course(AppealState& appeal, std::uint32_t seq, schemas::EventType type, Args args);
  void fold_conclusion(AppealState& appeal, std::uint32_t seq, schemas::EventType type,
                       schemas::AppealStatus was);
  void fold_assignment(std::uint32_t seq, schemas::EventType type, Args args);
  void fold_office_act(AssignmentState& assignment, std::uint32_t seq, schemas::EventType type);
  void fold_round(std::uint32_t seq, schemas::EventType type, Args args);
  void fold_report(std::uint32_t seq, schemas::EventType type, Args args);
  void fold_task(std::uint32_t seq, schemas::EventType type, Args args);
  void fold_task_status(TaskState& task, std::uint32_t seq, schemas::EventType type);
  void set_milestone(TaskState& task, Args args) const;
  void fold_plan(std::uint32_t seq);
  void fold_calendar(std::uint32_t seq);
  void fold_rules(std::uint32_t seq, schemas::EventType type);
  void fold_duty(const DutyFact& change);
  void fold_stream_duty(const DutyFact& change);
  void fold_assignment_duty(const DutyFact& change);
  void fold_clocks(std::span<DutyClock* const> clocks, const DutyFact& change);
  [[nodiscard]] Mark mark(std::uint32_t seq) const { return {facts_.time_of(seq), seq}; }

  const Facts& facts_;
  std::uint64_t seq_ = 0;
  std::size_t next_duty_ = 0;
  schemas::Calendar calendar_;
  std::vector<std::pair<std::uint32_t, bool>> rule_sets_;  // item, retired; in order of publication
  std::vector<AppealState> appeals_;
  std::vector<AssignmentState> assignments_;
  std::vector<RoundState> rounds_;
  std::vector<Filing> filings_;
  std::vector<ReportState> reports_;
  std::vector<SupervisorState> supervisors_;
  std::vector<TaskState> tasks_;
  std::vector<PlanState> plans_;
  std::vector<DepartmentState> departments_;
};

}  // namespace projections
