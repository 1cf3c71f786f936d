// Counting the cases of a week. Which event and which duty counts where: interfaces.md section 6.
#include "projections/week_tally.h"

#include <algorithm>
#include <string>
#include <utility>

#include "projections/plan_board.h"
#include "projections/supervision.h"

namespace projections {

using boost::json::object;
using schemas::Light;

Window window_of(const Facts& facts, schemas::Week week, const Moment& moment) {
  Window window;
  window.from = week.from();
  window.to = week.to();
  window.lights_at = std::min(window.to - 1, moment.as_of);
  window.judged_at = std::min(window.to, moment.as_of);
  window.first_seq = facts.seq_at(window.from - 1) + 1;
  window.seq = std::min(moment.seq, facts.seq_at(window.to - 1));
  return window;
}

Weeks::Weeks(const Facts& facts, schemas::Week asked, const Moment& moment)
    : week(asked),
      before(window_of(facts, {asked.monday - 7}, moment)),
      window(window_of(facts, asked, moment)),
      old_board(facts, before.seq),
      board(facts, window.seq) {}

WeekTally::WeekTally(const Weeks& weeks, Trace* trace)
    : weeks_(weeks),
      trace_(trace),
      totals_(weeks.window, "totals", trace),
      previous_(weeks.before, "previous", trace),
      departments_(weeks.board, weeks.week, weeks.window, trace),
      ratings_("ratings", trace) {}

namespace {

// Overdue, if any duty of an open appeal is red.
void count_red(WeekTotals& totals, const Case& of, const Board& board, const Window& window) {
  if (!of.appeal().open() || !has_running_duty(of)) return;
  std::uint32_t red = 0;
  Duties(board, of).each(window.lights_at, [&](const DutyRow& duty) {
    if (duty.light == Light::red && red == 0) red = duty.seq;
  });
  if (red != 0) totals.add_overdue(red);
}

}  // namespace

void WeekTally::add(Case& of) {
  of.advance(weeks_.before.seq);
  if (of.begun()) count_red(previous_, of, weeks_.old_board, weeks_.before);
  of.advance(weeks_.window.seq);
  if (!of.begun()) return;
  departments_.add(of);
  add_ratings(of);
  add_long_term(of);
  if (has_running_duty(of)) add_duties(of);
}

void WeekTally::add(WeekTally&& later) {
  totals_.add(later.totals_);
  previous_.add(later.previous_);
  departments_.add(later.departments_);
  ratings_.add(later.ratings_);
  lights_.insert(lights_.end(), later.lights_.begin(), later.lights_.end());
  next_week_.insert(next_week_.end(), later.next_week_.begin(), later.next_week_.end());
  long_term_.insert(long_term_.end(), later.long_term_.begin(), later.long_term_.end());
}

void WeekTally::add_ratings(const Case& of) {
  for (const RoundState& round : of.rounds())
    if (round.concluded.at >= weeks_.window.from && round.concluded.at < weeks_.window.to)
      ratings_.add(of, round, weeks_.window.judged_at);
}

// Weekly progress is not listed for next week; a suspended duty has no last day to name.
void WeekTally::add_duties(const Case& of) {
  const Window& window = weeks_.window;
  const Micros end = window.to + 7 * schemas::kDayMicros;
  std::uint32_t red = 0;
  Duties(weeks_.board, of).each(window.lights_at, [&](const DutyRow& duty) {
    const DutyEntry entry{
        of.item(),       duty.assignment == nullptr ? kNone : duty.assignment->number,
        duty.obligation, duty.light,
        duty.due,        duty.seq};
    if (duty.light == Light::red && red == 0) red = duty.seq;
    if (duty.light == Light::yellow || duty.light == Light::red) lights_.push_back(entry);
    if (duty.obligation != schemas::Obligation::progress && duty.light != Light::grey &&
        duty.due - 1 >= window.to && duty.due - 1 < end)
      next_week_.push_back(entry);
  });
  if (red != 0 && of.appeal().open()) totals_.add_overdue(red);
}

// Long-running assignments with this week's progress: those still open, and those whose progress
// counts.
void WeekTally::add_long_term(const Case& of) {
  const Duties duties(weeks_.board, of);
  for (const std::uint32_t at : of.listed()) {
    const AssignmentState& assignment = of.assignments()[at];
    if (!assignment.long_term) continue;
    const Progress progress = duties.progress_of(assignment, weeks_.week, weeks_.window.lights_at);
    if (!of.open(assignment) && !progress.owed) continue;
    LongTermEntry entry{of.item(), assignment.number, 0, assignment.long_term.seq, {}};
    if (const Filing* filing = progress.filing; filing != nullptr) {
      entry.text = filing->text;
      entry.seq = filing->seq;
      entry.percent = filing->percent;
    }
    long_term_.push_back(entry);
  }
}

// ---- the lists as JSON ----

namespace {

// "1/D07", or "-/-" for the office's own: the place of an entry behind its appeal.
std::string place_of(const Facts& facts, std::uint32_t assignment) {
  if (assignment == kNone) return "-/-";
  const AssignmentKey& key = facts.assignments()[assignment];
  return std::to_string(key.matter) + '/' + std::string(facts.text(key.department));
}

// The head of every entry that is about an appeal.
object entry_json(const Board& board, std::uint32_t item, std::uint32_t assignment,
                  const boost::json::storage_ptr& storage) {
  object row(storage);
  row.reserve(8);
  row.emplace("appeal", board.no(item));
  if (assignment == kNone) {
    row.emplace("matter", nullptr);
    row.emplace("department", nullptr);
  } else {
    const AssignmentKey& key = board.facts().assignments()[assignment];
    row.emplace("matter", key.matter);
    row.emplace("department", board.facts().text(key.department));
  }
  return row;
}

}  // namespace

void WeekTally::trace_duty(std::string_view section, const DutyEntry& duty) const {
  if (trace_ == nullptr) return;
  const Board& board = weeks_.board;
  trace_->hit(
      {section, board.no(duty.item), place_of(board.facts(), duty.assignment),
       schemas::row_of(duty.obligation).name, schemas::date_text(schemas::day_of(duty.due - 1))},
      duty.seq);
}

boost::json::array WeekTally::list_lights(const boost::json::storage_ptr& storage) const {
  const Board& board = weeks_.board;
  boost::json::array rows(storage);
  rows.reserve(lights_.size());
  for (const DutyEntry& duty : lights_) {
    object row = entry_json(board, duty.item, duty.assignment, storage);
    row.emplace("obligation", schemas::row_of(duty.obligation).name);
    row.emplace("due", schemas::time_text(duty.due));
    row.emplace("light", schemas::light_name(duty.light));
    row.emplace("overdue_workdays",
                board.calendar().overdue_workdays(duty.due, weeks_.window.lights_at));
    rows.emplace_back(std::move(row));
    trace_duty("lights", duty);
  }
  return rows;
}

boost::json::array WeekTally::list_next_week(const boost::json::storage_ptr& storage) const {
  boost::json::array rows(storage);
  rows.reserve(next_week_.size());
  for (const DutyEntry& duty : next_week_) {
    object row = entry_json(weeks_.board, duty.item, duty.assignment, storage);
    row.emplace("obligation", schemas::row_of(duty.obligation).name);
    row.emplace("due", schemas::time_text(duty.due));
    rows.emplace_back(std::move(row));
    trace_duty("due_next_week", duty);
  }
  return rows;
}

boost::json::array WeekTally::list_long_term(const boost::json::storage_ptr& storage) const {
  const Board& board = weeks_.board;
  boost::json::array rows(storage);
  rows.reserve(long_term_.size());
  for (const LongTermEntry& entry : long_term_) {
    object row = entry_json(board, entry.item, entry.assignment, storage);
    row.emplace("week_text", text_json(board.facts().text(entry.text)));
    row.emplace("percent",
                entry.percent ? boost::json::value(*entry.percent) : boost::json::value(nullptr));
    row.emplace("filed", entry.percent.has_value());
    rows.emplace_back(std::move(row));
    if (trace_ != nullptr)
      trace_->hit({"long_term", board.no(entry.item), place_of(board.facts(), entry.assignment)},
                  entry.seq);
  }
  return rows;
}

void put_week(object& report, schemas::Week week) {
  report["week"] = schemas::week_text(week);
  report["from"] = schemas::time_text(week.from());
  report["to"] = schemas::time_text(week.to());
}

void WeekTally::draw(object& report) const {
  const Board& board = weeks_.board;
  const Window& window = weeks_.window;
  put_week(report, weeks_.week);
  report["totals"] = totals_.draw(board.facts());
  report["previous"] = previous_.draw(board.facts());
  report["departments"] = departments_.draw();
  report["lights"] = list_lights(report.storage());
  report["long_term"] = list_long_term(report.storage());
  report["supervision"] = supervision_of_week(board, window, trace_);
  report["plan"] = plan_of_week(board, window.lights_at, trace_);
  report["due_next_week"] = list_next_week(report.storage());
  object rated;
  ratings_.put(rated);
  report["ratings"] = std::move(rated);
}

}  // namespace projections
