// The weekly report. Which event and which duty counts where: interfaces.md section 6.
#include "projections/weekly_report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "projections/departments.h"
#include "projections/lights.h"
#include "projections/parts.h"
#include "projections/plan_board.h"
#include "projections/ratings.h"
#include "projections/supervision.h"
#include "projections/week_cases.h"
#include "projections/week_totals.h"

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

namespace {

// The two moments of the report: the end of the week, and of the week before.
struct Weeks {
  Weeks(const Facts& facts, schemas::Week asked, const Moment& moment)
      : week(asked),
        before(window_of(facts, {asked.monday - 7}, moment)),
        window(window_of(facts, asked, moment)),
        old_board(facts, before.seq),
        board(facts, window.seq) {}

  schemas::Week week;
  Window before, window;
  Board old_board, board;
};

// An entry of a list: a duty with a light, or one due next week.
struct DutyEntry {
  std::uint32_t item = 0, assignment = kNone;  // kNone: the office's own
  schemas::Obligation obligation = schemas::Obligation::accept;
  Light light = Light::none;
  Micros due = 0;
  std::uint32_t seq = 0;
};

struct LongTermEntry {
  std::uint32_t item = 0, assignment = 0, text = 0, seq = 0;
  std::optional<std::int32_t> percent;  // of the week's filing, if there is one
};

// What some of the cases add to the report.
class Tally {
 public:
  Tally(const Weeks& weeks, Trace* trace)
      : weeks_(weeks),
        trace_(trace),
        totals_(weeks.window, "totals", trace),
        previous_(weeks.before, "previous", trace),
        departments_(weeks.board, weeks.week, weeks.window, trace),
        ratings_("ratings", trace) {}

  void add(Case& of) {
    of.advance(weeks_.before.seq);
    if (of.begun()) count_red(previous_, of, weeks_.old_board, weeks_.before);
    of.advance(weeks_.window.seq);
    if (!of.begun()) return;
    departments_.add(of);
    add_ratings(of);
    add_long_term(of);
    if (has_running_duty(of)) add_duties(of);
  }

  void add_straight(const Item& appeal) { departments_.add_straight(appeal); }

  void add(Tally&& later) {
    totals_.add(later.totals_);
    previous_.add(later.previous_);
    departments_.add(later.departments_);
    ratings_.add(later.ratings_);
    lights_.insert(lights_.end(), later.lights_.begin(), later.lights_.end());
    next_week_.insert(next_week_.end(), later.next_week_.begin(), later.next_week_.end());
    long_term_.insert(long_term_.end(), later.long_term_.begin(), later.long_term_.end());
  }

  void draw(object& report);

 private:
  // Overdue, if any duty of an open appeal is red.
  static void count_red(WeekTotals& totals, const Case& of, const Board& board,
                        const Window& window) {
    if (!of.appeal().open() || !has_running_duty(of)) return;
    std::uint32_t red = 0;
    Duties(board, of).each(window.lights_at, [&](const DutyRow& duty) {
      if (duty.light == Light::red && red == 0) red = duty.seq;
    });
    if (red != 0) totals.add_overdue(red);
  }

  void add_duties(const Case& of);
  void add_long_term(const Case& of);
  void add_ratings(const Case& of) {
    for (const RoundState& round : of.rounds())
      if (round.concluded.at >= weeks_.window.from && round.concluded.at < weeks_.window.to)
        ratings_.add(of, round, weeks_.window.judged_at);
  }
  [[nodiscard]] boost::json::array list_lights(const boost::json::storage_ptr& storage) const;
  [[nodiscard]] boost::json::array list_next_week(const boost::json::storage_ptr& storage) const;
  [[nodiscard]] boost::json::array list_long_term(const boost::json::storage_ptr& storage) const;

