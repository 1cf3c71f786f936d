#include "tests/simulation/procedure.h"

#include <sstream>

namespace simulation {
namespace {

constexpr std::string_view kBefore = "submitted supplement_requested";
constexpr std::string_view kOpen = "submitted supplement_requested accepted shelved";
constexpr std::string_view kAlive =
    "submitted supplement_requested accepted shelved concluded answered";
constexpr std::string_view kWorking = "dispatched signed contacted";
constexpr std::string_view kTerms = "dispatched signed contacted long_term";
constexpr std::string_view kHeld = "dispatched signed contacted returning long_term";
constexpr std::string_view kRated =
    "rated assigned verified contested planned reported accepted fed_back";
constexpr std::string_view kReport =
    "filed registered graded dispatched concluded answered closed declined transferred";
constexpr std::string_view kTask = "created started blocked";
constexpr std::string_view kApplied = "submitted accepted reviewed publicity";
constexpr std::string_view kActive = "registered verified";

// clang-format off
const std::vector<Row> kRows = {
    {"calendar", "PublishCalendar", "CalendarPublished", "none", "published", "CLY", ""},
    {"calendar", "AmendCalendar", "CalendarAmended", "published", "", "CLGY", ""},
    {"rules", "PublishRuleSet", "RuleSetPublished", "none", "published", "LGY", ""},
    {"rules", "RetireRuleSet", "RuleSetRetired", "published", "retired", "LGY", ""},
    {"department", "CreateDepartment", "DepartmentCreated", "none", "active", "CLY", ""},
    {"department", "RenameDepartment", "DepartmentRenamed", "active", "", "CLY", ""},
    {"department", "MergeDepartment", "DepartmentMerged", "active", "merged", "CLY", ""},
    {"enterprise", "RegisterEnterprise", "EnterpriseRegistered", "none", "registered", "CLEY", ""},
    {"enterprise", "VerifyEnterprise", "EnterpriseVerified", "registered", "verified", "CLY", ""},
    {"enterprise", "RenameEnterprise", "EnterpriseRenamed", kActive, "", "CLEY", ""},
    {"enterprise", "DeregisterEnterprise", "EnterpriseDeregistered", kActive, "deregistered", "CLY", ""},
    {"enterprise", "SetContact", "ContactSet", kActive, "", "CLEY", ""},

    {"appeal", "SubmitAppeal", "AppealSubmitted", "none", "submitted", "ECLY", ""},
    {"appeal", "SupplementAppeal", "AppealSupplemented", "supplement_requested", "submitted", "ECL", ""},
    {"appeal", "SupplementAppeal", "AppealSupplemented", "submitted accepted shelved", "", "ECL", ""},
    {"appeal", "RequestSupplement", "SupplementRequested", kBefore, "supplement_requested", "CL", ""},
    {"appeal", "RequestSupplement", "SupplementRequested", "accepted shelved", "", "CL", ""},
    {"appeal", "AcceptAppeal", "AppealAccepted", kBefore, "accepted", "CL", ""},
    {"appeal", "RejectAppeal", "AppealRejected", kBefore, "rejected", "CL", ""},
    {"appeal", "WithdrawAppeal", "AppealWithdrawn", kOpen, "withdrawn", "E", ""},
    {"appeal", "ClassifyAppeal", "AppealClassified", kOpen, "", "CL", ""},
    {"appeal", "DecomposeAppeal", "AppealDecomposed", "accepted", "", "CL", ""},
    {"appeal", "TransferAppealOut", "AppealTransferredOut", kOpen, "transferred", "CL", ""},
    {"appeal", "MergeAppeal", "AppealMerged", kOpen, "merged", "CL", ""},
    {"appeal", "UnmergeAppeal", "AppealUnmerged", "merged", "", "CL", ""},
    {"appeal", "OrderSupervision", "SupervisionOrdered", kAlive, "", "LG", ""},
    {"appeal", "LiftSupervision", "SupervisionLifted", kAlive, "", "LG", ""},
    {"appeal", "EscalateAppeal", "AppealEscalated", kAlive, "", "CL", ""},
    {"appeal", "ShelveAppeal", "AppealShelved", "accepted", "shelved", "L", ""},
    {"appeal", "UnshelveAppeal", "AppealUnshelved", "shelved", "accepted", "L", ""},
    {"appeal", "ConcludeAppeal", "AppealConcluded", "accepted shelved", "concluded", "L", ""},
    {"appeal", "AnswerAppeal", "AppealAnswered", "concluded", "answered", "CL", "AlreadyAnswered"},
    {"appeal", "AnswerAppeal", "AppealAnswered", "merged", "", "CL", ""},
    {"appeal", "RecordCallback", "CallbackRecorded", "answered", "", "ECL", "NotAnswered"},
    {"appeal", "ReopenAppeal", "AppealReopened", "concluded answered closed", "accepted", "CL", ""},
    {"appeal", "ExcludeAppeal", "AppealExcluded", "accepted shelved concluded answered closed", "excluded", "L", ""},
    {"appeal", "CloseAppeal", "AppealClosed", "answered", "closed", "L", "NotAnswered"},

    {"work", "DispatchAssignment", "AssignmentDispatched", "none", "dispatched", "CL", "AlreadyAssigned"},
    {"work", "SignAssignment", "AssignmentSigned", "dispatched", "signed", "D", ""},
    {"work", "SignAssignment", "AssignmentSigned", "contacted returning long_term", "", "D", ""},
    {"work", "NameHandler", "HandlerNamed", kHeld, "", "D", ""},
    {"work", "RecordContact", "EnterpriseContacted", kWorking, "contacted", "D", ""},
    {"work", "RecordContact", "EnterpriseContacted", "returning long_term", "", "D", ""},
    {"work", "RecordFailedContact", "ContactAttemptFailed", kHeld, "", "D", ""},
    {"work", "RequestReturn", "ReturnRequested", "dispatched signed", "returning", "D",
     "ReturnTooLate ReturnAfterContact ReturnAskedBefore"},
    {"work", "ApproveReturn", "ReturnApproved", "returning", "returned", "CL", "NoPendingRequest"},
    {"work", "RefuseReturn", "ReturnRefused", "returning", "", "CL", "NoPendingRequest"},
    {"work", "RedispatchAssignment", "AssignmentRedispatched", kHeld, "redispatched", "CL", ""},
    {"work", "CancelAssignment", "AssignmentCancelled", kHeld, "cancelled", "CL", ""},
    {"work", "RequestLongTerm", "LongTermRequested", kWorking, "", "D", ""},
    {"work", "ApproveLongTerm", "LongTermApproved", kWorking, "long_term", "L", ""},
    {"work", "RefuseLongTerm", "LongTermRefused", kWorking, "", "L", ""},
    {"work", "ReportProgress", "ProgressReported", "long_term", "", "D", "NotLongTerm"},
    {"work", "RequestExtension", "ExtensionRequested", kTerms, "", "D", ""},
    {"work", "ApproveExtension", "ExtensionApproved", kTerms, "", "L", ""},
    {"work", "RefuseExtension", "ExtensionRefused", kTerms, "", "L", ""},
    {"work", "NotifyExtension", "ExtensionNotified", kHeld, "", "DCL", ""},
    {"work", "FileCoOpinion", "CoOpinionFiled", kWorking, "completed", "D", ""},
    {"work", "ReportCompletion", "CompletionReported", kTerms, "completed", "D", ""},
    {"work", "AcceptCompletion", "CompletionAccepted", "completed", "", "CL", ""},
    {"work", "SendBackCompletion", "CompletionSentBack", "completed", "", "CL", ""},
    {"work", "SuspendClock", "ClockSuspended", kHeld, "", "CL", ""},
    {"work", "ResumeClock", "ClockResumed", kHeld, "", "CL", ""},
    {"work", "IssueYellowCard", "YellowCardIssued", kHeld, "", "CL", ""},
    {"work", "IssueRedCard", "RedCardIssued", kHeld, "", "CL", ""},

    {"round", "RateAppeal", "RatingSubmitted", "invited", "rated", "E", "AlreadyRated"},
    {"round", "SupplementRating", "RatingSupplemented", kRated, "", "E", "NotRated"},
    {"round", "AssignBadRating", "BadRatingAssigned", "rated", "assigned", "CL", "NotRated"},
    {"round", "VerifyBadRating", "BadRatingVerified", "rated assigned", "verified", "CL", "NotRated"},
    {"round", "ContestRating", "RatingContested", "rated assigned verified", "contested", "DCL", "NotRated"},
    {"round", "UpholdContest", "ContestUpheld", "contested", "", "L", "NotRated"},
    {"round", "DismissContest", "ContestDismissed", "contested", "", "L", "NotRated"},
    {"round", "PlanRectification", "RectificationPlanned", "verified", "planned", "L", "NotRated"},
    {"round", "ReportRectification", "RectificationReported", "verified planned", "reported", "DCL", "NotRated"},
    {"round", "AcceptRectification", "RectificationAccepted", "reported", "accepted", "CL", "NotRated"},
    {"round", "RejectRectification", "RectificationRejected", "reported", "verified", "CL", "NotRated"},
    {"round", "FeedBackRectification", "RectificationFedBack", "accepted", "fed_back", "DCL", "NotRated"},
    {"round", "RevisitRating", "RatingRevisited", "fed_back", "", "E", "NotRated"},
    {"round", "InvalidateRating", "RatingInvalidated", kRated, "invalidated", "L", "NotRated"},

    {"supervisor", "AppointSupervisor", "SupervisorAppointed", "none nominated appointed dismissed", "appointed", "CL", ""},
    {"supervisor", "AssessSupervisor", "SupervisorAssessed", "appointed suspended", "", "CL", ""},
    {"supervisor", "SuspendSupervisor", "SupervisorSuspended", "appointed", "suspended", "L", ""},
    {"supervisor", "ReinstateSupervisor", "SupervisorReinstated", "suspended", "appointed", "L", ""},
    {"supervisor", "DismissSupervisor", "SupervisorDismissed", "appointed suspended", "dismissed", "L", ""},

    {"report", "FileSupervisorReport", "ReportFiled", "none", "filed", "SCL", ""},
    {"report", "RegisterSupervisorReport", "ReportRegistered", "filed", "registered", "CL", ""},
    {"report", "DeclineSupervisorReport", "ReportDeclined", "filed registered graded", "declined", "CL", ""},
    {"report", "GradeSupervisorReport", "ReportGraded", "registered graded", "graded", "CL", ""},
    {"report", "DispatchSupervisorReport", "ReportDispatched", "registered graded", "dispatched", "CL", ""},
    {"report", "RecordSupervisorReportProgress", "ReportProgressed", "dispatched", "", "DCL", ""},
    {"report", "TransferClue", "ClueTransferred", "filed registered graded dispatched", "transferred", "L", ""},
    {"report", "ConcludeSupervisorReport", "ReportConcluded", "dispatched", "concluded", "DCL", ""},
    {"report", "AnswerSupervisorReport", "ReportAnswered", "concluded", "answered", "CL", ""},
    {"report", "ReopenSupervisorReport", "ReportReopened", "concluded answered closed", "dispatched", "CL", ""},
    {"report", "CloseSupervisorReport", "ReportClosed", "answered", "closed", "CL", "NotAnswered"},
    {"report", "AccessIdentity", "IdentityAccessed", kReport, "", "LI", ""},

    {"plan", "PublishPlan", "PlanPublished", "none", "published", "LGY", ""},
    {"task", "CreateTask", "TaskCreated", "none", "created", "CLY", ""},
    {"task", "SetTaskOwner", "TaskOwnerSet", kTask, "", "CLY", ""},
    {"task", "SetMilestone", "MilestoneSet", kTask, "", "CLY", ""},
    {"task", "StartTask", "TaskStarted", "created", "started", "DCL", ""},
    {"task", "RecordTaskProgress", "TaskProgressed", "started blocked", "", "DCL", ""},
    {"task", "BlockTask", "TaskBlocked", "created started", "blocked", "DCL", ""},
    {"task", "UnblockTask", "TaskUnblocked", "blocked", "", "DCL", ""},
    {"task", "ReportTaskCompletion", "TaskCompletionReported", "started blocked", "reported", "DCL", ""},
    {"task", "VerifyTask", "TaskVerified", "reported", "verified", "CL", ""},
    {"task", "FailTaskVerification", "TaskVerificationFailed", "reported", "started", "CL", ""},
    {"task", "CloseTask", "TaskClosed", "verified", "closed", "L", ""},
    {"task", "ReopenTask", "TaskReopened", "verified closed", "started", "CL", ""},
    {"task", "CancelTask", "TaskCancelled", "created started blocked reported verified", "cancelled", "L", ""},

    {"policy", "PublishPolicy", "PolicyPublished", "none drafted", "published", "LY", ""},
    {"item", "ListItem", "ItemListed", "none", "listed", "DCLY", ""},
    {"item", "SetItemConditions", "ItemConditionsSet", "listed open", "", "DCLY", ""},
    {"item", "OpenItemWindow", "ItemWindowOpened", "listed open", "open", "DCLY", ""},
    {"item", "CloseItemWindow", "ItemWindowClosed", "open", "listed", "DCLY", ""},
    {"item", "SetItemQuota", "ItemQuotaSet", "listed open", "", "CLY", ""},
    {"item", "WithdrawItem", "ItemWithdrawn", "listed open", "withdrawn", "LY", ""},
    {"application", "StartApplication", "ApplicationStarted", "none matched", "started", "ECL", ""},
    {"application", "SubmitApplication", "ApplicationSubmitted", "started", "submitted", "ECL", ""},
    {"application", "AcceptApplication", "ApplicationAccepted", "submitted", "accepted", "DCL", ""},
    {"application", "ReturnApplication", "ApplicationReturned", "submitted accepted reviewed", "started", "DCL", ""},
    {"application", "ReviewApplication", "ApplicationReviewed", "accepted", "reviewed", "DCL", ""},
    {"application", "OpenPublicity", "PublicityOpened", "reviewed", "publicity", "DCL", ""},
    {"application", "RaiseObjection", "ObjectionRaised", "publicity", "", "EDCLY", ""},
    {"application", "SettleObjection", "ObjectionSettled", "publicity", "", "DCL", ""},
    {"application", "ApproveApplication", "ApplicationApproved", "reviewed publicity", "approved", "DCL", ""},
    {"application", "RejectApplication", "ApplicationRejected", kApplied, "rejected", "DCL", ""},
    {"application", "OrderPayment", "PaymentOrdered", "approved", "paying", "DCL", ""},
    {"application", "ConfirmPayment", "PaymentConfirmed", "paying", "paid", "DCLY", ""},
    {"application", "WithdrawApplication", "ApplicationWithdrawn", "started submitted accepted reviewed publicity", "withdrawn", "ECL", ""},
    {"application", "RevokeGrant", "GrantRevoked", "approved paying paid", "revoked", "L", ""},
};
// clang-format on

}  // namespace

const std::vector<Row>& procedure() { return kRows; }

std::vector<std::string> words_of(std::string_view words) {
  std::istringstream text{std::string(words)};
  std::vector<std::string> out;
  for (std::string word; text >> word;) out.push_back(word);
  return out;
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = words.find(word); at != std::string_view::npos;
       at = words.find(word, at + 1)) {
    const bool begins = at == 0 || words[at - 1] == ' ';
    const std::size_t end = at + word.size();
    if (begins && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

char letter_of(std::string_view role) {
  if (role == "enterprise") return 'E';
  if (role == "department_officer") return 'D';
  if (role == "office_clerk") return 'C';
  if (role == "office_lead") return 'L';
  if (role == "supervisor") return 'S';
  if (role == "inspector") return 'I';
  return role == "district_leader" ? 'G' : 'Y';
}

std::string_view event_of(std::string_view command) {
  for (const Row& row : kRows)
    if (row.command == command) return row.event;
  return "";
}

}  // namespace simulation
