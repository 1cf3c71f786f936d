// Finding out when items came to rest, and which were at work at a moment.
#include "projections/activity.h"

#include <algorithm>
#include <bit>
#include <limits>

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

Micros Activity::find_rest(const Facts& facts, std::uint32_t item, Case& memory) {
  const Item& of = facts.items()[item];
  const Micros last_event = facts.time_of(of.last);
  if (of.subject == Subject::supervisor_report)
    return rest_of(report_at(facts, item, of.last), last_event);
  memory.begin(facts, item);
  memory.advance(of.last);
  const Micros rest = rest_of(memory, last_event);
  for (const RoundState& round : memory.rounds()) {
    Round& kept = rounds_[round.number];
    kept = rest == kNever ? Round{} : Round{rest, of.last, projections::round_code(memory, round, rest)};
  }
  return rest;
}

void Activity::list(const Facts& facts, std::uint32_t item, Micros rest) {
  const auto week_of = [&](Micros at) {
    const schemas::Day monday = schemas::week_of(schemas::day_of(at)).monday;
    return static_cast<std::size_t>((monday - first_week_.monday) / 7);
  };
  const std::size_t first = week_of(facts.time_of(facts.items()[item].first));
  const std::size_t end = week_of(rest) + 1;
  CHECK(end < std::numeric_limits<std::uint16_t>::max());
  if (weeks_.size() < end) weeks_.resize(end);
  const Item& of = facts.items()[item];
  for (std::size_t week = std::max<std::size_t>(first, listed_to_[item]); week < end; ++week)
    (of.subject == Subject::appeal ? weeks_[week].appeals : weeks_[week].reports)
        .push_back(of.ordinal);
  listed_to_[item] = std::max(listed_to_[item], static_cast<std::uint16_t>(end));
}

void Activity::settle(const Facts& facts, std::vector<std::uint32_t>& awake,
                      std::vector<std::uint8_t>& asleep, unsigned threads) {
  if (awake.empty()) return;
  first_week_ = schemas::week_of(schemas::day_of(facts.time_of(1)));
  listed_to_.resize(facts.items().size());
  rounds_.resize(facts.rounds().size());
  const auto rests = in_parts<std::vector<Micros>>(
      awake.size(), threads, [&](std::size_t begin, std::size_t end) {
        Case memory;
        std::vector<Micros> found;
        found.reserve(end - begin);
        for (std::size_t at = begin; at < end; ++at)
          found.push_back(find_rest(facts, awake[at], memory));
        return found;
      });
  std::size_t at = 0, left = 0;
  for (const std::vector<Micros>& part : rests) {
    for (const Micros rest : part) {
      const std::uint32_t item = awake[at++];
      // A due in the far future is no use to a list of weeks; the item stays awake.
      if (rest > facts.time_of(facts.seq()) + schemas::kDayMicros * 366) {
        awake[left++] = item;
        continue;
      }
      list(facts, item, rest);
      asleep[item] = 1;
    }
  }
  awake.resize(left);
}

std::vector<std::uint32_t> Activity::at_work(const Facts& facts, Subject subject, Micros from,
                                             Micros to, std::uint64_t seq) const {
  const std::uint32_t begun = facts.begun(subject, seq);  // ordinals are in order of first seq
  std::vector<std::uint64_t> bits(begun / 64 + 1);
  const auto mark = [&](std::uint32_t ordinal) {
    if (ordinal < begun) bits[ordinal / 64] |= 1ULL << ordinal % 64;
  };
  for (const std::uint32_t item : facts.awake())
    if (facts.items()[item].subject == subject) mark(facts.items()[item].ordinal);
  const schemas::Day begin = schemas::week_of(schemas::day_of(from)).monday;
  const schemas::Day end = schemas::week_of(schemas::day_of(to)).monday;
  for (schemas::Day monday = std::max(begin, first_week_.monday); monday <= end; monday += 7) {
    const auto week = static_cast<std::size_t>((monday - first_week_.monday) / 7);
    if (week >= weeks_.size()) break;
    for (const std::uint32_t ordinal :
         subject == Subject::appeal ? weeks_[week].appeals : weeks_[week].reports)
      mark(ordinal);
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

}  // namespace projections
