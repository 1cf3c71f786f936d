// Supervisors 监督员: nine categories, terms of two years that never overlap; expiry is derived.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "schemas/calendar.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

struct CommandView;

[[nodiscard]] std::span<const std::string_view> supervisor_categories();  // domain.md section 1

// How long before its end a term is said to be ending (our choice).
inline constexpr Day kTermNoticeDays = 30;

enum class SupervisorStatus : std::uint8_t { none, nominated, appointed, suspended, dismissed };
struct Supervisor {
  SupervisorStatus status = SupervisorStatus::none;
  std::uint32_t version = 0;
  std::string category;
  struct Term {
    Day from = 0, until = 0;
    bool assessed = false, end_announced = false;
  };  // [from, until)
  std::vector<Term> terms;
  [[nodiscard]] const Term* last_term() const;  // that ends last; nullptr: none yet
  [[nodiscard]] bool active_on(Day day) const;
};
extern const Lifecycle kSupervisorLifecycle;
[[nodiscard]] bool admits(const Supervisor& state, const engine::RecordView& record);
void evolve(Supervisor& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Supervisor& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
