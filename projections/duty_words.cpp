// The packed form: bits of the first word from the lowest: op 4, obligation 5, scope 2, all,
// provisional, same_day, new_terms, form of the value 2, part of its own 1.
#include "projections/duty_words.h"

#include "schemas/calendar.h"

namespace projections {
namespace {

using schemas::DutyOp;
using schemas::DutyScope;
using schemas::Obligation;

enum class Value : std::uint8_t { none, midnight, number };

constexpr unsigned kObligationAt = 4, kScopeAt = 9, kFlagsAt = 11, kValueAt = 15, kPartAt = 17;
constexpr unsigned kBits = 18;

constexpr auto kOps = static_cast<unsigned>(DutyOp::restore) + 1;
constexpr auto kObligations = static_cast<unsigned>(Obligation::milestone) + 1;
static_assert(kOps <= 16 && kObligations <= 32);

}  // namespace

void put_duty(std::vector<std::int32_t>& words, const DutyFact& duty, std::uint32_t own) {
  const schemas::Day day = schemas::day_of(duty.value);
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

bool take_duty(std::span<const std::int32_t>& words, std::uint32_t own, DutyFact& duty) {
  if (words.empty()) return false;
  const auto packed = static_cast<std::uint32_t>(words[0]);
  const auto field = [&](unsigned at, unsigned bits) {
    return (packed >> at) & ((1U << bits) - 1U);
  };
  const unsigned op = field(0, 4), obligation = field(kObligationAt, 5), scope = field(kScopeAt, 2);
  const unsigned form = field(kValueAt, 2), elsewhere = field(kPartAt, 1);
  const std::size_t size = 1 + form + elsewhere;
  if (op >= kOps || obligation >= kObligations || scope > 2 || form > 2 ||
      (packed >> kBits) != 0 || words.size() < size)
    return false;
  duty.op = static_cast<DutyOp>(op);
  duty.obligation = static_cast<Obligation>(obligation);
  duty.scope = static_cast<DutyScope>(scope);
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
    duty.part = duty.scope == DutyScope::stream ? kNone : own;
  words = words.subspan(size);
  return true;
}

}  // namespace projections
