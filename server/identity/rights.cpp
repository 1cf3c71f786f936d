#include "server/identity/rights.h"

#include <fmt/format.h>

#include "engine/check.h"
#include "schemas/event.h"
#include "schemas/json.h"

namespace server {
namespace {

using enum Action;
using E = schemas::EventType;

constexpr Scope o = Scope::none, O = Scope::own, D = Scope::department, A = Scope::all;

// clang-format off
// The order of the roles: enterprise, department officer, clerk, lead, supervisor, inspector, leader, system, administrator.
constexpr std::array kRights{
  //                                                                                                    En De Cl Le Su In DL Sy Ad
  Right{appeal,          "appeal",          "提出、补充、撤回诉求", "submit, supplement, withdraw an appeal",        {O, o, A, A, o, o, o, o, o}},
  Right{rate,            "rate",            "评价",               "rate a conclusion",                            {O, o, o, o, o, o, o, o, o}},
  Right{handle,          "handle",          "受理、分解、转办、审核、答复", "accept, decompose, dispatch, check, answer",  {o, o, A, A, o, o, o, A, o}},
  Right{callback,        "callback",        "回访",                 "record or answer a callback",                 {O, o, A, A, o, o, o, A, o}},
  Right{work,            "work",            "承办：签收、联系、进展、办结", "sign, contact, report progress, complete", {o, D, A, A, o, o, o, o, o}},
  Right{conclude,        "conclude",        "批准、办结、归档、更正",   "approve, conclude, close, correct",           {o, o, o, A, o, o, o, o, o}},
  Right{oversee,         "oversee",         "督办、免牌",           "put under supervision, waive or uphold cards",  {o, o, o, A, o, o, A, A, o}},
  Right{enterprise,      "enterprise",      "企业登记",             "register an enterprise and keep its entry",    {O, o, A, A, o, o, o, A, o}},
  Right{file_report,     "file_report",     "监督员反映",           "file and rate a supervisor's report",          {o, o, A, A, O, o, o, o, o}},
  Right{handle_report,   "handle_report",   "办理监督员反映",        "handle a supervisor's report",                {o, D, A, A, o, o, o, o, o}},
  Right{supervisor,      "supervisor",      "聘任监督员",           "appoint and assess supervisors",               {o, o, A, A, o, o, o, A, o}},
  Right{unmask,          "unmask",          "查阅保密身份",          "read a sealed identity",                      {o, o, o, A, o, A, o, o, o}},
  Right{erase,           "erase",           "删除个人信息",          "erase personal data, by two persons",         {o, o, o, A, o, o, o, o, o}},
  Right{plan,            "plan",            "发布攻坚计划",          "publish a plan",                              {o, o, o, A, o, o, A, A, o}},
  Right{task,            "task",            "攻坚任务",             "keep tasks and their progress",                {o, D, A, A, o, o, o, A, o}},
  Right{approve_task,    "approve_task",    "任务审批、督办",        "approve, close, supervise tasks",             {o, o, o, A, o, o, A, o, o}},
  Right{policy,          "policy",          "政策字典：起草、标签、可申报项目", "keep policies, tags and items",              {o, D, A, A, o, o, o, A, o}},
  Right{publish_policy,  "publish_policy",  "政策发布、修订、废止、项目下架", "publish, amend, repeal policies, withdraw items", {o, o, o, A, o, o, o, A, o}},
  Right{profile,         "profile",         "企业画像",             "keep profiles, qualifications, tags",          {o, A, A, A, o, o, o, A, o}},
  Right{consent,         "consent",         "同意、订阅、阅读推送",   "consent, subscribe, read pushes",             {O, o, A, A, o, o, o, A, o}},
  Right{match,           "match",           "匹配、推送",           "match and push",                              {o, o, A, A, o, o, o, A, o}},
  Right{apply,           "apply",           "政策申报",             "apply for an item",                           {O, D, A, A, o, o, o, o, o}},
  Right{handle_application, "handle_application", "受理、审核、公示、批准、拨付申报", "handle applications",     {o, D, A, A, o, o, o, A, o}},
  Right{revoke_grant,    "revoke_grant",    "追回",                 "revoke a grant",                              {o, o, o, A, o, o, o, o, o}},
  Right{directory,       "directory",       "部门与企业名录",        "keep the directory",                          {o, o, A, A, o, o, o, A, A}},
  Right{roles,           "roles",           "授予、撤销角色",        "grant and revoke roles",                      {o, o, o, A, o, o, o, A, A}},
  Right{settings,        "settings",        "工作日历与规则",        "publish calendars and rules",                 {o, o, A, A, o, o, A, A, A}},
  Right{set_clock,       "set_clock",       "拨动演练的时钟",        "set the clock of a rehearsal",                 {o, o, o, A, o, o, o, o, A}},
  Right{attach,          "attach",          "保存附件",             "keep a file for commands to name",             {O, D, A, A, O, o, o, o, o}},
  Right{draw_package,    "draw_package",    "取检查包",             "draw an inspection package",                   {o, o, o, A, o, A, o, o, o}},
  Right{read_report,     "read_report",     "报表",                "draw reports",                                 {o, D, A, A, o, A, A, o, o}},
  Right{read_stream,     "read_stream",     "一个对象的历史",        "read the history of one thing",               {O, D, A, A, O, A, A, o, o}},
  Right{read_events,     "read_events",     "全部事件与实时推送",     "read all events, and the live feed",          {o, o, A, A, o, A, A, A, o}},
  Right{read_entries,    "read_entries",    "日志条目原文",          "read the entries of the log as bytes",        {o, o, o, A, o, A, o, o, o}},
  Right{read_proof,      "read_proof",      "存证证明",             "draw inclusion proofs",                       {O, D, A, A, O, A, A, o, o}},
  Right{read_checkpoint, "read_checkpoint", "检查点与哈希树",        "read checkpoints and the hash tree",          {A, A, A, A, A, A, A, A, A}, true},
  Right{read_calendar,   "read_calendar",   "工作日与时限",          "see working days and what would be due when", {A, A, A, A, A, A, A, A, A}},
  Right{read_policy,     "read_policy",     "政策字典",             "read the dictionary of policies",              {A, A, A, A, A, A, A, A, o}},
  Right{read_match,      "read_match",      "政策匹配：符合什么、差什么", "see what an enterprise gets and lacks",       {O, A, A, A, o, A, A, A, o}},
  Right{read_metrics,    "read_metrics",    "服务的运行指标",        "read what the server counts about itself",   {o, o, o, A, o, A, o, A, A}},
  Right{read_self,       "read_self",       "自己的身份与角色",       "see who one is",                             {A, A, A, A, A, A, A, A, A}},
  Right{read_page,       "read_page",       "网页本身，不含数据",     "fetch the pages, which hold no data",         {A, A, A, A, A, A, A, A, A}, true},
  Right{read_alive,      "read_alive",      "服务状态",             "see whether the server is well",              {A, A, A, A, A, A, A, A, A}, true},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRights.size(); ++i)
    if (static_cast<std::size_t>(kRights[i].action) != i) return false;
  return kRights.size() == static_cast<std::size_t>(read_alive) + 1;
}
static_assert(in_order(), "one row an action, in the order of the actions");

std::string_view mark_of(Scope scope) {
  switch (scope) {
    case Scope::none:
      return "";
    case Scope::own:
      return "O";
    case Scope::department:
      return "D";
    case Scope::all:
      return "A";
  }
  return "";
}

}  // namespace

