// The codes of reports and events in the words of domain.md, for who reads the printed page.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace tools {

inline constexpr auto kPageWords = std::to_array<std::pair<std::string_view, std::string_view>>({
    // lights
    {"green", "绿灯"},
    {"yellow", "黄灯"},
    {"red", "红灯"},
    {"grey", "灰灯"},
    // statuses
    {"submitted", "已提交"},
    {"supplement_requested", "待补充"},
    {"accepted", "已受理"},
    {"rejected", "不予受理"},
    {"withdrawn", "已撤回"},
    {"merged", "已并案"},
    {"transferred", "已移送"},
    {"shelved", "已挂账"},
    {"excluded", "已剔除"},
    {"dispatched", "已转办"},
    {"signed", "已签收"},
    {"contacted", "已联系"},
    {"returning", "申请退单"},
    {"returned", "已退单"},
    {"redispatched", "已改派"},
    {"cancelled", "已撤单"},
    {"long_term", "长期推进"},
    {"completed", "已反馈"},
    {"concluded", "已办结"},
    {"answered", "已答复"},
    {"closed", "已销号"},
    {"filed", "已反映"},
    {"registered", "已登记"},
    {"declined", "不采纳"},
    {"graded", "已分级"},
    {"not_started", "未启动"},
    {"started", "已启动"},
    {"blocked", "受阻"},
    {"verified", "已核验"},
    // outcomes, findings
    {"solved", "已解决"},
    {"partly_solved", "部分解决"},
    {"explained", "解释说明"},
    {"planned", "列入计划"},
    {"not_possible", "无法解决"},
    {"unfounded", "不属实"},
    {"assigned", "已转办"},
    {"reported", "已报告"},
    {"fed_back", "已反馈"},
    // kinds
    {"lead", "主办"},
    {"co", "协办"},
    {"standard", "限时"},
    {"same_day", "即办"},
    {"app", "应用"},
    {"web", "网站"},
    {"phone", "电话"},
    {"visit", "走访"},
    {"import", "导入"},
    {"suggestion", "建议"},
    {"clue", "线索"},
    {"true", "是"},
    {"false", "否"},
});

}  // namespace tools
