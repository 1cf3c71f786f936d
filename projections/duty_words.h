// What a record does to obligations, packed into words behind its arguments: one word for the
// change, one more for a due at midnight (its day) or two for any other value, one more for a part
// that is not the record's own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "projections/duty_clock.h"
#include "projections/fact_batch.h"
#include "schemas/obligations.h"

namespace projections {

// One change of one obligation; `part` is an assignment, a round, or kNone for the whole stream.
struct DutyFact {
  schemas::DutyOp op = schemas::DutyOp::start;
  schemas::Obligation obligation = schemas::Obligation::accept;
  schemas::DutyScope scope = schemas::DutyScope::stream;
  bool all = false, provisional = false, same_day = false, new_terms = false;
  std::uint32_t part = kNone;
  std::int64_t value = 0;  // due, or the Monday of the week filed
};

// Appends the words of `duty`, of a record whose own part is `own`.
void put_duty(std::vector<std::int32_t>& words, const DutyFact& duty, std::uint32_t own);

// Takes the first duty off the front of `words`. False: these are no words of a duty.
[[nodiscard]] bool take_duty(std::span<const std::int32_t>& words, std::uint32_t own,
                             DutyFact& duty);

// Moves those of the clocks of one scope that the change is about.
template <class... Clocks>
void move_clocks(const DutyFact& change, const Mark& now, schemas::EventType by,
                 Clocks&... clocks) {
  schemas::DutyChange as_schema;
  as_schema.op = change.op;
  as_schema.all = change.all;
  as_schema.obligation = change.obligation;
  as_schema.due = change.op == schemas::DutyOp::start ? change.value : 0;
  as_schema.provisional = change.provisional;
  as_schema.same_day = change.same_day;
  as_schema.new_terms = change.new_terms;
  const auto move = [&](DutyClock& clock) {
    if (change.all || clock.state.obligation == change.obligation)
      apply(clock, as_schema, now.at, now.seq, by);
  };
  (move(clocks), ...);
}

}  // namespace projections