std::span<const Right> rights() { return kRights; }

const Right& right_of(Action action) { return kRights.at(static_cast<std::size_t>(action)); }

std::string_view scope_name(Scope scope) {
  constexpr std::array<std::string_view, 4> kNames{"none", "own", "department", "all"};
  return kNames.at(static_cast<std::size_t>(scope));
}

// No default: a new event without a row does not compile (-Wswitch under -Werror).
// clang-format off
std::optional<Action> action_of(E event) {
  using enum schemas::EventType;
  switch (event) {
    case CalendarPublished: case CalendarAmended: case LocalClosureDeclared: case RuleSetPublished: case RuleSetRetired: return settings;
    case DepartmentCreated: case DepartmentRenamed: case DepartmentMerged: case EnterpriseVerified: case EnterpriseMerged:
    case EnterpriseDeregistered: return directory;
    case RoleGranted: case RoleRevoked: case DelegationSet: return roles;
    case EnterpriseRegistered: case EnterpriseRenamed: case ContactSet: return enterprise;
    case AppealSubmitted: case AppealSupplemented: case AppealWithdrawn: return appeal;
    case RatingSubmitted: case RatingSupplemented: case RatingRevisited: return rate;
    case SupplementRequested: case AppealAccepted: case AppealRejected: case AppealClassified: case AppealDecomposed: case AppealTransferredOut:
    case AppealMerged: case AppealUnmerged: case AppealEscalated: case AppealAnswered: case AppealReopened:
    case AssignmentDispatched: case AssignmentRedispatched: case AssignmentCancelled: case ReturnApproved: case ReturnRefused:
    case CompletionAccepted: case CompletionSentBack: case ClockSuspended: case ClockResumed: case ReminderIssued: case YellowCardIssued:
    case RedCardIssued: case BadRatingAssigned: case BadRatingVerified: case RectificationAccepted: case RectificationRejected:
    case RatingWindowClosed: return handle;
    case CallbackRecorded: return callback;
    case AssignmentSigned: case HandlerNamed: case EnterpriseContacted: case ContactAttemptFailed: case ReturnRequested: case LongTermRequested:
    case ProgressReported: case ExtensionRequested: case ExtensionNotified: case CoOpinionFiled: case CompletionReported: case CardContested:
    case RatingContested: case RectificationReported: case RectificationFedBack: return work;
    case AppealShelved: case AppealUnshelved: case AppealConcluded: case AppealExcluded: case AppealClosed: case AppealCorrected:
    case LongTermApproved: case LongTermRefused: case ExtensionApproved: case ExtensionRefused: case ContestUpheld: case ContestDismissed:
    case RectificationPlanned: case RatingInvalidated: return conclude;
    case SupervisionOrdered: case SupervisionLifted: case CardWaived: case CardUpheld: return oversee;
    case SupervisorNominated: case SupervisorAppointed: case SupervisorReappointed: case SupervisorAssessed: case SupervisorUpdated:
    case SupervisorSuspended: case SupervisorReinstated: case SupervisorDismissed: case ActivityAttended: case TermEndAnnounced:
      return supervisor;
    case ReportFiled: case ReportRated: case RetaliationReported: return file_report;
    case ReportRegistered: case ReportDeclined: case ReportGraded: case ReportDispatched: case ReportProgressed: case ClueTransferred:
    case ReportConcluded: case ReportAnswered: case ReportReopened: case ReportClosed: return handle_report;
    case IdentityAccessed: return unmask;
    case PersonalDataErased: return erase;
    case PlanPublished: return plan;
    case TaskCreated: case TaskOwnerSet: case MilestoneSet: case TaskStarted: case TaskProgressed: case TaskBlocked: case TaskUnblocked:
    case TaskAdjustmentRequested: case TaskCompletionReported: case TaskVerified: case TaskVerificationFailed: case TaskReopened:
    case InnovationRecorded: return task;
    case TaskAdjustmentApproved: case TaskAdjustmentRefused: case TaskSplit: case TaskMerged: case TaskClosed: case TaskCancelled:
    case TaskSupervised: return approve_task;
    case PolicyDrafted: case KeywordsExtracted: case PolicyTagSuggested: case PolicyTagRejected: case PolicyTagged: case PolicyUntagged:
    case PolicyExplained: case TagVocabularyPublished: case ItemListed: case ItemConditionsSet: case ItemMaterialsSet: case ItemModeSet:
    case ItemWindowOpened: case ItemWindowClosed: case ItemQuotaSet: return policy;
    case PolicyPublished: case PolicyAmended: case PolicyRepealed: case ItemWithdrawn: return publish_policy;
    case ProfileUpdated: case QualificationGranted: case QualificationEnded: case EnterpriseTagged: case EnterpriseUntagged: case SizeClassified:
      return profile;
    case ConsentGiven: case ConsentWithdrawn: case SubscriptionSet: case PolicyRead: return consent;
    case MatchComputed: case PolicyPushed: return match;
    case IntentConfirmed: case ApplicationStarted: case ApplicationSubmitted: case ObjectionRaised: case ApplicationWithdrawn: return apply;
    case ApplicationAccepted: case ApplicationReturned: case ApplicationReviewed: case PublicityOpened: case ObjectionSettled:
    case ApplicationApproved: case ApplicationRejected: case PaymentOrdered: case PaymentConfirmed: return handle_application;
    case GrantRevoked: return revoke_grant;
    case ItemGranted: case ItemBudgetExhausted: case none: case DeadlineRecomputed: case RatingInvited: case LedgerCreated: case CheckpointSigned:
    case PackageExported: case SensitiveAccessed: case AuthorizationFailed: case BackupMade: case KeyRotated: case KeyDestroyed: case KeyReplaced:
    case CheckpointCosigned: case LedgerRestored: case DamageAccepted: case TokenMinted: case LedgerWentLive: case AttachmentKept:
      return std::nullopt;
  }
  return std::nullopt;
}
// clang-format on

