// The closed-loop ledger. Columns and their order: interfaces.md section 4; readings: section 6.
#include "projections/closed_loop.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "event_generated.h"
#include "projections/activity.h"
#include "projections/closed_loop_row.h"
#include "projections/lights.h"
#include "projections/milestones.h"
#include "projections/parts.h"

namespace projections {

using boost::json::object;
using schemas::AssignmentStatus;
using schemas::Light;

std::string_view channel_name(schemas::Channel channel) {
  return schemas::EnumNameChannel(channel);
}

std::string row_name(const Facts& facts, std::uint32_t assignment) {
  if (assignment == kNone) return "-/-";
  const auto& keys = facts.assignments();
  std::string name = std::to_string(keys[assignment].matter);
  name += '/';
  name += facts.text(keys[assignment].department);
  int before = 0;
  for (std::uint32_t at = keys[assignment].previous; at != kNone; at = keys[at].previous)
    if (keys[at].matter == keys[assignment].matter &&
        keys[at].department == keys[assignment].department)
      ++before;
  if (before > 0) name += '~' + std::to_string(before + 1);
  return name;
}

namespace {

// The rows of a case, in their order: one an assignment, or the one before the first dispatch.
template <class Visit>
void each_row(const Board& board, const Question& question, const Case& of, Visit visit) {
  if (of.assignments().empty()) {
    ClosedLoopRow row(board, question, of, nullptr);
    return visit(row);
  }
  for (const std::uint32_t at : of.listed()) {
    ClosedLoopRow row(board, question, of, &of.assignments()[at]);
    visit(row);
  }
}

// Which rows of the whole table are drawn: `offset` are passed over, then `limit` (0: all).
class Page {
 public:
  Page(const Board& board, const Question& question, Trace* trace, object& report)
      : board_(board),
        question_(question),
        trace_(trace),
        report_(report),
        rows_(report.storage()) {}

  // Are there rows of the page still to come?
  [[nodiscard]] bool wants_more() const {
    return question_.limit == 0 || passed_ < question_.offset + question_.limit;
  }
  // Rows that are known not to be on the page.
  void pass(std::size_t rows) { passed_ += rows; }
  [[nodiscard]] bool may_pass(std::size_t rows) const {
    return passed_ + rows <= question_.offset || !wants_more();
  }
  void draw_case(std::uint32_t item) {
    memory_.begin(board_.facts(), item);
    memory_.advance(board_.seq());
    each_row(board_, question_, memory_, [&](ClosedLoopRow& row) {
      if (!row.wanted()) return;
      const bool on_page = passed_ >= question_.offset && wants_more();
      ++passed_;
      if (on_page) rows_.push_back(row.draw(passed_, trace_, report_.storage()));
    });
  }
  // `total`: of all rows, on the page or not.
  void finish(std::size_t total) {
    if (question_.limit != 0) report_["total"] = total;
    report_.emplace("rows", std::move(rows_));
  }
  [[nodiscard]] std::size_t passed() const { return passed_; }

