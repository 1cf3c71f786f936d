// The audit's re-check: every command is decided again from its recorded event.
#include <boost/json.hpp>

#include "schemas/district_state.h"
#include "schemas/event.h"
#include "schemas/json.h"

namespace schemas {
namespace {

std::string where(const engine::RecordView& record) {
  const EventInfo* info = find_event(record.type);
  return (info == nullptr ? "type " + std::to_string(record.type) : std::string(info->name)) +
         " in " + std::string(record.kind) + "/" + std::string(record.no) + " version " +
         std::to_string(record.version);
}

// Shape alone: what must hold before anything of the payload is read.
std::string wrong_shape(const engine::RecordView& record) {
  const EventInfo* info = find_event(record.type);
  if (info == nullptr) return "unknown event type " + std::to_string(record.type);
  if (!info->kind.empty() && info->kind != record.kind)
    return where(record) + ": the stream is of another kind";
  if (record.schema != kSchemaVersion)
    return where(record) + ": unknown schema version " + std::to_string(record.schema);
  if (!verify(info->type, record.payload))
    return where(record) + ": the payload is not well-formed";
  if (record.occurred_at > record.recorded_at)
    return where(record) + ": it occurred after it was recorded";
  return {};
}

Command command_of(const engine::RecordView& record, Role role) {
  Command command;
  command.at = record.recorded_at;
  if (record.occurred_at != record.recorded_at) command.occurred_at = record.occurred_at;
  command.actor = {std::string(record.actor), role, std::string(record.department)};
  command.event = type_of(record);
  command.kind = record.kind;
  command.no = record.no;
  command.id = record.id;
  command.flags = record.flags;
  command.data.assign(record.payload.begin(), record.payload.end());
  return command;
}

// The first field in which a recorded payload differs from what the rules say.
std::string difference(const EventInfo& info, std::span<const std::uint8_t> recorded,
                       std::span<const std::uint8_t> decided) {
  const auto was = data_json(info, recorded, Pinned::include);
  const auto is = data_json(info, decided, Pinned::include);
  for (const auto& [key, value] : is)
    if (const auto* other = was.if_contains(key); other == nullptr || *other != value)
      return std::string(key) + " should be " + boost::json::serialize(value) + " and is " +
             (other == nullptr ? "absent" : boost::json::serialize(*other));
  for (const auto& [key, value] : was)
    if (is.if_contains(key) == nullptr) return std::string(key) + " should be absent";
  return "the bytes are not those that the rules give";
}

std::string compare(const engine::RecordView& record, const engine::NewEvent& expected) {
  if (expected.type != record.type || expected.kind != record.kind || expected.no != record.no)
    return where(record) + ": the command must record " +
           std::string(info_of(static_cast<EventType>(expected.type)).name) + " in " +
           expected.kind + "/" + expected.no + " here";
  if (expected.actor != record.actor) return where(record) + ": the actor is not the command's";
  if (std::ranges::equal(expected.payload, record.payload)) return {};
  return where(record) + ": " +
         difference(info_of(type_of(record)), record.payload, expected.payload);
}

engine::NewEvent expected_event(const engine::RecordView& record, Emitted&& emitted) {
  engine::NewEvent event;
  event.type = static_cast<std::uint16_t>(emitted.type);
  event.kind = emitted.kind.empty() ? std::string(record.kind) : std::move(emitted.kind);
  event.no = emitted.no.empty() ? std::string(record.no) : std::move(emitted.no);
  event.actor = emitted.actor.empty() ? std::string(record.actor) : std::move(emitted.actor);
  event.payload = std::move(emitted.payload);
  return event;
}

}  // namespace

// Decides the command of a first record again; fills expected_ with everything it must have
// recorded.
std::string District::State::expect(const engine::RecordView& record) {
  const auto role = parse_role(record.role);
  if (!role) return where(record) + ": unknown role " + std::string(record.role);
  if (info_of(type_of(record)).command.empty())
    return where(record) + ": it is only a consequence of other commands";
  const Command command = command_of(record, *role);
  if (const auto wrong = refuse_times(command)) return where(record) + ": " + sentence(*wrong);
  auto decision = decide_subject(command);
  if (!decision) return where(record) + ": " + decision.error().text;
  if (!*decision)
    return where(record) +
           " is refused by the rules: " + std::string(code_name(decision->error().code)) + ". " +
           sentence(decision->error());
  std::vector<Emitted> emitted = std::move(**decision);
  const EventType type = command.event;
  if (type == EventType::CalendarPublished || type == EventType::CalendarAmended ||
      type == EventType::LocalClosureDeclared) {
    Calendar amended = calendar;
    amended.apply(record);
    if (auto moved = recompute_all(command, amended, emitted); !moved) return moved.error().text;
  }
  for (Emitted& one : emitted) expected_.push_back(expected_event(record, std::move(one)));
  return {};
}

std::string District::check(const engine::RecordView& record) {
  State& state = *state_;
  if (std::string wrong = wrong_shape(record); !wrong.empty()) return wrong;
  std::string wrong;
  const bool follows = (record.flags & engine::kFollows) != 0;
  if (!follows && !state.expected_.empty()) {
    wrong = "before " + where(record) + ": the command before it must have recorded " +
            std::to_string(state.expected_.size()) + " more events";
    state.expected_.clear();
  }
  if (follows && state.expected_.empty())
    return where(record) + ": no command recorded before it gives this event";
  if (const std::uint32_t version = state.version_of(record.kind, record.no) + 1;
      wrong.empty() && record.version != version)
    wrong = where(record) + ": the version must be " + std::to_string(version);
  if (!follows && wrong.empty()) wrong = state.expect(record);
  if (!state.expected_.empty()) {
    if (wrong.empty()) wrong = compare(record, state.expected_.front());
    state.expected_.pop_front();
  }
  if (!state.apply(record) && wrong.empty())
    wrong = where(record) + ": the lifecycle does not admit it";
  state.last_at = std::max(state.last_at, record.recorded_at);
  return wrong;
}

}  // namespace schemas
