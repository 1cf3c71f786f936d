// Which reports there are, how one is drawn, and what differs between two of them.
#include "projections/catalog.h"

#include <algorithm>
#include <array>
#include <future>
#include <iterator>
#include <map>

#include "engine/check.h"
#include "engine/proof/hash.h"
#include "projections/board.h"
#include "projections/cells.h"
#include "projections/closed_loop.h"
#include "projections/parts.h"
#include "projections/plan_board.h"
#include "projections/policies_report.h"
#include "projections/ratings.h"
#include "projections/supervision.h"
#include "projections/week_tally.h"
#include "projections/weekly_report.h"

namespace projections {

using boost::json::object;
using engine::ErrorCode;

Moment moment_of_seq(const Facts& facts, std::uint64_t seq) {
  return {.seq = seq, .as_of = seq == 0 ? 0 : facts.time_of(seq)};
}

Moment moment_of_time(const Facts& facts, Micros as_of) {
  return {.seq = facts.seq_at(as_of), .as_of = as_of};
}

std::vector<const Table*> in_reading_order(const ReportKind& kind) {
  constexpr std::string_view kNumerals = "一二三四五六七八九十";
  constexpr std::size_t kNumeralBytes = 3;
  std::vector<std::pair<std::size_t, const Table*>> ranked;
  std::size_t rank = 0;
  for (const Table& table : kind.tables) {
    const std::size_t found = kNumerals.find(table.title.substr(0, kNumeralBytes));
    if (found != std::string_view::npos) rank = found;
    ranked.emplace_back(rank, &table);  // pointers into one array: they keep its order
  }
  std::ranges::sort(ranked);
  std::vector<const Table*> tables;
  for (const auto& [place, table] : ranked) tables.push_back(table);
  return tables;
}

bool reads(std::string_view report, std::string_view kind) {
  switch (subject_of(kind)) {
    case Subject::calendar:
    case Subject::rules:
    case Subject::department:
      return true;
    // A push in an enterprise's stream is decided by policy, item and match.
    case Subject::policy:
    case Subject::vocabulary:
    case Subject::policy_item:
    case Subject::application:
    case Subject::enterprise:
      return report == "policies" || report == "weekly" || report == "closed-loop" ||
             report == "ratings";
    case Subject::appeal:
      return report == "weekly" || report == "closed-loop" || report == "ratings";
    case Subject::supervisor:
    case Subject::supervisor_report:
      return report == "weekly" || report == "supervision";
    case Subject::plan:
    case Subject::task:
      return report == "weekly" || report == "plan";
    case Subject::other:
      return false;
  }
  return false;
}

namespace {

// The moment of an empty ledger has no instant: nothing was recorded, so nothing can be judged.
object head(std::string_view report, const Board& at_moment, const Question& question) {
  const Moment& moment = question.moment;
  return {{"report", report},
          {"district", question.district},
          {"as_of", time_json(moment.as_of)},
          {"seq", moment.seq},
          {"root", engine::base64(moment.root)},
          {"rules", at_moment.rules()}};
}

engine::Result<void> check(std::string_view report, const Facts& facts, const Question& question) {
  if (find_report(report) == nullptr)
    return engine::fail(ErrorCode::not_found, "There is no such report: " + std::string(report));
  if (question.moment.seq > facts.seq())
    return engine::fail(ErrorCode::not_found,
                        "The ledger has no record " + std::to_string(question.moment.seq));
  if (report == "weekly" && !question.week)
    return engine::fail(ErrorCode::bad_input, "The weekly report needs a week");
  if (!question.section.empty()) {
    const ReportKind& kind = *find_report(report);
    if (report != "weekly" || std::ranges::find(kind.tables, std::string_view(question.section),
                                                &Table::rows) == kind.tables.end())
      return engine::fail(ErrorCode::bad_input, "The report " + std::string(report) +
                                                    " has no section " + question.section);
  }
  for (auto key = question.by.begin(); key != question.by.end(); ++key)
    if (!is_rating_group(*key) || std::find(question.by.begin(), key, *key) != key)
      return engine::fail(ErrorCode::bad_input, "Ratings cannot be grouped by " + *key);
  return {};
}

// One arena for the whole answer: a ledger of a city has hundreds of thousands of rows.
object empty_body() {
  return object(boost::json::make_shared_resource<boost::json::monotonic_resource>());
}

object with_head(std::string_view report, const Board& board, const Question& question,
                 object&& body) {
  object drawn(head(report, board, question), body.storage());
  for (auto& [key, value] : body) drawn.emplace(key, std::move(value));
  return drawn;
}

// The first three of reports() are about cases: weekly, closed-loop, ratings.
constexpr std::size_t kCaseReports = 3;

// What the same cases are to them.
struct CaseCounts {
  WeekTally week;
  WantedRows rows;
  RatingFigures ratings;
};

CaseCounts count_cases(const Board& board, const Weeks& weeks, const Question& question) {
  const Facts& facts = board.facts();
  const Cohort rated = cohort(facts, question);
  const auto items =
      std::span(facts.items_of(Subject::appeal)).first(facts.begun(Subject::appeal, board.seq()));
  auto parts =
      in_parts<CaseCounts>(items.size(), kThreads, [&](std::size_t begin, std::size_t end) {
        CaseCounts part{WeekTally(weeks, nullptr), {}, RatingFigures("", nullptr)};
        each_case(facts, items.subspan(begin, end - begin), board.seq(), [&](Case& one) {
          part.week.add(one);
          one.advance(board.seq());
          count_rows(part.rows, board, question, one);
          for (const RoundState& round : one.rounds())
            if (rated.has(round.number)) part.ratings.add(one, round, question.moment.as_of);
        });
        return part;
      });
  CaseCounts all = std::move(parts[0]);
  for (std::size_t part = 1; part < parts.size(); ++part) {
    all.week.add(std::move(parts[part].week));
    all.rows.insert(all.rows.end(), parts[part].rows.begin(), parts[part].rows.end());
    all.ratings.add(parts[part].ratings);
  }
  return all;
}

}  // namespace

engine::Result<object> draw(std::string_view report, const Facts& facts, const Question& question,
                            Trace* trace) {
  if (auto checked = check(report, facts, question); !checked)
    return std::unexpected(std::move(checked.error()));
  const Board board(facts, question.moment.seq);  // the head names the rules in force at it
  object body = empty_body();
  if (report == "weekly") weekly_report(body, facts, question, trace);
  if (report == "closed-loop") closed_loop(body, board, question, trace);
  if (report == "ratings") ratings(body, board, question, trace);
  if (report == "plan") plan_board(body, board, question, trace);
  if (report == "supervision") supervision(body, board, question, trace);
  if (report == "policies") policies_report(body, board, question, trace);
  object drawn = with_head(report, board, question, std::move(body));
  if (trace != nullptr) trace->settle(has_cell(drawn, trace->cell()));
  return drawn;
}

std::vector<engine::Result<object>> draw_all(const Facts& facts, const Question& question) {
  CHECK(question.section.empty() && question.by.empty() && question.appeal.empty());
  using Drawn = std::vector<engine::Result<object>>;
  const std::span<const ReportKind> kinds = reports();
  const auto draw_alone = [&](std::span<const ReportKind> some) {
    Drawn drawn;
    for (const ReportKind& kind : some) drawn.push_back(draw(kind.name, facts, question));
    return drawn;
  };
  for (const ReportKind& kind : kinds)
    if (!check(kind.name, facts, question)) return draw_alone(kinds);
  auto others = std::async(std::launch::async, draw_alone, kinds.subspan(kCaseReports));
  const Board board(facts, question.moment.seq);
  const Weeks weeks(facts, *question.week, question.moment);
  const CaseCounts counts = count_cases(board, weeks, question);
  std::array<object, kCaseReports> bodies = {empty_body(), empty_body(), empty_body()};
  counts.week.draw(bodies[0]);
  closed_loop(bodies[1], board, question, counts.rows);
  ratings(bodies[2], question, counts.ratings);
  Drawn drawn;
  for (std::size_t report = 0; report < kCaseReports; ++report)
    drawn.emplace_back(with_head(kinds[report].name, board, question, std::move(bodies[report])));
  std::ranges::move(others.get(), std::back_inserter(drawn));
  return drawn;
}

engine::Result<std::optional<Explained>> why(std::string_view report, const Facts& facts,
                                             const Question& question, const std::string& cell) {
  Trace trace(cell);
  const auto drawn = draw(report, facts, question, &trace);
  if (!drawn) return std::unexpected(drawn.error());
  bool known = trace.known();
  Explained found{nullptr, trace.seqs()};
  for (const auto& [path, value] : cells_of(*drawn))
    if (path == cell) {
      found.value = value;
      known = true;
    }
  return known ? std::optional(std::move(found)) : std::nullopt;
}

engine::Result<std::vector<Change>> diff(std::string_view report, const Facts& facts,
                                         const Question& question, const Moment& first,
                                         const Moment& second) {
  const auto drawn_at = [&](const Moment& moment, Trace& trace) {
    Question asked = question;
    asked.moment = moment;
    return draw(report, facts, asked, &trace);
  };
  Trace before_trace = Trace::everything(), after_trace = Trace::everything();
  const auto before = drawn_at(first, before_trace);
  if (!before) return std::unexpected(before.error());
  const auto after = drawn_at(second, after_trace);
  if (!after) return std::unexpected(after.error());
  const auto old_cells = cells_of(*before), new_cells = cells_of(*after);
  std::map<std::string_view, const boost::json::value*> old_by_cell, new_by_cell;
  for (const auto& [cell, value] : old_cells) old_by_cell.emplace(cell, &value);
  for (const auto& [cell, value] : new_cells) new_by_cell.emplace(cell, &value);
  std::vector<Change> changes;
  const auto compare = [&](const std::string& cell) {
    const auto was = old_by_cell.find(cell), is = new_by_cell.find(cell);
    const boost::json::value nothing = nullptr;
    const auto& old_value = was == old_by_cell.end() ? nothing : *was->second;
    const auto& new_value = is == new_by_cell.end() ? nothing : *is->second;
    if (old_value == new_value) return;
    const auto old_seqs = before_trace.seqs_of(cell), new_seqs = after_trace.seqs_of(cell);
    Change change{cell, old_value, new_value, {}};
    std::ranges::set_symmetric_difference(old_seqs, new_seqs, std::back_inserter(change.seqs));
    changes.push_back(std::move(change));
  };
  for (const auto& [cell, value] : new_cells)
    if (!is_head_cell(cell)) compare(cell);
  for (const auto& [cell, value] : old_cells)
    if (!is_head_cell(cell) && !new_by_cell.contains(cell)) compare(cell);
  return changes;
}

}  // namespace projections
