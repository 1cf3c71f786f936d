#include "projections/reminders.h"

#include <algorithm>
#include <tuple>

#include "projections/activity.h"
#include "projections/board.h"
#include "projections/case.h"

namespace projections {
namespace {

using schemas::Light;

// Working days of red after which it goes further (domain.md section 4).
constexpr int kSuperviseAfter = 2, kCirculateAfter = 5;
// What calls a department's head in.
constexpr int kRedsToCallIn = 2;
constexpr std::int32_t kReopensToCallIn = 2;

// Every duty of a case that shows a light, each with the assignment it is commanded by: the ruling
// on a return is the office's, and is named by the assignment all the same.
template <class Visit>
void each_duty(const Board& board, const Case& of, Micros at, Visit&& visit) {
  const auto show = [&](const DutyClock& clock, const AssignmentState* assignment) {
    if (!clock.owed()) return;
    const Light light = clock.light(at);
    if (light != Light::none)
      visit(DutyRow{assignment, clock.state.obligation, clock.due(), light, clock.start_seq},
            clock.state.same_day ? clock.state.started : clock.due() - schemas::kDayMicros);
  };
  const AppealState& appeal = of.appeal();
  for (const DutyClock* clock : {&appeal.accept, &appeal.dispatch, &appeal.callback})
    show(*clock, nullptr);
  if (!of.rounds().empty())  // commands address the newest round
    for (const DutyClock* clock : {&of.rounds().back().verify, &of.rounds().back().rectify})
      show(*clock, nullptr);
  const Duties duties(board, of);
  for (const std::uint32_t one : of.listed()) {
    const AssignmentState& assignment = of.assignments()[one];
    for (const DutyClock* clock : own_clocks(assignment)) show(*clock, &assignment);
    show(assignment.ruling, &assignment);
    duties.each_of_assignment(assignment, at, [&](const DutyRow& row) {
      if (row.obligation == schemas::Obligation::progress && row.due != 0)
        visit(row, row.due - schemas::kDayMicros);
    });
  }
}

// Cases that may show a light at `at`, after record `seq`, each visited folded.
template <class Visit>
void each_case_at_work(const Facts& facts, std::uint64_t seq, Micros at, Visit&& visit) {
  if (seq == 0) return;
  const auto items = facts.activity().at_work(facts, Subject::appeal, at, at, seq);
  each_case(facts, items, seq, [&](Case& one) {
    one.advance(seq);
    if (one.begun()) visit(one);
  });
}

DueAct act_of(const Case& of, const DutyRow& row, Step step, Micros since) {
  const std::uint32_t assignment = row.assignment == nullptr ? kNone : row.assignment->number;
  return {since, step, of.item(), assignment, row.obligation, row.due, row.seq};
}

// The start of the n-th working day after the last day of the due: from then on overdue_workdays is
// n.
Micros red_for(const schemas::Calendar& calendar, Micros due, int workdays) {
  return calendar.extend(due, workdays).due - schemas::kDayMicros;
}

void add_red(const Case& of, const DutyRow& row, const schemas::Calendar& calendar, Micros at,
             std::vector<DueAct>& acts) {
  acts.push_back(act_of(of, row, Step::red, row.due));
  for (const auto& [step, workdays] :
       {std::pair(Step::supervise, kSuperviseAfter), std::pair(Step::circulate, kCirculateAfter)}) {
    const Micros since = red_for(calendar, row.due, workdays);
    if (since <= at) acts.push_back(act_of(of, row, step, since));
  }
}

void sort_by_time(std::vector<DueAct>& acts) {
  std::ranges::sort(acts, {}, [](const DueAct& act) {
    return std::tuple(act.since, act.start_seq, act.obligation, act.due, act.assignment, act.step);
  });
}

}  // namespace

std::vector<DueAct> acts_due(const Facts& facts, Micros at, Micros live_since) {
  std::vector<DueAct> acts;
  const Board board(facts, facts.seq());
  each_case_at_work(facts, facts.seq(), at, [&](const Case& of) {
    each_duty(board, of, at, [&](const DutyRow& row, Micros yellow_since) {
      if (row.due <= live_since) return;
      if (row.light == Light::yellow) acts.push_back(act_of(of, row, Step::yellow, yellow_since));
      if (row.light == Light::red) add_red(of, row, board.calendar(), at, acts);
    });
  });
  sort_by_time(acts);
  return acts;
}

std::vector<DueAct> overdue_before(const Facts& facts, std::uint64_t seq, Micros live_since) {
  std::vector<DueAct> acts;
  const Board board(facts, seq);
  each_case_at_work(facts, seq, live_since, [&](const Case& of) {
    each_duty(board, of, live_since, [&](const DutyRow& row, Micros) {
      if (row.light == Light::red) acts.push_back(act_of(of, row, Step::red, row.due));
    });
  });
  sort_by_time(acts);
  return acts;
}

std::vector<std::uint32_t> to_be_called_in(const Facts& facts, Micros at) {
  std::vector<std::uint32_t> items;
  const Board board(facts, facts.seq());
  each_case_at_work(facts, facts.seq(), at, [&](const Case& of) {
    if (!of.appeal().open()) return;
    int reds = 0;
    each_duty(board, of, at,
              [&](const DutyRow& row, Micros) { reds += row.light == Light::red ? 1 : 0; });
    if (reds >= kRedsToCallIn || of.appeal().reopens >= kReopensToCallIn)
      items.push_back(of.item());
  });
  return items;
}

}  // namespace projections
