// The weekly report. Which event and which duty counts where: interfaces.md section 6.
#include "projections/weekly_report.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "projections/departments.h"
#include "projections/lights.h"
#include "projections/plan_board.h"
#include "projections/ratings.h"
#include "projections/supervision.h"

namespace projections {

using boost::json::object;
using schemas::EventType;
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

// The totals of a week; `section` is "totals" or "previous".
class Totals {
 public:
  Totals(const Board& board, const std::vector<std::uint32_t>& live, const Window& window,
         std::string_view section, Trace* trace)
      : board_(board), live_(live), window_(window), section_(section), trace_(trace) {}

  object draw() {
    count_flow();
    count_stock();
    object totals;
    for (std::size_t i = 0; i < kNames.size(); ++i) totals[kNames[i]] = figures_[i];
    return totals;
  }

 private:
  enum Figure : std::uint8_t {
    submitted,
    accepted,
    rejected,
    withdrawn,
    concluded,
    reopened,
    open,
    overdue_open,
    rated,
    bad_rated
  };
  static constexpr std::array<std::string_view, 10> kNames = {
      "submitted", "accepted", "rejected",     "withdrawn", "concluded",
      "reopened",  "open",     "overdue_open", "rated",     "bad_rated"};

  void add(Figure figure, std::uint64_t seq) {
    count(figures_[figure], trace_, {section_, kNames[figure]}, seq);
  }

  void count_flow() {
    const Facts& facts = board_.facts();
    for (std::uint64_t seq = window_.first_seq; seq <= window_.seq; ++seq) {
      switch (facts.type_of(seq)) {
        case EventType::AppealSubmitted:
          add(submitted, seq);
          break;
        case EventType::AppealAccepted:
          add(accepted, seq);
          break;
        case EventType::AppealRejected:
          add(rejected, seq);
          break;
        case EventType::AppealWithdrawn:
          add(withdrawn, seq);
          break;
        case EventType::AppealConcluded:
          add(concluded, seq);
          break;
        case EventType::AppealReopened:
          add(reopened, seq);
          break;
        case EventType::RatingSubmitted:
          add(rated, seq);
          if (facts.args_of(seq)[0] <= 2) add(bad_rated, seq);
          break;
        default:
          break;
      }
    }
  }

  void count_stock() {
    for (const AppealState& appeal : board_.appeals())
      if (appeal.open()) add(open, appeal.submitted.seq);
    for (const std::uint32_t at : live_) {
      if (!board_.appeals()[at].open()) continue;
      std::uint32_t red = 0;
      each_duty(board_, at, window_.lights_at, [&](const DutyRow& duty) {
        if (duty.light == Light::red && red == 0) red = duty.seq;
      });
      if (red != 0) add(overdue_open, red);
    }
  }

