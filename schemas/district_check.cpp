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

// Why no command of this role can have recorded this event first; empty: one can.
std::string no_command(const engine::RecordView& record, std::optional<Role> role) {
  if (!role) return where(record) + ": unknown role " + std::string(record.role);
  if (info_of(type_of(record)).command.empty())
    return where(record) + ": it is only a consequence of other commands";
  return {};
}

// The command that must have recorded this event: its bytes are the event's own, pinned fields and
// all, which decide() never reads.
CommandView command_of(const engine::RecordView& record, Role role) {
  CommandView command;
  command.at = record.recorded_at;
  if (record.occurred_at != record.recorded_at) command.occurred_at = record.occurred_at;
  command.actor = {record.actor, role, record.department};
  command.event = type_of(record);
  command.kind = record.kind;
  command.no = record.no;
  command.id = record.id;
  command.flags = record.flags;
  command.data = record.payload;
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

std::string compare(const engine::RecordView& record, EventType type, std::string_view kind,
                    std::string_view no, std::string_view actor,
                    std::span<const std::uint8_t> payload) {
  if (type != type_of(record) || kind != record.kind || no != record.no)
    return where(record) + ": the command must record " + std::string(info_of(type).name) + " in " +
           std::string(kind) + "/" + std::string(no) + " here";
  if (actor != record.actor) return where(record) + ": the actor is not the command's";
  // The command's own bytes, passed on, are the record's: there is nothing to compare.
  if (payload.data() == record.payload.data() || std::ranges::equal(payload, record.payload))
    return {};
  return where(record) + ": " + difference(info_of(type_of(record)), record.payload, payload);
}

}  // namespace

// Decides the command of a first record again and compares the record with what it must be; what
// else the command must have recorded waits in expected_.
template <class S>
std::string District::State::expect(const S& state, const engine::RecordView& record) {
  const auto role = parse_role(record.role);
  if (std::string wrong = no_command(record, role); !wrong.empty()) return wrong;
  const CommandView command = command_of(record, *role);
  if (const auto wrong = refuse_times(command)) return where(record) + ": " + sentence(*wrong);
  auto decision = decide_on(state, command);
  if (!decision) return where(record) + ": " + decision.error().text;
  if (!*decision)
    return where(record) +
           " is refused by the rules: " + std::string(code_name(decision->error().code)) + ". " +
           sentence(decision->error());
  std::vector<Emitted>& emitted = **decision;
  if (is_calendar(command.event))
    if (auto moved = recompute_all(command, record, emitted); !moved) return moved.error().text;
  const auto or_own = [](std::string& text, std::string_view own) {
    return text.empty() ? std::string(own) : std::move(text);
  };
  for (std::size_t i = emitted.size(); i-- > 1;) {
    Emitted& one = emitted[i];
    expected_.push_back({one.type, or_own(one.kind, record.kind), or_own(one.no, record.no),
                         or_own(one.actor, record.actor), one.payload.take()});
  }
  const Emitted& first = emitted.front();
  return compare(record, first.type, record.kind, record.no,
                 first.actor.empty() ? record.actor : first.actor, first.payload.bytes());
}

template <class Expect, class Apply>
std::string District::State::check(const engine::RecordView& record, std::uint32_t version,
                                   Expect&& expect, Apply&& apply) {
  std::string wrong;
  const bool follows = (record.flags & engine::kFollows) != 0;
  if (!follows && !expected_.empty()) {
    wrong = "before " + where(record) + ": the command before it must have recorded " +
            std::to_string(expected_.size()) + " more events";
    expected_.clear();
  }
  if (follows && expected_.empty())
    return where(record) + ": no command recorded before it gives this event";
  if (wrong.empty() && record.version != version + 1)
    wrong = where(record) + ": the version must be " + std::to_string(version + 1);
  if (follows) {
    const Expected& next = expected_.back();
    if (wrong.empty())
      wrong = compare(record, next.type, next.kind, next.no, next.actor, next.payload);
    expected_.pop_back();
  } else if (wrong.empty()) {
    wrong = expect();
  }
  if (!apply() && wrong.empty()) wrong = where(record) + ": the lifecycle does not admit it";
  last_at = std::max(last_at, record.recorded_at);
  return wrong;
}

std::string District::shape_fault(const engine::RecordView& record) {
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

std::string District::check_rules(const engine::RecordView& record) {
  State& state = *state_;
  std::string wrong;
  const bool known = with_subject(record.kind, [&]<class S>() {
    Shelved<S>* shelved = nullptr;
    if constexpr (std::is_same_v<S, Appeal>)
      shelved = state.streams.found_near(record.no, record.seq);
    if (shelved == nullptr)
      shelved = state.streams.find<S>(record.kind, record.no).value_or(nullptr);
    const S& before = State::state_of(shelved);
    wrong = state.check(
        record, before.version, [&] { return state.expect(before, record); },
        [&] { return state.apply(shelved, record); });
  });
  if (known) return wrong;
  // Only what no command asks for can be in a stream without a subject.
  return state.check(
      record, 0, [&] { return no_command(record, parse_role(record.role)); }, [] { return false; });
}

void District::expect_far(const engine::RecordView& record) const {
  if (record.kind == "appeal") state_->streams.prefetch_far(record.no);
}

void District::expect_near(const engine::RecordView& record) {
  if (record.kind == "appeal") state_->streams.prefetch_near(record.no, record.seq);
}

std::string District::check_lifecycle(const engine::RecordView& record) {
  State& state = *state_;
  std::string wrong;
  const bool known = with_subject(record.kind, [&]<class S>() {
    auto found = state.streams.find<S>(record.kind, record.no);
    Shelved<S>* shelved = found ? *found : nullptr;
    const std::uint32_t expected = State::state_of(shelved).version + 1;
    if (record.version != expected)
      wrong = where(record) + ": the version must be " + std::to_string(expected);
    else if (!state.apply(shelved, record))
      wrong = where(record) + ": the lifecycle does not admit it";
  });
  return known ? wrong : where(record) + ": there is no such kind of stream";
}

std::string District::check(const engine::RecordView& record) {
  if (std::string wrong = shape_fault(record); !wrong.empty()) return wrong;
  return check_rules(record);
}

}  // namespace schemas
