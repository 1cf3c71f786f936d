// The condition tree of an item 申报条件: whether what a person wrote is a tree at all, and what it
// says of a profile. Three-valued: met, not met, unknown (data missing, stale or from another
// source).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/item.h"
#include "schemas/profile.h"

namespace schemas {

// The rules of matching; what a match pins. Another number whenever an answer may differ.
inline constexpr int kMatcher = 1;
inline constexpr std::size_t kNodesMax = 64;  // of a tree (our choice: no printed guide has more)

using Conditions = flatbuffers::Vector<flatbuffers::Offset<Condition>>;

// What is wrong with a tree, in one sentence that names the node; empty: nothing. Sound: nodes 1,
// 2, 3 ... in order; parents before children; all and any with children, not with one, leaves with
// none; each leaf compares its field as the field's kind allows, with values that it can have.
[[nodiscard]] std::string conditions_fault(const Conditions* conditions);
// Needs a sound tree.
[[nodiscard]] std::vector<ConditionNode> read_conditions(const Conditions& conditions);

// How far a node is from being met: leaves lacking in the high byte, leaves without data in the low
// one. So the smaller number is the branch that lacks less, a sum is what both lack, and a tree of
// kNodesMax nodes overflows neither.
using Lack = std::uint16_t;
inline constexpr Lack kMeets = 0, kMisses = 1, kLacks = 0x100;
[[nodiscard]] constexpr Lack lack_of(Verdict verdict) {
  return verdict == Verdict::met ? kMeets : verdict == Verdict::unknown ? kMisses : kLacks;
}
[[nodiscard]] constexpr Lack opposite(Lack lack) {
  return lack >= kLacks ? kMeets : lack == kMeets ? kLacks : lack;
}
[[nodiscard]] constexpr std::uint8_t lacking_of(Lack lack) {
  return static_cast<std::uint8_t>(lack >> 8U);
}
[[nodiscard]] constexpr std::uint8_t missing_of(Lack lack) {
  return static_cast<std::uint8_t>(lack);
}

struct LeafFinding {
  int node = 0;
  Verdict verdict{};
  const KnownValue* value = nullptr;  // as it was found; nullptr: none
  const Holding* holding = nullptr;   // of a tag or qualification
  bool stale = false;
};

// One leaf on its own. Needs node.kind leaf.
[[nodiscard]] LeafFinding find_leaf(const ConditionNode& leaf, const Profile& profile, Day today,
                                    Day window_last);
// The day as of which a leaf asks.
[[nodiscard]] Day reference_of(const ConditionNode& leaf, Day today, Day window_last);

struct Matching {
  int lacking = 0;                  // 差 k 项: as few leaves as would have to change
  int missing = 0;                  // beside them, leaves for which data is missing
  std::vector<LeafFinding> leaves;  // in order of their nodes
  [[nodiscard]] Verdict verdict() const {
    if (lacking > 0) return Verdict::not_met;
    return missing > 0 ? Verdict::unknown : Verdict::met;
  }
};

// What the conditions say of the profile at a moment; `window_last`: the window's last day, for
// leaves that ask as of it. An empty tree is met. Of any, the branch that lacks least counts; the
// opposite of a branch that is met lacks one.
[[nodiscard]] Matching match(const std::vector<ConditionNode>& conditions, const Profile& profile,
                             Day today, Day window_last);

}  // namespace schemas