 private:
  const Board& board_;
  const Question& question_;
  Trace* trace_;
  object& report_;
  boost::json::array rows_;
  Case memory_;
  std::size_t passed_ = 0;
};

// Filters that look at the appeal, not at its assignments.
bool asks_for_cases(const Question& question) {
  return !question.category.empty() || question.from || question.to;
}

// The appeals submitted on the days asked for; they are numbered in order of their first seq.
std::span<const std::uint32_t> of_period(const Board& board, const Question& question) {
  const Facts& facts = board.facts();
  const auto begun =
      std::span(facts.items_of(Subject::appeal)).first(facts.begun(Subject::appeal, board.seq()));
  const auto first_on = [&](schemas::Day day) {
    const std::uint64_t before = facts.seq_at(schemas::start_of(day) - 1);
    return std::ranges::partition_point(
        begun, [&](std::uint32_t item) { return facts.items()[item].first <= before; });
  };
  const auto first = question.from ? first_on(*question.from) : begun.begin();
  const auto last = question.to ? first_on(*question.to + 1) : begun.end();
  return first < last ? std::span<const std::uint32_t>(first, last)
                      : std::span<const std::uint32_t>();
}

// The wanted rows of a case that went straight, when only lights and departments are asked for and
// it has been dispatched: its milestones tell. nullopt: it has to be folded.
std::optional<std::size_t> count_straight(const Board& board, const Question& question,
                                          std::uint32_t item) {
  const Facts& facts = board.facts();
  const auto& keys = facts.assignments();
  if (!question.status.empty() || asks_for_cases(question) ||
      !facts.activity().straight(facts.items()[item], board.seq()))
    return std::nullopt;
  AssignmentState memory;
  std::size_t rows = 0, dispatched = 0;
  for (std::uint32_t number = facts.last_assignment(item); number != kNone;
       number = keys[number].previous) {
    if (keys[number].seq > board.seq()) continue;
    ++dispatched;
    const AssignmentState& assignment =
        state_at(facts.activity().milestones(number), board.seq(), memory);
    const Light light = light_of_clocks(assignment, question.moment.as_of);
    if (question.light == schemas::light_name(light) &&
        (question.department.empty() || question.department == facts.text(keys[number].department)))
      ++rows;
  }
  return dispatched == 0 ? std::nullopt : std::optional(rows);
}

}  // namespace

void count_rows(WantedRows& rows, const Board& board, const Question& question, const Case& of) {
  std::size_t wanted = 0;
  each_row(board, question, of,
           [&](const ClosedLoopRow& row) { wanted += row.wanted() ? 1U : 0U; });
  if (wanted != 0) rows.emplace_back(of.item(), wanted);
}

namespace {

// A light, a status or a category is a matter of the case's state.
WantedRows wanted_rows(const Board& board, const Question& question,
                       std::span<const std::uint32_t> items) {
  auto parts =
      in_parts<WantedRows>(items.size(), kThreads, [&](std::size_t begin, std::size_t end) {
        WantedRows found;
        std::vector<std::uint32_t> bent;
        for (const std::uint32_t item : items.subspan(begin, end - begin)) {
          const auto rows = count_straight(board, question, item);
          if (!rows)
            bent.push_back(item);
          else if (*rows != 0)
            found.emplace_back(item, *rows);
        }
        const std::size_t straight = found.size();
        each_case(board.facts(), bent, board.seq(), [&](Case& one) {
          one.advance(board.seq());
          count_rows(found, board, question, one);
        });
        // Items are numbered in order of their first seq, as the rows are.
        WantedRows ordered(found.size());
        const auto middle = found.begin() + static_cast<std::ptrdiff_t>(straight);
        std::merge(found.begin(), middle, middle, found.end(), ordered.begin());
        return ordered;
      });
  WantedRows all = std::move(parts[0]);
  for (std::size_t part = 1; part < parts.size(); ++part)
    all.insert(all.end(), parts[part].begin(), parts[part].end());
  return all;
}

void draw_counted(Page& page, const WantedRows& counted) {
  std::size_t total = 0;
  for (const auto& [item, rows] : counted) {
    total += rows;
    if (page.may_pass(rows))
      page.pass(rows);
    else
      page.draw_case(item);
  }
  page.finish(total);
}

// Only a case at work shows a light.
void by_state(Page& page, const Board& board, const Question& question) {
  const Facts& facts = board.facts();
  const Micros at = question.moment.as_of;
  std::vector<std::uint32_t> lit;
  if (question.light == schemas::light_name(Light::red))
    lit = facts.activity().red(facts, at, board.seq());
  else if (!question.light.empty())
    lit = facts.activity().at_work(facts, Subject::appeal, at, at, board.seq());
  const std::span<const std::uint32_t> items =
      question.light.empty() ? of_period(board, question) : std::span<const std::uint32_t>(lit);
  draw_counted(page, wanted_rows(board, question, items));
}

// An appeal has one row, and one more for each dispatch after its first.
void by_order(Page& page, const Board& board, bool from_the_first) {
  constexpr std::uint32_t kBlock = 1024;  // appeals passed over at once
  const Facts& facts = board.facts();
  const std::uint32_t begun = facts.begun(Subject::appeal, board.seq());
  const auto& appeals = facts.items_of(Subject::appeal);
  const auto& keys = facts.assignments();
  const auto& further = facts.further_dispatches();
  const auto end = std::ranges::partition_point(
      further, [&](std::uint32_t number) { return keys[number].seq <= board.seq(); });
  std::vector<std::size_t> rows_of_block;  // counted only for a page further down
  if (!from_the_first) {
    rows_of_block.resize(begun / kBlock + 1);
    for (std::uint32_t ordinal = 0; ordinal < begun; ordinal += kBlock)
      rows_of_block[ordinal / kBlock] = std::min(kBlock, begun - ordinal);
    for (auto number = further.begin(); number != end; ++number)
      ++rows_of_block[facts.items()[keys[*number].item].ordinal / kBlock];
  }
  for (std::uint32_t ordinal = 0; ordinal < begun && page.wants_more(); ordinal += kBlock) {
    if (!from_the_first && page.may_pass(rows_of_block[ordinal / kBlock])) {
      page.pass(rows_of_block[ordinal / kBlock]);
      continue;
    }
    for (std::uint32_t at = ordinal; at < std::min(ordinal + kBlock, begun); ++at)
      if (page.wants_more()) page.draw_case(appeals[at]);
  }
  page.finish(begun + static_cast<std::size_t>(end - further.begin()));
}

// The appeals with an assignment of one department, and how many rows that makes.
void by_department(Page& page, const Board& board, std::string_view department) {
  const Facts& facts = board.facts();
  const auto& appeals = facts.items_of(Subject::appeal);
  std::vector<std::uint16_t> rows_of(facts.begun(Subject::appeal, board.seq()));
  std::size_t total = 0;
  const std::uint32_t wanted = facts.find_text(department);
  for (const AssignmentKey& key : facts.assignments()) {
    if (key.seq > board.seq() || wanted == 0) break;
    if (key.department != wanted) continue;
    ++rows_of[facts.items()[key.item].ordinal];
    ++total;
  }
  for (std::size_t ordinal = 0; ordinal < rows_of.size() && page.wants_more(); ++ordinal) {
    if (page.may_pass(rows_of[ordinal]))
      page.pass(rows_of[ordinal]);
    else
      page.draw_case(appeals[ordinal]);
  }
  page.finish(total);
}

// The appeal that is asked for alone, or the one whose cell somebody asks why of: who asks why of
// "rows/SQ2021-000001/..." need not see the others. kNone: all are asked for.
std::uint32_t only_item(const Facts& facts, const Question& question, const Trace* trace) {
  if (!question.appeal.empty()) return facts.find_item(Subject::appeal, question.appeal);
  if (trace == nullptr || !trace->cell().starts_with("rows/")) return kNone;
  const std::string_view rest = std::string_view(trace->cell()).substr(5);
  return facts.find_item(Subject::appeal, rest.substr(0, rest.find('/')));
}

}  // namespace

void closed_loop(object& report, const Board& board, const Question& question,
                 const WantedRows& rows) {
  Page page(board, question, nullptr, report);
  draw_counted(page, rows);
}

void closed_loop(object& report, const Board& board, const Question& question, Trace* trace) {
  Page page(board, question, trace, report);
  const Facts& facts = board.facts();
  const std::uint32_t only = only_item(facts, question, trace);
  if (only != kNone || !question.appeal.empty()) {
    if (only != kNone && facts.items()[only].first <= board.seq()) page.draw_case(only);
    return page.finish(page.passed());
  }
  if (!question.light.empty() || !question.status.empty() || asks_for_cases(question))
    return by_state(page, board, question);
  if (!question.department.empty()) return by_department(page, board, question.department);
  by_order(page, board, question.offset == 0);
}

}  // namespace projections
