// The guards of yellow and red cards 黄牌 红牌 (domain.md section 4): a card says what the derived
// light says, once for each obligation and clock; a waiver leaves both visible.
#include "engine/check.h"
#include "schemas/appeal_rules.h"

namespace schemas {
namespace {

Light light_now(const Asked& asked, const Assignment* assignment, Obligation obligation) {
  const Micros now = asked.context.now;
  const DutyScope scope = row_of(obligation).scope;
  const std::vector<Clock>* clocks = nullptr;
  if (assignment != nullptr) {
    if (scope != DutyScope::assignment) return Light::none;
    if (obligation == Obligation::progress)
      return progress_light(*assignment, asked.context.calendar, now);
    clocks = &assignment->clocks;
  } else if (scope == DutyScope::stream) {
    clocks = &asked.appeal.clocks;
  } else if (scope == DutyScope::round && !asked.appeal.rounds.empty()) {
    clocks = &asked.appeal.rounds.back().clocks;
  }
  const Clock* clock = clocks == nullptr ? nullptr : find_clock(*clocks, obligation);
  return clock == nullptr ? Light::none : light_of(clock->duty, now);
}

bool has_card(std::uint32_t cards, Obligation obligation) {
  return ((cards >> static_cast<unsigned>(obligation)) & 1u) != 0;
}

Decision issue(const Asked& asked, const Assignment* assignment, Light light,
               Obligation obligation) {
  if (light_now(asked, assignment, obligation) != light) return refuse(RefusalCode::LightIsNotSo);
  const bool yellow = light == Light::yellow;
  std::uint32_t cards = yellow ? asked.appeal.yellow_cards : asked.appeal.red_cards;
  if (assignment != nullptr) cards = yellow ? assignment->yellow_cards : assignment->red_cards;
  if (has_card(cards, obligation)) return refuse(RefusalCode::CardExists);
  return pass_through(asked.command);
}

template <class T>
Decision about_card(const Asked& asked, const Assignment* assignment) {
  CHECK(assignment != nullptr);
  const auto& event = asked.event<T>();
  const std::uint32_t cards =
      event.card() == Card::yellow ? assignment->yellow_cards : assignment->red_cards;
  if (!has_card(cards, event.obligation())) return refuse(RefusalCode::NoSuchCard);
  return pass_through(asked.command);
}

}  // namespace

Decision decide_card(const Asked& asked, const Assignment* assignment) {
  switch (asked.command.event) {
    case EventType::YellowCardIssued:
      return issue(asked, assignment, Light::yellow, asked.event<YellowCardIssued>().obligation());
    case EventType::RedCardIssued:
      return issue(asked, assignment, Light::red, asked.event<RedCardIssued>().obligation());
    case EventType::CardContested:
      return about_card<CardContested>(asked, assignment);
    case EventType::CardWaived:
      return about_card<CardWaived>(asked, assignment);
    case EventType::CardUpheld:
      return about_card<CardUpheld>(asked, assignment);
    default:
      CHECK(false);
      return {};
  }
}

}  // namespace schemas
