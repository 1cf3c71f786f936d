// The table of obligations 时限义务 (domain.md section 4) and what each event does to their clocks.
// Everything that needs a deadline asks here: decide(), the states' clocks, reports and reminders.
#include "schemas/obligations.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/check.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using enum Obligation;
constexpr DutyScope kStream = DutyScope::stream;
constexpr DutyScope kAssignment = DutyScope::assignment;
constexpr DutyScope kRound = DutyScope::round;

// clang-format off
constexpr std::array<ObligationRow, 16> kObligations = {{
    // obligation, name, chinese, scope, starts at, limit, met by, source
    {accept, "accept", "受理", kStream, "AppealSubmitted", &RuleSet::accept_workdays,
     "AppealAccepted, AppealRejected", "our choice"},
    {dispatch, "dispatch", "转办", kStream, "AppealAccepted", &RuleSet::dispatch_workdays,
     "the first AssignmentDispatched", "our choice for 第一时间"},
    {sign, "sign", "签收", kAssignment, "AssignmentDispatched (lead)", &RuleSet::sign_workdays,
     "AssignmentSigned, contact, CompletionReported", "domain.md section 4 [24]"},
    {contact, "contact", "联系企业", kAssignment, "AssignmentDispatched (lead)", &RuleSet::contact_workdays,
     "EnterpriseContacted, the third ContactAttemptFailed on different half-days", "domain.md section 1 [S]"},
    {completion, "completion", "反馈完成", kAssignment, "AssignmentDispatched (lead)", &RuleSet::completion_workdays,
     "CompletionReported", "domain.md section 1 [S]"},
    {co_opinion, "co_opinion", "协办意见", kAssignment, "AssignmentDispatched (co)", &RuleSet::co_opinion_workdays,
     "CoOpinionFiled, CompletionReported", "our choice"},
    {progress, "progress", "报送进展", kAssignment, "LongTermApproved, each ISO week after it", nullptr,
     "ProgressReported for the week", "domain.md section 1 [S]"},
    {return_ruling, "return_ruling", "退单裁定", kAssignment, "ReturnRequested", &RuleSet::return_ruling_workdays,
     "ReturnApproved, ReturnRefused", "domain.md section 4 [17]"},
    {callback, "callback", "回访", kStream, "AppealConcluded", &RuleSet::callback_workdays,
     "CallbackRecorded: reached, or the third failed attempt on two working days", "our choice"},
    {rating_verify, "rating_verify", "差评核实", kRound, "RatingSubmitted, level 1 or 2", &RuleSet::rating_verify_workdays,
     "BadRatingVerified", "our choice for 第一时间"},
    {rating_rectify, "rating_rectify", "差评整改", kRound, "RatingSubmitted, level 1 or 2", &RuleSet::rating_rectify_workdays,
     "RectificationFedBack", "domain.md section 4 [7][4]"},
    {report_register, "report_register", "登记反映", kStream, "ReportFiled", &RuleSet::report_register_workdays,
     "ReportRegistered, ReportDeclined", "our choice"},
    {report_dispatch, "report_dispatch", "转办反映", kStream, "ReportFiled", &RuleSet::report_dispatch_workdays,
     "ReportDispatched, ReportDeclined, ClueTransferred", "domain.md section 4 [30]"},
    {report_conclude, "report_conclude", "办结反映", kStream, "ReportDispatched, by grade", nullptr,
     "ReportConcluded", "domain.md section 4 [31]"},
    {report_reply, "report_reply", "反馈监督员", kStream, "ReportConcluded", &RuleSet::report_reply_workdays,
     "ReportAnswered", "our choice"},
    {milestone, "milestone", "任务节点", kStream, "MilestoneSet", nullptr,
     "TaskProgressed naming it", "domain.md section 4 [20]"},
}};
// clang-format on

// Collects the changes of one record; the scope's key is set once.
class Changes {
 public:
  Changes(const engine::RecordView& record, absl::FunctionRef<void(const DutyChange&)> change)
      : record_(record), change_(change) {}

