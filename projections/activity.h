// When each case was at work: from its first record until it came to rest, when every duty is met,
// ended or past and no assignment is open. A report looks only at the cases at work around its
// moment, and takes the rating figures of rounds at rest as they were left.
//
// Beside it: when a case may have shown a red light, and the milestones of cases that went
// straight.
//
// Found again from the facts by Facts::settle(), never stored. What has moved since counts as at
// work, so reports never depend on it, only their speed does.
#pragma once

#include <cstdint>
#include <vector>

#include "projections/facts.h"
#include "projections/milestones.h"
#include "schemas/calendar.h"

namespace projections {

class Activity {
 public:
  // Items of a subject (appeal or supervisor_report), by ordinal, that had begun with record `seq`
  // and were at work at any time from..to, both inclusive; others may be among them.
  [[nodiscard]] std::vector<std::uint32_t> at_work(const Facts& facts, Subject subject, Micros from,
                                                   Micros to, std::uint64_t seq) const;

  // The same of appeals that may have had a red light at `at`.
  [[nodiscard]] std::vector<std::uint32_t> red(const Facts& facts, Micros at,
                                               std::uint64_t seq) const;

  // Had the item come to rest by `at`, with its last record at or before `seq`?
  [[nodiscard]] bool at_rest(const Item& item, std::uint32_t number, std::uint64_t seq,
                             Micros at) const {
    return number < rest_.size() && rest_[number] <= at && item.last <= seq;
  }

  // Are the milestones of the appeal's assignments all there is to count as of record `seq`?
  [[nodiscard]] bool straight(const Item& appeal, std::uint64_t seq) const {
    if (appeal.ordinal >= straight_.size()) return false;
    const Straight& known = straight_[appeal.ordinal];
    return seq >= known.from && (known.to == appeal.last || seq <= known.to);
  }
  [[nodiscard]] const Milestones& milestones(std::uint32_t assignment) const {
    return milestones_[assignment];
  }

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
  // The seqs as of which milestones tell all.
  struct Straight {
    std::uint32_t from = kNone, to = 0;
  };
  // It moves again.
  void wake(const Facts& facts, std::uint32_t item);
  void settle(const Facts& facts, std::vector<std::uint32_t>& awake,
              std::vector<std::uint8_t>& asleep, unsigned threads);
  // What there is to know of one item: since when it is at rest, and from when until when it may
  // have shown a red light.
  struct Found {
    Micros rest = 0, red_from = 0, red_to = 0;  // never, while it may go on; red 0: never was
  };
  // `memory`: of the item, at its beginning; an appeal's is left at its end.
  [[nodiscard]] Found look_at(const Facts& facts, Case& memory);
  void try_straight(const Facts& facts, const Case& newest, Case& memory);
  void list(const Facts& facts, std::uint32_t item, const Found& found);
  [[nodiscard]] std::size_t week_of(Micros at) const;
  template <class Listed>
  [[nodiscard]] std::vector<std::uint32_t> items_of_weeks(const Facts& facts, Subject subject,
                                                          Micros from, Micros to, std::uint64_t seq,
                                                          Listed listed) const;

  schemas::Week first_week_;
  struct AtWork {
    std::vector<std::uint32_t> appeals, reports, red;  // ordinals; red: of appeals
  };
  std::vector<AtWork> weeks_;             // from first_week_
  std::vector<std::uint16_t> listed_to_;  // by item: the first week it is not listed in
  std::vector<Micros> rest_;              // by item: since when it is at rest
  std::vector<Round> rounds_;             // by number
  std::vector<Milestones> milestones_;    // by number of the assignment
  std::vector<Straight> straight_;        // by ordinal of the appeal
};

}  // namespace projections
