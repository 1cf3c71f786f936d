// Rating statistics. Formulas: domain.md section 11 and interfaces.md sections 4 and 6.
#include "projections/ratings.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "projections/activity.h"
#include "projections/closed_loop.h"
#include "projections/parts.h"

namespace projections {

using boost::json::object;
using schemas::Finding;

namespace {

// The bits of a round's code.
constexpr unsigned kRated = 1, kLevelAt = 1, kContested = 1U << 4U, kUpheld = 1U << 5U,
                   kInvalidated = 1U << 6U, kCalledBack = 1U << 7U, kVerifyDue = 1U << 8U,
                   kVerifiedInTime = 1U << 9U, kToRectify = 1U << 10U, kFedBack = 1U << 11U,
                   kRectifyDue = 1U << 12U, kRectifiedInTime = 1U << 13U;

// Duties count when met or fallen due by the moment; one that was stopped before never fell due.
unsigned in_time(const DutyClock& clock, Micros judged_at, unsigned counts, unsigned met_in_time) {
  const bool counted =
      clock.owed() && (clock.is_met() || clock.due() <= clock.ran_until(judged_at));
  if (!counted) return 0;
  return counts | (clock.met_in_time() ? met_in_time : 0U);
}

}  // namespace

std::uint16_t round_code(const Case& of, const RoundState& round, Micros judged_at) {
  unsigned code = 0;
  if (round.contested) code |= kContested;
  if (round.upheld) code |= kUpheld;
  if (round.invalidated) code |= kInvalidated;
  if (round.valid()) {
    code |= kRated;
    if (round.level >= 1 && round.level <= 5)
      code |= static_cast<unsigned>(round.level) << kLevelAt;
  }
  if (round.bad()) {
    if (of.appeal().last_callback > round.rated.seq) code |= kCalledBack;
    code |= in_time(round.verify, judged_at, kVerifyDue, kVerifiedInTime);
    const bool to_rectify = round.verified && (round.finding == Finding::true_ ||
                                               round.finding == Finding::partly_true);
    if (to_rectify) {
      code |= kToRectify | (round.fed_back ? kFedBack : 0U);
      code |= in_time(round.rectify, judged_at, kRectifyDue, kRectifiedInTime);
    }
  }
  return static_cast<std::uint16_t>(code);
}

// The events behind what a round adds.
struct RatingFigures::Events {
  std::uint32_t concluded = 0, rated = 0, contested = 0, upheld = 0, invalidated = 0, callback = 0;
  std::uint32_t verify_start = 0, verify_met = 0, verified = 0, fed_back = 0;
  std::uint32_t rectify_start = 0, rectify_met = 0;
};

void RatingFigures::add(std::uint16_t code, std::int64_t rounds, const Events& events) {
  const auto has = [&](unsigned bit) { return (code & bit) != 0; };
  const auto note_cell = [&](Path cell, std::uint32_t seq) {
    if (trace_ != nullptr) trace_->hit(cell, seq);
  };
  const auto count_in = [&](std::int64_t& figure, std::string_view name, std::uint32_t seq) {
    figure += rounds;
    note_cell({path_, name}, seq);
  };
  // One more in d, and in n where it holds.
  const auto both = [&](Rate& rate, std::string_view name, std::uint32_t d_seq, bool holds,
                        std::uint32_t n_seq) {
    rate.d += rounds;
    note_cell({path_, name, "d"}, d_seq);
    if (!holds) return;
    rate.n += rounds;
    note_cell({path_, name, "n"}, n_seq);
  };
  count_in(invited_, "invited", events.concluded);
  both(active_, "active", events.concluded, has(kRated), events.rated);
  if (has(kContested)) count_in(contested_, "contested", events.contested);
  if (has(kUpheld)) count_in(upheld_, "upheld", events.upheld);
  if (has(kInvalidated)) count_in(invalidated_, "invalidated", events.invalidated);
  if (!has(kRated)) return;
  static constexpr std::array<std::string_view, 8> kLevels = {"0", "1", "2", "3", "4", "5", "", ""};
  const std::uint32_t rated = events.rated;
  const unsigned level = (code >> kLevelAt) & 7U;
  count_in(rated_, "rated", rated);
  if (level >= 1 && level <= 5) {
    levels_[level] += rounds;
    note_cell({path_, "levels", kLevels[level]}, rated);
  }
  both(good_, "good", rated, level >= 3, rated);
  both(satisfied_, "satisfied", rated, level >= 4, rated);
  both(bad_, "bad", rated, level <= 2, rated);
  if (level > 2) return;
  both(called_back_, "called_back", rated, has(kCalledBack), events.callback);
  if (has(kVerifyDue))
    both(verified_in_time_, "verified_in_time", events.verify_start, has(kVerifiedInTime),
         events.verify_met);
  if (!has(kToRectify)) return;
  both(rectified_, "rectified", events.verified, has(kFedBack), events.fed_back);
  if (has(kRectifyDue))
    both(rectified_in_time_, "rectified_in_time", events.rectify_start, has(kRectifiedInTime),
         events.rectify_met);
}

void RatingFigures::add(std::uint16_t code, std::int64_t rounds) { add(code, rounds, Events{}); }

void RatingFigures::add(const Case& of, const RoundState& round, Micros judged_at) {
  const Events events{.concluded = round.concluded.seq,
                      .rated = round.rated.seq,
                      .contested = round.contested.seq,
                      .upheld = round.upheld.seq,
                      .invalidated = round.invalidated.seq,
                      .callback = of.appeal().last_callback,
                      .verify_start = round.verify.start_seq,
                      .verify_met = round.verify.met_seq,
                      .verified = round.verified.seq,
                      .fed_back = round.fed_back.seq,
                      .rectify_start = round.rectify.start_seq,
                      .rectify_met = round.rectify.met_seq};
  add(round_code(of, round, judged_at), 1, events);
}

void RatingFigures::add(const RatingFigures& others) {
  for (const auto figure :
       {&RatingFigures::invited_, &RatingFigures::rated_, &RatingFigures::contested_,
        &RatingFigures::upheld_, &RatingFigures::invalidated_})
    this->*figure += others.*figure;
  for (std::size_t level = 0; level < levels_.size(); ++level)
    levels_[level] += others.levels_[level];
  for (const auto rate :
       {&RatingFigures::active_, &RatingFigures::good_, &RatingFigures::satisfied_,
        &RatingFigures::bad_, &RatingFigures::called_back_, &RatingFigures::verified_in_time_,
        &RatingFigures::rectified_, &RatingFigures::rectified_in_time_}) {
    (this->*rate).n += (others.*rate).n;
    (this->*rate).d += (others.*rate).d;
  }
}

void RatingFigures::put(object& into) const {
  object levels;
  levels["5"] = levels_[5];
  levels["4"] = levels_[4];
  levels["3"] = levels_[3];
  levels["2"] = levels_[2];
  levels["1"] = levels_[1];
  into["invited"] = invited_;
  into["rated"] = rated_;
  into["levels"] = std::move(levels);
  into["active"] = rate_json(active_);
  into["good"] = rate_json(good_);
  into["satisfied"] = rate_json(satisfied_);
  into["bad"] = rate_json(bad_);
  into["called_back"] = rate_json(called_back_);
  into["verified_in_time"] = rate_json(verified_in_time_);
  into["rectified"] = rate_json(rectified_);
  into["rectified_in_time"] = rate_json(rectified_in_time_);
  into["contested"] = contested_;
  into["upheld"] = upheld_;
  into["invalidated"] = invalidated_;
}

Cohort cohort(const Facts& facts, const Question& question) {
  constexpr schemas::Day kEver = 1'000'000;
  const auto& rounds = facts.rounds();
  const auto place = [&](schemas::Day day) {
    const auto at = std::ranges::partition_point(rounds, [&](const RoundKey& round) {
      return round.seq <= question.moment.seq && schemas::day_of(facts.time_of(round.seq)) < day;
    });
    return static_cast<std::uint32_t>(at - rounds.begin());
  };
  return {place(question.from.value_or(-kEver)), place(question.to.value_or(kEver) + 1)};
}

namespace {

// Every round of the cohort, in order of its conclusion, from its folded case.
template <class Visit>
void each_round(const Facts& facts, std::span<const std::uint32_t> numbers, std::uint64_t seq,
                Visit visit) {
  std::vector<std::uint32_t> items;
  items.reserve(numbers.size());
  for (const std::uint32_t number : numbers) items.push_back(facts.rounds()[number].item);
  std::size_t at = 0;
  each_case(facts, items, seq, [&](Case& one) {
    one.advance(seq);
    for (const RoundState& round : one.rounds())
      if (round.number == numbers[at]) visit(one, round);
    ++at;
  });
}

// The figures of all rounds of the cohort: what is at rest by its code, the rest folded.
RatingFigures figures_of(const Facts& facts, std::uint32_t first, std::uint32_t end,
                         const Moment& moment) {
  std::array<std::uint32_t, 1U << 14U> rounds_of_code{};
  std::vector<std::uint32_t> moving;
  for (std::uint32_t number = first; number < end; ++number) {
    const std::uint16_t code = facts.activity().round_code(number, moment.seq, moment.as_of);
    if (code == Activity::kMoving)
      moving.push_back(number);
    else
      ++rounds_of_code[code];
  }
  RatingFigures all("", nullptr);
  for (std::size_t code = 0; code < rounds_of_code.size(); ++code)
    if (rounds_of_code[code] != 0) all.add(static_cast<std::uint16_t>(code), rounds_of_code[code]);
  const auto parts =
      in_parts<RatingFigures>(moving.size(), kThreads, [&](std::size_t begin, std::size_t stop) {
        RatingFigures part("", nullptr);
        each_round(
            facts, std::span(moving).subspan(begin, stop - begin), moment.seq,
            [&](const Case& of, const RoundState& round) { part.add(of, round, moment.as_of); });
        return part;
      });
  for (const RatingFigures& part : parts) all.add(part);
  return all;
}

using Key = std::vector<std::string>;

// The groups of a round: every combination of its departments with its channel, category and week.
std::vector<Key> keys_of(const Case& of, const RoundState& round,
                         const std::vector<std::string>& by) {
  const Facts& facts = of.facts();
  std::vector<Key> keys(1);
  for (const std::string& dimension : by) {
    std::vector<std::string> values;
    if (dimension == "department") {
      for (const std::uint32_t lead : of.leads_of(round.cycle))
        values.emplace_back(facts.text(lead));
    } else if (dimension == "channel") {
      values.emplace_back(channel_name(of.appeal().channel));
    } else if (dimension == "category") {
      values.emplace_back(facts.text(of.appeal().category));
    } else {
      values.push_back(schemas::week_text(schemas::week_of(schemas::day_of(round.concluded.at))));
    }
    std::vector<Key> longer;
    for (const Key& key : keys) {
      for (const std::string& value : values) {
        longer.push_back(key);
        longer.back().push_back(value);
      }
    }
    keys = std::move(longer);
  }
  return keys;
}

std::string group_path(const Key& key) {
  std::string path = "groups";
  for (const std::string& part : key) path += '/' + part;
  return path;
}

}  // namespace

bool is_rating_group(std::string_view key) {
  return key == "department" || key == "channel" || key == "category" || key == "week";
}

namespace {

void put_dates(object& report, const Question& question) {
  const auto date = [](std::optional<schemas::Day> day) {
    return day ? boost::json::value(schemas::date_text(*day)) : boost::json::value(nullptr);
  };
  report["from"] = date(question.from);
  report["to"] = date(question.to);
}

}  // namespace

void ratings(object& report, const Question& question, const RatingFigures& all) {
  put_dates(report, question);
  all.put(report);
}

void ratings(object& report, const Board& board, const Question& question, Trace* trace) {
  const Facts& facts = board.facts();
  const auto [begin, end] = cohort(facts, question);
  if (trace == nullptr && question.by.empty())
    return ratings(report, question, figures_of(facts, begin, end, question.moment));
  put_dates(report, question);
  RatingFigures all("", trace);
  std::map<Key, RatingFigures> groups;
  std::vector<std::uint32_t> numbers(end - begin);
  std::iota(numbers.begin(), numbers.end(), begin);
  each_round(facts, numbers, question.moment.seq, [&](const Case& of, const RoundState& round) {
    all.add(of, round, question.moment.as_of);
    if (question.by.empty()) return;
    for (const Key& key : keys_of(of, round, question.by)) {
      auto at = groups.find(key);
      if (at == groups.end()) at = groups.emplace(key, RatingFigures(group_path(key), trace)).first;
      at->second.add(of, round, question.moment.as_of);
    }
  });
  all.put(report);
  if (question.by.empty()) return;
  boost::json::array listed;
  for (const auto& [key, figures] : groups) {
    object group;
    for (std::size_t i = 0; i < key.size(); ++i) group[question.by[i]] = key[i];
    figures.put(group);
    listed.emplace_back(std::move(group));
  }
  report["groups"] = std::move(listed);
}

}  // namespace projections
