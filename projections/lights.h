// Obligations as a board holds them, and the questions that reports ask of them: which light, which week
// a duty belongs to, whether it was met in time (interfaces.md section 6). Every light and due on a board
// is asked here, so that counting and listing cannot differ.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/clock.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/obligations.h"

namespace projections {

using engine::Micros;

// One clock of one obligation with the events that moved it. seq 0: not (yet).
struct DutyClock {
  Micros started = 0, due = 0, met = 0, stopped = 0;
  std::uint32_t start_seq = 0, due_seq = 0, met_seq = 0, stop_seq = 0;
  schemas::EventType stopped_by = schemas::EventType::none;
  bool suspended = false, provisional = false, same_day = false;

  [[nodiscard]] bool owed() const { return start_seq != 0; }
  [[nodiscard]] bool is_met() const { return met_seq != 0; }
  // Owed, neither met nor stopped.
  [[nodiscard]] bool open() const { return owed() && met_seq == 0 && stop_seq == 0; }
  [[nodiscard]] bool met_in_time() const { return is_met() && met < due; }

  void start(Micros at, Micros new_due, bool is_provisional, std::uint32_t seq);
  void meet(Micros at, std::uint32_t seq);
  void stop(Micros at, std::uint32_t seq, schemas::EventType by);
  void reopen(bool was_met_counts);
};

[[nodiscard]] schemas::Light light_of(const DutyClock& clock, schemas::Obligation obligation,
                                      Micros at);
// red > yellow > green > grey > none (domain.md section 4).
[[nodiscard]] schemas::Light worse(schemas::Light a, schemas::Light b);

// The instants of a weekly question. Records count up to `seq`; lights stand at `lights_at`, the last
// microsecond before `to` in a finished week; dues have fallen when due <= `judged_at` = min(to, as_of).
struct Window {
  Micros from = 0, to = 0;
  Micros lights_at = 0, judged_at = 0;
  std::uint64_t first_seq = 1, seq = 0;  // records of the week: first_seq..seq
};

// Does the duty belong to the week, and count there in d (and in n, when met in time)? A duty belongs to
// the week of min(met at, last day of its due).
enum class Count : std::uint8_t { no, missed, met };
[[nodiscard]] Count count_in_week(const DutyClock& clock, const Window& window);

class Board;

// A duty that is open or was missed, as the list of lights and the list of next week show it.
struct DutyRow {
  std::uint32_t appeal = 0;             // ordinal
  std::uint32_t assignment = 0xFFFF'FFFF;  // none: the office's own
  schemas::Obligation obligation = schemas::Obligation::accept;
  Micros due = 0;
  schemas::Light light = schemas::Light::none;
  std::uint32_t seq = 0;                // the event that started it
};
// Every open duty of an appeal: the office's own, then assignments by matter and dispatch; each in the order
// of the obligation codes, weekly progress by week.
void each_duty(const Board& board, std::uint32_t appeal, Micros at,
               const std::function<void(const DutyRow&)>& visit);
// The weekly progress duties of one assignment that have begun by `at` and are open.
void each_progress_duty(const Board& board, std::uint32_t assignment, Micros at,
                        const std::function<void(const DutyRow&)>& visit);
// The worst light of an assignment's own duties.
[[nodiscard]] schemas::Light light_of_assignment(const Board& board, std::uint32_t assignment,
                                                 Micros at);

}  // namespace projections