  const Board& board_;
  const std::vector<std::uint32_t>& live_;
  const Window& window_;
  std::string_view section_;
  Trace* trace_;
  std::array<std::int64_t, kNames.size()> figures_{};
};

// The head of every entry that is about one duty of an appeal.
object duty_json(const Board& board, const DutyRow& duty) {
  object row;
  row["appeal"] = board.no(board.appeals()[duty.appeal].item);
  if (duty.assignment == kNone) {
    row["matter"] = nullptr;
    row["department"] = nullptr;
  } else {
    row["matter"] = board.matter_of(duty.assignment);
    row["department"] = board.department_of(duty.assignment);
  }
  row["obligation"] = schemas::row_of(duty.obligation).name;
  row["due"] = time_json(duty.due);
  return row;
}

// "1/D07", or "-/-" for the office's own: the place of an entry behind its appeal.
std::string place_of(const Board& board, std::uint32_t assignment) {
  if (assignment == kNone) return "-/-";
  return std::to_string(board.matter_of(assignment)) + '/' +
         std::string(board.department_of(assignment));
}

void trace_duty(Trace* trace, std::string_view section, const Board& board, const DutyRow& duty) {
  if (trace == nullptr) return;
  trace->hit(
      {section, board.no(board.appeals()[duty.appeal].item), place_of(board, duty.assignment),
       schemas::row_of(duty.obligation).name, schemas::date_text(schemas::day_of(duty.due - 1))},
      duty.seq);
}

boost::json::array lights(const Board& board, const std::vector<std::uint32_t>& live,
                          const Window& window, Trace* trace) {
  boost::json::array rows;
  const auto visit = [&](const DutyRow& duty) {
    if (duty.light != Light::yellow && duty.light != Light::red) return;
    object row = duty_json(board, duty);
    row["light"] = schemas::light_name(duty.light);
    row["overdue_workdays"] = board.calendar().overdue_workdays(duty.due, window.lights_at);
    rows.emplace_back(std::move(row));
    trace_duty(trace, "lights", board, duty);
  };
  for (const std::uint32_t at : live) each_duty(board, at, window.lights_at, visit);
  return rows;
}

// Weekly progress is not listed; a suspended duty has no last day to name.
boost::json::array due_next_week(const Board& board, const std::vector<std::uint32_t>& live,
                                 const Window& window, Trace* trace) {
  boost::json::array rows;
  const Micros end = window.to + 7 * schemas::kDayMicros;
  const auto visit = [&](const DutyRow& duty) {
    if (duty.obligation == schemas::Obligation::progress || duty.light == Light::grey) return;
    if (duty.due - 1 < window.to || duty.due - 1 >= end) return;
    rows.emplace_back(duty_json(board, duty));
    trace_duty(trace, "due_next_week", board, duty);
  };
  for (const std::uint32_t at : live) each_duty(board, at, window.lights_at, visit);
  return rows;
}

// Long-running assignments with this week's progress: those still open, and those whose progress
// counts.
boost::json::array long_term(const Board& board, schemas::Week week, const Window& window,
                             Trace* trace) {
  // By appeal, matter and dispatch, as every list is.
  std::vector<std::tuple<std::uint32_t, std::int32_t, std::uint32_t>> found;
  for (std::uint32_t at = 0; at < board.assignments().size(); ++at)
    if (board.assignments()[at].long_term)
      found.emplace_back(board.assignments()[at].appeal, board.matter_of(at), at);
  std::ranges::sort(found);
  boost::json::array rows;
  for (const auto& [appeal, matter, at] : found) {
    const AssignmentState& assignment = board.assignments()[at];
    const Progress progress = progress_of(board, at, week, window.lights_at);
    if (!board.open(assignment) && !progress.owed) continue;
    const Filing* filing = progress.filing == kNone ? nullptr : &board.filings()[progress.filing];
    const std::string_view no = board.no(board.appeals()[appeal].item);
    object row;
    row["appeal"] = no;
    row["matter"] = matter;
    row["department"] = board.department_of(at);
    row["week_text"] = text_json(filing == nullptr ? "" : board.facts().text(filing->text));
    row["percent"] =
        filing == nullptr ? boost::json::value(nullptr) : boost::json::value(filing->percent);
    row["filed"] = filing != nullptr;
    rows.emplace_back(std::move(row));
    if (trace != nullptr)
      trace->hit({"long_term", no, place_of(board, at)},
                 filing == nullptr ? assignment.long_term.seq : filing->seq);
  }
  return rows;
}

}  // namespace

void weekly_report(object& report, Board& board, const Question& question, Trace* trace) {
  const schemas::Week week = *question.week;
  const Facts& facts = board.facts();
  const Window before = window_of(facts, {week.monday - 7}, question.moment);
  const Window window = window_of(facts, week, question.moment);
  board.advance(before.seq);
  object previous = Totals(board, live_appeals(board), before, "previous", trace).draw();
  board.advance(window.seq);
  const std::vector<std::uint32_t> live = live_appeals(board);
  report["week"] = schemas::week_text(week);
  report["from"] = schemas::time_text(window.from);
  report["to"] = schemas::time_text(window.to);
  report["totals"] = Totals(board, live, window, "totals", trace).draw();
  report["previous"] = std::move(previous);
  report["departments"] = departments(board, week, window, trace);
  report["lights"] = lights(board, live, window, trace);
  report["long_term"] = long_term(board, week, window, trace);
  report["supervision"] = supervision_of_week(board, window, trace);
  report["plan"] = plan_of_week(board, window.lights_at, trace);
  report["due_next_week"] = due_next_week(board, live, window, trace);
  report["ratings"] = ratings_of_week(board, week, window.judged_at, trace);
}

}  // namespace projections