  const Weeks& weeks_;
  Trace* trace_;
  WeekTotals totals_, previous_;
  DepartmentTable departments_;
  RatingFigures ratings_;
  std::vector<DutyEntry> lights_, next_week_;
  std::vector<LongTermEntry> long_term_;
};

// Weekly progress is not listed for next week; a suspended duty has no last day to name.
void Tally::add_duties(const Case& of) {
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
void Tally::add_long_term(const Case& of) {
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

void trace_duty(Trace* trace, std::string_view section, const Board& board, const DutyEntry& duty) {
  if (trace == nullptr) return;
  trace->hit(
      {section, board.no(duty.item), place_of(board.facts(), duty.assignment),
       schemas::row_of(duty.obligation).name, schemas::date_text(schemas::day_of(duty.due - 1))},
      duty.seq);
}

boost::json::array Tally::list_lights(const boost::json::storage_ptr& storage) const {
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
    trace_duty(trace_, "lights", board, duty);
  }
  return rows;
}

boost::json::array Tally::list_next_week(const boost::json::storage_ptr& storage) const {
  boost::json::array rows(storage);
  rows.reserve(next_week_.size());
  for (const DutyEntry& duty : next_week_) {
    object row = entry_json(weeks_.board, duty.item, duty.assignment, storage);
    row.emplace("obligation", schemas::row_of(duty.obligation).name);
    row.emplace("due", schemas::time_text(duty.due));
    rows.emplace_back(std::move(row));
    trace_duty(trace_, "due_next_week", weeks_.board, duty);
  }
  return rows;
}

boost::json::array Tally::list_long_term(const boost::json::storage_ptr& storage) const {
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

void Tally::draw(object& report) {
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

// The department table alone, as a desk asks for it every minute.
boost::json::array departments_alone(const Facts& facts, const Question& question) {
  const Window window = window_of(facts, *question.week, question.moment);
  const Board board(facts, window.seq);
  const WeekCases cases(facts, window);
  auto tables = in_parts<DepartmentTable>(
      cases.items().size(), kThreads, [&](std::size_t begin, std::size_t end) {
        DepartmentTable table(board, *question.week, window, nullptr);
        std::vector<std::uint32_t> folded;
        for (const std::uint32_t item : std::span(cases.items()).subspan(begin, end - begin)) {
          if (cases.must_fold(item))
            folded.push_back(item);
          else
            table.add_straight(facts.items()[item]);
        }
        each_case(facts, folded, window.seq, [&](Case& one) {
          one.advance(window.seq);
          table.add(one);
        });
        return table;
      });
  for (std::size_t part = 1; part < tables.size(); ++part) tables[0].add(tables[part]);
  return tables[0].draw();
}

}  // namespace

void weekly_report(object& report, const Facts& facts, const Question& question, Trace* trace) {
  if (question.section == "departments" && trace == nullptr) {
    put_week(report, *question.week);
    report["departments"] = departments_alone(facts, question);
    return;
  }
  const Weeks weeks(facts, *question.week, question.moment);
  const WeekCases cases(facts, weeks.before, weeks.window);
  // A trace listens in one place, and to folds only.
  const unsigned threads = trace == nullptr ? kThreads : 1;
  auto tallies =
      in_parts<Tally>(cases.items().size(), threads, [&](std::size_t begin, std::size_t end) {
        Tally tally(weeks, trace);
        std::vector<std::uint32_t> folded;
        for (const std::uint32_t item : std::span(cases.items()).subspan(begin, end - begin)) {
          if (trace != nullptr || cases.must_fold(item))
            folded.push_back(item);
          else
            tally.add_straight(facts.items()[item]);
        }
        each_case(facts, folded, weeks.window.seq, [&](Case& one) { tally.add(one); });
        return tally;
      });
  for (std::size_t part = 1; part < tallies.size(); ++part)
    tallies[0].add(std::move(tallies[part]));
  tallies[0].draw(report);
  if (question.section.empty()) return;
  boost::json::value only = std::move(report[question.section]);
  report.clear();
  put_week(report, *question.week);
  report[question.section] = std::move(only);
}

}  // namespace projections
