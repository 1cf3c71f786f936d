// The closed-loop ledger. Columns and their order: interfaces.md section 4; readings: section 6.
#include "projections/closed_loop.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "event_generated.h"
#include "projections/activity.h"
#include "projections/lights.h"
#include "projections/milestones.h"
#include "projections/parts.h"

namespace projections {

using boost::json::object;
using schemas::AppealStatus;
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

std::string_view status_name(AppealStatus status) {
  switch (status) {
    case AppealStatus::none:
      return "";
    case AppealStatus::submitted:
      return "submitted";
    case AppealStatus::supplement_requested:
      return "supplement_requested";
    case AppealStatus::accepted:
      return "accepted";
    case AppealStatus::shelved:
      return "shelved";
    case AppealStatus::concluded:
      return "concluded";
    case AppealStatus::answered:
      return "answered";
    case AppealStatus::closed:
      return "closed";
    case AppealStatus::rejected:
      return "rejected";
    case AppealStatus::withdrawn:
      return "withdrawn";
    case AppealStatus::transferred:
      return "transferred";
    case AppealStatus::merged:
      return "merged";
    case AppealStatus::excluded:
      return "excluded";
  }
  return "";
}

// The assignment's own status, while its appeal is being worked on.
std::string_view own_status(const AssignmentState& assignment) {
  if (assignment.end == AssignmentStatus::completed) return "completed";
  if (assignment.returning) return "returning";
  if (assignment.long_term) return "long_term";
  if (assignment.contacted) return "contacted";
  if (assignment.has_signed) return "signed";
  return "dispatched";
}

// Redispatched, returned and cancelled go before the appeal's status, that before the assignment's
// own; an assignment of an earlier cycle keeps the status its appeal had when it was reopened.
std::string_view status_of(const AppealState& appeal, const AssignmentState* assignment,
                           const RoundState* round) {
  if (assignment == nullptr) return status_name(appeal.status);
  switch (assignment->end) {
    case AssignmentStatus::returned:
      return "returned";
    case AssignmentStatus::redispatched:
      return "redispatched";
    case AssignmentStatus::cancelled:
      return "cancelled";
    default:
      break;
  }
  if (assignment->cycle != appeal.reopens && round != nullptr)
    return status_name(round->final_status);
  if (appeal.status != AppealStatus::submitted && appeal.status != AppealStatus::accepted)
    return status_name(appeal.status);
  return own_status(*assignment);
}

std::string_view rectification_of(const RoundState& round) {
  if (round.fed_back) return "fed_back";
  if (round.accepted) return "accepted";
  if (round.reported) return "reported";
  if (round.verified) return "verified";
  if (round.assigned) return "assigned";
  return "";
}

std::uint32_t rectification_seq(const RoundState& round) {
  for (const Mark* mark :
       {&round.fed_back, &round.accepted, &round.reported, &round.verified, &round.assigned})
    if (*mark) return mark->seq;
  return 0;
}

// One row on its way: what it shows, and where its cells are traced.
class ClosedLoopRow {
 public:
  // `assignment`: of the case, or nullptr for the row before the first dispatch.
  ClosedLoopRow(const Board& board, const Question& question, const Case& of,
                const AssignmentState* assignment)
      : board_(board),
        question_(question),
        case_(of),
        duties_(board, of),
        appeal_(of.appeal()),
        assignment_(assignment),
        round_(assignment_ == nullptr ? of.last_round() : of.round_of(*assignment_)) {
    status_ = status_of(appeal_, assignment_, round_);
    const Micros at = question.moment.as_of;
    light_ =
        assignment_ == nullptr ? duties_.light_of_office(at) : duties_.light_of(*assignment_, at);
  }

  [[nodiscard]] bool wanted() const {
    const std::string_view department =
        assignment_ == nullptr ? std::string_view{} : case_.department_of(*assignment_);
    return (question_.department.empty() || question_.department == department) &&
           (question_.light.empty() || question_.light == schemas::light_name(light_)) &&
           (question_.status.empty() || question_.status == status_);
  }

