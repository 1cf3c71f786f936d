#include "tools/workload/policy_district.h"

#include <fmt/format.h>

#include <array>

#include "engine/check.h"
#include "event_generated.h"
#include "schemas/profile_fields.h"
#include "tools/workload/random.h"

namespace tools {
namespace {

using schemas::AsOfRule;
using schemas::Comparison;
using schemas::ConditionKind;
using schemas::ConditionNode;
using schemas::Day;
using schemas::ProfileField;

constexpr std::uint64_t kItemKind = 101, kEnterpriseKind = 102;

constexpr std::string_view kTowns[] = {"水清沟街道", "洛阳路街道",  "湖岛街道",   "兴隆路街道",
                                       "开平路街道", "四方街道",    "海伦路街道", "合肥路街道",
                                       "双山街道",   "浮山新区街道"};
constexpr std::string_view kIndustries[] = {
    "C2661", "C3311", "C3463", "C3912", "F5137", "F5231", "F5292", "G5430", "H6110", "H6210",
    "I6510", "I6420", "K7020", "L7211", "L7259", "M7320", "M7510", "E4710", "R8710", "O8010"};
constexpr std::string_view kQualifications[] = {"高新技术企业", "专精特新中小企业",
                                                "规模以上企业", "科技型中小企业",
                                                "瞪羚企业",     "单项冠军企业"};
constexpr std::string_view kTags[] = {"研发", "人才", "外贸", "绿色", "数字化", "文化旅游"};

Day day(std::string_view text) {
  const auto parsed = schemas::parse_date(text);
  CHECK(parsed.has_value());
  return *parsed;
}

// ---- items
// -------------------------------------------------------------------------------------------

class ItemMaker {
 public:
  ItemMaker(std::uint64_t seed, int number)
      : random_(seed, kItemKind, static_cast<std::uint64_t>(number)) {
    item_.no = fmt::format("X{:03}", number + 1);
    item_.policy = fmt::format("ZC{:03}", number % kPolicies + 1);
    item_.window_last = day(random_.per_mille(600) ? "2021-10-31" : "2021-12-31");
  }

  // Where it is registered or taxed always; then what the guides ask most: trade, size, age,
  // figures of the year before, qualifications, credit.
  GeneratedItem make() {
    node(0, ConditionKind::all);
    place();
    if (random_.per_mille(550)) industries(1);
    if (random_.per_mille(450)) leaf(1, ProfileField::size, Comparison::one_of, sizes());
    if (random_.per_mille(200))
      leaf(1, ProfileField::founded, Comparison::within_years, {number(1, 5)});
    if (random_.per_mille(500)) figure(1);
    if (random_.per_mille(350)) figure(1);
    if (random_.per_mille(400)) hold_one_of();
    if (random_.per_mille(600)) credit();
    return std::move(item_);
  }

 private:
  int node(int under, ConditionKind kind) {
    ConditionNode& one = item_.conditions.emplace_back();
    one.node = static_cast<int>(item_.conditions.size());
    one.under = under;
    one.kind = kind;
    return one.node;
  }
  ConditionNode& leaf(int under, ProfileField field, Comparison comparison,
                      std::vector<std::string> values) {
    ConditionNode& one =
        item_.conditions[static_cast<std::size_t>(node(under, ConditionKind::leaf) - 1)];
    one.field = field;
    one.comparison = comparison;
    one.values = std::move(values);
    for (const std::string& value : one.values) {
      const auto parsed = schemas::parse_asked(schemas::info_of(field), comparison, value);
      CHECK(parsed.has_value());
      one.numbers.push_back(*parsed);
    }
    return one;
  }
  std::string number(std::int64_t least, std::int64_t most) {
    return std::to_string(random_.between(least, most));
  }

  void place() {
    if (random_.per_mille(800)) {
      leaf(1, ProfileField::tax_town, Comparison::equals, {"本区"});
      return;
    }
    const int any = node(1, ConditionKind::any);
    leaf(any, ProfileField::tax_town, Comparison::equals, {"本区"});
    leaf(any, ProfileField::town, Comparison::one_of,
         {std::string(random_.one_of(kTowns)), std::string(random_.one_of(kTowns))});
  }
  void industries(int under) {
    std::vector<std::string> codes;
    for (std::int64_t i = random_.between(1, 4); i > 0; --i)
      codes.emplace_back(random_.one_of(kIndustries)
                             .substr(0, static_cast<std::size_t>(random_.one_of({1, 3, 4}))));
    leaf(under, ProfileField::industry, Comparison::one_of, std::move(codes));
  }
  std::vector<std::string> sizes() {
    if (random_.per_mille(500)) return {"small", "micro"};
    if (random_.per_mille(600)) return {"medium", "small", "micro"};
    return {"large", "medium"};
  }
  void figure(int under) {
    struct Asked {
      ProfileField field;
      std::int64_t step, most;
    };
    constexpr Asked kAsked[] = {
        {ProfileField::revenue, 500, 20},       {ProfileField::research, 50, 10},
        {ProfileField::research_ratio, 100, 6}, {ProfileField::tax_paid, 20, 10},
        {ProfileField::insured, 10, 10},        {ProfileField::revenue_growth, 500, 6},
        {ProfileField::patents, 1, 5},          {ProfileField::exports, 100, 10},
        {ProfileField::investment, 500, 6}};
    const Asked& asked = random_.one_of(kAsked);
    ConditionNode& one = leaf(under, asked.field, Comparison::at_least,
                              {std::to_string(asked.step * random_.between(1, asked.most))});
    one.as_of = AsOfRule::year_end;
    if (random_.per_mille(300)) one.fresh_days = 400;
    if (random_.per_mille(300)) one.source = asked.field == ProfileField::insured ? "人社" : "税务";
  }
  void hold_one_of() {
    const int under = random_.per_mille(500) ? 1 : node(1, ConditionKind::any);
    for (std::int64_t i = under == 1 ? 1 : random_.between(2, 3); i > 0; --i) {
      if (random_.per_mille(750))
        leaf(under, ProfileField::qualification, Comparison::holds,
             {std::string(random_.one_of(kQualifications))});
      else
        leaf(under, ProfileField::tag, Comparison::holds, {std::string(random_.one_of(kTags))});
    }
  }
  void credit() {
    const int no = node(1, ConditionKind::not_);
    leaf(no, ProfileField::credit, Comparison::one_of, {"D", "失信"});
  }

