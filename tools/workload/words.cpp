// Fixed word lists, and the few rules that join them.
#include "tools/workload/words.h"

#include <fmt/format.h>

#include "engine/check.h"

namespace tools {
namespace {

constexpr std::string_view kDepartmentNames[kDepartments] = {
    "区发展和改革局",     "区工业和信息化局",
    "区行政审批服务局",   "区市场监督管理局",
    "区住房和城乡建设局", "区自然资源局",
    "区生态环境分局",     "区人力资源和社会保障局",
    "区财政局",           "区税务局",
    "区商务局",           "区科学技术局",
    "区交通运输局",       "区城市管理局",
    "区综合行政执法局",   "区应急管理局",
    "区农业农村局",       "区文化和旅游局",
    "区卫生健康局",       "区教育和体育局",
    "公安分局",           "区司法局",
    "区人民法院",         "区消防救援大队",
    "供电公司",           "水务集团",
    "能源集团",           "区地方金融监管局",
    "区大数据发展管理局", "海关"};

constexpr Topic kConstruction[] = {
    {"施工许可证办理时间长", "厂房扩建项目材料已报齐，施工许可证迟迟未批",
     "明确办理时限并一次性告知缺项"},
    {"竣工联合验收排队", "二期车间已完工，联合验收排期一推再推", "尽快安排联合验收"},
    {"厂区道路开口审批", "新厂区需在主干道开设出入口，几个部门说法不一", "由一个部门牵头答复"},
    {"项目用地红线不清", "地块勘界结果与合同附图不一致，围墙无法施工", "重新核定用地红线"}};
constexpr Topic kStartUp[] = {
    {"营业执照变更卡在网上系统", "法定代表人变更网上提交后一直显示待审核", "尽快审核或告知原因"},
    {"食品经营许可现场核查未安排", "申请提交两周，未接到现场核查通知", "安排现场核查"},
    {"注销登记清算备案被退回", "清算组备案三次被退回，理由每次不同", "一次性告知全部要求"}};
constexpr Topic kTax[] = {
    {"留抵退税到账慢", "增值税留抵退税申请已通过，款项未到账", "核实退税进度"},
    {"电子发票额度不足", "订单增加后每月开票额度不够用", "调整开票额度"},
    {"社保费重复扣缴", "本月社保费扣缴了两次", "退回多扣的款项"}};
constexpr Topic kPower[] = {
    {"高压增容申请久未答复", "新生产线投产需要增容，供电方案迟迟未出", "尽快出具供电方案"},
    {"园区频繁停电", "近期园区多次无预告停电，设备受损", "查明原因并提前告知"},
    {"临时用电改正式用电", "厂房已验收，仍按临时用电计价", "办理正式用电"}};
constexpr Topic kWater[] = {
    {"厂区供水压力不足", "高峰时段水压过低，影响生产", "改造管网或增设加压"},
    {"天然气接入费用不明", "接入报价单列有多项不明收费", "公开收费依据"},
    {"污水接管审批", "排水许可材料已交，接管施工无人答复", "明确接管时间"}};
constexpr Topic kEstate[] = {
    {"厂房不动产登记证办理", "购买的标准厂房已交付两年，仍未办证", "协调开发单位办理登记"},
    {"抵押登记注销", "贷款已结清，抵押登记注销需多次往返", "网上办理注销"}};
constexpr Topic kLabour[] = {
    {"用工短缺", "订单旺季一线工人缺口约五十人", "组织专场招聘"},
    {"稳岗补贴未到账", "稳岗返还公示已结束，补贴未到账", "核实发放进度"},
    {"人才公寓申请", "引进的工程师申请人才公寓排队过长", "增加房源或给予补贴"}};
constexpr Topic kFinance[] = {
    {"续贷困难", "银行以行业风险为由压缩续贷额度", "协调银企对接"},
    {"贷款担保费过高", "担保公司收费高于宣传标准", "核查收费并推荐政策性担保"},
    {"知识产权质押融资", "持有多项专利，希望办理质押贷款", "提供对接渠道"}};
constexpr Topic kTender[] = {
    {"投标保证金退还慢", "中标结果公示已过一个月，保证金未退", "督促退还保证金"},
    {"采购合同款拖欠", "为单位供货已验收，货款逾期三个月", "督促按合同付款"},
    {"招标文件设置门槛", "招标文件要求本地业绩，排斥外地企业", "核查并改正"}};
constexpr Topic kTrade[] = {
    {"进口货物查验等待久", "冷链货物查验排队两天，费用增加", "优化查验安排"},
    {"出口退税单证备案", "单证备案要求不清楚", "组织一次辅导"}};
constexpr Topic kPolicy[] = {
    {"技改补助资金未兑现", "去年技改项目已验收，补助未拨付", "明确兑现时间"},
    {"高新技术企业奖励", "认定满一年，奖励未发放", "核实奖励发放进度"},
    {"惠企政策看不懂", "申报指南条款多，不知是否符合条件", "安排专人解读"}};
constexpr Topic kLaw[] = {{"合同纠纷执行慢", "胜诉后申请执行八个月，未查封财产", "告知执行进展"},
                          {"商标被仿冒", "市场上出现仿冒我公司商标的产品", "查处仿冒行为"},
                          {"重复检查", "一个月内接到三个部门检查通知", "合并检查事项"}};
constexpr Topic kTraffic[] = {
    {"货车通行受限", "园区周边道路限行，原料进厂绕行", "办理通行证或调整时段"},
    {"公交线路不到园区", "员工上下班无公交可乘", "增设站点"},
    {"门前道路破损积水", "园区门前道路坑洼，雨天积水", "修复路面和排水"}};
constexpr Topic kSafety[] = {{"消防验收意见不一", "两次验收提出的整改意见不同", "统一整改意见"},
                             {"环评审批进度", "环评报告表受理后未见公示", "告知审批进度"},
                             {"夜间施工噪声", "相邻工地夜间施工影响员工休息", "依法查处"}};

constexpr int kBuilders[] = {4, 5, 2, 0}, kRegistrars[] = {2, 3}, kTaxers[] = {9, 7},
              kPowers[] = {24, 1}, kWaters[] = {25, 26, 4}, kEstates[] = {5, 2},
              kLabours[] = {7, 19}, kFinances[] = {27, 8}, kTenders[] = {8, 0, 4},
              kTrades[] = {29, 10}, kPolicies[] = {1, 11, 8, 28}, kLaws[] = {22, 21, 3, 14},
              kTraffics[] = {12, 20, 13}, kSafeties[] = {23, 6, 15, 14, 18, 16, 17};

constexpr Subject kSubjects[] = {{"项目建设", kBuilders, kConstruction},
                                 {"开办企业", kRegistrars, kStartUp},
                                 {"纳税服务", kTaxers, kTax},
                                 {"获得电力", kPowers, kPower},
                                 {"获得水气", kWaters, kWater},
                                 {"不动产登记", kEstates, kEstate},
                                 {"用工与人才", kLabours, kLabour},
                                 {"企业融资", kFinances, kFinance},
                                 {"招标采购", kTenders, kTender},
                                 {"跨境贸易", kTrades, kTrade},
                                 {"政策兑现", kPolicies, kPolicy},
                                 {"法治与执法", kLaws, kLaw},
                                 {"交通与市政", kTraffics, kTraffic},
                                 {"安全与环保", kSafeties, kSafety}};

constexpr Industry kIndustries[] = {
    {"C3311", "金属制品"}, {"C3484", "机械零部件"}, {"C3812", "电机"},     {"C1361", "海产食品"},
    {"C2927", "塑料制品"}, {"C2770", "卫生材料"},   {"C3670", "汽车配件"}, {"C1751", "纺织"},
    {"E4710", "建筑工程"}, {"F5122", "海产品贸易"}, {"F5179", "机电贸易"}, {"F5211", "百货"},
    {"G5431", "货运物流"}, {"G5442", "国际货代"},   {"H6110", "酒店管理"}, {"H6210", "餐饮管理"},
    {"I6513", "软件技术"}, {"I6550", "信息技术"},   {"L7212", "园区管理"}, {"M7320", "工程技术"},
    {"M7519", "科技服务"}, {"N7722", "环保工程"},   {"A0511", "农业科技"}, {"R8912", "文化体育"}};
constexpr std::string_view kFirst[] = {"海", "鲁", "东", "金", "瑞", "恒", "华", "安", "博", "中",
                                       "新", "永", "嘉", "宏", "正", "润", "泰", "利", "盛", "启"};
constexpr std::string_view kSecond[] = {"源", "达", "通", "信", "康", "阳", "航", "凯", "诚", "辰",
                                        "合", "远", "林", "锐", "洋", "佳", "创", "元", "丰", "宇"};
constexpr std::string_view kForms[] = {"有限公司", "有限公司", "有限公司", "有限责任公司",
                                       "股份有限公司"};
constexpr std::string_view kTowns[] = {"临港街道",   "东山街道", "西河街道", "北湾街道", "滨海街道",
                                       "长江路街道", "柳泊镇",   "大场镇",   "石门镇",   "云溪镇"};
constexpr std::string_view kSizes[] = {"大型", "中型", "中型", "小型", "小型",
                                       "小型", "微型", "微型", "微型", "微型"};
constexpr std::string_view kSurnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "孙",
                                          "周", "徐", "薛", "丁", "管", "逄", "于", "姜"};
constexpr std::string_view kGiven[] = {"伟",   "敏",   "建国", "丽华", "志强", "海燕",
                                       "晓东", "文静", "永刚", "秀兰", "明",   "洁",
                                       "学军", "春梅", "宁",   "雪松"};

constexpr std::string_view kMarket[] = {"开办企业", "项目建设", "政府采购", "招标投标"};
constexpr std::string_view kInvestment[] = {"自贸区改革", "跨境贸易", "企业融资"};
constexpr std::string_view kService[] = {"纳税服务", "不动产登记", "获得电力", "获得水气",
                                         "政务服务"};
constexpr std::string_view kSupervision[] = {"市场监管", "劳动力市场监管"};
constexpr std::string_view kRule[] = {"合同执行", "办理破产", "中小投资者保护",
                                      "知识产权保护和运用"};
constexpr std::string_view kPeople[] = {"人才服务", "包容普惠创新"};
constexpr PlanEnvironment kEnvironments[] = {
    {"市场环境", "充满活力", kMarket, 53},  {"投资环境", "更具吸引力", kInvestment, 68},
    {"政务环境", "便捷高效", kService, 70}, {"监管执法环境", "规范公正", kSupervision, 33},
    {"法治环境", "公平透明", kRule, 43},    {"人文环境", "宜居宜业", kPeople, 24}};

}  // namespace

std::string_view department_name(int department) {
  CHECK(department >= 0 && department < kDepartments);
  return kDepartmentNames[department];
}

std::string department_id(int department) { return fmt::format("D{:02}", department + 1); }

std::span<const Subject> subjects() { return kSubjects; }

const Industry& industry(Random& random) { return random.one_of(kIndustries); }

std::string_view town(Random& random) { return random.one_of(kTowns); }

std::string_view size(Random& random) { return random.one_of(kSizes); }

std::string enterprise_name(Random& random, const Industry& industry) {
  const std::string_view first = random.one_of(kFirst), second = random.one_of(kSecond);
  return fmt::format("{}{}{}{}", first, second, industry.words, random.one_of(kForms));
}

std::string person_name(Random& random) {
  const std::string_view surname = random.one_of(kSurnames);
  return fmt::format("{}{}", surname, random.one_of(kGiven));
}

std::string phone_number(Random& random) {
  return fmt::format("139{:08}", random.below(100'000'000));
}

std::span<const PlanEnvironment> plan_environments() { return kEnvironments; }

}  // namespace tools
