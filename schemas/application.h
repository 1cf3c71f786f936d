// Applications 政策申报: one enterprise and one item, from the match or the form to the payment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

struct CommandView;

enum class ApplicationStatus : std::uint8_t {
  none,
  matched,
  confirmed,
  started,
  submitted,
  accepted,
  reviewed,
  publicity,
  approved,
  paying,
  paid,
  rejected,
  withdrawn,
  revoked
};
struct Application {
  ApplicationStatus status = ApplicationStatus::none;
  std::uint32_t version = 0;
  std::string enterprise, item, department;
  Verdict verdict = Verdict::unknown;  // of the match; unknown without one
  std::uint32_t conditions_version =
      0;                    // of the item's stream: of the match, then of what was submitted
  std::int64_t amount = 0;  // asked for, then approved; 元
  bool passed = false, objection = false;
  std::int32_t publicity_until = 0;
  std::string reviewer;  // may not approve

  // Is it a match, that is met, of this enterprise and item under these conditions?
  [[nodiscard]] bool is_match_of(std::string_view whose, std::string_view of,
                                 std::uint32_t conditions) const {
    return verdict == Verdict::met && enterprise == whose && item == of &&
           conditions_version == conditions;
  }
};
extern const Lifecycle kApplicationLifecycle;
[[nodiscard]] bool admits(const Application& state, const engine::RecordView& record);
void evolve(Application& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Application& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
