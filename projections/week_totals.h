// The totals of one week: flows counted over its records, stocks at its end. Overdue appeals come
// case by case from the report that folds them.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "projections/lights.h"
#include "projections/report.h"

namespace projections {

class WeekTotals {
 public:
  // `section`: "totals" or "previous".
  WeekTotals(const Window& window, std::string_view section, Trace* trace)
      : window_(window), section_(section), trace_(trace) {}

  // An open appeal with a red duty, started by that event.
  void add_overdue(std::uint64_t seq) {
    count(overdue_open_, trace_, {section_, "overdue_open"}, seq);
  }
  void add(const WeekTotals& others) { overdue_open_ += others.overdue_open_; }
  [[nodiscard]] boost::json::object draw(const Facts& facts) const;

 private:
  [[nodiscard]] std::int64_t count_open(const Facts& facts) const;

  const Window& window_;
  std::string_view section_;
  Trace* trace_;
  std::int64_t overdue_open_ = 0;
};

}  // namespace projections
