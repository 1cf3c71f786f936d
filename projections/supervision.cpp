// The supervisor ledger 监督员台账 and its totals (interfaces.md section 4, domain.md section 11).
#include "projections/supervision.h"

#include <algorithm>
#include <array>

#include "event_generated.h"
#include "projections/activity.h"
#include "projections/lights.h"

namespace projections {

using boost::json::object;
using schemas::EventType;
using schemas::Light;

namespace {

std::array<const DutyClock*, 4> clocks_of(const ReportState& report) {
  return {&report.to_register, &report.to_dispatch, &report.to_conclude, &report.to_reply};
}

Light light_of(const ReportState& report, Micros at) {
  Light worst = Light::none;
  for (const DutyClock* clock : clocks_of(report)) worst = worse(worst, clock->light(at));
  return worst;
}

// The due that comes first among those still open; 0 when nothing is owed.
const DutyClock* next_due(const ReportState& report) {
  const DutyClock* next = nullptr;
  for (const DutyClock* clock : clocks_of(report))
    if (clock->open() && (next == nullptr || clock->due() < next->due())) next = clock;
  return next;
}

std::string_view status_name(schemas::ReportStatus status) {
  constexpr std::array<std::string_view, 10> kNames = {
      "none",      "filed",    "registered", "graded",   "dispatched",
      "concluded", "answered", "closed",     "declined", "transferred"};
  return kNames.at(static_cast<std::size_t>(status));
}

// What happened, and what stands.
class Totals {
 public:
  Totals(std::string_view section, Trace* trace) : section_(section), trace_(trace) {}

  void add_event(EventType type, std::uint64_t seq) {
    if (type == EventType::ReportFiled) count(filed_, trace_, {section_, "filed"}, seq);
    if (type == EventType::ReportRegistered)
      count(registered_, trace_, {section_, "registered"}, seq);
    if (type == EventType::ReportAnswered) count(answered_, trace_, {section_, "answered"}, seq);
    if (type == EventType::ReportClosed) count(closed_, trace_, {section_, "closed"}, seq);
  }
  void add_standing(const ReportState& report, Micros at) {
    if (!report.open()) return;
    count(open_, trace_, {section_, "open"}, report.filed.seq);
    if (light_of(report, at) == Light::red)
      count(overdue_, trace_, {section_, "overdue"}, report.filed.seq);
  }
  [[nodiscard]] object draw() const {
    return {{"filed", filed_},       {"registered", registered_},
            {"answered", answered_}, {"closed", closed_},
            {"open", open_},         {"overdue", overdue_}};
  }

 private:
  std::string_view section_;
  Trace* trace_;
  std::int64_t filed_ = 0, registered_ = 0, answered_ = 0, closed_ = 0, open_ = 0, overdue_ = 0;
};

boost::json::value letter(std::int32_t value, const char* name) {
  return value < 0 ? boost::json::value(nullptr) : boost::json::value(name);
}

object row_json(const Board& board, const ReportState& report, std::size_t number, Micros at,
                Trace* trace) {
  const Facts& facts = board.facts();
  const std::string_view no = board.no(report.item);
  const DutyClock* due = next_due(report);
  for (const auto& [name, mark] : {std::pair<std::string_view, Mark>{"filed_at", report.filed},
                                   {"registered_at", report.registered},
                                   {"department", report.dispatched},
                                   {"concluded_at", report.concluded},
                                   {"class", report.concluded},
                                   {"answered_at", report.answered},
                                   {"closed_at", report.closed}})
    note(trace, {"rows", no, name}, mark.seq);
  note(trace, {"rows", no, "grade"}, report.grade_seq);
  note(trace, {"rows", no, "progress"}, report.progress_seq);
  note(trace, {"rows", no, "rating"}, report.rating_seq);
  note(trace, {"rows", no, "status"}, report.last_seq);
  note(trace, {"rows", no, "last_seq"}, report.last_seq);
  if (due != nullptr) {
    note(trace, {"rows", no, "due"}, due->due_seq);
    note(trace, {"rows", no, "light"}, due->start_seq);
  }
  return {{"no", number},
          {"report", no},
          {"supervisor",
           report.sealed ? boost::json::value("保密") : text_json(facts.text(report.supervisor))},
          {"kind", schemas::EnumNameReportKind(report.kind)},
          {"grade", letter(report.grade, schemas::EnumNameGrade(schemas::Grade(report.grade)))},
          {"title", facts.text(report.title)},
          {"filed_at", time_json(report.filed.at)},
          {"registered_at", time_json(report.registered.at)},
          {"department", text_json(facts.text(report.department))},
          {"due", due == nullptr ? boost::json::value(nullptr) : time_json(due->due())},
          {"progress", text_json(facts.text(report.progress_text))},
          {"class", letter(report.result,
                           schemas::EnumNameResultClass(schemas::ResultClass(report.result)))},
          {"concluded_at", time_json(report.concluded.at)},
          {"answered_at", time_json(report.answered.at)},
          {"rating",
           report.rating == 0 ? boost::json::value(nullptr) : boost::json::value(report.rating)},
          {"status", status_name(report.status)},
          {"light", text_json(schemas::light_name(light_of(report, at)))},
          {"closed_at", time_json(report.closed.at)},
          {"last_seq", report.last_seq}};
}

}  // namespace

void supervision(object& report, const Board& board, const Question& question, Trace* trace) {
  const Facts& facts = board.facts();
  boost::json::array rows;
  Totals totals("totals", trace);
  for (const std::uint32_t item : facts.items_of(Subject::supervisor_report)) {
    const std::uint32_t first = facts.items()[item].first;
    if (first > board.seq()) break;
    const ReportState one = report_at(facts, item, board.seq());
    rows.emplace_back(row_json(board, one, rows.size() + 1, question.moment.as_of, trace));
    totals.add_standing(one, question.moment.as_of);
    for (std::uint32_t seq = first; seq != 0 && seq <= board.seq(); seq = facts.row(seq).next)
      totals.add_event(facts.type_of(seq), seq);
  }
  report["rows"] = std::move(rows);
  report["totals"] = totals.draw();
}

object supervision_of_week(const Board& board, const Window& window, Trace* trace) {
  const Facts& facts = board.facts();
  Totals totals("supervision", trace);
  for (std::uint64_t seq = window.first_seq; seq <= window.seq; ++seq)
    totals.add_event(facts.type_of(seq), seq);
  for (const std::uint32_t item : facts.activity().at_work(
           facts, Subject::supervisor_report, window.lights_at, window.lights_at, window.seq))
    totals.add_standing(report_at(facts, item, window.seq), window.lights_at);
  return totals.draw();
}

}  // namespace projections
