// What a record does to obligations, packed into words behind its arguments: one word for the
// change, one more for a due at midnight (its day) or two for any other value, one more for a part
// that is not the record's own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "projections/duty_clock.h"
#include "projections/fact_batch.h"
#include "schemas/calendar.h"
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

// The first word, from the lowest bit: op 4, obligation 5, scope 2, all, provisional, same_day,
// new_terms, form of the value 2, part of its own 1.
namespace duty_word {

enum class Value : std::uint8_t { none, midnight, number };

constexpr unsigned kObligationAt = 4, kScopeAt = 9, kFlagsAt = 11, kValueAt = 15, kPartAt = 17;
constexpr unsigned kBits = 18;

constexpr auto kOps = static_cast<unsigned>(schemas::DutyOp::restore) + 1;
constexpr auto kObligations = static_cast<unsigned>(schemas::Obligation::milestone) + 1;
static_assert(kOps <= 16 && kObligations <= 32);

}  // namespace duty_word

// Appends the words of `duty`, of a record whose own part is `own`.
void put_duty(std::vector<std::int32_t>& words, const DutyFact& duty, std::uint32_t own);

// Takes the first duty off the front of `words`. False: these are no words of a duty. Inline: a
// fold takes a million of them.
[[nodiscard]] inline bool take_duty(std::span<const std::int32_t>& words, std::uint32_t own,
                                    DutyFact& duty) {
  using namespace duty_word;
  if (words.empty()) return false;
  const auto packed = static_cast<std::uint32_t>(words[0]);
  const auto field = [&](unsigned at, unsigned bits) {
    return (packed >> at) & ((1U << bits) - 1U);
  };
  const unsigned op = field(0, 4), obligation = field(kObligationAt, 5), scope = field(kScopeAt, 2);
  const unsigned form = field(kValueAt, 2), elsewhere = field(kPartAt, 1);
  const std::size_t size = 1 + form + elsewhere;
  if (op >= kOps || obligation >= kObligations || scope > 2 || form > 2 || (packed >> kBits) != 0 ||
      words.size() < size)
    return false;
  duty.op = static_cast<schemas::DutyOp>(op);
  duty.obligation = static_cast<schemas::Obligation>(obligation);
  duty.scope = static_cast<schemas::DutyScope>(scope);
  duty.all = field(kFlagsAt, 1) != 0;
  duty.provisional = field(kFlagsAt + 1, 1) != 0;
  duty.same_day = field(kFlagsAt + 2, 1) != 0;
  duty.new_terms = field(kFlagsAt + 3, 1) != 0;
  duty.value = 0;
  if (form == 1) duty.value = schemas::start_of(words[1]);
  if (form == 2)
    duty.value = static_cast<std::int64_t>(static_cast<std::uint32_t>(words[1])) |
                 static_cast<std::int64_t>(words[2]) << 32;
  if (elsewhere != 0)
    duty.part = static_cast<std::uint32_t>(words[1 + form]);
  else
    duty.part = duty.scope == schemas::DutyScope::stream ? kNone : own;
  words = words.subspan(size);
  return true;
}

// Moves those of the clocks of one scope, each of another obligation, that the change is about.
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
  if (change.all) return (apply(clocks, as_schema, now.at, now.seq, by), ...);
  DutyClock* only = nullptr;
  ((only = clocks.state.obligation == change.obligation ? &clocks : only), ...);
  if (only != nullptr) apply(*only, as_schema, now.at, now.seq, by);
}

}  // namespace projections