  void in_assignment(int matter, const flatbuffers::String* department) {
    scope_ = kAssignment;
    matter_ = matter;
    department_ = view(department);
  }
  void in_round() { scope_ = kRound; }
  void one(DutyOp op, Obligation obligation) { emit({.op = op, .obligation = obligation}); }
  void all(DutyOp op) { emit({.op = op, .all = true}); }
  void filed(Day week) { emit({.op = DutyOp::filed, .obligation = progress, .week = week}); }
  enum class Terms : std::uint8_t { as_they_were, same_day, extended };
  void start(const flatbuffers::Vector<const Due*>* dues, Terms terms = Terms::as_they_were) {
    if (dues == nullptr) return;
    for (const Due* due : *dues) {
      emit({.op = DutyOp::start,
            .obligation = due->obligation(),
            .due = due->due(),
            .provisional = due->provisional(),
            .workdays = due->workdays(),
            .same_day = terms == Terms::same_day && due->obligation() == completion,
            .new_terms = terms == Terms::extended});
    }
  }
  [[nodiscard]] const engine::RecordView& record() const { return record_; }

 private:
  void emit(DutyChange change) const {
    change.scope = scope_;
    change.matter = matter_;
    change.department = department_;
    change_(change);
  }

  const engine::RecordView& record_;
  absl::FunctionRef<void(const DutyChange&)> change_;
  DutyScope scope_ = kStream;
  int matter_ = 0;
  std::string_view department_;
};

template <class T>
const T& enter_assignment(Changes& changes) {
  const T& event = payload_of<T>(changes.record());
  changes.in_assignment(event.matter(), event.department());
  return event;
}

void changes_of_recomputed(Changes& changes) {
  const auto& event = payload_of<DeadlineRecomputed>(changes.record());
  switch (row_of(event.obligation()).scope) {
    case kStream:
      break;
    case kAssignment:
      changes.in_assignment(event.matter(), event.department());
      break;
    case kRound:
      changes.in_round();
      break;
  }
  changes.start(event.dues());
}

void changes_of_appeal(Changes& changes, EventType type) {
  const engine::RecordView& record = changes.record();
  switch (type) {
    case EventType::AppealSubmitted:
      changes.start(payload_of<AppealSubmitted>(record).dues());
      break;
    case EventType::AppealAccepted:
      changes.one(DutyOp::meet, accept);
      changes.start(payload_of<AppealAccepted>(record).dues());
      break;
    case EventType::AppealRejected:
      changes.one(DutyOp::meet, accept);
      changes.all(DutyOp::stop);
      break;
    case EventType::AppealWithdrawn:
    case EventType::AppealTransferredOut:
    case EventType::AppealMerged:
    case EventType::AppealExcluded:
      changes.all(DutyOp::stop);
      break;
    case EventType::AppealUnmerged:
      changes.all(DutyOp::restore);
      break;
    case EventType::AppealConcluded:
      // What an appeal without assignments never dispatched is owed no longer. An earlier round's
      // rectification ends too: events address the newest round only (our choice).
      changes.one(DutyOp::stop, dispatch);
      changes.start(payload_of<AppealConcluded>(record).dues());
      changes.in_round();
      changes.all(DutyOp::stop);
      break;
    case EventType::CallbackRecorded: {
      const auto& event = payload_of<CallbackRecorded>(record);
      if (event.reached() || event.exhausted()) changes.one(DutyOp::meet, callback);
      break;
    }
    case EventType::AppealReopened:
      changes.one(DutyOp::stop, callback);
      break;
    default:
      break;
  }
}

// Signing is implied by contact (interfaces.md section 6).
void met_by_contact(Changes& changes) {
  changes.one(DutyOp::meet, sign);
  changes.one(DutyOp::meet, contact);
}

void changes_of_completion(Changes& changes, EventType type) {
  switch (type) {
    case EventType::CompletionReported:
      enter_assignment<CompletionReported>(changes);
      changes.one(DutyOp::meet, sign);
      changes.one(DutyOp::meet, completion);
      changes.one(DutyOp::meet, co_opinion);
      changes.all(DutyOp::stop);  // a contact not made stays missed
      break;
    case EventType::CoOpinionFiled:
      enter_assignment<CoOpinionFiled>(changes);
      changes.one(DutyOp::meet, co_opinion);
      changes.all(DutyOp::stop);
      break;
    case EventType::CompletionSentBack:
      enter_assignment<CompletionSentBack>(changes);
      changes.one(DutyOp::reopen, completion);
      changes.one(DutyOp::reopen, co_opinion);
      changes.all(DutyOp::restore);
      break;
    default:
      break;
  }
}

