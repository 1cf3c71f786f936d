// What the clock has to do about duties at an instant: who is to be reminded, which card is due,
// which appeal goes under supervision (domain.md section 4, escalation). Decided from facts and an
// instant alone; whoever ticks submits what is found here, and the rules judge it like anybody's
// command.
#pragma once

#include <cstdint>
#include <vector>

#include "projections/facts.h"
#include "projections/lights.h"

namespace projections {

// yellow: reminder and yellow card. red: 催办通知书 and red card, at once. supervise: red for two
// working days, 督办单. circulate: red for five, 通报.
enum class Step : std::uint8_t { yellow, red, supervise, circulate };

// `start_seq` and the obligation name the clock; weekly progress has a clock for each week, which
// its due names.
struct DueAct {
  Micros since = 0;  // the instant from which it was due
  Step step = Step::yellow;
  std::uint32_t item = 0;            // of the appeal
  std::uint32_t assignment = kNone;  // number; kNone: the office's own duty
  schemas::Obligation obligation = schemas::Obligation::accept;
  Micros due = 0;
  std::uint32_t start_seq = 0;
  bool operator==(const DueAct&) const = default;
};

// Everything that is due at `at` with all records of the facts, by the instant from which it was
// due, so that a pause of any length is caught up with in order. A yellow light that has turned red
// in a pause gets no yellow card any more: a card says what the light says. Of duties that fell due
// after `live_since` only: an imported past gets no cards of today. Whether it was done already is
// not looked at: the caller's idempotency keys see to that.
[[nodiscard]] std::vector<DueAct> acts_due(const Facts& facts, Micros at, Micros live_since);

// The duties that were overdue when the ledger went live (records 1..seq, at `live_since`): listed,
// so that nobody forgets them, and left to people. Step red; in the order of their dues.
[[nodiscard]] std::vector<DueAct> overdue_before(const Facts& facts, std::uint64_t seq,
                                                 Micros live_since);

// Appeals (items) whose department heads are to be called in 约谈: two red lights, or reopened
// twice. By first seq.
[[nodiscard]] std::vector<std::uint32_t> to_be_called_in(const Facts& facts, Micros at);

}  // namespace projections
