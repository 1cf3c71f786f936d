// Rating statistics. Formulas: domain.md section 11 and interfaces.md sections 4 and 6.
#include "projections/ratings.h"

#include <algorithm>
#include <array>
#include <map>

#include "projections/closed_loop.h"

namespace projections {

using boost::json::object;
using schemas::Finding;

namespace {

class RatingFigures {
 public:
  // `path`: where the cells are, "" for the report itself.
  RatingFigures(std::string path, Trace* trace) : path_(std::move(path)), trace_(trace) {}

  void add(const AppealState& appeal, const RoundState& round, Micros judged_at) {
    count_in(invited_, "invited", round.concluded.seq);
    both(active_, "active", round.concluded.seq, round.valid() ? round.rated.seq : 0);
    if (round.contested) count_in(contested_, "contested", round.contested.seq);
    if (round.upheld) count_in(upheld_, "upheld", round.upheld.seq);
    if (round.invalidated) count_in(invalidated_, "invalidated", round.invalidated.seq);
    if (!round.valid()) return;
    const std::uint64_t rated = round.rated.seq;
    count_in(rated_, "rated", rated);
    const auto level = static_cast<std::size_t>(round.level);
    if (level >= 1 && level <= 5)
      count(levels_[level], trace_, {path_, "levels", kLevels[level]}, rated);
    both(good_, "good", rated, round.level >= 3 ? rated : 0);
    both(satisfied_, "satisfied", rated, round.level >= 4 ? rated : 0);
    both(bad_, "bad", rated, round.level <= 2 ? rated : 0);
    if (round.bad()) add_bad(appeal, round, judged_at);
  }

  void put(object& into) const {
    object levels;
    for (std::size_t level = 5; level >= 1; --level) levels[kLevels[level]] = levels_[level];
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

 private:
  static constexpr std::array<std::string_view, 6> kLevels = {"0", "1", "2", "3", "4", "5"};

  void count_in(std::int64_t& figure, std::string_view name, std::uint64_t seq) {
    count(figure, trace_, {path_, name}, seq);
  }
  // One more in d, and in n when `n_seq` names an event.
  void both(Rate& rate, std::string_view name, std::uint64_t d_seq, std::uint64_t n_seq) {
    count(rate.d, trace_, {path_, name, "d"}, d_seq);
    if (n_seq != 0) count(rate.n, trace_, {path_, name, "n"}, n_seq);
  }
  // Duties count when met or fallen due by the moment; one that was stopped before never fell due.
  void in_time(Rate& rate, std::string_view name, const DutyClock& clock, Micros judged_at) {
    const Micros until = clock.ran_until(judged_at);
    if (clock.owed() && (clock.is_met() || clock.due() <= until))
      both(rate, name, clock.start_seq, clock.met_in_time() ? clock.met_seq : 0);
  }

  void add_bad(const AppealState& appeal, const RoundState& round, Micros judged_at) {
    const std::uint64_t rated = round.rated.seq;
    both(called_back_, "called_back", rated,
         appeal.last_callback > rated ? appeal.last_callback : 0);
    in_time(verified_in_time_, "verified_in_time", round.verify, judged_at);
    const bool to_rectify = round.verified && (round.finding == Finding::true_ ||
                                               round.finding == Finding::partly_true);
    if (!to_rectify) return;
    both(rectified_, "rectified", round.verified.seq, round.fed_back.seq);
    in_time(rectified_in_time_, "rectified_in_time", round.rectify, judged_at);
  }

  std::string path_;
  Trace* trace_;
  std::int64_t invited_ = 0, rated_ = 0, contested_ = 0, upheld_ = 0, invalidated_ = 0;
  std::array<std::int64_t, 6> levels_{};
  Rate active_, good_, satisfied_, bad_, called_back_, verified_in_time_, rectified_,
      rectified_in_time_;
};

// The cohort: rounds concluded on the days first..last, in order of their conclusion.
template <class Visit>
void each_round(const Board& board, schemas::Day first, schemas::Day last, Visit visit) {
  for (const RoundState& round : board.rounds()) {
    const schemas::Day day = schemas::day_of(round.concluded.at);
    if (day >= first && day <= last) visit(board.appeals()[round.appeal], round);
  }
}

using Key = std::vector<std::string>;

// The groups of a round: every combination of its departments with its channel, category and week.
std::vector<Key> keys_of(const Board& board, const AppealState& appeal, const RoundState& round,
                         const std::vector<std::string>& by) {
  std::vector<Key> keys(1);
  for (const std::string& dimension : by) {
    std::vector<std::string> values;
    if (dimension == "department") {
      for (const std::uint32_t lead : board.leads_of(appeal, round.cycle))
        values.emplace_back(board.facts().text(lead));
    } else if (dimension == "channel") {
      values.emplace_back(channel_name(appeal.channel));
    } else if (dimension == "category") {
      values.emplace_back(board.facts().text(appeal.category));
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

void ratings(object& report, const Board& board, const Question& question, Trace* trace) {
  constexpr schemas::Day kEver = 1'000'000;
  const schemas::Day first = question.from.value_or(-kEver);
  const schemas::Day last = question.to.value_or(kEver);
  const auto date = [](std::optional<schemas::Day> day) {
    return day ? boost::json::value(schemas::date_text(*day)) : boost::json::value(nullptr);
  };
  report["from"] = date(question.from);
  report["to"] = date(question.to);
  RatingFigures all("", trace);
  std::map<Key, RatingFigures> groups;
  each_round(board, first, last, [&](const AppealState& appeal, const RoundState& round) {
    all.add(appeal, round, question.moment.as_of);
    if (question.by.empty()) return;
    for (const Key& key : keys_of(board, appeal, round, question.by)) {
      auto at = groups.find(key);
      if (at == groups.end()) at = groups.emplace(key, RatingFigures(group_path(key), trace)).first;
      at->second.add(appeal, round, question.moment.as_of);
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

object ratings_of_week(const Board& board, schemas::Week week, Micros judged_at, Trace* trace) {
  RatingFigures figures("ratings", trace);
  each_round(board, week.monday, week.monday + 6,
             [&](const AppealState& appeal, const RoundState& round) {
               figures.add(appeal, round, judged_at);
             });
  object drawn;
  figures.put(drawn);
  return drawn;
}

}  // namespace projections
