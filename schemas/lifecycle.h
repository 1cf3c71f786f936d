// Lifecycle tables: which event may come in which status, who may ask for it, and which refusals
// its guards can give. One line a transition; the same table drives decide, the audit, docs and
// tests.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "event_generated.h"
#include "schemas/refusal.h"

namespace schemas {

using Roles = std::uint8_t;  // bit r = Role r
inline constexpr Roles role_bit(Role role) {
  return static_cast<Roles>(1u << static_cast<unsigned>(role));
}
inline constexpr Roles kEnterprise = role_bit(Role::enterprise);
inline constexpr Roles kDepartment = role_bit(Role::department_officer);
inline constexpr Roles kClerk = role_bit(Role::office_clerk);
inline constexpr Roles kLead =
    role_bit(Role::office_lead);  // office_lead may do every act of the office
inline constexpr Roles kOffice = kClerk | kLead;
inline constexpr Roles kSupervisor = role_bit(Role::supervisor);
inline constexpr Roles kInspector = role_bit(Role::inspector);
inline constexpr Roles kLeader = role_bit(Role::district_leader);
inline constexpr Roles kSystem = role_bit(Role::system);

using Statuses = std::uint32_t;  // bit s = status s of the lifecycle
template <class Status>
constexpr Statuses in(std::initializer_list<Status> statuses) {
  Statuses bits = 0;
  for (const Status status : statuses) bits |= 1u << static_cast<unsigned>(status);
  return bits;
}

inline constexpr int kStays = -1;

struct Transition {
  EventType event = EventType::none;
  Statuses from = 0;  // statuses in which it may come
  int to = kStays;    // the status after it; kStays: evolve() keeps or computes it
  Roles roles = 0;    // who may command it; 0: only a consequence of another command
  std::array<RefusalCode, 8>
      refusals{};  // what its guards may answer, beside WrongState and WrongRole
};

// The rows of one lifecycle by (event, status), so that finding one does not read the table. Events
// of one lifecycle differ in their number within the hundred; DeadlineRecomputed is of another and
// has the place 0, which no event of a subject has.
struct TransitionIndex {
  static constexpr std::size_t kEvents = 100, kStatuses = 16;
  std::array<std::array<std::uint8_t, kStatuses>, kEvents> row{};  // from 1; 0: none

  [[nodiscard]] static constexpr std::size_t place_of(EventType event) {
    return event == EventType::DeadlineRecomputed ? 0 : static_cast<std::size_t>(event) % kEvents;
  }
};

[[nodiscard]] consteval TransitionIndex index_of(std::span<const Transition> rows) {
  TransitionIndex index;
  for (std::size_t i = rows.size(); i-- > 0;)  // the first row that fits wins
    for (std::size_t status = 0; status < 32; ++status)
      if (((rows[i].from >> status) & 1u) != 0)
        index.row.at(TransitionIndex::place_of(rows[i].event)).at(status) =
            static_cast<std::uint8_t>(i + 1);
  return index;
}

struct Lifecycle {
  std::string_view name;  // "appeal", "assignment", "rating_round", ...
  std::string_view chinese;
  std::span<const std::string_view> statuses;  // names by number
  std::span<const Transition> rows;
  const TransitionIndex& index;  // index_of(rows)
};

// May `event` come in `status`? nullptr: no.
[[nodiscard]] constexpr const Transition* find_transition(const Lifecycle& lifecycle,
                                                          unsigned status, EventType event) {
  if (status >= TransitionIndex::kStatuses) return nullptr;
  const std::size_t place = lifecycle.index.row[TransitionIndex::place_of(event)][status];
  if (place == 0) return nullptr;
  const Transition& row = lifecycle.rows[place - 1];
  return row.event == event ? &row : nullptr;  // an event of another subject shares the place
}

struct CommandView;

// May this command ask for its event in `status`? Refusals: WrongRole (its role is in no row of the
// event, or not in the row of this status), NotFound (status 0, none, from which the event never
// comes), AlreadyExists (an event that only begins a stream), WrongState (detail: the status)
// otherwise. A command flagged kDerived may also come from the system: imports derive office acts
// from real moments.
[[nodiscard]] std::optional<Refusal> check_transition(const Lifecycle& lifecycle, unsigned status,
                                                      const CommandView& command);

// Every lifecycle of every subject: for docs, tests and the audit.
[[nodiscard]] std::span<const Lifecycle* const> all_lifecycles();

}  // namespace schemas
