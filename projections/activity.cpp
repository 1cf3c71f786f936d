// Finding out when items came to rest, and which were at work at a moment.
#include "projections/activity.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>

#include "engine/check.h"
#include "projections/board.h"
#include "projections/case.h"
#include "projections/facts.h"
#include "projections/lights.h"
#include "projections/parts.h"
#include "projections/ratings.h"

namespace projections {
namespace {

constexpr Micros kNever = std::numeric_limits<Micros>::max();

Micros rest_of(const Case& found, Micros last_event) {
  if (has_running_duty(found)) return kNever;
  for (const AssignmentState& assignment : found.assignments())
    if (found.open(assignment)) return kNever;
  return std::max(last_event, last_due(found));
}

Micros rest_of(const ReportState& report, Micros last_event) {
  if (report.open()) return kNever;
  Micros rest = last_event;
  for (const DutyClock* clock :
       {&report.to_register, &report.to_dispatch, &report.to_conclude, &report.to_reply}) {
    if (clock->open()) return kNever;
    rest = std::max(rest, clock->due());
  }
  return rest;
}

}  // namespace

std::size_t Activity::week_of(Micros at) const {
  const schemas::Day monday = schemas::week_of(schemas::day_of(at)).monday;
  return static_cast<std::size_t>((monday - first_week_.monday) / 7);
}

namespace {

// While nothing happens between two events, a clock that runs past its due is red.
void widen(Micros& from, Micros& to, const Case& of, Micros until) {
  each_clock(of, [&](const DutyClock& clock) {
    if (!clock.open() || clock.due() > until) return;
    from = from == 0 ? clock.due() : std::min(from, clock.due());
    to = std::max(to, until);
  });
  // Weekly duties fall due again and again: from the first week on it may be red.
  for (const AssignmentState& one : of.assignments()) {
    if (!one.weekly_from || !of.open(one)) continue;
    from = from == 0 ? one.weekly_from.at : std::min(from, one.weekly_from.at);
    to = std::max(to, until);
  }
}

}  // namespace

// Tried at every event: the milestones of the newest state, cut there, against the state there.
void Activity::try_straight(const Facts& facts, const Case& newest, Case& memory) {
  const Item& item = facts.items()[newest.item()];
  for (const AssignmentState& one : newest.assignments())
    milestones_[one.number] = milestones_of(one);
  Straight& straight = straight_[item.ordinal];
  straight = {item.first, item.last};
  AssignmentState cut;
  memory.begin(facts, newest.item());
  for (std::uint32_t seq = item.first; seq != 0;) {
    memory.advance(seq);
    bool alike = true;
    for (const AssignmentState& one : memory.assignments()) {
      const bool by_its_appeal = memory.open(one) != (one.end == schemas::AssignmentStatus::none);
      alike =
          alike && !by_its_appeal && count_alike(one, state_at(milestones_[one.number], seq, cut));
    }
    seq = facts.row(seq).next;
    if (!alike) straight.from = seq == 0 ? kNone : seq;
  }
}

Activity::Found Activity::look_at(const Facts& facts, Case& memory) {
  const Item& of = facts.items()[memory.item()];
  const Micros last_event = facts.time_of(of.last);
  if (of.subject == Subject::supervisor_report)
    return {rest_of(report_at(facts, memory.item(), of.last), last_event), 0, 0};
  Found found;
  for (std::uint32_t seq = of.first; seq != 0;) {
    memory.advance(seq);
    seq = facts.row(seq).next;
    widen(found.red_from, found.red_to, memory, seq == 0 ? kNever : facts.time_of(seq));
  }
  found.rest = rest_of(memory, last_event);
  for (const RoundState& round : memory.rounds()) {
    Round& kept = rounds_[round.number];
    kept = Round{};
    if (found.rest != kNever)
      kept = {found.rest, of.last, projections::round_code(memory, round, found.rest)};
  }
  return found;
}

void Activity::list(const Facts& facts, std::uint32_t item, const Found& found) {
  const Item& of = facts.items()[item];
  const std::size_t first = week_of(facts.time_of(of.first)), end = week_of(found.rest) + 1;
  CHECK(end < std::numeric_limits<std::uint16_t>::max());
  if (weeks_.size() < end) weeks_.resize(end);
  for (std::size_t week = std::max<std::size_t>(first, listed_to_[item]); week < end; ++week)
    (of.subject == Subject::appeal ? weeks_[week].appeals : weeks_[week].reports)
        .push_back(of.ordinal);
  listed_to_[item] = std::max(listed_to_[item], static_cast<std::uint16_t>(end));
  if (found.red_from == 0) return;
  const std::size_t last = week_of(std::min(found.red_to, found.rest));
  for (std::size_t week = week_of(found.red_from); week <= last; ++week)
    weeks_[week].red.push_back(of.ordinal);
}

void Activity::wake(const Facts& facts, std::uint32_t item) {
  if (item < rest_.size()) rest_[item] = kNever;
  for (std::uint32_t at = facts.last_round(item); at != kNone; at = facts.rounds()[at].previous)
    if (at < rounds_.size()) rounds_[at] = Round{};
}

void Activity::settle(const Facts& facts, std::vector<std::uint32_t>& awake,
                      std::vector<std::uint8_t>& asleep, unsigned threads) {
  if (awake.empty()) return;
  first_week_ = schemas::week_of(schemas::day_of(facts.time_of(1)));
  listed_to_.resize(facts.items().size());
  rest_.resize(facts.items().size(), kNever);
  rounds_.resize(facts.rounds().size());
  milestones_.resize(facts.assignments().size());
  straight_.resize(facts.items_of(Subject::appeal).size());
  const auto parts =
      in_parts<std::vector<Found>>(awake.size(), threads, [&](std::size_t begin, std::size_t end) {
        Case again;
        std::vector<Found> found;
        found.reserve(end - begin);
        each_case(facts, std::span(awake).subspan(begin, end - begin), facts.seq(), [&](Case& one) {
          found.push_back(look_at(facts, one));
          if (facts.items()[one.item()].subject == Subject::appeal) try_straight(facts, one, again);
        });
        return found;
      });
  // A due in the far future is no use to a list of weeks; the item stays awake.
  const Micros far = facts.time_of(facts.seq()) + schemas::kDayMicros * 366;
  std::size_t at = 0, left = 0;
  for (const std::vector<Found>& part : parts) {
    for (const Found& found : part) {
      const std::uint32_t item = awake[at++];
      if (found.rest > far) {
        awake[left++] = item;
        continue;
      }
      list(facts, item, found);
      rest_[item] = found.rest;
      asleep[item] = 1;
    }
  }
  awake.resize(left);
}

template <class Listed>
std::vector<std::uint32_t> Activity::items_of_weeks(const Facts& facts, Subject subject,
                                                    Micros from, Micros to, std::uint64_t seq,
                                                    Listed listed) const {
  const std::uint32_t begun = facts.begun(subject, seq);  // ordinals are in order of first seq
  std::vector<std::uint64_t> bits(begun / 64 + 1);
  const auto mark = [&](std::uint32_t ordinal) {
    if (ordinal < begun) bits[ordinal / 64] |= 1ULL << ordinal % 64;
  };
  for (const std::uint32_t item : facts.awake())
    if (facts.items()[item].subject == subject) mark(facts.items()[item].ordinal);
  if (to >= first_week_.from()) {
    const std::size_t end = std::min(week_of(to) + 1, weeks_.size());
    for (std::size_t week = week_of(std::max(from, first_week_.from())); week < end; ++week)
      for (const std::uint32_t ordinal : listed(weeks_[week])) mark(ordinal);
  }
  std::size_t found = 0;
  for (const std::uint64_t word : bits) found += static_cast<std::size_t>(std::popcount(word));
  std::vector<std::uint32_t> items;
  items.reserve(found);
  const auto& of_subject = facts.items_of(subject);
  for (std::size_t word = 0; word < bits.size(); ++word)
    for (std::uint64_t left = bits[word]; left != 0; left &= left - 1)
      items.push_back(of_subject[word * 64 + static_cast<std::size_t>(std::countr_zero(left))]);
  return items;
}

std::vector<std::uint32_t> Activity::at_work(const Facts& facts, Subject subject, Micros from,
                                             Micros to, std::uint64_t seq) const {
  return items_of_weeks(facts, subject, from, to, seq, [&](const AtWork& week) {
    return std::span(subject == Subject::appeal ? week.appeals : week.reports);
  });
}

std::vector<std::uint32_t> Activity::red(const Facts& facts, Micros at, std::uint64_t seq) const {
  return items_of_weeks(facts, Subject::appeal, at, at, seq,
                        [](const AtWork& week) { return std::span(week.red); });
}

}  // namespace projections