  Random random_;
  GeneratedItem item_;
};

// ---- enterprises
// -------------------------------------------------------------------------------------

struct Scale {
  std::string_view size;
  std::int64_t people_most, revenue_most;
};
constexpr std::array<Scale, 4> kScales{{{"large", 5'000, 500'000},
                                        {"medium", 900, 39'000},
                                        {"small", 280, 1'900},
                                        {"micro", 18, 280}}};

// 0.3 % large, 2.7 % medium, 17 % small, the rest micro.
const Scale& scale_of(Random& random) {
  const std::int64_t draw = random.below(1000);
  return kScales.at(draw < 3 ? 0 : draw < 30 ? 1 : draw < 200 ? 2 : 3);
}

class ProfileMaker {
 public:
  ProfileMaker(std::uint64_t seed, std::int64_t number)
      : random_(seed, kEnterpriseKind, static_cast<std::uint64_t>(number)),
        scale_(scale_of(random_)) {}

  schemas::Profile make() {
    const std::int64_t age = random_.below(random_.per_mille(500) ? 5 : 30);
    know(ProfileField::industry, random_.one_of(kIndustries), "市场监管", "2021-06-30");
    know(ProfileField::town, random_.one_of(kTowns), "市场监管", "2021-06-30");
    know(ProfileField::tax_town, random_.per_mille(930) ? "本区" : "外区", "税务", "2021-06-30");
    know(ProfileField::founded,
         schemas::date_text(day(kPolicyToday) - static_cast<Day>(age * 365 + random_.below(365))),
         "市场监管", "2021-06-30");
    if (random_.per_mille(900)) know(ProfileField::size, scale_.size, "统计", "2020-12-31");
    for (const std::string_view year_end : {"2019-12-31", "2020-12-31"}) figures(year_end);
    if (random_.per_mille(700))
      know(ProfileField::credit, random_.per_mille(30) ? "D" : "A", "信用", "2021-08-31");
    know(ProfileField::listed, random_.per_mille(2) ? "yes" : "no", "证监", "2021-06-30");
    hold();
    profile_.may_match = profile_.may_push = profile_.subscribed = true;
    return std::move(profile_);
  }

 private:
  void know(ProfileField field, std::string_view value, std::string_view source,
            std::string_view as_of) {
    const auto number = schemas::parse_value(schemas::info_of(field), value);
    CHECK(number.has_value());
    profile_.values.push_back(
        {field, std::string(value), std::string(source), *number, day(as_of), ++version_});
  }
  // What a register has of one year; what is seldom reported is seldom known.
  void figures(std::string_view as_of) {
    const auto up_to = [&](std::int64_t most) { return std::to_string(random_.below(most + 1)); };
    if (random_.per_mille(850))
      know(ProfileField::revenue, up_to(scale_.revenue_most), "税务", as_of);
    if (random_.per_mille(800))
      know(ProfileField::tax_paid, up_to(scale_.revenue_most / 20), "税务", as_of);
    if (random_.per_mille(750))
      know(ProfileField::insured, up_to(scale_.people_most), "人社", as_of);
    if (random_.per_mille(600))
      know(ProfileField::revenue_growth, std::to_string(random_.between(-4'000, 6'000)), "税务",
           as_of);
    if (random_.per_mille(250))
      know(ProfileField::research, up_to(scale_.revenue_most / 15),
           random_.per_mille(700) ? "税务" : "自报", as_of);
    if (random_.per_mille(250)) know(ProfileField::research_ratio, up_to(900), "税务", as_of);
    if (random_.per_mille(150)) know(ProfileField::patents, up_to(9), "知识产权", as_of);
    if (random_.per_mille(120))
      know(ProfileField::exports, up_to(scale_.revenue_most / 3), "海关", as_of);
    if (random_.per_mille(100))
      know(ProfileField::investment, up_to(scale_.revenue_most / 5), "统计", as_of);
  }
  void hold() {
    const bool big = scale_.size != "micro";
    for (const std::string_view name : kQualifications)
      if (random_.per_mille(big ? 80 : 6))
        profile_.qualifications.push_back(
            {std::string(name), "科技", day("2018-11-01") + static_cast<Day>(random_.below(900)),
             random_.per_mille(500) ? day("2021-10-31") : schemas::kNoLastDay, ++version_});
    for (const std::string_view tag : kTags)
      if (random_.per_mille(40))
        profile_.tags.push_back({.name = std::string(tag), .source = {}, .version = ++version_});
  }

  Random random_;
  const Scale& scale_;
  schemas::Profile profile_;
  std::uint32_t version_ = 1;
};

}  // namespace

std::vector<GeneratedItem> generate_items(std::uint64_t seed) {
  std::vector<GeneratedItem> items;
  for (int number = 0; number < kPolicyItems; ++number)
    items.push_back(ItemMaker(seed, number).make());
  return items;
}

schemas::Profile generate_profile(std::uint64_t seed, std::int64_t number) {
  return ProfileMaker(seed, number).make();
}

}  // namespace tools
