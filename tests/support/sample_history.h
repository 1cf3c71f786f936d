// A small district in which most things happen once: handling in time and late, a return, a second
// round, ratings good and bad with rectification, supervisors' reports open and sealed, a plan, an
// amended calendar.
#pragma once

#include "tests/support/history.h"

namespace support {

inline constexpr std::string_view kSampleStart = R"(
  2021-01-04 09:00 | lead  | PublishRuleSet     | rules/2021 | {"contact_workdays":1,"completion_workdays":3}
  2021-01-04 09:10 | lead  | PublishPlan        | plan/2021 | {"name":"三年行动计划","environments":[{"name":"市场环境","domains":["开办企业","招标投标"],"tasks":3},{"name":"投资环境","domains":["跨境贸易"],"tasks":1}]}
  2021-01-05 09:00 | clerk | CreateTask         | task/RW-001 | {"plan":"2021","environment":"市场环境","domain":"开办企业","title":"一网通办","due":"2021-12-31"}
  2021-01-05 09:01 | clerk | SetTaskOwner       | task/RW-001 | {"lead":"D07","co":["D05"]}
  2021-01-05 09:02 | clerk | SetMilestone       | task/RW-001 | {"name":"试运行","date":"2021-06-30","weight":50}
  2021-01-05 09:03 | clerk | SetMilestone       | task/RW-001 | {"name":"上线","date":"2021-12-31","weight":50}
  2021-01-06 09:00 | D07   | StartTask          | task/RW-001 | {}
  2021-01-07 09:00 | clerk | CreateTask         | task/RW-002 | {"plan":"2021","environment":"市场环境","domain":"招标投标","title":"不见面开标","due":"2021-12-31"}
  2021-02-01 09:00 | lead  | AppointSupervisor  | supervisor/S1 | {"name":"张三","category":"企业家代表","from":"2021-02-01"}
  2021-06-01 09:00 | D07   | RecordTaskProgress | task/RW-001 | {"percent":45,"text":"系统已试用","milestone":"试运行"}
  2021-09-13 09:00 | 91350100M000100Y43 | SubmitAppeal | appeal/SQ1 | {"enterprise":"91350100M000100Y43","channel":"web","category":"开办企业","title":"经营范围登记"}
  2021-09-13 10:00 | clerk | AcceptAppeal       | appeal/SQ1 | {}
  2021-09-13 10:10 | clerk | DecomposeAppeal    | appeal/SQ1 | {"matters":[{"matter":1,"text":"登记","lead":"D05"}]}
  2021-09-13 10:20 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D05","duty":"lead","track":"standard"}
  2021-09-13 11:00 | D05   | RequestReturn      | appeal/SQ1 | {"matter":1,"department":"D05","reason":"不属本部门职责","proposed":"D07"}
  2021-09-13 15:00 | clerk | ApproveReturn      | appeal/SQ1 | {"matter":1,"department":"D05"}
  2021-09-13 15:10 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"standard"}
  2021-09-14 09:00 | S1    | FileSupervisorReport     | supervisor-report/FY1 | {"supervisor":"S1","kind":"suggestion","sealed":false,"title":"窗口导引","text":"增设导引"}
  2021-09-14 09:30 | S1    | FileSupervisorReport     | supervisor-report/FY2 | {"supervisor":"S1","kind":"clue","sealed":true,"title":"吃拿卡要","text":"详见附件"}
  2021-09-14 10:00 | clerk | RegisterSupervisorReport | supervisor-report/FY1 | {}
  2021-09-14 10:10 | D07   | RecordContact      | appeal/SQ1 | {"matter":1,"department":"D07","method":"phone"}
  2021-09-16 09:00 | D07   | ReportCompletion   | appeal/SQ1 | {"matter":1,"department":"D07","outcome":"partly_solved","text":"已办理一部分"}
  2021-09-16 10:00 | lead  | ConcludeAppeal     | appeal/SQ1 | {"outcome":"partly_solved"}
  2021-09-16 11:00 | clerk | AnswerAppeal       | appeal/SQ1 | {"text":"已部分办结"}
  2021-09-17 09:00 | 91350100M000100Y43 | RateAppeal | appeal/SQ1 | {"level":2,"reasons":["办理结果不满意"]}
  2021-09-17 10:00 | clerk | RecordCallback     | appeal/SQ1 | {"reached":true,"solved":false,"satisfied":false}
  2021-09-18 09:00 | clerk | VerifyBadRating    | appeal/SQ1 | {"finding":"true"}
  2021-09-22 09:00 | D07   | ReportRectification | appeal/SQ1 | {"text":"已改正"}
  2021-09-22 10:00 | clerk | AcceptRectification | appeal/SQ1 | {}
  2021-09-22 11:00 | D07   | FeedBackRectification | appeal/SQ1 | {"text":"已反馈企业"}
)";
inline constexpr std::string_view kSampleRest = R"(
  2021-09-22 12:00 | lead  | ReopenAppeal       | appeal/SQ1 | {"reason":"未完全解决"}
  2021-09-22 13:00 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"same_day"}
  2021-09-22 14:00 | clerk | GradeSupervisorReport    | supervisor-report/FY1 | {"grade":"C"}
  2021-09-22 14:10 | clerk | DispatchSupervisorReport | supervisor-report/FY1 | {"department":"D07"}
  2021-09-23 09:00 | D07   | ReportCompletion   | appeal/SQ1 | {"matter":1,"department":"D07","outcome":"solved","text":"全部办结"}
  2021-09-23 10:00 | lead  | ConcludeAppeal     | appeal/SQ1 | {"outcome":"solved"}
  2021-09-23 11:00 | clerk | AnswerAppeal       | appeal/SQ1 | {"text":"全部办结"}
  2021-09-24 09:00 | clerk | RecordCallback     | appeal/SQ1 | {"reached":true,"solved":true,"satisfied":true}
  2021-09-24 10:00 | 91350100M000100Y43 | RateAppeal | appeal/SQ1 | {"level":5}
  2021-09-24 11:00 | lead  | CloseAppeal        | appeal/SQ1 | {}
  2021-09-26 09:00 | D07   | RecordSupervisorReportProgress | supervisor-report/FY1 | {"text":"正在增设"}
  2021-09-27 09:00 | clerk | ConcludeSupervisorReport | supervisor-report/FY1 | {"class":"A","text":"已增设"}
  2021-09-28 09:00 | clerk | AnswerSupervisorReport   | supervisor-report/FY1 | {"text":"已采纳"}
  2021-09-28 10:00 | lead  | CloseSupervisorReport    | supervisor-report/FY1 | {}
  2021-09-28 11:00 | 91512081MA62K0260E | SubmitAppeal | appeal/SQ2 | {"enterprise":"91512081MA62K0260E","channel":"phone","category":"纳税服务","title":"退税"}
  2021-09-28 12:00 | clerk | AcceptAppeal       | appeal/SQ2 | {}
  2021-09-28 12:10 | clerk | DecomposeAppeal    | appeal/SQ2 | {"matters":[{"matter":1,"text":"退税","lead":"D05","co":["D07"]}]}
  2021-09-28 12:20 | clerk | DispatchAssignment | appeal/SQ2 | {"matter":1,"department":"D05","duty":"lead","track":"standard"}
  2021-09-28 12:30 | clerk | DispatchAssignment | appeal/SQ2 | {"matter":1,"department":"D07","duty":"co","track":"standard"}
  2021-09-29 09:00 | D07   | FileCoOpinion      | appeal/SQ2 | {"matter":1,"department":"D07","text":"无异议"}
  2021-09-29 10:00 | lead  | AmendCalendar      | calendar/2021 | {"year":2021,"notice":"台风停工通知","holidays":["2021-09-19","2021-09-20","2021-09-21","2021-09-30","2021-10-01","2021-10-02","2021-10-03","2021-10-04","2021-10-05","2021-10-06","2021-10-07"],"makeup_workdays":["2021-09-18","2021-09-26","2021-10-09"],"effective":"2021-09-30"}
  2021-09-29 11:00 | D05   | RequestLongTerm    | appeal/SQ2 | {"matter":1,"department":"D05","plan":"分期退税","until":"2021-11-30"}
  2021-09-29 12:00 | lead  | ApproveLongTerm    | appeal/SQ2 | {"matter":1,"department":"D05"}
  2021-10-08 12:00 | D05   | ReportProgress     | appeal/SQ2 | {"matter":1,"department":"D05","week":"2021-W40","text":"首期已退","percent":40}
  2021-10-11 09:00 | lead  | RenameDepartment   | department/D05 | {"name":"区税务局"}
)";

[[nodiscard]] inline History sample_history() {
  History history;
  history.tell(History::kFoundation).tell(kSampleStart).tell(kSampleRest);
  return history;
}

}  // namespace support
