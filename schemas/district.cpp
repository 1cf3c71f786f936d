#include "schemas/district.h"

#include <utility>
#include <vector>

#include "engine/check.h"
#include "schemas/district_state.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/repeat.h"

namespace schemas {
namespace {

engine::Ruling refused(const Refusal& refusal) {
  engine::Ruling ruling;
  ruling.refused = code_name(refusal.code);
  ruling.text = sentence(refusal);
  return ruling;
}

// The event of one emitted part, in the command's stream or another; the command's bytes and texts
// stay with it.
engine::NewEvent to_event(const Command& command, Emitted& emitted, std::uint32_t version) {
  engine::NewEvent event;
  event.recorded_at = command.at;
  event.occurred_at = command.occurred_at.value_or(command.at);
  event.type = static_cast<std::uint16_t>(emitted.type);
  event.schema = kSchemaVersion;
  event.version = version;
  event.flags = command.flags;
  event.kind = emitted.kind.empty() ? command.kind : std::move(emitted.kind);
  event.no = emitted.no.empty() ? command.no : std::move(emitted.no);
  event.actor = emitted.actor.empty() ? command.actor.id : std::move(emitted.actor);
  event.role = role_name(command.actor.role);
  event.department = command.actor.department;
  event.payload = emitted.payload.take();
  return event;
}

// The same for a command's only event, which takes over what the command brought.
engine::NewEvent to_only_event(Command& command, Emitted& emitted, std::uint32_t version) {
  engine::NewEvent event;
  event.recorded_at = command.at;
  event.occurred_at = command.occurred_at.value_or(command.at);
  event.type = static_cast<std::uint16_t>(emitted.type);
  event.schema = kSchemaVersion;
  event.version = version;
  event.flags = command.flags;
  event.kind = std::move(command.kind);
  event.no = std::move(command.no);
  event.actor = std::move(emitted.actor.empty() ? command.actor.id : emitted.actor);
  event.role = role_name(command.actor.role);
  event.department = std::move(command.actor.department);
  event.id = std::move(command.id);
  event.payload = emitted.payload.is_borrowed() ? std::move(command.data) : emitted.payload.take();
  return event;
}

}  // namespace

District::District(const engine::Source& source, const engine::Sealer& sealer,
                   std::size_t states_most)
    : state_(std::make_unique<State>(source, sealer)), states_most_(states_most) {}
District::~District() = default;

void District::forget() { state_->forget(); }

engine::Result<void> District::load(engine::Micros last_recorded_at) {
  return state_->load(last_recorded_at);
}

// Time checks that need no state of the stream; an empty optional: nothing wrong.
std::optional<Refusal> District::State::refuse_times(const CommandView& command) const {
  if (command.at < last_at)
    return Refusal{RefusalCode::AtGoesBack, time_text(command.at) + " < " + time_text(last_at)};
  if (command.occurred_at && *command.occurred_at > command.at)
    return Refusal{RefusalCode::OccurredAfterRecorded, time_text(*command.occurred_at)};
  return std::nullopt;
}

// An id seen before: the first receipt, or IdReused. nullopt: the id is new.
engine::Result<std::optional<engine::Ruling>> District::State::find_repeat(const Command& command) {
  const auto answer = [&](const engine::RecordView& first) {
    if (!is_repeat(command, first, sealer))
      return refused({RefusalCode::IdReused, "seq " + std::to_string(first.seq)});
    engine::Ruling ruling;
    ruling.repeats = first.seq;
    return ruling;
  };
  if (const engine::RecordView* first = ahead.find(command.id)) return answer(*first);
  const auto seq = source.find_id(command.id);
  if (!seq) return std::unexpected(seq.error());
  if (!*seq) return std::nullopt;
  std::optional<engine::Ruling> found;
  const auto read = source.read(**seq, **seq, [&](const engine::RecordView& first) {
    found = answer(first);
    return false;
  });
  if (!read) return std::unexpected(read.error());
  CHECK(found.has_value());  // the id index names a record that can be read
  return found;
}

// Records a consequence in another stream than the command's.
void District::State::accept_elsewhere(const Command& command, Emitted& emitted, std::uint64_t seq,
                                       engine::Ruling& ruling) {
  const std::string kind = emitted.kind, no = emitted.no;
  with_subject(kind, [&]<class S>() {
    auto found = streams.find<S>(kind, no);
    CHECK(found.has_value());  // what is decided on was read already
    ruling.events.push_back(to_event(command, emitted, state_of(*found).version + 1));
    ruling.events.back().flags |= engine::kFollows;
    const bool evolved = apply(*found, ruling.events.back().view(seq));
    CHECK(evolved);  // decide() and admits() must agree
  });
}

// Gives versions and flags to what was decided, evolves the states by it and remembers it until
// durable.
template <class S>
engine::Ruling District::State::accept(Command& command, Shelved<S>* shelved,
                                       std::vector<Emitted>& emitted, std::uint64_t next_seq) {
  CHECK(!emitted.empty());
  engine::Ruling ruling;
  ruling.events.reserve(emitted.size());
  for (std::size_t i = 0; i < emitted.size(); ++i) {
    Emitted& one = emitted[i];
    if (!one.kind.empty()) {
      CHECK(i > 0);
      accept_elsewhere(command, one, next_seq + i, ruling);
      continue;
    }
    const std::uint32_t version = state_of(shelved).version + 1;
    if (emitted.size() == 1) {
      ruling.events.push_back(to_only_event(command, one, version));
    } else {
      ruling.events.push_back(to_event(command, one, version));
      if (i == 0)
        ruling.events.back().id = command.id;
      else
        ruling.events.back().flags |= engine::kFollows;
    }
    const bool evolved = apply(shelved, ruling.events.back().view(next_seq + i));
    CHECK(evolved);  // decide() and admits() must agree
  }
  last_at = command.at;
  ahead.remember(ruling.events.front().view(next_seq));
  ahead.forget(source.size());
  return ruling;
}

template <class S>
engine::Result<engine::Ruling> District::State::rule(Command& command, std::uint64_t next_seq) {
  auto found = streams.find<S>(command.kind, command.no);
  if (!found) return std::unexpected(found.error());
  auto decision = decide_on(state_of(*found), command);
  if (!decision) return std::unexpected(decision.error());
  if (!*decision) return refused(decision->error());
  std::vector<Emitted>& emitted = **decision;
  if (is_calendar(command.event)) {
    Emitted copy = emitted.front();
    const engine::NewEvent first = to_event(command, copy, 1);
    if (auto moved = recompute_all(command, first.view(next_seq), emitted); !moved)
      return std::unexpected(moved.error());
  }
  return accept(command, *found, emitted, next_seq);
}

engine::Result<engine::Ruling> District::decide(Command command, std::uint64_t next_seq) {
  State& state = *state_;
  auto repeat = state.find_repeat(command);
  if (!repeat) return std::unexpected(repeat.error());
  if (*repeat) return std::move(**repeat);
  if (const auto wrong = state.refuse_times(command)) return refused(*wrong);
  engine::Result<engine::Ruling> ruling;
  const bool known =
      with_subject(command.kind, [&]<class S>() { ruling = state.rule<S>(command, next_seq); });
  if (!known) return refused({RefusalCode::WrongStream, command.kind});
  state.streams.shrink(states_most_);
  return ruling;
}

}  // namespace schemas
