// check_transition over a small lifecycle: which refusal comes when.
#include "schemas/lifecycle.h"

#include <doctest/doctest.h>

#include "engine/record.h"
#include "schemas/command.h"
#include "schemas/event.h"

namespace lifecycle_test {

namespace {

using namespace schemas;
using E = EventType;
enum class Door : std::uint8_t { none, open, shut };

constexpr std::array<std::string_view, 3> kStatuses{"none", "open", "shut"};
constexpr std::array kRows{
    Transition{E::TaskCreated, in({Door::none}), 1, kClerk, {}},
    Transition{E::TaskStarted, in({Door::open}), 2, kClerk | kLead, {}},
    Transition{E::TaskStarted, in({Door::shut}), kStays, kLead, {}},
    Transition{E::TaskClosed, in({Door::open}), kStays, 0, {}},
};
constexpr TransitionIndex kIndex = index_of(kRows);
const Lifecycle kDoor{"door", "门", kStatuses, kRows, kIndex};

std::string answer(E event, Door status, Role role, std::uint8_t flags = 0) {
  Command command;
  command.event = event;
  command.actor.role = role;
  command.flags = flags;
  const auto refusal = check_transition(kDoor, static_cast<unsigned>(status), command);
  if (!refusal) return "ok";
  return std::string(code_name(refusal->code)) +
         (refusal->code == RefusalCode::WrongState ? " " + refusal->detail : "");
}

}  // namespace

TEST_CASE("lifecycle: the row decides who may ask in which status") {
  CHECK(answer(E::TaskCreated, Door::none, Role::office_clerk) == "ok");
  CHECK(answer(E::TaskCreated, Door::open, Role::office_clerk) == "AlreadyExists");
  CHECK(answer(E::TaskStarted, Door::none, Role::office_clerk) == "NotFound");
  CHECK(answer(E::TaskStarted, Door::open, Role::office_clerk) == "ok");
  CHECK(answer(E::TaskStarted, Door::shut, Role::office_clerk) == "WrongRole");
  CHECK(answer(E::TaskStarted, Door::shut, Role::office_lead) == "ok");
  CHECK(answer(E::TaskStarted, Door::none, Role::enterprise) == "WrongRole");
}

TEST_CASE("lifecycle: what is only a consequence cannot be asked for") {
  CHECK(answer(E::TaskClosed, Door::open, Role::office_lead) == "WrongRole");
  CHECK(answer(E::TaskClosed, Door::open, Role::system, engine::kDerived) == "WrongRole");
}

TEST_CASE("lifecycle: the system does what an import derived, and nothing else") {
  CHECK(answer(E::TaskCreated, Door::none, Role::system) == "WrongRole");
  CHECK(answer(E::TaskCreated, Door::none, Role::system, engine::kDerived) == "ok");
  CHECK(answer(E::TaskCreated, Door::none, Role::supervisor, engine::kDerived) == "WrongRole");
}

TEST_CASE("lifecycle: a status that does not admit the event is named") {
  static constexpr std::array rows{Transition{E::TaskStarted, in({Door::open}), 2, kClerk, {}}};
  static constexpr TransitionIndex index = index_of(rows);
  const Lifecycle lifecycle{"door", "门", kStatuses, rows, index};
  Command command;
  command.event = E::TaskStarted;
  command.actor.role = Role::office_clerk;
  const auto refusal = check_transition(lifecycle, 2, command);
  REQUIRE(refusal.has_value());
  CHECK(refusal->code == RefusalCode::WrongState);
  CHECK(refusal->detail == "shut");
}

TEST_CASE("lifecycle: the index finds what a reading of the rows finds") {
  for (const Lifecycle* lifecycle : all_lifecycles())
    for (const EventInfo& info : all_events())
      for (unsigned status = 0; status < lifecycle->statuses.size(); ++status) {
        const Transition* first = nullptr;
        for (const Transition& row : lifecycle->rows)
          if (first == nullptr && row.event == info.type && ((row.from >> status) & 1u) != 0)
            first = &row;
        CHECK(find_transition(*lifecycle, status, info.type) == first);
      }
}

}  // namespace lifecycle_test