  object draw(std::size_t no, Trace* trace, const boost::json::storage_ptr& storage) {
    row_ = object(storage);
    row_.reserve(40);
    trace_ = trace;
    if (trace_ != nullptr)
      path_ = std::string("rows/") + std::string(case_.no()) + '/' +
              row_name(case_.facts(), assignment_ == nullptr ? kNone : assignment_->number);
    put("no", no, 0);
    put("appeal", case_.no(), appeal_.submitted.seq);
    identity();
    course();
    figures();
    outcome();
    put("last_seq", appeal_.last_seq, appeal_.last_seq);
    return std::move(row_);
  }

 private:
  template <class Value>
  void put(std::string_view key, Value&& value, std::uint32_t seq) {
    row_.emplace(key, std::forward<Value>(value));
    if (trace_ != nullptr && seq != 0) trace_->hit({path_, key}, seq);
  }
  void put_text(std::string_view key, std::string_view text, std::uint32_t seq) {
    if (text.empty())
      put(key, nullptr, 0);
    else
      put(key, text, seq);
  }
  void put_time(std::string_view key, const Mark& mark) {
    if (mark)
      put(key, schemas::time_text(mark.at), mark.seq);
    else
      put(key, nullptr, 0);
  }
  void put_due(std::string_view key, const DutyClock* clock) {
    if (clock != nullptr && clock->owed())
      put(key, schemas::time_text(clock->due()), clock->due_seq);
    else
      put(key, nullptr, 0);
  }

  void identity() {
    const Facts& facts = board_.facts();
    const std::uint32_t submitted = appeal_.submitted.seq;
    if (assignment_ == nullptr) {
      put("matter", nullptr, 0);
      put("department", nullptr, 0);
      put("duty", nullptr, 0);
    } else {
      const std::uint32_t dispatched = assignment_->dispatched.seq;
      put("matter", case_.matter_of(*assignment_), dispatched);
      put("department", case_.department_of(*assignment_), dispatched);
      put("duty", schemas::EnumNameDuty(assignment_->duty), dispatched);
    }
    put_text("enterprise", facts.text(appeal_.enterprise), submitted);
    put_text("category", facts.text(appeal_.category),
             appeal_.classified_seq != 0 ? appeal_.classified_seq : submitted);
    put("channel", channel_name(appeal_.channel), submitted);
    put_text("title", facts.text(appeal_.title), submitted);
    if (assignment_ == nullptr)
      put("track", nullptr, 0);
    else if (assignment_->long_term)
      put("track", schemas::EnumNameTrack(schemas::Track::long_term), assignment_->long_term.seq);
    else
      put("track", schemas::EnumNameTrack(assignment_->track), assignment_->dispatched.seq);
  }

  void course() {
    const AssignmentState* a = assignment_;
    const bool completed = a != nullptr && a->end == AssignmentStatus::completed;
    put_time("submitted_at", appeal_.submitted);
    put_time("accepted_at", appeal_.accepted);
    put_time("dispatched_at", a == nullptr ? Mark{} : a->dispatched);
    put_time("signed_at", a == nullptr ? Mark{} : a->signed_);
    put_due("contact_due", a == nullptr ? nullptr : &a->contact);
    put_time("contacted_at", a == nullptr ? Mark{} : a->contacted);
    put_due("completion_due", a == nullptr ? nullptr : &a->completion);
    put_time("completed_at", completed ? a->ended : Mark{});
  }

