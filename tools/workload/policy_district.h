// The policies of a generated district: 63 policies with 212 items and their conditions, and the
// profiles of as many enterprises as are asked for, with a plausible spread of size, trade, age and
// of what is not known. One seed, one district.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schemas/item.h"
#include "schemas/profile.h"

namespace tools {

inline constexpr int kPolicies = 63, kPolicyItems = 212;
inline constexpr std::string_view kPolicyToday = "2021-09-16";

struct GeneratedItem {
  std::string no, policy;
  std::vector<schemas::ConditionNode> conditions;
  schemas::Day window_last = 0;
};

[[nodiscard]] std::vector<GeneratedItem> generate_items(std::uint64_t seed);
// The profile of the `number`-th enterprise, whatever others are made.
[[nodiscard]] schemas::Profile generate_profile(std::uint64_t seed, std::int64_t number);

}  // namespace tools