void changes_of_clock(Changes& changes, EventType type) {
  switch (type) {
    case EventType::LongTermApproved: {
      const auto& event = enter_assignment<LongTermApproved>(changes);
      changes.start(event.dues(), Changes::Terms::extended);
      if (event.weekly()) changes.one(DutyOp::weekly, progress);
      break;
    }
    case EventType::ProgressReported: {
      const auto& event = enter_assignment<ProgressReported>(changes);
      if (const auto week = parse_week(view(event.week()))) changes.filed(week->monday);
      break;
    }
    case EventType::ExtensionApproved:
      changes.start(enter_assignment<ExtensionApproved>(changes).dues(), Changes::Terms::extended);
      break;
    case EventType::ClockSuspended:
      enter_assignment<ClockSuspended>(changes);
      changes.all(DutyOp::suspend);
      break;
    case EventType::ClockResumed: {
      const auto& event = enter_assignment<ClockResumed>(changes);
      changes.all(DutyOp::resume);
      changes.start(event.dues());
      break;
    }
    default:
      changes_of_completion(changes, type);
      break;
  }
}

void changes_of_assignment(Changes& changes, EventType type) {
  switch (type) {
    case EventType::AssignmentDispatched: {
      changes.one(DutyOp::meet, dispatch);
      const auto& event = enter_assignment<AssignmentDispatched>(changes);
      changes.start(event.dues(), event.track() == Track::same_day ? Changes::Terms::same_day
                                                                   : Changes::Terms::as_they_were);
      break;
    }
    case EventType::AssignmentSigned:
      enter_assignment<AssignmentSigned>(changes);
      changes.one(DutyOp::meet, sign);
      break;
    case EventType::EnterpriseContacted:
      enter_assignment<EnterpriseContacted>(changes);
      met_by_contact(changes);
      break;
    case EventType::ContactAttemptFailed:
      if (enter_assignment<ContactAttemptFailed>(changes).meets()) met_by_contact(changes);
      break;
    case EventType::ReturnRequested:
      changes.start(enter_assignment<ReturnRequested>(changes).dues());
      break;
    case EventType::ReturnApproved:
      enter_assignment<ReturnApproved>(changes);
      changes.one(DutyOp::meet, return_ruling);
      changes.all(DutyOp::stop);
      break;
    case EventType::ReturnRefused:
      enter_assignment<ReturnRefused>(changes);
      changes.one(DutyOp::meet, return_ruling);
      break;
    case EventType::AssignmentRedispatched:
      enter_assignment<AssignmentRedispatched>(changes);
      changes.all(DutyOp::stop);
      break;
    case EventType::AssignmentCancelled:
      enter_assignment<AssignmentCancelled>(changes);
      changes.all(DutyOp::stop);
      break;
    default:
      changes_of_clock(changes, type);
      break;
  }
}

void changes_of_round(Changes& changes, EventType type) {
  changes.in_round();
  const engine::RecordView& record = changes.record();
  switch (type) {
    case EventType::RatingSubmitted:
      changes.start(payload_of<RatingSubmitted>(record).dues());
      break;
    case EventType::BadRatingVerified: {
      const Finding finding = payload_of<BadRatingVerified>(record).finding();
      changes.one(DutyOp::meet, rating_verify);
      if (finding == Finding::mistaken || finding == Finding::untrue)
        changes.one(DutyOp::stop, rating_rectify);
      break;
    }
    case EventType::RectificationPlanned:
      changes.start(payload_of<RectificationPlanned>(record).dues());
      break;
    case EventType::RectificationFedBack:
      changes.one(DutyOp::meet, rating_rectify);
      break;
    case EventType::ContestUpheld:
    case EventType::RatingInvalidated:
      changes.all(DutyOp::stop);
      break;
    default:
      break;
  }
}