std::string rights_document() {
  std::string text =
      "# 角色权限 Roles\n\n"
      "Generated from `server/identity/rights.cpp`; a test compares. Do not edit.\n\n"
      "A: all; D: of the person's department; O: its own; nothing: denied. What the table grants, "
      "the\n"
      "rules of the subject still judge (docs/COMMANDS.md says who may ask in which status). An "
      "action\n"
      "marked * needs no token.\n\n"
      "| action | 事项 |";
  for (const schemas::Role role : schemas::EnumValuesRole())
    text += fmt::format(" {} |", schemas::role_name(role));
  text += " administrator |";
  text += "\n|---|---|";
  for (std::size_t i = 0; i < kColumns; ++i) text += "---|";
  for (const Right& right : kRights) {
    text += fmt::format("\n| {}{}: {} | {} |", right.name, right.open ? "*" : "", right.english,
                        right.chinese);
    for (const Scope scope : right.of_column) text += fmt::format(" {} |", mark_of(scope));
  }
  text += "\n\n| action | commands |\n|---|---|\n";
  for (const Right& right : kRights) {
    std::string commands;
    for (const schemas::EventInfo& info : schemas::all_events()) {
      if (info.command.empty() || action_of(info.type) != right.action) continue;
      commands += fmt::format("{}`{}`", commands.empty() ? "" : ", ", info.command);
    }
    if (!commands.empty()) text += fmt::format("| {} | {} |\n", right.name, commands);
  }
  return text;
}

}  // namespace server
