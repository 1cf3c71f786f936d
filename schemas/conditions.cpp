#include "schemas/conditions.h"

#include <algorithm>
#include <chrono>

#include "engine/check.h"
#include "schemas/event.h"
#include "schemas/industry.h"
#include "schemas/profile_fields.h"

namespace schemas {
namespace {

std::string at_node(int node, std::string_view what) {
  return "node " + std::to_string(node) + ": " + std::string(what);
}

std::string leaf_fault(const Condition& leaf) {
  if (!leaf.field() || !leaf.comparison())
    return at_node(leaf.node(), "field and comparison are needed");
  const ProfileFieldInfo& info = info_of(*leaf.field());
  const std::size_t values = leaf.values() == nullptr ? 0 : leaf.values()->size();
  if (!may_compare(info.kind, *leaf.comparison(), values))
    return at_node(leaf.node(), std::string(info.name) + " cannot be compared so");
  for (const flatbuffers::String* value : *leaf.values())
    if (!parse_asked(info, *leaf.comparison(), view(value)))
      return at_node(leaf.node(), "value " + std::string(view(value)));
  if (*leaf.comparison() == Comparison::between &&
      *parse_value(info, view(leaf.values()->Get(0))) >
          *parse_value(info, view(leaf.values()->Get(1))))
    return at_node(leaf.node(), "between what is larger and what is smaller");
  if (leaf.fresh_days() && *leaf.fresh_days() < 0) return at_node(leaf.node(), "fresh_days");
  return {};
}

std::string node_fault(const Condition& node) {
  if (node.kind() == ConditionKind::leaf) return leaf_fault(node);
  if (node.field() || node.comparison() || node.values() != nullptr)
    return at_node(node.node(), "only a leaf compares");
  return {};
}

bool compares(const ConditionNode& leaf, const KnownValue& value, Day reference) {
  const bool industry = info_of(leaf.field).kind == FieldKind::industry;
  const bool numeric = info_of(leaf.field).kind != FieldKind::text && !industry;
  switch (leaf.comparison) {
    case Comparison::equals:
    case Comparison::one_of:
      if (numeric) return std::ranges::find(leaf.numbers, value.number) != leaf.numbers.end();
      return std::ranges::any_of(leaf.values, [&](const std::string& wanted) {
        return industry ? is_within(value.value, wanted) : value.value == wanted;
      });
    case Comparison::at_least:
      return value.number >= leaf.numbers[0];
    case Comparison::at_most:
      return value.number <= leaf.numbers[0];
    case Comparison::between:
      return value.number >= leaf.numbers[0] && value.number <= leaf.numbers[1];
    case Comparison::within_years:
      return value.number <= reference && reference <= add_years(static_cast<Day>(value.number),
                                                                 static_cast<int>(leaf.numbers[0]));
    case Comparison::holds:
      break;
  }
  CHECK(false && "what is held is not compared");
  return false;
}

}  // namespace

Day reference_of(const ConditionNode& leaf, Day today, Day window_last) {
  switch (leaf.as_of) {
    case AsOfRule::moment:
      return today;
    case AsOfRule::window_end:
      return window_last;
    case AsOfRule::year_end: {
      using namespace std::chrono;
      return static_cast<Day>(
          sys_days{year{year_of(today) - 1} / December / 31}.time_since_epoch().count());
    }
  }
  CHECK(false && "an as-of rule without a day");
  return today;
}

LeafFinding find_leaf(const ConditionNode& leaf, const Profile& profile, Day today,
                      Day window_last) {
  LeafFinding found;
  found.node = leaf.node;
  const Day reference = reference_of(leaf, today, window_last);
  if (leaf.comparison == Comparison::holds) {
    // Tags and qualifications are lists that are kept in full: what is not in them does not hold.
    const auto& held = leaf.field == ProfileField::tag ? profile.tags : profile.qualifications;
    found.holding = holding_on(held, leaf.values[0], reference);
    const bool source =
        found.holding != nullptr && !leaf.source.empty() && found.holding->source != leaf.source;
    found.stale = source;
    found.verdict = found.holding == nullptr ? Verdict::not_met
                    : source                 ? Verdict::unknown
                                             : Verdict::met;
    return found;
  }
  found.value = value_on(profile, leaf.field, reference);
  found.verdict = Verdict::unknown;
  if (found.value == nullptr) return found;
  found.stale = (leaf.fresh_days && reference - found.value->as_of > *leaf.fresh_days) ||
                (!leaf.source.empty() && found.value->source != leaf.source);
  if (!found.stale)
    found.verdict = compares(leaf, *found.value, reference) ? Verdict::met : Verdict::not_met;
  return found;
}

std::string conditions_fault(const Conditions* conditions) {
  if (conditions == nullptr || conditions->size() == 0) return "there is no condition";
  if (conditions->size() > kNodesMax) return "more than " + std::to_string(kNodesMax) + " nodes";
  std::vector<int> children(conditions->size() + 1);
  int next = 1;
  for (const Condition* node : *conditions) {
    if (node->node() != next) return at_node(node->node(), "nodes are numbered 1, 2, 3 in order");
    if ((next == 1) != (node->under() == 0) || node->under() < 0 || node->under() >= next)
      return at_node(next, "under " + std::to_string(node->under()));
    if (node->under() != 0) {
      const auto parent = static_cast<flatbuffers::uoffset_t>(node->under() - 1);
      if (conditions->Get(parent)->kind() == ConditionKind::leaf)
        return at_node(next, "under a leaf");
      ++children[static_cast<std::size_t>(node->under())];
    }
    if (std::string fault = node_fault(*node); !fault.empty()) return fault;
    ++next;
  }
  for (const Condition* node : *conditions) {
    const int count = children[static_cast<std::size_t>(node->node())];
    const bool sound = node->kind() == ConditionKind::leaf   ? count == 0
                       : node->kind() == ConditionKind::not_ ? count == 1
                                                             : count >= 1;
    if (!sound) return at_node(node->node(), "children " + std::to_string(count));
  }
  return {};
}

std::vector<ConditionNode> read_conditions(const Conditions& conditions) {
  std::vector<ConditionNode> nodes;
  for (const Condition* from : conditions) {
    ConditionNode& node = nodes.emplace_back();
    node.node = from->node();
    node.under = from->under();
    node.kind = from->kind();
    if (node.kind != ConditionKind::leaf) continue;
    node.field = *from->field();
    node.comparison = *from->comparison();
    node.as_of = from->as_of();
    if (from->fresh_days()) node.fresh_days = *from->fresh_days();
    node.source = view(from->source());
    for (const flatbuffers::String* value : *from->values()) {
      node.values.emplace_back(view(value));
      const auto number = parse_asked(info_of(node.field), node.comparison, view(value));
      CHECK(number.has_value());  // conditions_fault() was asked
      node.numbers.push_back(*number);
    }
  }
  return nodes;
}

Matching match(const std::vector<ConditionNode>& conditions, const Profile& profile, Day today,
               Day window_last) {
  Matching matching;
  // From the last node up: when a node is reached, all its children are in it.
  std::vector<Lack> lacks(conditions.size() + 1);
  std::vector<bool> begun(conditions.size() + 1);
  for (std::size_t i = conditions.size(); i-- > 0;) {
    const ConditionNode& node = conditions[i];
    if (node.kind == ConditionKind::leaf) {
      matching.leaves.push_back(find_leaf(node, profile, today, window_last));
      lacks[i + 1] = lack_of(matching.leaves.back().verdict);
    }
    const auto parent = static_cast<std::size_t>(node.under);
    if (parent == 0) continue;
    Lack& above = lacks[parent];
    const Lack own = lacks[i + 1];
    const ConditionKind kind = conditions[parent - 1].kind;
    if (kind == ConditionKind::not_) above = opposite(own);
    if (kind == ConditionKind::all) above = static_cast<Lack>(above + own);
    if (kind == ConditionKind::any) above = begun[parent] ? std::min(above, own) : own;
    begun[parent] = true;
  }
  std::ranges::reverse(matching.leaves);
  const Lack root = conditions.empty() ? kMeets : lacks[1];
  matching.lacking = lacking_of(root);
  matching.missing = missing_of(root);
  return matching;
}

}  // namespace schemas
