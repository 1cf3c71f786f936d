// The printed forms of the reports: which tables each has, and their Chinese headings (domain.md
// section 11).
#include <algorithm>
#include <array>

#include "projections/catalog.h"

namespace projections {
namespace {

constexpr auto kTotals = std::to_array<Column>({{"submitted", "新增"},
                                                {"accepted", "受理"},
                                                {"rejected", "不予受理"},
                                                {"withdrawn", "撤回"},
                                                {"concluded", "办结"},
                                                {"reopened", "重办"},
                                                {"open", "在办"},
                                                {"overdue_open", "超期未办结"},
                                                {"rated", "评价"},
                                                {"bad_rated", "差评"}});

constexpr auto kDepartments = std::to_array<Column>({{"department", "编码"},
                                                     {"name", "单位"},
                                                     {"dispatched", "派遣总数"},
                                                     {"completed_on_time", "按时办结"},
                                                     {"completed_late", "超时办结"},
                                                     {"open", "未办结"},
                                                     {"overdue", "超期"},
                                                     {"returned", "退单"},
                                                     {"contact", "联系及时率"},
                                                     {"completion", "按时反馈率"},
                                                     {"progress_due", "应报进展"},
                                                     {"progress_filed", "已报进展"},
                                                     {"yellow", "黄灯"},
                                                     {"red", "红灯"},
                                                     {"dissatisfied", "不满意数"}});

constexpr auto kLights = std::to_array<Column>({{"appeal", "编号"},
                                                {"matter", "事项"},
                                                {"department", "单位"},
                                                {"obligation", "时限"},
                                                {"due", "到期"},
                                                {"light", "灯色"},
                                                {"overdue_workdays", "超期工作日"}});

constexpr auto kLongTerm = std::to_array<Column>({{"appeal", "编号"},
                                                  {"matter", "事项"},
                                                  {"department", "单位"},
                                                  {"week_text", "本周进展"},
                                                  {"percent", "进度"},
                                                  {"filed", "已报送"}});

constexpr auto kSupervision = std::to_array<Column>({{"filed", "反映"},
                                                     {"registered", "登记"},
                                                     {"answered", "反馈"},
                                                     {"closed", "销号"},
                                                     {"open", "在办"},
                                                     {"overdue", "超期"}});

constexpr auto kPlan = std::to_array<Column>({{"environment", "环境"},
                                              {"total", "总数"},
                                              {"not_started", "未启动"},
                                              {"on_plan", "正常"},
                                              {"yellow", "黄"},
                                              {"red", "红"},
                                              {"completed", "已完成"},
                                              {"closed", "已销号"}});

constexpr auto kDueNextWeek = std::to_array<Column>({{"appeal", "编号"},
                                                     {"matter", "事项"},
                                                     {"department", "单位"},
                                                     {"obligation", "时限"},
                                                     {"due", "到期"}});

constexpr auto kRatings = std::to_array<Column>({{"invited", "邀评数"},
                                                 {"rated", "评价数"},
                                                 {"levels/5", "非常满意"},
                                                 {"levels/4", "满意"},
                                                 {"levels/3", "基本满意"},
                                                 {"levels/2", "不满意"},
                                                 {"levels/1", "非常不满意"},
                                                 {"active", "主动评价率"},
                                                 {"good", "好评率"},
                                                 {"satisfied", "满意率"},
                                                 {"bad", "差评率"},
                                                 {"called_back", "差评回访率"},
                                                 {"verified_in_time", "核实及时率"},
                                                 {"rectified", "整改率"},
                                                 {"rectified_in_time", "按期整改率"},
                                                 {"contested", "申诉数"},
                                                 {"upheld", "申诉成立数"},
                                                 {"invalidated", "无效数"}});

constexpr auto kGroups = std::to_array<Column>({{"department", "单位"},
                                                {"channel", "渠道"},
                                                {"category", "类别"},
                                                {"week", "周"},
                                                {"invited", "邀评数"},
                                                {"rated", "评价数"},
                                                {"active", "主动评价率"},
                                                {"good", "好评率"},
                                                {"satisfied", "满意率"},
                                                {"bad", "差评率"},
                                                {"called_back", "差评回访率"},
                                                {"verified_in_time", "核实及时率"},
                                                {"rectified", "整改率"},
                                                {"rectified_in_time", "按期整改率"},
                                                {"contested", "申诉数"},
                                                {"upheld", "申诉成立数"},
                                                {"invalidated", "无效数"}});

constexpr auto kClosedLoop = std::to_array<Column>({{"no", "序号"},
                                                    {"appeal", "编号"},
                                                    {"matter", "事项"},
                                                    {"department", "承办单位"},
                                                    {"duty", "主办协办"},
                                                    {"enterprise", "统一社会信用代码"},
                                                    {"category", "类别"},
                                                    {"channel", "来源"},
                                                    {"title", "诉求内容"},
                                                    {"track", "办理类型"},
                                                    {"submitted_at", "提出时间"},
                                                    {"accepted_at", "受理时间"},
                                                    {"dispatched_at", "转办时间"},
                                                    {"signed_at", "签收时间"},
                                                    {"contact_due", "联系时限"},
                                                    {"contacted_at", "联系时间"},
                                                    {"completion_due", "反馈时限"},
                                                    {"completed_at", "反馈时间"},
                                                    {"extensions", "延期次数"},
                                                    {"progress_last", "最新进展"},
                                                    {"status", "状态"},
                                                    {"light", "当前灯色"},
                                                    {"overdue_workdays", "超期工作日"},
                                                    {"yellow_cards", "黄牌数"},
                                                    {"red_cards", "红牌数"},
                                                    {"returns", "退单数"},
                                                    {"reminders", "催办数"},
                                                    {"reopens", "重办数"},
                                                    {"concluded_at", "办结时间"},
                                                    {"outcome", "办理结果"},
                                                    {"answered_at", "答复时间"},
                                                    {"callback/reached", "联系上"},
                                                    {"callback/solved", "解决"},
                                                    {"callback/satisfied", "满意"},
                                                    {"rating", "评价等级"},
                                                    {"rectification", "差评整改"},
                                                    {"closed_at", "销号时间"},
                                                    {"last_seq", "事件号"}});

constexpr auto kTasks = std::to_array<Column>({{"environment", "环境"},
                                               {"domain", "领域"},
                                               {"task", "任务"},
                                               {"title", "名称"},
                                               {"target", "年度目标"},
                                               {"lead", "牵头单位"},
                                               {"co", "配合单位"},
                                               {"original_due", "原完成时限"},
                                               {"due", "现完成时限"},
                                               {"planned", "计划进度"},
                                               {"percent", "实际进度"},
                                               {"light", "灯色"},
                                               {"status", "状态"},
                                               {"progress_last", "进展"},
                                               {"last_seq", "事件号"}});

constexpr auto kReports = std::to_array<Column>({{"no", "序号"},
                                                 {"report", "编号"},
                                                 {"supervisor", "监督员"},
                                                 {"kind", "类型"},
                                                 {"grade", "分级"},
                                                 {"title", "内容"},
                                                 {"filed_at", "反映时间"},
                                                 {"registered_at", "登记时间"},
                                                 {"department", "承办单位"},
                                                 {"due", "时限"},
                                                 {"progress", "进展"},
                                                 {"class", "办理结果"},
                                                 {"concluded_at", "办结时间"},
                                                 {"answered_at", "反馈时间"},
                                                 {"rating", "监督员评价"},
                                                 {"status", "状态"},
                                                 {"light", "灯色"},
                                                 {"closed_at", "销号时间"},
                                                 {"last_seq", "事件号"}});

// What policies bring about, behind whatever a row of it is about.
template <std::size_t N>
constexpr auto with_effect(const Column (&own)[N]) {
  constexpr Column kEffect[] = {
      {"pushed", "推送"},          {"read", "已读"},      {"applied", "申报"},
      {"granted", "批准"},         {"paid", "到账"},      {"amount", "金额（元）"},
      {"eligible", "符合"},        {"told", "已告知"},    {"never_told", "未告知"},
      {"unreachable", "无法告知"}, {"coverage", "覆盖率"}};
  std::array<Column, N + std::size(kEffect)> all;
  std::ranges::copy(kEffect, std::ranges::copy(own, all.begin()).out);
  return all;
}
constexpr auto kPolicies = with_effect({{"policy", "政策"}, {"title", "标题"}});
constexpr auto kPolicyItems =
    with_effect({{"item", "项目"}, {"policy", "政策"}, {"title", "名称"}, {"in_use", "在用"}});
constexpr auto kPolicyTotals =
    with_effect({{"enterprises", "在册企业"}, {"consenting", "同意匹配"}});
constexpr auto kTowns = with_effect({{"town", "镇街"}});
constexpr auto kIndustries = with_effect({{"industry", "行业门类"}});
constexpr auto kSizes = with_effect({{"size", "规模"}});

constexpr auto kTagging = std::to_array<Column>({{"suggested", "建议"},
                                                 {"confirmed", "标签"},
                                                 {"rejected", "不采纳"},
                                                 {"pending", "待确认"},
                                                 {"precision", "准确率"},
                                                 {"recall", "召回率"}});

constexpr auto kTags = std::to_array<Column>({{"tag", "标签名"},
                                              {"suggested", "建议"},
                                              {"confirmed", "标签"},
                                              {"rejected", "不采纳"},
                                              {"pending", "待确认"},
                                              {"precision", "准确率"},
                                              {"recall", "召回率"}});

constexpr auto kWeeklyTables =
    std::to_array<Table>({{"departments", "二、部门办理情况", kDepartments},
                          {"totals", "一、总体", kTotals},
                          {"previous", "上周", kTotals},
                          {"lights", "三、红黄灯清单", kLights},
                          {"long_term", "四、长期推进事项", kLongTerm},
                          {"ratings", "五、评价", kRatings},
                          {"supervision", "六、监督员反映事项", kSupervision},
                          {"plan", "七、六大环境任务", kPlan},
                          {"due_next_week", "八、下周到期", kDueNextWeek}});
constexpr auto kClosedLoopTables = std::to_array<Table>({{"rows", "闭环台账", kClosedLoop}});
constexpr auto kRatingTables =
    std::to_array<Table>({{"", "好差评统计", kRatings}, {"groups", "分组", kGroups}});
constexpr auto kPlanTables = std::to_array<Table>(
    {{"environments/domains/tasks", "任务台账", kTasks}, {"environments", "六大环境任务", kPlan}});
constexpr auto kSupervisionTables = std::to_array<Table>(
    {{"rows", "监督员反映事项台账", kReports}, {"totals", "合计", kSupervision}});

constexpr auto kPolicyTables = std::to_array<Table>({{"policies", "二、按政策", kPolicies},
                                                     {"totals", "一、合计", kPolicyTotals},
                                                     {"items", "三、按项目", kPolicyItems},
                                                     {"towns", "四、按镇街", kTowns},
                                                     {"industries", "五、按行业", kIndustries},
                                                     {"sizes", "六、按规模", kSizes},
                                                     {"tagging", "七、标签建议", kTagging},
                                                     {"tags", "八、按标签", kTags}});

constexpr auto kKinds =
    std::to_array<ReportKind>({{"weekly", "周报", kWeeklyTables},
                               {"closed-loop", "闭环台账", kClosedLoopTables},
                               {"ratings", "好差评统计", kRatingTables},
                               {"plan", "任务台账", kPlanTables},
                               {"supervision", "监督员台账", kSupervisionTables},
                               {"policies", "惠企政策成效", kPolicyTables}});

}  // namespace

std::span<const ReportKind> reports() { return kKinds; }

const ReportKind* find_report(std::string_view name) {
  for (const ReportKind& kind : kKinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

}  // namespace projections
