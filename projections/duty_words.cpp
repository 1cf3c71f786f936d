// Packing a change of an obligation; the form is in the header, beside its reader.
#include "projections/duty_words.h"

namespace projections {

using namespace duty_word;
using schemas::DutyScope;

void put_duty(std::vector<std::int32_t>& words, const DutyFact& duty, std::uint32_t own) {
  const schemas::Day day = duty.value == 0 ? 0 : schemas::day_of(duty.value);
  Value form = Value::none;
  if (duty.value != 0)
    form = schemas::start_of(day) == duty.value ? Value::midnight : Value::number;
  const std::uint32_t expected = duty.scope == DutyScope::stream ? kNone : own;
  const bool elsewhere = duty.part != expected;
  const std::uint32_t flags = (duty.all ? 1U : 0U) | (duty.provisional ? 2U : 0U) |
                              (duty.same_day ? 4U : 0U) | (duty.new_terms ? 8U : 0U);
  words.push_back(static_cast<std::int32_t>(
      static_cast<std::uint32_t>(duty.op) |
      static_cast<std::uint32_t>(duty.obligation) << kObligationAt |
      static_cast<std::uint32_t>(duty.scope) << kScopeAt | flags << kFlagsAt |
      static_cast<std::uint32_t>(form) << kValueAt | (elsewhere ? 1U : 0U) << kPartAt));
  if (form == Value::midnight) words.push_back(day);
  if (form == Value::number) {
    words.push_back(static_cast<std::int32_t>(duty.value));
    words.push_back(static_cast<std::int32_t>(duty.value >> 32));
  }
  if (elsewhere) words.push_back(static_cast<std::int32_t>(duty.part));
}

}  // namespace projections
