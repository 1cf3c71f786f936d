// The milestones of an assignment: of one that went straight, the newest state tells every earlier
// one. As of seq N it is what it is without the events after N, so counting a week needs no fold.
//
// From which seq on an assignment went straight is not decided by a rule here: it is tried, event
// by event, against the fold itself (activity.cpp). What came before is folded.
#pragma once

#include <array>
#include <cstdint>

#include "projections/case.h"

namespace projections {

struct Milestones {
  struct Duty {
    Micros due = 0;  // 0: never owed
    Micros end_at = 0;
    std::uint32_t end_seq = 0;  // 0: it runs on
    std::uint16_t stopped_by = 0;
    bool met = false;  // else stopped
    bool same_day = false;
  };
  Micros dispatched_at = 0, ended_at = 0;
  std::uint32_t dispatched = 0, ended = 0;  // seqs
  schemas::AssignmentStatus end = schemas::AssignmentStatus::none;
  schemas::Duty duty = schemas::Duty::lead;
  std::array<Duty, 3> duties;  // sign, contact, and what completing it is judged by
};

// Of the newest state of an assignment.
[[nodiscard]] Milestones milestones_of(const AssignmentState& newest);
// The assignment as of record `seq`, not before its dispatch: what counting and lights look at.
// Trails (signed_, cards, filings) are left out. `memory` is filled and handed back.
const AssignmentState& state_at(const Milestones& milestones, std::uint64_t seq,
                                AssignmentState& memory);
// Do counting and lights see the same in both? The events behind them are not compared: who asks
// why is answered from a fold.
[[nodiscard]] bool count_alike(const AssignmentState& a, const AssignmentState& b);

}  // namespace projections
