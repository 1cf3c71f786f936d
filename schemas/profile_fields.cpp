#include "schemas/profile_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/check.h"
#include "schemas/industry.h"

namespace schemas {
namespace {

using K = FieldKind;
using F = ProfileField;

constexpr std::array kFields{
    ProfileFieldInfo{F::industry, K::industry, "industry", "行业", ""},
    ProfileFieldInfo{F::town, K::text, "town", "注册地", ""},
    ProfileFieldInfo{F::tax_town, K::text, "tax_town", "纳税地", ""},
    ProfileFieldInfo{F::size, K::size, "size", "规模", ""},
    ProfileFieldInfo{F::founded, K::date, "founded", "成立日期", ""},
    ProfileFieldInfo{F::people, K::number, "people", "从业人员", "人"},
    ProfileFieldInfo{F::insured, K::number, "insured", "参保人数", "人"},
    ProfileFieldInfo{F::revenue, K::number, "revenue", "营业收入", "万元"},
    ProfileFieldInfo{F::revenue_growth, K::number, "revenue_growth", "营业收入增长率", "0.01%",
                     true},
    ProfileFieldInfo{F::assets, K::number, "assets", "资产总额", "万元"},
    ProfileFieldInfo{F::tax_paid, K::number, "tax_paid", "纳税额", "万元"},
    ProfileFieldInfo{F::research, K::number, "research", "研发投入", "万元"},
    ProfileFieldInfo{F::research_ratio, K::number, "research_ratio", "研发投入占比", "0.01%"},
    ProfileFieldInfo{F::patents, K::number, "patents", "有效发明专利", "件"},
    ProfileFieldInfo{F::exports, K::number, "exports", "出口额", "万元"},
    ProfileFieldInfo{F::investment, K::number, "investment", "固定资产投资", "万元"},
    ProfileFieldInfo{F::credit, K::text, "credit", "信用等级", ""},
    ProfileFieldInfo{F::listed, K::flag, "listed", "上市", ""},
    ProfileFieldInfo{F::tag, K::held, "tag", "标签", ""},
    ProfileFieldInfo{F::qualification, K::held, "qualification", "资质", ""},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFields.size(); ++i)
    if (static_cast<std::size_t>(kFields[i].field) != i) return false;
  return kFields.size() == static_cast<std::size_t>(F::MAX) + 1;
}
static_assert(in_order(), "one row a field, in the order of item.fbs");

constexpr std::int64_t kNumberMax = 1'000'000'000'000;  // our choice: no sum of two overflows

constexpr std::int64_t kYearsMax = 200;  // further back than any date
constexpr int kFirstFounded = 1840;  // our choice: before any enterprise that a register still has

std::optional<std::int64_t> parse_number(std::string_view text, bool may_fall) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number > kNumberMax || number < (may_fall ? -kNumberMax : 0)) return std::nullopt;
  return number;
}

}  // namespace

const ProfileFieldInfo& info_of(ProfileField field) {
  return kFields.at(static_cast<std::size_t>(field));
}

std::optional<std::int64_t> parse_value(const ProfileFieldInfo& info, std::string_view text) {
  if (text.empty()) return std::nullopt;
  switch (info.kind) {
    case K::text:
    case K::held:
      return 0;
    case K::industry:
      return is_industry(text) ? std::optional<std::int64_t>(0) : std::nullopt;
    case K::size:
      for (const SizeClass one : EnumValuesSizeClass())
        if (EnumNameSizeClass(one) == text) return static_cast<std::int64_t>(one);
      return std::nullopt;
    case K::number:
      return parse_number(text, info.may_fall);
    case K::date:
      return parse_date(text, kFirstFounded);
    case K::flag:
      if (text == "yes") return 1;
      if (text == "no") return 0;
      return std::nullopt;
  }
  CHECK(false && "a kind of field without a rule");
  return std::nullopt;
}

std::optional<std::int64_t> parse_asked(const ProfileFieldInfo& info, Comparison comparison,
                                        std::string_view text) {
  if (comparison != Comparison::within_years) return parse_value(info, text);
  const auto years = parse_number(text, /*may_fall=*/false);
  return years && *years <= kYearsMax ? years : std::nullopt;
}

bool may_compare(FieldKind kind, Comparison comparison, std::size_t values) {
  switch (comparison) {
    case Comparison::equals:
      return kind != K::held && values == 1;
    case Comparison::one_of:
      return (kind == K::text || kind == K::industry || kind == K::size) && values >= 1;
    case Comparison::at_least:
    case Comparison::at_most:
      return (kind == K::number || kind == K::date) && values == 1;
    case Comparison::between:
      return (kind == K::number || kind == K::date) && values == 2;
    case Comparison::within_years:
      return kind == K::date && values == 1;
    case Comparison::holds:
      return kind == K::held && values == 1;
  }
  CHECK(false && "a comparison without a rule");
  return false;
}

}  // namespace schemas
