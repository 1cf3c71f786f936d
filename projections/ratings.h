// Rating statistics 好差评统计 over a cohort: the rounds whose conclusion lies in the dates asked
// for, judged with what is known at the moment. An invalidated rating leaves the rates and is
// counted apart.
#pragma once

#include <boost/json.hpp>

#include <array>
#include <cstdint>
#include <string>

#include "projections/board.h"
#include "projections/case.h"
#include "projections/catalog.h"

namespace projections {

class RatingFigures;

void ratings(boost::json::object& report, const Board& board, const Question& question,
             Trace* trace);
// Of these figures, without groups.
void ratings(boost::json::object& report, const Question& question, const RatingFigures& all);
[[nodiscard]] bool is_rating_group(std::string_view key);

// The rounds that a question is about, by number: concluded on its days, and known at its moment.
struct Cohort {
  std::uint32_t begin = 0, end = 0;
  [[nodiscard]] bool has(std::uint32_t number) const { return number >= begin && number < end; }
};
[[nodiscard]] Cohort cohort(const Facts& facts, const Question& question);

// What one round adds to the figures, as bits; the same for every moment at or after `judged_at`
// once its appeal has come to rest.
[[nodiscard]] std::uint16_t round_code(const Case& of, const RoundState& round, Micros judged_at);

// The figures of a cohort. `path`: where the cells are, "" for the report itself.
class RatingFigures {
 public:
  RatingFigures(std::string path, Trace* trace) : path_(std::move(path)), trace_(trace) {}

  void add(const Case& of, const RoundState& round, Micros judged_at);
  // So many rounds that add the same; not where anybody asks why.
  void add(std::uint16_t code, std::int64_t rounds);
  void add(const RatingFigures& others);
  void put(boost::json::object& into) const;

 private:
  struct Events;
  void add(std::uint16_t code, std::int64_t rounds, const Events& events);

  std::string path_;
  Trace* trace_;
  std::int64_t invited_ = 0, rated_ = 0, contested_ = 0, upheld_ = 0, invalidated_ = 0;
  std::array<std::int64_t, 6> levels_{};
  Rate active_, good_, satisfied_, bad_, called_back_, verified_in_time_, rectified_,
      rectified_in_time_;
};

}  // namespace projections
