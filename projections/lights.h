// Obligations as a case holds them, and the questions that reports ask of them: which light, which
// week a duty belongs to, whether it was met in time (interfaces.md section 6). Every light and due
// of a case is asked here, so that counting and listing cannot differ.
#pragma once

#include <array>
#include <cstdint>

#include "projections/board.h"
#include "projections/case.h"
#include "projections/duty_clock.h"
#include "schemas/calendar.h"
#include "schemas/obligations.h"

namespace projections {

// red > yellow > green > grey > none (domain.md section 4).
[[nodiscard]] schemas::Light worse(schemas::Light a, schemas::Light b);

// The instants of a weekly question. Records count up to `seq`; lights stand at `lights_at`, the
// last microsecond before `to` in a finished week; dues have fallen when due <= `judged_at` =
// min(to, as_of).
struct Window {
  Micros from = 0, to = 0;
  Micros lights_at = 0, judged_at = 0;
  std::uint64_t first_seq = 1, seq = 0;  // records of the week: first_seq..seq
};

// Does the duty belong to the week, and count there in d (and in n, when met in time)? A duty
// belongs to the week of min(met at, last day of its due).
enum class Count : std::uint8_t { no, missed, met };
[[nodiscard]] Count count_in_week(const DutyClock& clock, const Window& window);

// The instant whose week a duty belongs to: that of meeting it, or the last of its due's last day,
// whichever comes first.
[[nodiscard]] Micros belongs_at(const DutyClock& clock);

// An open duty as the list of lights and the list of next week show it.
struct DutyRow {
  const AssignmentState* assignment = nullptr;  // none: the office's own
  schemas::Obligation obligation = schemas::Obligation::accept;
  Micros due = 0;
  schemas::Light light = schemas::Light::none;
  std::uint32_t seq = 0;  // the event that started it
};

// Weekly progress of one assignment and one week: owed, and the filing if there is one.
struct Progress {
  bool owed = false;
  const Filing* filing = nullptr;
};

// The clocks of a department's own duties; the ruling on a return is the office's.
[[nodiscard]] inline std::array<const DutyClock*, 4> own_clocks(const AssignmentState& assignment) {
  return {&assignment.sign, &assignment.contact, &assignment.completion, &assignment.opinion};
}
// The worst light of these alone: all there is where no weekly progress is owed.
[[nodiscard]] schemas::Light light_of_clocks(const AssignmentState& assignment, Micros at);

// What the clocks of a case say, on a board.
class Duties {
 public:
  Duties(const Board& board, const Case& of) : board_(board), case_(of) {}

  // Every open duty that has begun by `at`: the office's own in the order of the obligation codes,
  // then each assignment's by matter and dispatch, weekly progress by week.
  template <class Visit>
  void each(Micros at, Visit&& visit) const {
    each_of_office(at, visit);
    for (const std::uint32_t one : case_.listed())
      each_of_assignment(case_.assignments()[one], at, visit);
  }
  // The department's own duties of one assignment.
  template <class Visit>
  void each_of_assignment(const AssignmentState& assignment, Micros at, Visit&& visit) const {
    for (const DutyClock* clock : own_clocks(assignment)) show(*clock, &assignment, at, visit);
    if (!assignment.weekly_from || !case_.open(assignment)) return;
    for (schemas::Week week = first_week(assignment); week.from() <= at; week.monday += 7)
      if (const DutyRow row = progress_duty(assignment, week, at);
          row.light != schemas::Light::none)
        visit(row);
  }
  template <class Visit>
  void each_of_office(Micros at, Visit&& visit) const {
    const AppealState& appeal = case_.appeal();
    show(appeal.accept, nullptr, at, visit);
    show(appeal.dispatch, nullptr, at, visit);
    for (const std::uint32_t one : case_.listed())
      show(case_.assignments()[one].ruling, nullptr, at, visit);
    show(appeal.callback, nullptr, at, visit);
    for (const RoundState& round : case_.rounds()) show(round.verify, nullptr, at, visit);
    for (const RoundState& round : case_.rounds()) show(round.rectify, nullptr, at, visit);
  }

  // The worst light of an assignment's own duties, or of the office's duties for the appeal.
  [[nodiscard]] schemas::Light light_of(const AssignmentState& assignment, Micros at) const;
  [[nodiscard]] schemas::Light light_of_office(Micros at) const;
  [[nodiscard]] Progress progress_of(const AssignmentState& assignment, schemas::Week week,
                                     Micros at) const;

 private:
  template <class Visit>
  static void show(const DutyClock& clock, const AssignmentState* assignment, Micros at,
                   Visit&& visit) {
    if (!clock.owed()) return;
    const schemas::Light light = clock.light(at);
    if (light != schemas::Light::none)
      visit(DutyRow{assignment, clock.state.obligation, clock.due(), light, clock.start_seq});
  }
  [[nodiscard]] static schemas::Week first_week(const AssignmentState& assignment);
  [[nodiscard]] DutyRow progress_duty(const AssignmentState& assignment, schemas::Week week,
                                      Micros at) const;

  const Board& board_;
  const Case& case_;
};

// Every clock of a case, owed or not.
template <class Visit>
void each_clock(const Case& of, Visit&& visit) {
  const AppealState& appeal = of.appeal();
  for (const DutyClock* clock : {&appeal.accept, &appeal.dispatch, &appeal.callback}) visit(*clock);
  for (const AssignmentState& one : of.assignments())
    for (const DutyClock* clock :
         {&one.sign, &one.contact, &one.completion, &one.opinion, &one.ruling})
      visit(*clock);
  for (const RoundState& one : of.rounds())
    for (const DutyClock* clock : {&one.verify, &one.rectify}) visit(*clock);
}

// Is any duty of the case still running, so that a light can come by time alone?
[[nodiscard]] bool has_running_duty(const Case& of);
// The instant after which time alone changes nothing any more: its last event, or its last due.
[[nodiscard]] Micros last_due(const Case& of);

}  // namespace projections
