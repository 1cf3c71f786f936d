#include "schemas/clocks.h"

#include <algorithm>
#include <optional>

namespace schemas {
namespace {

constexpr std::size_t kClocksUsual = 3;  // of an assignment with a lead, or of the office

// The due of one running clock under a calendar; nullopt: no calendar moves it.
std::optional<Deadline> due_under(const DutyState& duty, const Calendar& calendar) {
  if (duty.workdays == kFixed) return std::nullopt;
  if (duty.workdays == kSameDay) return calendar.same_workday(duty.started);
  return calendar.after(duty.started, duty.workdays);
}

}  // namespace

void apply(std::vector<Clock>& clocks, const DutyChange& change, Micros at) {
  const auto same = [&](const Clock& clock) {
    return change.all || clock.duty.obligation == change.obligation;
  };
  bool found = false;
  for (Clock& clock : clocks) {
    if (!same(clock)) continue;
    apply(clock.duty, change, at);
    found = true;
  }
  if (found || change.op != DutyOp::start) return;
  const auto place = std::ranges::upper_bound(
      clocks, change.obligation, {}, [](const Clock& clock) { return clock.duty.obligation; });
  Clock added;
  added.duty.obligation = change.obligation;
  apply(added.duty, change, at);
  const auto index = place - clocks.begin();
  if (clocks.empty()) clocks.reserve(kClocksUsual);
  clocks.insert(clocks.begin() + index, added);
}

const Clock* find_clock(const std::vector<Clock>& clocks, Obligation obligation) {
  for (const Clock& clock : clocks)
    if (clock.duty.obligation == obligation) return &clock;
  return nullptr;
}

bool any_runs(const std::vector<Clock>& clocks) {
  return std::ranges::any_of(clocks, [](const Clock& clock) { return clock.duty.running(); });
}

void recompute(const std::vector<Clock>& clocks, int matter, std::string_view department,
               const Calendar& calendar, std::vector<Recomputed>& out) {
  for (const Clock& clock : clocks) {
    const DutyState& duty = clock.duty;
    if (!duty.running()) continue;
    const auto now = due_under(duty, calendar);
    if (!now || now->due == duty.due) continue;
    const auto workdays = duty.workdays == kSameDay && now->due != duty.due
                              ? static_cast<std::int16_t>(1)
                              : duty.workdays;
    out.push_back({duty.obligation, matter, std::string(department), duty.due, *now,
                   duty.provisional, workdays});
  }
}

}  // namespace schemas
