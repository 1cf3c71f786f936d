// What a row of the closed-loop ledger shows. Columns: interfaces.md section 4; readings:
// section 6.
#include "projections/closed_loop_row.h"

#include "projections/closed_loop.h"

namespace projections {

using boost::json::object;
using schemas::AppealStatus;
using schemas::AssignmentStatus;
using schemas::Light;

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

namespace {

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

}  // namespace

ClosedLoopRow::ClosedLoopRow(const Board& board, const Question& question, const Case& of,
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

bool ClosedLoopRow::wanted() const {
  const std::string_view department =
      assignment_ == nullptr ? std::string_view{} : case_.department_of(*assignment_);
  return (question_.department.empty() || question_.department == department) &&
         (question_.light.empty() || question_.light == schemas::light_name(light_)) &&
         (question_.status.empty() || question_.status == status_) &&
         (question_.category.empty() ||
          question_.category == case_.facts().text(appeal_.category)) &&
         is_of_period();
}

bool ClosedLoopRow::is_of_period() const {
  const schemas::Day day = schemas::day_of(appeal_.submitted.at);
  return (!question_.from || day >= *question_.from) && (!question_.to || day <= *question_.to);
}

object ClosedLoopRow::draw(std::size_t no, Trace* trace, const boost::json::storage_ptr& storage) {
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

void ClosedLoopRow::put_text(std::string_view key, std::string_view text, std::uint32_t seq) {
  if (text.empty())
    put(key, nullptr, 0);
  else
    put(key, text, seq);
}
void ClosedLoopRow::put_time(std::string_view key, const Mark& mark) {
  if (mark)
    put(key, schemas::time_text(mark.at), mark.seq);
  else
    put(key, nullptr, 0);
}
void ClosedLoopRow::put_due(std::string_view key, const DutyClock* clock) {
  if (clock != nullptr && clock->owed())
    put(key, schemas::time_text(clock->due()), clock->due_seq);
  else
    put(key, nullptr, 0);
}

void ClosedLoopRow::identity() {
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

void ClosedLoopRow::course() {
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

void ClosedLoopRow::figures() {
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

void ClosedLoopRow::trace_light() {
  if (trace_ == nullptr) return;
  duties_.each(question_.moment.as_of, [&](const DutyRow& duty) {
    if (duty.light == light_ && duty.assignment == assignment_)
      trace_->hit({path_, "light"}, duty.seq);
  });
}

int ClosedLoopRow::overdue_workdays() const {
  if (assignment_ == nullptr || !assignment_->completion.owed()) return 0;
  const DutyClock& clock = assignment_->completion;
  const Micros until = clock.ran_until(question_.moment.as_of);
  return board_.calendar().overdue_workdays(clock.due(), until);
}

void ClosedLoopRow::outcome() {
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

}  // namespace projections
