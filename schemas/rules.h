// Rule sets 规则集, stream rules/ID: the office's time limits as data. What started under a rule
// set keeps it.
#pragma once

#include <cstdint>
#include <string>

#include "engine/record.h"
#include "engine/result.h"
#include "engine/source.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

inline constexpr int kOff = -1;  // the duty is switched off

// The limits in force. Defaults (a ledger without a rule set, an omitted field): domain.md
// section 4.
struct RuleSet {
  std::string id = "default";
  int accept_workdays = 1, dispatch_workdays = 1, sign_workdays = 1, contact_workdays = 1;
  int completion_workdays = 3, same_day_cutoff = 16 * 60 /* minutes of the day */;
  int co_opinion_workdays = 2, return_workdays = 1, return_ruling_workdays = 1;
  int callback_workdays = 3, rating_workdays = 5;
  int rating_verify_workdays = 1, rating_rectify_workdays = 5, rating_rectify_complex_workdays = 15;
  int extension_workdays_max = 7, extensions_max = 2;
  int weekly_progress = 1;
  int report_register_workdays = 1, report_dispatch_workdays = 5;
  int report_conclude_c_workdays = 5, report_conclude_b_workdays = 15, report_conclude_a_months = 1;
  int report_reply_workdays = 3, shelve_review_days = 30;
};

enum class RulesStatus : std::uint8_t { none, published, retired };
struct Rules {
  RulesStatus status = RulesStatus::none;
  std::uint32_t version = 0;
  RuleSet set;
};
// The rule set that counts after the first `seq` records: the newest one that is not retired.
[[nodiscard]] engine::Result<RuleSet> rules_in_force(const engine::Source& source,
                                                     std::uint64_t seq);

extern const Lifecycle kRulesLifecycle;
[[nodiscard]] bool admits(const Rules& state, const engine::RecordView& record);
void evolve(Rules& state, const engine::RecordView& record);
struct CommandView;
[[nodiscard]] Decision decide(const Rules& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
