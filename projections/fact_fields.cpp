// The fields that facts keep of an event. The two functions form_of and take_fields are each
// other's pair: apply() CHECKs that they agree, load() relies on it.
#include "projections/fact_fields.h"

#include "schemas/calendar.h"
#include "schemas/event.h"
#include "schemas/profile.h"

namespace projections {

using schemas::EventType;
using schemas::payload_of;
using schemas::view;

std::string_view form_of(EventType type) {
  switch (type) {
    case EventType::DepartmentCreated:
    case EventType::DepartmentRenamed:
    case EventType::AppealClassified:
    case EventType::SupervisorNominated:
    case EventType::SupervisorAppointed:
    case EventType::SupervisorUpdated:
    case EventType::ReportDispatched:
    case EventType::ReportProgressed:
    case EventType::TaskBlocked:
    case EventType::EnterpriseRenamed:
      return "t";
    case EventType::AppealConcluded:
    case EventType::RatingSubmitted:
    case EventType::BadRatingVerified:
    case EventType::ReportGraded:
    case EventType::ReportConcluded:
    case EventType::ReportRated:
    case EventType::ContactAttemptFailed:
      return "i";
    case EventType::AppealSubmitted:
      return "titt";
    case EventType::CallbackRecorded:
      return "iii";
    case EventType::AssignmentDispatched:
      return "ii";
    case EventType::ProgressReported:
      return "iit";
    case EventType::ReportFiled:
      return "tiit";
    case EventType::TaskCreated:
      return "ttttit";
    case EventType::TaskOwnerSet:
      return "t*";
    case EventType::MilestoneSet:
      return "tii";
    case EventType::TaskProgressed:
      return "itt";
    case EventType::TaskAdjustmentApproved:
      return "it";
    case EventType::EnterpriseRegistered:
      return "tttt";
    case EventType::MatchComputed:
      return "tti";
    case EventType::ApplicationStarted:
      return "tt";
    case EventType::ApplicationApproved:
    case EventType::GrantRevoked:
      return "ii";
    default:
      return "";
  }
}

namespace {

// -1: not asked; else 0 or 1.
std::int64_t answer(flatbuffers::Optional<bool> value) { return value ? (*value ? 1 : 0) : -1; }

template <class Enum>
std::int64_t number(Enum value) {
  return static_cast<std::int64_t>(value);
}

void take_of_appeal(const engine::RecordView& record, FieldSink& sink) {
  switch (schemas::type_of(record)) {
    case EventType::AppealSubmitted: {
      const auto& event = payload_of<schemas::AppealSubmitted>(record);
      sink.text(view(event.enterprise()));
      sink.number(number(event.channel()));
      sink.text(view(event.category()));
      sink.text(view(event.title()));
      break;
    }
    case EventType::AppealClassified:
      sink.text(view(payload_of<schemas::AppealClassified>(record).category()));
      break;
    case EventType::AppealConcluded:
      sink.number(number(payload_of<schemas::AppealConcluded>(record).outcome()));
      break;
    case EventType::CallbackRecorded: {
      const auto& event = payload_of<schemas::CallbackRecorded>(record);
      sink.number(event.reached() ? 1 : 0);
      sink.number(answer(event.solved()));
      sink.number(answer(event.satisfied()));
      break;
    }
    case EventType::AssignmentDispatched: {
      const auto& event = payload_of<schemas::AssignmentDispatched>(record);
      sink.number(number(event.duty()));
      sink.number(number(event.track()));
      break;
    }
    case EventType::ContactAttemptFailed:
      sink.number(payload_of<schemas::ContactAttemptFailed>(record).meets() ? 1 : 0);
      break;
    case EventType::ProgressReported: {
      const auto& event = payload_of<schemas::ProgressReported>(record);
      const auto week = schemas::parse_week(view(event.week()));
      sink.number(week ? week->monday : 0);
      sink.number(event.percent());
      sink.text(view(event.text()));
      break;
    }
    case EventType::RatingSubmitted:
      sink.number(payload_of<schemas::RatingSubmitted>(record).level());
      break;
    case EventType::BadRatingVerified:
      sink.number(number(payload_of<schemas::BadRatingVerified>(record).finding()));
      break;
    default:
      break;
  }
}

void take_of_report(const engine::RecordView& record, FieldSink& sink) {
  switch (schemas::type_of(record)) {
    case EventType::ReportFiled: {
      const auto& event = payload_of<schemas::ReportFiled>(record);
      sink.text(view(event.supervisor()));
      sink.number(number(event.kind()));
      sink.number(event.sealed() ? 1 : 0);
      sink.text(view(event.title()));
      break;
    }
    case EventType::ReportGraded:
      sink.number(number(payload_of<schemas::ReportGraded>(record).grade()));
      break;
    case EventType::ReportDispatched:
      sink.text(view(payload_of<schemas::ReportDispatched>(record).department()));
      break;
    case EventType::ReportProgressed:
      sink.text(view(payload_of<schemas::ReportProgressed>(record).text()));
      break;
    case EventType::ReportConcluded:
      sink.number(number(payload_of<schemas::ReportConcluded>(record).class_()));
      break;
    case EventType::ReportRated:
      sink.number(payload_of<schemas::ReportRated>(record).level());
      break;
    default:
      break;
  }
}

void take_of_task(const engine::RecordView& record, FieldSink& sink) {
  switch (schemas::type_of(record)) {
    case EventType::TaskCreated: {
      const auto& event = payload_of<schemas::TaskCreated>(record);
      sink.text(view(event.plan()));
      sink.text(view(event.environment()));
      sink.text(view(event.domain()));
      sink.text(view(event.title()));
      sink.number(event.due());
      sink.text(view(event.target()));
      break;
    }
    case EventType::TaskOwnerSet: {
      const auto& event = payload_of<schemas::TaskOwnerSet>(record);
      sink.text(view(event.lead()));
      if (event.co() != nullptr)
        for (const auto* co : *event.co()) sink.text(view(co));
      break;
    }
    case EventType::MilestoneSet: {
      const auto& event = payload_of<schemas::MilestoneSet>(record);
      sink.text(view(event.name()));
      sink.number(event.date());
      sink.number(event.weight());
      break;
    }
    case EventType::TaskProgressed: {
      const auto& event = payload_of<schemas::TaskProgressed>(record);
      sink.number(event.percent());
      sink.text(view(event.text()));
      sink.text(view(event.milestone()));
      break;
    }
    case EventType::TaskBlocked:
      sink.text(view(payload_of<schemas::TaskBlocked>(record).reason()));
      break;
    case EventType::TaskAdjustmentApproved: {
      const auto& event = payload_of<schemas::TaskAdjustmentApproved>(record);
      sink.number(event.due());
      sink.text(view(event.target()));
      break;
    }
    default:
      break;
  }
}

// Money may need more than one number: see amount_of().
void take_amount(std::int64_t amount, FieldSink& sink) {
  sink.number(amount / kAmountBase);
  sink.number(amount % kAmountBase);
}

void take_of_application(const engine::RecordView& record, FieldSink& sink) {
  switch (schemas::type_of(record)) {
    case EventType::MatchComputed: {
      const auto& event = payload_of<schemas::MatchComputed>(record);
      sink.text(view(event.enterprise()));
      sink.text(view(event.item()));
      sink.number(number(event.verdict()));
      break;
    }
    case EventType::ApplicationStarted: {
      const auto& event = payload_of<schemas::ApplicationStarted>(record);
      sink.text(view(event.enterprise()));
      sink.text(view(event.item()));
      break;
    }
    case EventType::ApplicationApproved:
      return take_amount(payload_of<schemas::ApplicationApproved>(record).amount(), sink);
    case EventType::GrantRevoked:
      return take_amount(payload_of<schemas::GrantRevoked>(record).amount(), sink);
    default:
      break;
  }
}

void take_of_enterprise(const engine::RecordView& record, FieldSink& sink) {
  switch (schemas::type_of(record)) {
    case EventType::EnterpriseRegistered: {
      const auto& event = payload_of<schemas::EnterpriseRegistered>(record);
      sink.text(view(event.name()));
      sink.text(view(event.industry()));
      sink.text(view(event.size()));
      sink.text(view(event.town()));
      break;
    }
    case EventType::EnterpriseRenamed:
      sink.text(view(payload_of<schemas::EnterpriseRenamed>(record).name()));
      break;
    default:
      break;
  }
}

void take_of_people(const engine::RecordView& record, FieldSink& sink) {
  switch (schemas::type_of(record)) {
    case EventType::DepartmentCreated:
      sink.text(view(payload_of<schemas::DepartmentCreated>(record).name()));
      break;
    case EventType::DepartmentRenamed:
      sink.text(view(payload_of<schemas::DepartmentRenamed>(record).name()));
      break;
    case EventType::SupervisorNominated:
      sink.text(view(payload_of<schemas::SupervisorNominated>(record).category()));
      break;
    case EventType::SupervisorAppointed:
      sink.text(view(payload_of<schemas::SupervisorAppointed>(record).category()));
      break;
    case EventType::SupervisorUpdated:
      sink.text(view(payload_of<schemas::SupervisorUpdated>(record).category()));
      break;
    default:
      break;
  }
}

// Every event of an assignment names it by the same two fields.
template <class T>
AssignmentName name_in(const engine::RecordView& record) {
  const T& event = payload_of<T>(record);
  if constexpr (std::is_same_v<decltype(event.matter()), int>) {
    return {event.matter(), view(event.department())};
  } else {
    return {event.matter() ? *event.matter() : 0, view(event.department())};
  }
}

}  // namespace

void take_fields(const engine::RecordView& record, FieldSink& sink) {
  const unsigned subject = record.type / 100U;
  if (subject == 4) return take_of_enterprise(record, sink);
  if (subject == 5) return take_of_appeal(record, sink);
  if (subject == 7) return take_of_report(record, sink);
  if (subject == 9) return take_of_task(record, sink);
  if (subject == 13) return take_of_application(record, sink);
  return take_of_people(record, sink);
}

bool belongs(EventType type, Subject subject) {
  if (type == EventType::DeadlineRecomputed) return true;
  return subject_of(schemas::info_of(type).kind) == subject;
}

bool keeps_whole(EventType type) {
  const unsigned subject = static_cast<unsigned>(type) / 100U;
  return type == EventType::CalendarPublished || type == EventType::CalendarAmended ||
         type == EventType::LocalClosureDeclared || type == EventType::PlanPublished ||
         (subject >= 10 && subject <= 12) || schemas::is_profile_event(type);
}

AssignmentName assignment_name(const engine::RecordView& record) {
  switch (schemas::type_of(record)) {
#define OF_ASSIGNMENT(event) \
  case EventType::event:     \
    return name_in<schemas::event>(record);
    OF_ASSIGNMENT(DeadlineRecomputed)
    OF_ASSIGNMENT(AssignmentDispatched)
    OF_ASSIGNMENT(AssignmentSigned)
    OF_ASSIGNMENT(HandlerNamed)
    OF_ASSIGNMENT(EnterpriseContacted)
    OF_ASSIGNMENT(ContactAttemptFailed)
    OF_ASSIGNMENT(ReturnRequested)
    OF_ASSIGNMENT(ReturnApproved)
    OF_ASSIGNMENT(ReturnRefused)
    OF_ASSIGNMENT(AssignmentRedispatched)
    OF_ASSIGNMENT(AssignmentCancelled)
    OF_ASSIGNMENT(LongTermRequested)
    OF_ASSIGNMENT(LongTermApproved)
    OF_ASSIGNMENT(LongTermRefused)
    OF_ASSIGNMENT(ProgressReported)
    OF_ASSIGNMENT(ExtensionRequested)
    OF_ASSIGNMENT(ExtensionApproved)
    OF_ASSIGNMENT(ExtensionRefused)
    OF_ASSIGNMENT(ExtensionNotified)
    OF_ASSIGNMENT(CoOpinionFiled)
    OF_ASSIGNMENT(CompletionReported)
    OF_ASSIGNMENT(CompletionAccepted)
    OF_ASSIGNMENT(CompletionSentBack)
    OF_ASSIGNMENT(ClockSuspended)
    OF_ASSIGNMENT(ClockResumed)
    OF_ASSIGNMENT(ReminderIssued)
    OF_ASSIGNMENT(YellowCardIssued)
    OF_ASSIGNMENT(RedCardIssued)
    OF_ASSIGNMENT(CardContested)
    OF_ASSIGNMENT(CardWaived)
    OF_ASSIGNMENT(CardUpheld)
#undef OF_ASSIGNMENT
    default:
      return {};
  }
}

}  // namespace projections