void changes_of_report(Changes& changes, EventType type) {
  const engine::RecordView& record = changes.record();
  switch (type) {
    case EventType::ReportFiled:
      changes.start(payload_of<ReportFiled>(record).dues());
      break;
    case EventType::ReportRegistered:
      changes.one(DutyOp::meet, report_register);
      break;
    case EventType::ReportDispatched:
      changes.one(DutyOp::meet, report_dispatch);
      changes.start(payload_of<ReportDispatched>(record).dues());
      break;
    case EventType::ReportDeclined:
    case EventType::ClueTransferred:
      changes.one(DutyOp::meet, report_register);
      changes.one(DutyOp::meet, report_dispatch);
      changes.all(DutyOp::stop);
      break;
    case EventType::ReportConcluded:
      changes.one(DutyOp::meet, report_conclude);
      changes.start(payload_of<ReportConcluded>(record).dues());
      break;
    case EventType::ReportAnswered:
      changes.one(DutyOp::meet, report_reply);
      break;
    case EventType::ReportReopened:
      changes.one(DutyOp::stop, report_reply);
      changes.start(payload_of<ReportReopened>(record).dues());
      break;
    case EventType::ReportClosed:
      changes.all(DutyOp::stop);
      break;
    default:
      break;
  }
}

}  // namespace

std::span<const ObligationRow> obligations() { return kObligations; }

const ObligationRow& row_of(Obligation obligation) {
  const auto at = static_cast<std::size_t>(obligation);
  CHECK(at < kObligations.size());
  CHECK(kObligations.at(at).obligation == obligation);
  return kObligations.at(at);
}

std::optional<Due> due_of(Obligation obligation, Micros start, const RuleSet& rules,
                          const Calendar& calendar) {
  const ObligationRow& row = row_of(obligation);
  CHECK(row.limit != nullptr);
  const int workdays = rules.*row.limit;
  if (workdays <= 0) return std::nullopt;
  if (obligation == return_ruling && calendar.is_workday(day_of(start))) {
    const Deadline today = calendar.same_workday(start);
    return Due{today.due, obligation, today.provisional, kSameDay};
  }
  const Deadline deadline = calendar.after(start, workdays);
  return Due{deadline.due, obligation, deadline.provisional, static_cast<std::int16_t>(workdays)};
}

void duty_changes(const engine::RecordView& record,
                  absl::FunctionRef<void(const DutyChange&)> change) {
  Changes changes(record, change);
  const EventType type = type_of(record);
  if (type == EventType::DeadlineRecomputed) return changes_of_recomputed(changes);
  if (type >= EventType::AppealSubmitted && type <= EventType::AppealCorrected)
    return changes_of_appeal(changes, type);
  if (type >= EventType::AssignmentDispatched && type <= EventType::CardUpheld)
    return changes_of_assignment(changes, type);
  if (type >= EventType::RatingInvited && type <= EventType::RatingInvalidated)
    return changes_of_round(changes, type);
  if (type >= EventType::ReportFiled && type <= EventType::RetaliationReported)
    return changes_of_report(changes, type);
}

std::string_view light_name(Light light) {
  switch (light) {
    case Light::none:
      return "";
    case Light::green:
      return "green";
    case Light::yellow:
      return "yellow";
    case Light::red:
      return "red";
    case Light::grey:
      return "grey";
  }
  CHECK(false);
  return "";
}

Light light_of(const DutyState& duty, Micros at) {
  if (duty.due == 0 || duty.started > at || duty.stopped != 0) return Light::none;
  if (duty.met != 0 && duty.met <= at) return Light::none;
  if (duty.suspended) return Light::grey;
  if (at >= duty.due) return Light::red;
  if (duty.same_day || at >= duty.due - kDayMicros) return Light::yellow;
  return Light::green;
}

void apply(DutyState& duty, const DutyChange& change, Micros at) {
  switch (change.op) {
    case DutyOp::start:
      if (!duty.running()) {
        duty = DutyState{};
        duty.obligation = change.obligation;
        duty.started = at;
        duty.same_day = change.same_day;
      }
      if (change.new_terms) duty.same_day = false;
      duty.due = change.due;
      duty.provisional = change.provisional;
      duty.workdays = change.workdays;
      break;
    case DutyOp::meet:
      if (duty.running()) duty.met = at;
      break;
    case DutyOp::reopen:
      duty.met = 0;
      break;
    case DutyOp::stop:
      ++duty.stopped;
      break;
    case DutyOp::restore:
      if (duty.stopped > 0) --duty.stopped;
      break;
    case DutyOp::suspend:
      duty.suspended = true;
      break;
    case DutyOp::resume:
      duty.suspended = false;
      break;
    case DutyOp::weekly:
    case DutyOp::filed:
      break;
  }
}

}  // namespace schemas
