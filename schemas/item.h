// Policy items 可申报项目: what one can apply for, on which conditions, and how much of it is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "schemas/calendar.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"
#include "schemas/profile.h"

namespace schemas {

struct CommandView;

// A node of the condition tree, as it is evaluated: values parsed once.
struct ConditionNode {
  int node = 0, under = 0;
  ConditionKind kind{};
  ProfileField field{};
  Comparison comparison{};
  std::vector<std::string> values;
  std::vector<std::int64_t> numbers;  // parse_value() of each
  AsOfRule as_of{};
  std::optional<int> fresh_days;
  std::string source;
};

enum class ItemStatus : std::uint8_t { none, listed, open, withdrawn };
struct Item {
  ItemStatus status = ItemStatus::none;
  std::uint32_t version = 0;
  std::string policy, department;
  std::vector<ConditionNode> conditions;  // parents before children
  std::uint32_t conditions_version = 0;   // of the stream, when they were set; 0: not yet
  ItemMode mode = ItemMode::ordinary;
  Day from = 0, last = 0;  // the window, both days in it; used while open
  std::optional<std::int64_t> places, budget;
  std::int64_t granted = 0, amount = 0;  // so far
  std::vector<std::string> enterprises;  // who was granted it

  [[nodiscard]] bool takes_applications(Day day) const {
    return status == ItemStatus::open && from <= day && day <= last;
  }
};
extern const Lifecycle kItemLifecycle;
[[nodiscard]] bool admits(const Item& state, const engine::RecordView& record);
void evolve(Item& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Item& state, const CommandView& command,
                              const Context& context);

inline constexpr std::int64_t kGrantMax = 1'000'000'000'000;  // 元, our choice: no sum overflows

// Was the enterprise granted it before? 不重复享受
[[nodiscard]] bool is_granted(const Item& state, std::string_view enterprise);
// May one more grant of `amount` 元 to `enterprise` be made? Refusals: AlreadyGranted,
// QuotaExhausted, BudgetExhausted, each with its figures.
[[nodiscard]] std::optional<Refusal> refuse_grant(const Item& state, std::string_view enterprise,
                                                  std::int64_t amount);
// The events of such a grant in the item's stream; the last of the quota says so.
[[nodiscard]] std::vector<Emitted> grant(const Item& state, std::string_view item,
                                         std::string_view application, std::string_view enterprise,
                                         std::int64_t amount);

}  // namespace schemas
