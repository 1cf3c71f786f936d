// What a calendar moves: the clocks of other streams whose deadline it changes, one
// DeadlineRecomputed each, in the batch of the calendar's own event.
#include <algorithm>
#include <type_traits>

#include "schemas/district_state.h"
#include "schemas/event.h"

namespace schemas {
namespace {

// "Never earlier without a leader" (domain.md section 5).
bool may_shorten(Role role) { return role == Role::office_lead || role == Role::district_leader; }

Emitted recomputed_event(const Recomputed& clock, std::string_view kind, std::string_view no,
                         const CommandView& command, std::uint32_t calendar) {
  DeadlineRecomputedT event;
  event.obligation = clock.obligation;
  event.matter = clock.matter;
  event.department = clock.department;
  event.old_due = clock.old_due;
  event.cause = stream_text(command);
  event.dues.emplace_back(clock.now.due, clock.obligation, clock.now.provisional, clock.workdays);
  event.calendar = calendar;
  return {EventType::DeadlineRecomputed, pack(event), std::string(kind), std::string(no), {}};
}

// A stream with running clocks. Pointers into a shelf: they last until it shrinks.
struct Stream {
  std::uint64_t first_seq = 0;
  std::string_view no;
  const Appeal* appeal = nullptr;
  const SupervisorReport* report = nullptr;
};

template <class S>
Stream stream_of(std::string_view no, const Shelved<S>& shelved) {
  Stream stream{shelved.first_seq, no};
  if constexpr (std::is_same_v<S, Appeal>)
    stream.appeal = &shelved.state;
  else
    stream.report = &shelved.state;
  return stream;
}

template <class S>
void add_streams(const Streams& streams, std::vector<Stream>& all) {
  for (const auto& [no, shelved] : streams.shelf<S>())
    if (has_running_clock(shelved->state)) all.push_back(stream_of(no, *shelved));
}

}  // namespace

bool is_calendar(EventType type) {
  return type == EventType::CalendarPublished || type == EventType::CalendarAmended ||
         type == EventType::LocalClosureDeclared;
}

// The clocks that the amended (or now published) calendar moves, stream by stream, oldest first. A
// year that is only now published settles provisional deadlines; others stand as they were pinned.
engine::Result<void> District::State::recompute_all(const CommandView& command,
                                                    const engine::RecordView& first,
                                                    std::vector<Emitted>& out) {
  Calendar amended = calendar;
  amended.apply(first);
  const bool only_provisional = command.event == EventType::CalendarPublished;
  std::vector<Stream> all;
  if (auto found = streams.find_running(); !found) return found;
  add_streams<Appeal>(streams, all);
  add_streams<SupervisorReport>(streams, all);
  std::ranges::sort(all, {}, &Stream::first_seq);
  for (const Stream& stream : all) {
    const bool is_appeal = stream.appeal != nullptr;
    for (const Recomputed& clock :
         is_appeal ? recompute(*stream.appeal, amended) : recompute(*stream.report, amended)) {
      if (only_provisional && !clock.was_provisional) continue;
      if (clock.now.due < clock.old_due && !may_shorten(command.actor.role)) continue;
      out.push_back(recomputed_event(clock, is_appeal ? "appeal" : "supervisor-report", stream.no,
                                     command, amended.version()));
    }
  }
  return {};
}

}  // namespace schemas
