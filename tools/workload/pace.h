// When people in the generated district act: in working hours of working days, before or after a
// deadline, as the calendars known at that moment say (schemas/calendar.h computes every deadline).
#pragma once

#include <utility>
#include <vector>

#include "schemas/calendar.h"
#include "tools/workload/random.h"
#include "tools/workload/script.h"

namespace tools {

using schemas::Day;

// Each state of the calendars and the moment from which it was known.
class KnownCalendars {
 public:
  // All notices whose day of publication is from..until (both included); earlier ones count from
  // `from`.
  KnownCalendars(Day from, Day until);
  struct Publication {
    Micros at = 0;
    std::size_t notice = 0;  // in calendar_notices()
  };
  [[nodiscard]] const std::vector<Publication>& publications() const { return publications_; }
  [[nodiscard]] const schemas::Calendar& at(Micros t) const;

 private:
  std::vector<Publication> publications_;
  std::vector<std::pair<Micros, schemas::Calendar>> known_;
};

// One subject's sense of time. Every answer is later than `from` by at least a second.
class Pace {
 public:
  Pace(const KnownCalendars& calendars, Random& random)
      : calendars_(&calendars), random_(&random) {}

  [[nodiscard]] const schemas::Calendar& calendar(Micros t) const { return calendars_->at(t); }
  // 24:00 of the n-th working day after the day of t, as known at t.
  [[nodiscard]] Micros due(Micros t, int n) const { return calendar(t).after(t, n).due; }
  // The same due as it will stand at last: an amendment before it falls due moves it (domain.md
  // section 5).
  [[nodiscard]] Micros due_at_last(Micros t, int n) const;
  // Some minutes later, carried over to the next working hours.
  [[nodiscard]] Micros soon(Micros from, int least_minutes, int most_minutes);
  // In working hours strictly between the two, where that can be; else strictly between them.
  [[nodiscard]] Micros within(Micros from, Micros until);
  // At or after `due`, and after `from`: in working hours of the next `days_most` days.
  [[nodiscard]] Micros late(Micros from, Micros due, int days_most);
  // Between the two at any waking hour, as enterprises do.
  [[nodiscard]] Micros at_leisure(Micros from, Micros until);
  // Working hours of that very day.
  [[nodiscard]] Micros on(Day day);

 private:
  [[nodiscard]] Micros into_hours(Micros t);
  [[nodiscard]] Micros strictly_between(Micros from, Micros until);
  const KnownCalendars* calendars_;
  Random* random_;
};

}  // namespace tools
