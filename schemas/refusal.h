// Refusals: answers, not errors. Codes say what is so. Each has one Chinese and one English
// sentence; the table is refusal.cpp's, docs/COMMANDS.md lists it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace schemas {

// clang-format off
#define SCHEMAS_REFUSALS(X) \
  /* the door and the log */ \
  X(BadJson, "不是合法的 JSON", "The line is not valid JSON") \
  X(UnknownCommand, "没有这个命令", "There is no such command") \
  X(UnknownField, "有不认识的字段", "There is an unknown field") \
  X(MissingField, "缺少必填字段", "A needed field is missing") \
  X(WrongType, "字段类型不对", "A field has the wrong type") \
  X(OutOfRange, "数值或长度超出范围", "A value or length is out of range") \
  X(InvalidText, "文本不是合法的 UTF-8 或含控制字符", "A text is not valid UTF-8 or holds control characters") \
  X(LineTooLong, "行太长", "The line is too long") \
  X(WrongStream, "对象编号与命令不符", "The stream does not fit the command") \
  X(AtGoesBack, "时间早于上一条记录", "The time is earlier than the last record") \
  X(AtInFuture, "时间在将来", "The time is in the future") \
  X(OccurredAfterRecorded, "发生时间晚于记录时间", "It is said to have occurred after it was recorded") \
  X(IdReused, "同一编号已用于另一内容", "The id was used before with other content") \
  X(VersionConflict, "对象已有新的变化", "The stream has another version") \
  /* rights */ \
  X(WrongRole, "该角色不能办理此事", "This role may not do this") \
  X(WrongDepartment, "只能办理本部门的事项", "A department acts only for itself") \
  X(NotTheSubmitter, "只有提出人可以办理", "Only the submitter may do this") \
  X(NotTheReporter, "只有反映人可以办理", "Only the reporter may do this") \
  /* streams and the directory */ \
  X(AlreadyExists, "编号已存在", "The number already exists") \
  X(NotFound, "没有这个对象", "There is no such thing") \
  X(WrongState, "当前状态不允许此操作", "The present state does not admit this") \
  X(UnknownDepartment, "没有这个部门或已撤并", "The department is unknown or merged away") \
  X(UnknownEnterprise, "企业未登记或已注销", "The enterprise is not registered or is deregistered") \
  X(BadEnterpriseCode, "统一社会信用代码格式不对", "The unified social credit code has the wrong form") \
  X(ProofNeeded, "校验码不符，需提供登记证明", "The check digit fails: proof of registration is needed") \
  X(RoleNotHeld, "该人员没有此角色", "The person does not hold this role") \
  X(RoleAlreadyHeld, "该人员已有此角色", "The person already holds this role") \
  /* calendars and rules */ \
  X(YearMismatch, "年份与日历编号不符", "The year is not the calendar's") \
  X(DateOutsideYear, "日期不在该年度内", "A date lies outside the year") \
  X(DateListedTwice, "日期重复或既放假又上班", "A date is listed twice or is both holiday and workday") \
  X(NothingChanged, "没有变化", "Nothing would change") \
  /* appeals */ \
  X(NoMatters, "至少分解为一个事项", "At least one matter is needed") \
  X(MatterListedTwice, "事项编号重复", "A matter is listed twice") \
  X(UnknownMatter, "没有这个事项", "There is no such matter") \
  X(AlreadyDecomposed, "已经分解", "It is decomposed already") \
  X(NotDecomposed, "尚未分解", "It is not decomposed yet") \
  X(LeadExists, "该事项已有主办单位", "The matter has a lead department already") \
  X(AlreadyAssigned, "该部门已承办此事项", "The department has this assignment already") \
  X(UnknownAssignment, "没有这个承办单", "There is no such assignment") \
  X(NotLead, "仅主办单位可办理", "Only the lead department may do this") \
  X(NotCoHandler, "仅协办单位可办理", "Only a co-handling department may do this") \
  X(ReturnTooLate, "已过申请退单时限", "The time for asking to return has passed") \
  X(ReturnAfterContact, "联系企业后不能退单", "After contacting the enterprise it cannot be returned") \
  X(ReturnAskedBefore, "只能申请一次退单", "A return may be asked for only once") \
  X(NoPendingRequest, "没有待批的申请", "No request is pending") \
  X(RequestPending, "已有待批的申请", "A request is pending already") \
  X(RequestTooLate, "至少提前一个工作日申请", "It must be asked for at least one working day before the deadline") \
  X(TooManyExtensions, "延期次数已满，请转长期", "No further extension: ask for long-term") \
  X(ExtensionTooLong, "延期超过上限", "The extension is longer than allowed") \
  X(UntilTooEarly, "期限必须晚于现时限", "The new date must be later than the one in force") \
  X(NotLongTerm, "不是长期推进事项", "It is not a long-term matter") \
  X(BadWeek, "周次不对", "The week is not a valid ISO week") \
  X(WeekOutOfRange, "周次不在推进期内", "The week is outside the long-term period") \
  X(WeekAlreadyReported, "该周已报送进展", "Progress of that week is reported already") \
  X(NotContacted, "尚未联系企业", "The enterprise was not contacted yet") \
  X(AssignmentsOpen, "还有未办完的承办单", "Assignments are still open") \
  X(NotAnswered, "尚未答复", "There was no answer yet") \
  X(AlreadyAnswered, "已经答复", "It is answered already") \
  X(CallbackOpen, "回访尚未完成", "The callback is not done yet") \
  X(CallbackDone, "回访已经完成", "The callback is done already") \
  X(RatingOpen, "评价窗口未结束", "The rating is neither made nor past its window") \
  X(RectificationOpen, "差评整改未闭环", "A rectification is still open") \
  X(OwnWork, "承办单位不得回访或核验自己办理的事项", "The handling department may not check its own work") \
  X(MergeCycle, "不能并入自身或形成循环", "It cannot be merged into itself or in a cycle") \
  X(TargetNotOpen, "目标未在办", "The target is not open") \
  X(ReviewTooFar, "复核日期超过上限", "The review date is too far away") \
  X(AlreadySuspended, "计时已中止", "The clock is suspended already") \
  X(NotSuspended, "计时未中止", "The clock is not suspended") \
  X(LightIsNotSo, "当前灯色不符", "The light does not say so now") \
  X(CardExists, "已发过此牌", "The card was issued already") \
  X(NoSuchCard, "没有此牌", "There is no such card") \
  X(NoSuchEvent, "没有这个事件", "There is no such event in this stream") \
  X(BadLevel, "评价等级应为 1 至 5", "The level must be 1 to 5") \
  X(ReasonNeeded, "差评须选择原因", "A bad rating needs a reason") \
  X(RatingWindowClosed, "已过评价期限", "The rating window is past") \
  X(AlreadyRated, "本轮已评价", "This round is rated already") \
  X(NotRated, "本轮尚未评价", "This round is not rated") \
  X(NotBadRating, "不是差评", "It is not a bad rating") \
  X(NothingToRectify, "核实结果无需整改", "The finding leaves nothing to rectify") \
  /* supervisors and their reports */ \
  X(UnknownCategory, "不是规定的监督员类别", "It is not one of the nine categories") \
  X(TermOverlaps, "任期重叠", "The term overlaps another") \
  X(NotAssessed, "任期内未考核", "There was no assessment in the term") \
  X(SupervisorNotActive, "监督员不在任", "The supervisor is not active on that day") \
  X(SupervisorNeeded, "须写明监督员", "The supervisor must be named") \
  X(NotGraded, "尚未分级", "It is not graded yet") \
  X(NotAClue, "不是线索", "It is not a clue") \
  X(NotSealed, "不是保密反映", "The reporter is not sealed") \
  /* plans and tasks */ \
  X(PlanCountsWrong, "计划数目不符", "The plan's counts do not add up") \
  X(UnknownPlan, "没有这个计划", "There is no such plan") \
  X(UnknownEnvironment, "计划中没有这个环境", "The plan has no such environment") \
  X(UnknownDomain, "该环境没有这个领域", "The environment has no such domain") \
  X(PlanFull, "该环境任务数已满", "The environment has all its tasks already") \
  X(NoOwner, "尚未明确责任单位", "No owner is set") \
  X(PercentFalls, "进度不能降低，除非更正", "Progress may fall only by a correction") \
  X(UnknownMilestone, "没有这个节点", "There is no such milestone") \
  X(EvidenceNeeded, "须附佐证", "Evidence is needed") \
  /* policies, items, profiles and applications */ \
  X(UnknownPolicy, "没有这个政策", "There is no such policy") \
  X(PolicyNotInForce, "政策不在有效期内", "The policy is not in force on that day") \
  X(UnknownTag, "词表中没有这个标签", "The vocabulary has no such tag") \
  X(TagListedTwice, "标签重复", "A tag is listed twice") \
  X(AlreadyTagged, "已有此标签", "It has this tag already") \
  X(NotTagged, "没有此标签", "It does not have this tag") \
  X(NotSuggested, "没有此建议标签", "This tag was not suggested") \
  X(UnknownItem, "没有这个可申报项目或已下架", "There is no such item, or it was withdrawn") \
  X(BadConditions, "申报条件不成条件树", "The conditions are not a sound tree") \
  X(NoConditions, "尚未设定申报条件", "No conditions are set yet") \
  X(BadProfileValue, "画像字段的值不对", "A value does not fit its field of the profile") \
  X(FiguresMissing, "划型所需数据不全", "A figure that the size class needs is missing") \
  X(AlreadyHeld, "该日已有此资质或标签", "It holds this qualification or tag on that day already") \
  X(NotHeld, "该日没有此资质或标签", "It does not hold this qualification or tag on that day") \
  X(NoConsent, "企业未同意", "The enterprise has not consented") \
  X(NotSubscribed, "企业未订阅此类政策", "The enterprise has not subscribed to such policies") \
  X(QuietHours, "免打扰时段", "These are its quiet hours") \
  X(AlreadyPushed, "此项目的这一版条件已推送过", "The item was pushed under these conditions already") \
  X(NothingToRead, "没有未读的推送", "There is no unread push of this item") \
  X(NotMatched, "没有按现行条件匹配为符合", "There is no match under the present conditions that is met") \
  X(WrongItem, "编号属于另一企业或项目", "The number is of another enterprise or item") \
  X(NotDirect, "不是免申即享项目", "The item is not granted without application") \
  X(WindowClosed, "不在申报期内", "Applications are not taken now") \
  X(NotPassed, "审核未通过", "The review was not passed") \
  X(PublicityOpen, "公示期未结束", "The publicity is not over") \
  X(PublicityOver, "公示期已结束", "The publicity is over") \
  X(ObjectionOpen, "异议未处理", "An objection is not settled") \
  X(NoObjection, "没有待处理的异议", "No objection is open") \
  X(AlreadyGranted, "该企业已享受此项目", "The enterprise was granted this item already") \
  X(QuotaExhausted, "名额已满", "All places are taken") \
  X(BudgetExhausted, "额度不足", "The budget does not suffice") \
  /* erasure */ \
  X(Erased, "个人信息已经删除", "The personal data was erased") \
  X(SecondPersonNeeded, "须由另一人批准", "Another person must approve")
// clang-format on

enum class RefusalCode : std::uint8_t {
  none,
#define SCHEMAS_REFUSAL_ENUM(code, zh, en) code,
  SCHEMAS_REFUSALS(SCHEMAS_REFUSAL_ENUM)
#undef SCHEMAS_REFUSAL_ENUM
};

struct Refusal {
  RefusalCode code = RefusalCode::none;
  std::string detail;  // what exactly, in figures and names; may be empty; never personal data
};

[[nodiscard]] std::string_view code_name(RefusalCode code);
[[nodiscard]] std::string_view chinese(RefusalCode code);
[[nodiscard]] std::string_view english(RefusalCode code);
// "已过申请退单时限 (…)。 The time for asking to return has passed (…)."
[[nodiscard]] std::string sentence(const Refusal& refusal);

}  // namespace schemas
