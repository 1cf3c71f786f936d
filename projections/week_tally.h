// What the cases of a week add to the weekly report. Cases may be told in parts, on several
// threads; the parts are joined in the order of their cases.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "projections/board.h"
#include "projections/case.h"
#include "projections/departments.h"
#include "projections/lights.h"
#include "projections/ratings.h"
#include "projections/report.h"
#include "projections/week_totals.h"

namespace projections {

[[nodiscard]] Window window_of(const Facts& facts, schemas::Week week, const Moment& moment);

// The two moments of the report: the end of the week, and of the week before.
struct Weeks {
  Weeks(const Facts& facts, schemas::Week asked, const Moment& moment);

  schemas::Week week;
  Window before, window;
  Board old_board, board;
};

// What some of the cases add to the report.
class WeekTally {
 public:
  WeekTally(const Weeks& weeks, Trace* trace);

  // The case at its beginning; it is moved on to the end of the week.
  void add(Case& of);
  // An appeal of which its milestones tell all (week_cases.h).
  void add_straight(const Item& appeal) { departments_.add_straight(appeal); }

  // Those of a later part.
  void add(WeekTally&& later);

  // Puts the whole report.
  void draw(boost::json::object& report) const;

 private:
  // An entry of a list: a duty with a light, or one due next week.
  struct DutyEntry {
    std::uint32_t item = 0, assignment = kNone;  // kNone: the office's own
    schemas::Obligation obligation = schemas::Obligation::accept;
    schemas::Light light = schemas::Light::none;
    Micros due = 0;
    std::uint32_t seq = 0;
  };
  struct LongTermEntry {
    std::uint32_t item = 0, assignment = 0, text = 0, seq = 0;
    std::optional<std::int32_t> percent;  // of the week's filing, if there is one
  };

  void add_duties(const Case& of);
  void add_long_term(const Case& of);
  void add_ratings(const Case& of);
  void trace_duty(std::string_view section, const DutyEntry& duty) const;
  [[nodiscard]] boost::json::array list_lights(const boost::json::storage_ptr& storage) const;
  [[nodiscard]] boost::json::array list_next_week(const boost::json::storage_ptr& storage) const;
  [[nodiscard]] boost::json::array list_long_term(const boost::json::storage_ptr& storage) const;

  const Weeks& weeks_;
  Trace* trace_;
  WeekTotals totals_, previous_;
  DepartmentTable departments_;
  RatingFigures ratings_;
  std::vector<DutyEntry> lights_, next_week_;
  std::vector<LongTermEntry> long_term_;
};

// Which week, and its instants: the head of every answer about it.
void put_week(boost::json::object& report, schemas::Week week);

}  // namespace projections
