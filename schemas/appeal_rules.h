// What the files of the appeal share: which table an event belongs to, whom it is about, and the
// decisions of each table. Not for other subjects.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schemas/appeal.h"
#include "schemas/command.h"
#include "schemas/event.h"
#include "schemas/payload_builder.h"

namespace schemas {

// One command before one appeal.
struct Asked {
  const Appeal& appeal;
  const CommandView& command;
  const Context& context;

  template <class T>
  [[nodiscard]] const T& event() const {
    return payload_of<T>(command.data);
  }
  // The event as a value, to be completed with its pinned fields.
  template <class T>
  [[nodiscard]] std::unique_ptr<typename T::NativeTableType> draft() const {
    return std::unique_ptr<typename T::NativeTableType>(event<T>().UnPack());
  }
};

template <class T, class Value>
[[nodiscard]] bool is_among(const std::vector<T>& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

// nullopt: nothing speaks against it.
using Objection = std::optional<Refusal>;
[[nodiscard]] inline Objection object(RefusalCode code, std::string detail = {}) {
  return Refusal{code, std::move(detail)};
}

[[nodiscard]] inline Decision decided(Emitted&& event) {
  Decision decision(std::in_place);
  decision->push_back(std::move(event));
  return decision;
}
template <class NativeTable>
[[nodiscard]] Decision decided(EventType type, const NativeTable& event) {
  return decided(emit(type, pack(event)));
}
// The due of one obligation from now on, if the rule set has it.
[[nodiscard]] inline std::optional<Due> due_now(Obligation obligation, const Context& context) {
  return due_of(obligation, context.now, context.rules, context.calendar);
}

enum class AppealTable : std::uint8_t { appeal, assignment, rating };
// Cards and reminders are about an assignment when they name a matter, else about the office.
[[nodiscard]] AppealTable table_of(EventType type, std::span<const std::uint8_t> payload);

// The statuses of the appeal in which events of its assignments and ratings may come at all.
[[nodiscard]] bool appeal_admits(AppealStatus status, EventType type);

// (matter, department) of any event about an assignment.
struct AssignmentKey {
  int matter = 0;
  std::string_view department;
};
[[nodiscard]] AssignmentKey assignment_key(EventType type, std::span<const std::uint8_t> payload);
[[nodiscard]] const Assignment* newest(const Appeal& appeal, AssignmentKey key);
// The status that an event about this assignment finds: a dispatch may follow on an ended one.
[[nodiscard]] AssignmentStatus status_for(const Assignment* assignment, EventType type);
// The status that a rating event finds: every invitation begins a new round.
[[nodiscard]] RoundStatus round_status_for(const Appeal& appeal, EventType type);

[[nodiscard]] bool is_system_derived(const CommandView& command);
[[nodiscard]] bool is_active_department(const Context& context, std::string_view id);
// An enterprise acts only on its own appeals.
[[nodiscard]] Objection not_the_submitter(const Asked& asked);

[[nodiscard]] Decision decide_appeal(const Asked& asked);
[[nodiscard]] Decision decide_assignment(const Asked& asked);
[[nodiscard]] Decision decide_assignment_terms(const Asked& asked, const Assignment& assignment);
[[nodiscard]] Decision decide_card(const Asked& asked, const Assignment* assignment);
[[nodiscard]] Decision decide_rating(const Asked& asked);

// AssignmentDispatched with its dues; `from` is the department that it was moved from.
[[nodiscard]] Emitted dispatched(const Asked& asked, int matter, std::string_view department,
                                 Duty duty, Track track, std::string_view from);

}  // namespace schemas
