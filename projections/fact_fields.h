// Which fields of which event the facts keep, and in which order. Reports that need another field
// add it here and raise Facts::kVersion.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/record.h"
#include "event_generated.h"
#include "projections/fact_batch.h"

namespace projections {

// The form of an event's arguments: one letter each, `t` a text, `i` a number; `*` after the last
// letter: any number more of texts.
[[nodiscard]] std::string_view form_of(schemas::EventType type);

// Takes the arguments of one event, in the order of its form.
class FieldSink {
 public:
  virtual ~FieldSink() = default;
  virtual void text(std::string_view value) = 0;
  virtual void number(std::int64_t value) = 0;
};
void take_fields(const engine::RecordView& record, FieldSink& sink);

// Can an event of that type be in a stream of that subject? A recomputed deadline can be in any.
[[nodiscard]] bool belongs(schemas::EventType type, Subject subject);

// An amount of money takes two numbers: how often this goes into it, and the rest.
inline constexpr std::int64_t kAmountBase = 1'000'000'000;
[[nodiscard]] inline std::int64_t amount_of(std::int64_t times, std::int64_t rest) {
  return times * kAmountBase + rest;
}

// Is the whole payload kept (calendars, plans, policies, vocabularies, items, profiles)?
[[nodiscard]] bool keeps_whole(schemas::EventType type);

// The assignment that an event is about: its matter and department; matter 0: none.
struct AssignmentName {
  int matter = 0;
  std::string_view department;
};
[[nodiscard]] AssignmentName assignment_name(const engine::RecordView& record);

}  // namespace projections
