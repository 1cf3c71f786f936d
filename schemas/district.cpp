#include "schemas/district.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "schemas/district_state.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/repeat.h"

namespace schemas {
namespace {

constexpr std::size_t kStatesMax =
    400'000;  // a shelf over this drops what can be read back (our choice)

engine::Ruling refused(const Refusal& refusal) {
  engine::Ruling ruling;
  ruling.refused = code_name(refusal.code);
  ruling.text = sentence(refusal);
  return ruling;
}

engine::NewEvent to_event(const Command& command, Emitted&& emitted, std::uint32_t version) {
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
  event.payload = std::move(emitted.payload);
  return event;
}

// "Never earlier without a leader" (domain.md section 5).
bool may_shorten(Role role) { return role == Role::office_lead || role == Role::district_leader; }

Emitted recomputed_event(const Recomputed& clock, std::string_view kind, std::string_view no,
                         const Command& command, std::uint32_t calendar) {
  DeadlineRecomputedT event;
  event.obligation = clock.obligation;
  event.matter = clock.matter;
  event.department = clock.department;
  event.old_due = clock.old_due;
  event.cause = command.kind + "/" + command.no;
  event.dues.emplace_back(clock.now.due, clock.obligation, clock.now.provisional, clock.workdays);
  event.calendar = calendar;
  return {EventType::DeadlineRecomputed, pack(event), std::string(kind), std::string(no), {}};
}

bool is_calendar(EventType type) {
  return type == EventType::CalendarPublished || type == EventType::CalendarAmended ||
         type == EventType::LocalClosureDeclared;
}

}  // namespace

District::District(const engine::Source& source, const engine::Sealer& sealer)
    : state_(std::make_unique<State>(source, sealer)) {}
District::~District() = default;

void District::forget() { state_->forget(); }

engine::Result<void> District::load(engine::Micros last_recorded_at) {
  return state_->load(last_recorded_at);
}

// The clocks that the amended (or now published) calendar moves, stream by stream, oldest first. A
// year that is only now published settles provisional deadlines; others stand as they were pinned.
engine::Result<void> District::State::recompute_all(const Command& command, const Calendar& amended,
                                                    std::vector<Emitted>& out) {
  const bool only_provisional = command.event == EventType::CalendarPublished;
  std::map<std::uint64_t, std::pair<std::string, std::string>> open;  // by first seq
  for (const std::string_view kind : {"appeal", "supervisor-report"}) {
    const auto listed = source.streams(kind, [&](std::string_view no, std::uint64_t first) {
      open.emplace(first, std::pair{std::string(kind), std::string(no)});
      return true;
    });
    if (!listed) return listed;
  }
  for (const auto& [no, shelved] : streams.shelf<Appeal>())
    open.emplace(shelved.first_seq, std::pair{"appeal", no});
  for (const auto& [no, shelved] : streams.shelf<SupervisorReport>())
    open.emplace(shelved.first_seq, std::pair{"supervisor-report", no});

  for (const auto& [first, stream] : open) {
    std::vector<Recomputed> moved;
    engine::Result<void> read;
    with_subject(stream.first, [&]<class S>() {
      if constexpr (std::is_same_v<S, Appeal> || std::is_same_v<S, SupervisorReport>) {
        auto found = streams.find<S>(stream.first, stream.second);
        if (!found) read = std::unexpected(found.error());
        if (found && *found != nullptr) moved = recompute((*found)->state, amended);
      }
    });
    if (!read) return read;
    for (const Recomputed& clock : moved) {
      if (only_provisional && !clock.was_provisional) continue;
      if (clock.now.due < clock.old_due && !may_shorten(command.actor.role)) continue;
      out.push_back(
          recomputed_event(clock, stream.first, stream.second, command, amended.version()));
    }
  }
  return {};
}

engine::Result<Decision> District::State::decide_subject(const Command& command) {
  engine::Result<Decision> result = Decision{};
  const bool known = with_subject(command.kind, [&]<class S>() {
    auto found = streams.find<S>(command.kind, command.no);
    if (!found) {
      result = std::unexpected(found.error());
      return;
    }
    static const S kNothing{};
    const S& state = *found == nullptr ? kNothing : (*found)->state;
    if (command.expected_version && *command.expected_version != state.version) {
      result = Decision(
          refuse(RefusalCode::VersionConflict, "version " + std::to_string(state.version)));
      return;
    }
    const Context context{command.at, state.version + 1, calendar, rules(), *this, sealer};
    result = schemas::decide(state, command, context);
  });
  if (!known) result = Decision(refuse(RefusalCode::WrongStream, command.kind));
  if (read_error) return std::unexpected(*std::exchange(read_error, std::nullopt));
  return result;
}

// Time checks that need no state of the stream; an empty optional: nothing wrong.
std::optional<Refusal> District::State::refuse_times(const Command& command) const {
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
  if (const auto ahead = ahead_.find(command.id); ahead != ahead_.end())
    return answer(ahead->second.event.view(ahead->second.seq));
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

// Gives versions and flags to what was decided, evolves the states by it and remembers it until
// durable.
engine::Ruling District::State::accept(const Command& command, std::vector<Emitted>&& emitted,
                                       std::uint64_t next_seq) {
  engine::Ruling ruling;
  for (Emitted& one : emitted) {
    const std::string& kind = one.kind.empty() ? command.kind : one.kind;
    const std::string& no = one.no.empty() ? command.no : one.no;
    const std::uint32_t version = version_of(kind, no) + 1;
    ruling.events.push_back(to_event(command, std::move(one), version));
    engine::NewEvent& event = ruling.events.back();
    if (ruling.events.size() == 1)
      event.id = command.id;
    else
      event.flags |= engine::kFollows;
    const bool evolved = apply(event.view(next_seq + ruling.events.size() - 1));
    CHECK(evolved);  // decide() and admits() must agree
  }
  last_at = command.at;
  remember(ruling.events.front(), next_seq);
  return ruling;
}

engine::Result<engine::Ruling> District::decide(const Command& command, std::uint64_t next_seq) {
  State& state = *state_;
  const auto repeat = state.find_repeat(command);
  if (!repeat) return std::unexpected(repeat.error());
  if (*repeat) return **repeat;
  if (const auto wrong = state.refuse_times(command)) return refused(*wrong);

  auto decision = state.decide_subject(command);
  if (!decision) return std::unexpected(decision.error());
  if (!*decision) return refused(decision->error());
  std::vector<Emitted> emitted = std::move(**decision);
  CHECK(!emitted.empty());
  if (is_calendar(command.event)) {
    Calendar amended = state.calendar;
    engine::NewEvent event = to_event(command, Emitted(emitted.front()), 1);
    amended.apply(event.view(next_seq));
    if (auto moved = state.recompute_all(command, amended, emitted); !moved)
      return std::unexpected(moved.error());
  }
  engine::Ruling ruling = state.accept(command, std::move(emitted), next_seq);
  state.streams.shrink(kStatesMax);
  return ruling;
}

}  // namespace schemas
