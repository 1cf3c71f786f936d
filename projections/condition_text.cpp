// Conditions and findings in words that an enterprise reads.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "projections/matches.h"
#include "schemas/profile_fields.h"

namespace projections {

using schemas::Comparison;
using schemas::ConditionNode;
using schemas::FieldKind;
using schemas::ProfileField;
using schemas::ProfileFieldInfo;

namespace {

constexpr std::string_view kBasisPoints = "0.01%";

std::string size_text(std::string_view value) {
  constexpr std::array<std::string_view, 5> kNames{"大型", "中型", "小型", "微型", "不划型"};
  for (const schemas::SizeClass one : schemas::EnumValuesSizeClass())
    if (schemas::EnumNameSizeClass(one) == value)
      return std::string(kNames.at(static_cast<std::size_t>(one)));
  return std::string(value);
}

// 312 of 0.01% is 3.12%; 12 of 人 is "12 人".
std::string value_text(const ProfileFieldInfo& info, std::string_view value, std::int64_t number) {
  if (info.kind == FieldKind::size) return size_text(value);
  if (info.kind == FieldKind::flag) return number == 1 ? "是" : "否";
  if (info.kind != FieldKind::number) return std::string(value);
  constexpr std::int64_t kPercent = 100;
  if (info.unit == kBasisPoints)
    return fmt::format("{}{}.{:02}%", number < 0 ? "-" : "", std::abs(number) / kPercent,
                       std::abs(number) % kPercent);
  return fmt::format("{} {}", value, info.unit);
}

std::string held_text(ProfileField field, std::string_view name) {
  return field == ProfileField::tag ? fmt::format("有“{}”标签", name)
                                    : fmt::format("具有{}资质", name);
}

}  // namespace

std::string condition_text(const ConditionNode& leaf) {
  const ProfileFieldInfo& info = schemas::info_of(leaf.field);
  const auto value = [&](std::size_t i) {
    return value_text(info, leaf.values[i], leaf.numbers[i]);
  };
  switch (leaf.comparison) {
    case Comparison::equals:
      return fmt::format("{}为{}", info.chinese, value(0));
    case Comparison::one_of: {
      std::string all;
      for (std::size_t i = 0; i < leaf.values.size(); ++i) all += (i == 0 ? "" : "、") + value(i);
      return fmt::format("{}属于{}", info.chinese, all);
    }
    case Comparison::at_least:
      return info.kind == FieldKind::date ? fmt::format("{}不早于 {}", info.chinese, value(0))
                                          : fmt::format("{}不少于 {}", info.chinese, value(0));
    case Comparison::at_most:
      return info.kind == FieldKind::date ? fmt::format("{}不晚于 {}", info.chinese, value(0))
                                          : fmt::format("{}不超过 {}", info.chinese, value(0));
    case Comparison::between:
      return fmt::format("{}在 {} 至 {} 之间", info.chinese, value(0), value(1));
    case Comparison::within_years:
      return fmt::format("{}距今不超过 {} 年", info.chinese, leaf.values[0]);
    case Comparison::holds:
      return held_text(leaf.field, leaf.values[0]);
  }
  return {};
}

std::string verdict_text(int lacking, int missing) {
  if (lacking > 0) return fmt::format("差 {} 项", lacking);
  return missing > 0 ? "待补数据" : "符合";
}

namespace {

// Is the node under a "not"? What is met there speaks against the enterprise, not for it.
bool is_denied(const std::vector<ConditionNode>& conditions, int node) {
  for (int at = node; at != 0; at = conditions[static_cast<std::size_t>(at - 1)].under)
    if (conditions[static_cast<std::size_t>(at - 1)].kind == schemas::ConditionKind::not_)
      return true;
  return false;
}

std::string finding_text(const ConditionNode& leaf, const schemas::LeafFinding& finding) {
  if (finding.holding != nullptr) return held_text(leaf.field, finding.holding->name);
  const ProfileFieldInfo& info = schemas::info_of(leaf.field);
  if (info.kind == FieldKind::flag && leaf.field == ProfileField::listed)
    return finding.value->number == 1 ? "已上市" : "未上市";
  const std::string value = value_text(info, finding.value->value, finding.value->number);
  return info.kind == FieldKind::number ? fmt::format("{} {}", info.chinese, value)
                                        : fmt::format("{}为{}", info.chinese, value);
}

}  // namespace

std::string match_reason(const ItemEntry& item, const schemas::Matching& matching) {
  std::vector<std::string> known;
  for (const schemas::LeafFinding& finding : matching.leaves) {
    const ConditionNode& leaf = item.state.conditions[static_cast<std::size_t>(finding.node - 1)];
    if (finding.verdict != schemas::Verdict::met || is_denied(item.state.conditions, finding.node))
      continue;
    std::string text = finding_text(leaf, finding);
    if (std::ranges::find(known, text) == known.end()) known.push_back(std::move(text));
  }
  if (known.empty()) return fmt::format("因为贵企业符合“{}”的申报条件。", item.title);
  return fmt::format("因为贵企业{}，符合“{}”的申报条件。", fmt::join(known, "、"), item.title);
}

}  // namespace projections