  void figures() {
    const AssignmentState* a = assignment_;
    put("extensions", a == nullptr ? 0 : a->extensions, a == nullptr ? 0 : a->extension_seq);
    const Filing* filing =
        a == nullptr || a->last_filing == kNone ? nullptr : &case_.filings()[a->last_filing];
    put_text("progress_last", filing == nullptr ? "" : board_.facts().text(filing->text),
             filing == nullptr ? 0 : filing->seq);
    put("status", status_, a != nullptr && a->last_seq != 0 ? a->last_seq : appeal_.last_seq);
    put_text("light", schemas::light_name(light_), 0);
    trace_light();
    put("overdue_workdays", overdue_workdays(), a == nullptr ? 0 : a->completion.due_seq);
    put("yellow_cards", a == nullptr ? appeal_.yellow_cards : a->yellow_cards, 0);
    put("red_cards", a == nullptr ? appeal_.red_cards : a->red_cards, 0);
    put("returns", a == nullptr ? 0 : a->returns, a == nullptr ? 0 : a->return_seq);
    put("reminders", a == nullptr ? appeal_.reminders : a->reminders, 0);
    put("reopens", appeal_.reopens, appeal_.reopened.seq);
  }

  // The events behind a light are those that started the duties which show it.
  void trace_light() {
    if (trace_ == nullptr) return;
    duties_.each(question_.moment.as_of, [&](const DutyRow& duty) {
      if (duty.light == light_ && duty.assignment == assignment_)
        trace_->hit({path_, "light"}, duty.seq);
    });
  }

  // Of completion: up to the moment, or to the instant at which it was met, ended or stood still.
  [[nodiscard]] int overdue_workdays() const {
    if (assignment_ == nullptr || !assignment_->completion.owed()) return 0;
    const DutyClock& clock = assignment_->completion;
    const Micros until = clock.ran_until(question_.moment.as_of);
    return board_.calendar().overdue_workdays(clock.due(), until);
  }

  void outcome() {
    const RoundState* r = round_;
    put_time("concluded_at", r == nullptr ? Mark{} : r->concluded);
    put_text("outcome", r == nullptr ? "" : schemas::EnumNameOutcome(r->outcome),
             r == nullptr ? 0 : r->concluded.seq);
    put_time("answered_at", r == nullptr ? appeal_.answered : r->answered);
    if (r == nullptr || !r->callback) {
      put("callback", nullptr, 0);
    } else {
      const auto answer = [](std::int32_t value) {
        return value < 0 ? boost::json::value(nullptr) : boost::json::value(value == 1);
      };
      put("callback",
          object{{"reached", r->reached},
                 {"solved", answer(r->solved)},
                 {"satisfied", answer(r->satisfied)}},
          r->callback.seq);
    }
    if (r == nullptr || !r->rated)
      put("rating", nullptr, 0);
    else
      put("rating", r->level, r->rated.seq);
    put_text("rectification", r == nullptr ? "" : rectification_of(*r),
             r == nullptr ? 0 : rectification_seq(*r));
    put_time("closed_at", r == nullptr ? Mark{} : r->closed);
  }

  const Board& board_;
  const Question& question_;
  const Case& case_;
  Duties duties_;
  const AppealState& appeal_;
  const AssignmentState* assignment_;
  const RoundState* round_;
  Trace* trace_ = nullptr;
  std::string_view status_;
  Light light_ = Light::none;
  std::string path_;
  object row_;
};

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

// The wanted rows of a case that went straight, when only lights and departments are asked for and
// it has been dispatched: its milestones tell. nullopt: it has to be folded.
std::optional<std::size_t> count_straight(const Board& board, const Question& question,
                                          std::uint32_t item) {
  const Facts& facts = board.facts();
  const auto& keys = facts.assignments();
  if (!question.status.empty() || !facts.activity().straight(facts.items()[item], board.seq()))
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

// A light or a status is a matter of the case's state: cases and how many of their rows are wanted.
using Wanted = std::vector<std::pair<std::uint32_t, std::size_t>>;

Wanted wanted_rows(const Board& board, const Question& question,
                   std::span<const std::uint32_t> items) {
  auto parts = in_parts<Wanted>(items.size(), kThreads, [&](std::size_t begin, std::size_t end) {
    Wanted found;
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
      std::size_t rows = 0;
      each_row(board, question, one,
               [&](const ClosedLoopRow& row) { rows += row.wanted() ? 1U : 0U; });
      if (rows != 0) found.emplace_back(one.item(), rows);
    });
    // Items are numbered in order of their first seq, as the rows are.
    Wanted ordered(found.size());
    const auto middle = found.begin() + static_cast<std::ptrdiff_t>(straight);
    std::merge(found.begin(), middle, middle, found.end(), ordered.begin());
    return ordered;
  });
  Wanted all = std::move(parts[0]);
  for (std::size_t part = 1; part < parts.size(); ++part)
    all.insert(all.end(), parts[part].begin(), parts[part].end());
  return all;
}

