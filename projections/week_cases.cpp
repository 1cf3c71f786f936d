// Choosing the cases of a week. To fold one more than needed costs time; to fold one less would
// change a figure, so every doubt folds.
#include "projections/week_cases.h"

#include <algorithm>

#include "projections/activity.h"

namespace projections {

WeekCases::WeekCases(const Facts& facts, const Window& window)
    : facts_(facts), window_(window), whole_(false) {
  items_ = facts.activity().at_work(facts, Subject::appeal, std::min(window.from, window.lights_at),
                                    window.lights_at, window.seq);
  find_complaints();
}

WeekCases::WeekCases(const Facts& facts, const Window& before, const Window& window)
    : facts_(facts), window_(window), whole_(true) {
  items_ = facts.activity().at_work(facts, Subject::appeal, before.lights_at, window.lights_at,
                                    window.seq);
  red_before_ = facts.activity().red(facts, before.lights_at, before.seq);
  find_complaints();
}

// Few, and found by the events of the week.
void WeekCases::find_complaints() {
  for (std::uint64_t seq = window_.first_seq; seq <= window_.seq; ++seq) {
    if (facts_.type_of(seq) != schemas::EventType::CallbackRecorded) continue;
    if (is_complaint(facts_.args_of(seq))) complained_.push_back(facts_.item_of(seq));
  }
  std::ranges::sort(complained_);
}

bool WeekCases::must_fold(std::uint32_t number) const {
  const Item& item = facts_.items()[number];
  const Activity& activity = facts_.activity();
  if (!activity.straight(item, window_.seq)) return true;
  if (std::ranges::binary_search(complained_, number)) return true;
  if (!whole_) return false;
  if (!activity.at_rest(item, number, window_.seq, window_.lights_at)) return true;
  // The ratings of the week are those of its conclusions.
  const std::uint32_t round = facts_.last_round(number);
  if (round != kNone && facts_.rounds()[round].seq >= window_.first_seq) return true;
  return std::ranges::binary_search(red_before_, number);
}

}  // namespace projections
