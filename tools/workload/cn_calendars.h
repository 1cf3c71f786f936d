// The working-day calendars that the State Council published for 2019 to 2026, as the workload's
// districts publish them: each notice on its day, and the two amendments on theirs. A ledger never
// reads this table: it knows only the calendars that its own history publishes (domain.md section
// 5).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tools {

struct CalendarNotice {
  int year = 0;
  bool amends = false;  // the whole new year again, after a change
  std::string_view published, notice;
  std::span<const std::int16_t> holidays, makeup_workdays;  // month * 100 + day
};

[[nodiscard]] std::span<const CalendarNotice> calendar_notices();  // by day of publication

}  // namespace tools