// Only a case at work shows a light.
void by_state(Page& page, const Board& board, const Question& question) {
  const Facts& facts = board.facts();
  const auto& appeals = facts.items_of(Subject::appeal);
  const Micros at = question.moment.as_of;
  std::vector<std::uint32_t> lit;
  if (question.light == schemas::light_name(Light::red))
    lit = facts.activity().red(facts, at, board.seq());
  else if (!question.light.empty())
    lit = facts.activity().at_work(facts, Subject::appeal, at, at, board.seq());
  const std::span<const std::uint32_t> items =
      question.light.empty() ? std::span(appeals).first(facts.begun(Subject::appeal, board.seq()))
                             : std::span<const std::uint32_t>(lit);
  std::size_t total = 0;
  for (const auto& [item, rows] : wanted_rows(board, question, items)) {
    total += rows;
    if (page.may_pass(rows))
      page.pass(rows);
    else
      page.draw_case(item);
  }
  page.finish(total);
}

// An appeal has one row, and one more for each dispatch after its first.
void by_order(Page& page, const Board& board) {
  constexpr std::uint32_t kBlock = 1024;  // appeals passed over at once
  const Facts& facts = board.facts();
  const std::uint32_t begun = facts.begun(Subject::appeal, board.seq());
  const auto& appeals = facts.items_of(Subject::appeal);
  std::vector<std::size_t> rows_of_block(begun / kBlock + 1);
  std::size_t total = begun;
  for (std::uint32_t ordinal = 0; ordinal < begun; ordinal += kBlock)
    rows_of_block[ordinal / kBlock] = std::min(kBlock, begun - ordinal);
  for (const std::uint32_t number : facts.further_dispatches()) {
    const AssignmentKey& key = facts.assignments()[number];
    if (key.seq > board.seq()) break;
    ++rows_of_block[facts.items()[key.item].ordinal / kBlock];
    ++total;
  }
  for (std::uint32_t ordinal = 0; ordinal < begun && page.wants_more(); ordinal += kBlock) {
    if (page.may_pass(rows_of_block[ordinal / kBlock])) {
      page.pass(rows_of_block[ordinal / kBlock]);
      continue;
    }
    for (std::uint32_t at = ordinal; at < std::min(ordinal + kBlock, begun); ++at)
      if (page.wants_more()) page.draw_case(appeals[at]);
  }
  page.finish(total);
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

// Who asks why of a cell of one appeal need not see the others: "rows/SQ2021-000001/...".
std::uint32_t traced_item(const Facts& facts, const Trace* trace) {
  if (trace == nullptr || !trace->cell().starts_with("rows/")) return kNone;
  const std::string_view rest = std::string_view(trace->cell()).substr(5);
  return facts.find_item(Subject::appeal, rest.substr(0, rest.find('/')));
}

}  // namespace

void closed_loop(object& report, const Board& board, const Question& question, Trace* trace) {
  Page page(board, question, trace, report);
  const Facts& facts = board.facts();
  if (const std::uint32_t item = traced_item(facts, trace);
      item != kNone && facts.items()[item].first <= board.seq()) {
    page.draw_case(item);
    return page.finish(page.passed());
  }
  if (!question.light.empty() || !question.status.empty()) return by_state(page, board, question);
  if (!question.department.empty()) return by_department(page, board, question.department);
  by_order(page, board);
}

}  // namespace projections
