// What decide() answers, and what it may look at.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/clock.h"
#include "engine/sealer.h"
#include "event_generated.h"
#include "schemas/refusal.h"

namespace schemas {

// The payload of a decided event: bytes made for it, or the command's own, borrowed unchanged.
// Borrowed bytes last as long as the command's.
class Payload {
 public:
  Payload() = default;
  Payload(std::vector<std::uint8_t> made)  // NOLINT(google-explicit-constructor): bytes are one
      : made_(std::move(made)) {}
  [[nodiscard]] static Payload of_command(std::span<const std::uint8_t> bytes) {
    Payload payload;
    payload.borrowed_ = bytes;
    return payload;
  }
  [[nodiscard]] bool is_borrowed() const { return borrowed_.data() != nullptr; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return is_borrowed() ? borrowed_ : std::span<const std::uint8_t>(made_);
  }
  // Takes the bytes out; what is borrowed is copied.
  [[nodiscard]] std::vector<std::uint8_t> take() {
    if (is_borrowed()) return {borrowed_.begin(), borrowed_.end()};
    return std::move(made_);
  }

 private:
  std::vector<std::uint8_t> made_;
  std::span<const std::uint8_t> borrowed_;
};

// One event of a decision. The district adds version, actor, times and flags.
struct Emitted {
  EventType type = EventType::none;
  Payload payload;
  std::string kind, no;  // empty: the command's own stream
  std::string actor;     // empty: the command's actor (a pseudonym for sealed reporters)
};

using Decision = std::expected<std::vector<Emitted>, Refusal>;

[[nodiscard]] inline std::unexpected<Refusal> refuse(RefusalCode code, std::string detail = {}) {
  return std::unexpected(Refusal{code, std::move(detail)});
}

class Calendar;
struct CommandView;
struct RuleSet;
struct Department;
struct Enterprise;
struct Appeal;
struct Supervisor;
struct Plan;
struct Policy;
struct Vocabulary;
struct Item;
struct Application;

// The other streams that a guard may ask about, as they stand now. nullptr: there is no such
// stream.
class Neighbours {
 public:
  virtual ~Neighbours() = default;
  [[nodiscard]] virtual const Department* department(std::string_view id) = 0;
  [[nodiscard]] virtual const Enterprise* enterprise(std::string_view uscc) = 0;
  [[nodiscard]] virtual const Appeal* appeal(std::string_view no) = 0;
  [[nodiscard]] virtual const Supervisor* supervisor(std::string_view id) = 0;
  [[nodiscard]] virtual const Plan* plan(std::string_view id) = 0;
  [[nodiscard]] virtual const Policy* policy(std::string_view no) = 0;
  [[nodiscard]] virtual const Vocabulary* vocabulary(std::string_view id) = 0;
  [[nodiscard]] virtual const Item* item(std::string_view no) = 0;
  [[nodiscard]] virtual const Application* application(std::string_view no) = 0;
  // Tasks created so far under an environment of a plan.
  [[nodiscard]] virtual int tasks_of(std::string_view plan, std::string_view environment) = 0;
};

struct Context {
  engine::Micros now = 0;     // the command's recorded_at; decide() knows no other clock
  std::uint32_t version = 0;  // the version that the first event will get in the command's stream
  const Calendar& calendar;
  const RuleSet& rules;
  Neighbours& neighbours;
  const engine::Sealer& sealer;
};

// The command's own event, its bytes unchanged: for events without pinned and sealed fields.
[[nodiscard]] Decision pass_through(const CommandView& command);

// The command's own event with a payload that decide() completed.
[[nodiscard]] inline Emitted emit(EventType type, std::vector<std::uint8_t> payload) {
  Emitted event;
  event.type = type;
  event.payload = std::move(payload);
  return event;
}

}  // namespace schemas
