// When each case was at work: from its first record until it came to rest, when every duty is met,
// ended or past and no assignment is open. A report looks only at the cases at work around its
// moment, and takes the rating figures of rounds at rest as they were left.
//
// Found again from the facts by Facts::settle(), never stored. What has moved since counts as at
// work, so reports never depend on it, only their speed does.
#pragma once

#include <cstdint>
#include <vector>

#include "projections/fact_batch.h"
#include "schemas/calendar.h"

namespace projections {

class Case;
class Facts;

class Activity {
 public:
  // Items of a subject (appeal or supervisor_report), by ordinal, that had begun with record `seq`
  // and were at work at any time from..to, both inclusive; others may be among them.
  [[nodiscard]] std::vector<std::uint32_t> at_work(const Facts& facts, Subject subject, Micros from,
                                                   Micros to, std::uint64_t seq) const;

  // The figures (round_code() in ratings.h) of a rating round, if its appeal was at rest at `at`
  // with its last record at or before `seq`; else kMoving.
  static constexpr std::uint16_t kMoving = 0xFFFF;
  [[nodiscard]] std::uint16_t round_code(std::uint32_t round, std::uint64_t seq, Micros at) const {
    const bool rests =
        round < rounds_.size() && rounds_[round].last_seq <= seq && rounds_[round].rest <= at;
    return rests ? rounds_[round].code : kMoving;
  }

 private:
  friend class Facts;
  struct Round {
    Micros rest = 0;
    std::uint32_t last_seq = kNone;
    std::uint16_t code = kMoving;
  };
  void settle(const Facts& facts, std::vector<std::uint32_t>& awake,
              std::vector<std::uint8_t>& asleep, unsigned threads);
  // Since when the item is at rest; never while it is not. Leaves its rounds' figures.
  [[nodiscard]] Micros find_rest(const Facts& facts, std::uint32_t item, Case& memory);
  void list(const Facts& facts, std::uint32_t item, Micros rest);

  schemas::Week first_week_;
  struct AtWork {
    std::vector<std::uint32_t> appeals, reports;  // ordinals
  };
  std::vector<AtWork> weeks_;             // from first_week_
  std::vector<std::uint16_t> listed_to_;  // by item: the first week it is not listed in
  std::vector<Round> rounds_;             // by number
};

}  // namespace projections
