// Rule sets: published once under an id, retired later, never changed. What started under one keeps
// it.
#include "schemas/rules.h"

#include <fmt/format.h>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using enum RefusalCode;
using E = EventType;
using S = RulesStatus;

constexpr std::array<std::string_view, 3> kStatuses{"none", "published", "retired"};

// clang-format off
constexpr std::array kRows{
    Transition{E::RuleSetPublished, in({S::none}),      static_cast<int>(S::published), kLead | kLeader | kSystem, {OutOfRange}},
    Transition{E::RuleSetRetired,   in({S::published}), static_cast<int>(S::retired),   kLead | kLeader | kSystem, {}},
};
constexpr TransitionIndex kIndex = index_of(kRows);

// Each limit of the event and its place in the set. `most`: above it nobody means it (our choice).
struct Limit {
  std::string_view name;
  std::int16_t (RuleSetPublished::*asked)() const;
  int RuleSet::*kept;
  int least = 0, most = 250;
};
using P = RuleSetPublished;
constexpr std::array kLimits{
    Limit{"accept_workdays", &P::accept_workdays, &RuleSet::accept_workdays},
    Limit{"dispatch_workdays", &P::dispatch_workdays, &RuleSet::dispatch_workdays},
    Limit{"sign_workdays", &P::sign_workdays, &RuleSet::sign_workdays},
    Limit{"contact_workdays", &P::contact_workdays, &RuleSet::contact_workdays},
    Limit{"completion_workdays", &P::completion_workdays, &RuleSet::completion_workdays},
    Limit{"co_opinion_workdays", &P::co_opinion_workdays, &RuleSet::co_opinion_workdays},
    Limit{"return_workdays", &P::return_workdays, &RuleSet::return_workdays},
    Limit{"return_ruling_workdays", &P::return_ruling_workdays, &RuleSet::return_ruling_workdays},
    Limit{"callback_workdays", &P::callback_workdays, &RuleSet::callback_workdays},
    Limit{"rating_workdays", &P::rating_workdays, &RuleSet::rating_workdays},
    Limit{"rating_verify_workdays", &P::rating_verify_workdays, &RuleSet::rating_verify_workdays},
    Limit{"rating_rectify_workdays", &P::rating_rectify_workdays, &RuleSet::rating_rectify_workdays},
    Limit{"rating_rectify_complex_workdays", &P::rating_rectify_complex_workdays, &RuleSet::rating_rectify_complex_workdays},
    Limit{"extension_workdays_max", &P::extension_workdays_max, &RuleSet::extension_workdays_max},
    Limit{"extensions_max", &P::extensions_max, &RuleSet::extensions_max},
    Limit{"weekly_progress", &P::weekly_progress, &RuleSet::weekly_progress, 1, 1},
    Limit{"report_register_workdays", &P::report_register_workdays, &RuleSet::report_register_workdays},
    Limit{"report_dispatch_workdays", &P::report_dispatch_workdays, &RuleSet::report_dispatch_workdays},
    Limit{"report_conclude_c_workdays", &P::report_conclude_c_workdays, &RuleSet::report_conclude_c_workdays},
    Limit{"report_conclude_b_workdays", &P::report_conclude_b_workdays, &RuleSet::report_conclude_b_workdays},
    Limit{"report_conclude_a_months", &P::report_conclude_a_months, &RuleSet::report_conclude_a_months, 0, 24},
    Limit{"report_reply_workdays", &P::report_reply_workdays, &RuleSet::report_reply_workdays},
    Limit{"shelve_review_days", &P::shelve_review_days, &RuleSet::shelve_review_days},
};
// clang-format on

// "16:00" -> minutes of the day.
std::optional<int> parse_minutes(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

// The schema knows which limits may be switched off: those with (off).
bool may_be_off(std::string_view field) {
  static const reflection::Object& table = *info_of(E::RuleSetPublished).table;
  const auto* found = table.fields()->LookupByKey(std::string(field).c_str());
  return found != nullptr && found->attributes() != nullptr &&
         found->attributes()->LookupByKey("off") != nullptr;
}

std::optional<Refusal> check_limits(const RuleSetPublished& asked) {
  for (const Limit& limit : kLimits) {
    const int value = (asked.*limit.asked)();
    if (value == kOff && may_be_off(limit.name)) continue;
    if (value < limit.least || value > limit.most)
      return Refusal{OutOfRange, fmt::format("{}: {}..{}", limit.name, limit.least, limit.most)};
  }
  const std::string_view cutoff = view(asked.same_day_cutoff());
  if (!cutoff.empty() && !parse_minutes(cutoff))
    return Refusal{OutOfRange, "same_day_cutoff: HH:MM"};
  return std::nullopt;
}

}  // namespace

const Lifecycle kRulesLifecycle{"rules", "规则集", kStatuses, kRows, kIndex};

bool admits(const Rules& state, const engine::RecordView& record) {
  return find_transition(kRulesLifecycle, static_cast<unsigned>(state.status), type_of(record)) !=
         nullptr;
}

void evolve(Rules& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  state.version = record.version;
  if (type_of(record) == E::RuleSetRetired) {
    state.status = S::retired;
    return;
  }
  const auto& event = payload_of<RuleSetPublished>(record);
  state.status = S::published;
  state.set.id = record.no;
  for (const Limit& limit : kLimits) state.set.*limit.kept = (event.*limit.asked)();
  if (const auto cutoff = parse_minutes(view(event.same_day_cutoff())))
    state.set.same_day_cutoff = *cutoff;
}

Decision decide(const Rules& state, const CommandView& command, const Context& /*context*/) {
  if (auto refusal =
          check_transition(kRulesLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(*refusal);
  if (command.event == E::RuleSetPublished)
    if (auto refusal = check_limits(payload_of<RuleSetPublished>(command.data)))
      return std::unexpected(*refusal);
  return pass_through(command);
}

engine::Result<RuleSet> rules_in_force(const engine::Source& source, std::uint64_t seq) {
  std::vector<std::string> published;  // oldest first
  auto read = source.streams("rules", [&](std::string_view no, std::uint64_t first) {
    if (first <= seq) published.emplace_back(no);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  RuleSet newest;
  for (const std::string& no : published) {
    Rules rules;
    read = source.read_stream("rules", no, [&](const engine::RecordView& record) {
      if (record.seq > seq || !admits(rules, record)) return false;
      evolve(rules, record);
      return true;
    });
    if (!read) return std::unexpected(read.error());
    if (rules.status == RulesStatus::published) newest = rules.set;
  }
  return newest;
}

}  // namespace schemas
