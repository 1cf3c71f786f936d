// Obligations as a board holds them, and the questions that reports ask of them: which light, which
// week a duty belongs to, whether it was met in time (interfaces.md section 6). Every light and due
// on a board is asked here, so that counting and listing cannot differ.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/obligations.h"

namespace projections {

using engine::Micros;

// One clock of one obligation (schemas/obligations.h moves it) and the events behind it. seq 0: not
// (yet).
struct DutyClock {
  explicit DutyClock(schemas::Obligation obligation) { state.obligation = obligation; }

  schemas::DutyState state;
  Micros stopped_at = 0, suspended_at = 0;
  std::uint32_t start_seq = 0, due_seq = 0, met_seq = 0, stop_seq = 0;
  schemas::EventType stopped_by = schemas::EventType::none;

  [[nodiscard]] bool owed() const { return state.due != 0; }
  [[nodiscard]] bool is_met() const { return state.met != 0; }
  [[nodiscard]] bool open() const { return state.running(); }
  [[nodiscard]] Micros due() const { return state.due; }
  // The instant at which it stopped running against its department, or `now` if it still does.
  [[nodiscard]] Micros ran_until(Micros now) const;
  [[nodiscard]] bool met_in_time() const { return is_met() && state.met < state.due; }
  [[nodiscard]] schemas::Light light(Micros at) const { return schemas::light_of(state, at); }
};
void apply(DutyClock& clock, const schemas::DutyChange& change, Micros at, std::uint32_t seq,
           schemas::EventType by);

// red > yellow > green > grey > none (domain.md section 4).
[[nodiscard]] schemas::Light worse(schemas::Light a, schemas::Light b);

// The instants of a weekly question. Records count up to `seq`; lights stand at `lights_at`, the
// last microsecond before `to` in a finished week; dues have fallen when due <= `judged_at` =
// min(to, as_of).
struct Window {
  Micros from = 0, to = 0;
  Micros lights_at = 0, judged_at = 0;
  std::uint64_t first_seq = 1, seq = 0;  // records of the week: first_seq..seq
};

// Does the duty belong to the week, and count there in d (and in n, when met in time)? A duty
// belongs to the week of min(met at, last day of its due).
enum class Count : std::uint8_t { no, missed, met };
[[nodiscard]] Count count_in_week(const DutyClock& clock, const Window& window);

class Board;

// An open duty as the list of lights and the list of next week show it.
struct DutyRow {
  std::uint32_t appeal = 0;                // ordinal
  std::uint32_t assignment = 0xFFFF'FFFF;  // none: the office's own
  schemas::Obligation obligation = schemas::Obligation::accept;
  Micros due = 0;
  schemas::Light light = schemas::Light::none;
  std::uint32_t seq = 0;  // the event that started it
};
using VisitDuty = std::function<void(const DutyRow&)>;
// Every open duty of an appeal that has begun by `at`: the office's own in the order of the
// obligation codes, then each assignment's by matter and dispatch, weekly progress by week.
void each_duty(const Board& board, std::uint32_t appeal, Micros at, const VisitDuty& visit);
// The appeals (ordinals, ascending) with any duty still running: most are long closed and have
// none.
[[nodiscard]] std::vector<std::uint32_t> live_appeals(const Board& board);
// The department's own duties of one assignment; the ruling on a return is the office's.
void each_assignment_duty(const Board& board, std::uint32_t assignment, Micros at,
                          const VisitDuty& visit);
// The worst light of an assignment's own duties, or of the office's duties for an appeal.
[[nodiscard]] schemas::Light light_of_assignment(const Board& board, std::uint32_t assignment,
                                                 Micros at);
[[nodiscard]] schemas::Light light_of_office(const Board& board, std::uint32_t appeal, Micros at);

// Weekly progress of one assignment and one week: owed, and the filing if there is one.
struct Progress {
  bool owed = false;
  std::uint32_t filing = 0xFFFF'FFFF;
};
[[nodiscard]] Progress progress_of(const Board& board, std::uint32_t assignment, schemas::Week week,
                                   Micros at);

}  // namespace projections
