// Policies 惠企政策 and the vocabulary of their tags 标签词表.
#pragma once

#include <cstdint>
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

enum class PolicyStatus : std::uint8_t { none, drafted, published, repealed };
struct Policy {
  PolicyStatus status = PolicyStatus::none;
  std::uint32_t version = 0;
  Day from = 0, last = kNoLastDay;  // in force
  std::vector<std::string> tags, suggested;
  // In force on the day; a policy that is published but not yet in force is not.
  [[nodiscard]] bool in_force(Day day) const;
  [[nodiscard]] bool is_tagged(std::string_view tag) const;
};
extern const Lifecycle kPolicyLifecycle;
[[nodiscard]] bool admits(const Policy& state, const engine::RecordView& record);
void evolve(Policy& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Policy& state, const CommandView& command,
                              const Context& context);

enum class VocabularyStatus : std::uint8_t { none, published };
struct Vocabulary {
  VocabularyStatus status = VocabularyStatus::none;
  std::uint32_t version = 0;
  std::vector<std::string> tags;  // sorted
  [[nodiscard]] bool has(std::string_view tag) const;
};
extern const Lifecycle kVocabularyLifecycle;
[[nodiscard]] bool admits(const Vocabulary& state, const engine::RecordView& record);
void evolve(Vocabulary& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Vocabulary& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
