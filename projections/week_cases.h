// The cases that a week is about, and how each has to be looked at: folded, or counted from its
// milestones because nothing of it but its assignments can show in the report.
#pragma once

#include <cstdint>
#include <vector>

#include "projections/facts.h"
#include "projections/lights.h"

namespace projections {

class WeekCases {
 public:
  // For the department table alone.
  WeekCases(const Facts& facts, const Window& window);
  // For the whole report, which looks at the end of the week before as well.
  WeekCases(const Facts& facts, const Window& before, const Window& window);

  // Items of appeals, by ordinal.
  [[nodiscard]] const std::vector<std::uint32_t>& items() const { return items_; }
  [[nodiscard]] bool must_fold(std::uint32_t item) const;

 private:
  void find_complaints();

  const Facts& facts_;
  const Window& window_;
  bool whole_;
  std::vector<std::uint32_t> items_;
  std::vector<std::uint32_t> complained_;  // items, ascending: an enterprise was not satisfied
  std::vector<std::uint32_t> red_before_;  // items, ascending: may have been red a week ago
};

}  // namespace projections
