#include "projections/standing.h"

#include "projections/activity.h"
#include "projections/board.h"
#include "projections/case.h"
#include "projections/lights.h"

namespace projections {

Standing standing_at(const Facts& facts, std::uint64_t seq, Micros at) {
  Standing standing;
  const Board board(facts, seq);
  const auto items = facts.activity().at_work(facts, Subject::appeal, at, at, seq);
  each_case(facts, items, seq, [&](Case& of) {
    of.advance(seq);
    if (!of.begun() || !has_running_duty(of)) return;
    Duties(board, of).each(at, [&](const DutyRow& duty) {
      ++standing.open;
      ++standing.lights.at(static_cast<std::size_t>(duty.light));
    });
  });
  return standing;
}

}  // namespace projections
