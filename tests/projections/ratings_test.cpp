// Rating statistics over the cohort of conclusions; every rate with its numerator and denominator.
#include <doctest/doctest.h>

#include "tests/support/sample_history.h"

using support::cell;
using support::History;
using support::rate;

namespace {

boost::json::object ratings(const History& history, std::string_view from, std::string_view to,
                            std::vector<std::string> by = {}, std::string_view minute = {}) {
  projections::Question question = history.ask(minute);
  question.from = schemas::parse_date(from);
  question.to = schemas::parse_date(to);
  question.by = std::move(by);
  return history.draw("ratings", question);
}

}  // namespace

TEST_CASE("each conclusion is a round of its own and counts by its date, both ends included") {
  const History history = support::sample_history();
  struct Case {
    std::string_view from, to, invited, rated;
  };
  const Case cases[] = {
      {"2021-09-01", "2021-09-30", "2", "2"},
      {"2021-09-16", "2021-09-16", "1", "1"},
      {"2021-09-17", "2021-09-22", "0", "0"},
      {"2021-09-23", "2021-09-23", "1", "1"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.from);
    const auto report = ratings(history, one.from, one.to);
    CHECK(cell(report, "invited") == one.invited);
    CHECK(cell(report, "rated") == one.rated);
  }
}

TEST_CASE(
    "every rate shows numerator and denominator, an empty denominator is 0, not 100 per cent") {
  const History history = support::sample_history();
  const auto all = ratings(history, "2021-09-01", "2021-09-30");
  CHECK(rate(all, "active") == "2/2");
  CHECK(rate(all, "good") == "1/2");
  CHECK(rate(all, "satisfied") == "1/2");
  CHECK(rate(all, "bad") == "1/2");
  CHECK(cell(all, "levels/2") == "1");
  CHECK(cell(all, "levels/5") == "1");
  CHECK(rate(all, "called_back") == "1/1");
  CHECK(rate(all, "verified_in_time") == "1/1");  // rated 09-17, verified on make-up workday 09-18
  CHECK(rate(all, "rectified") == "1/1");
  CHECK(rate(all, "rectified_in_time") == "1/1");
  const auto none = ratings(history, "2021-08-01", "2021-08-31");
  CHECK(rate(none, "good") == "0/0");
}

TEST_CASE(
    "a bad rating not verified by its due is not in time, unverified it owes no rectification "
    "yet") {
  const History history = support::sample_history();
  // Rated 09-17 09:00: to be verified by 09-18 24:00.
  const auto before = ratings(history, "2021-09-01", "2021-09-30", {}, "2021-09-17 12:00");
  CHECK(rate(before, "bad") == "1/1");
  CHECK(rate(before, "verified_in_time") == "0/0");
  CHECK(rate(before, "rectified") == "0/0");
  History late;
  late.tell(History::kFoundation);
  std::string told(support::kSampleStart);
  told = told.substr(0, told.find("  2021-09-18 09:00 | clerk | VerifyBadRating"));
  late.tell(told);
  const auto after = ratings(late, "2021-09-01", "2021-09-30", {}, "2021-09-19 00:00");
  CHECK(rate(after, "verified_in_time") == "0/1");
}

TEST_CASE("an invalidated rating leaves the rates and is counted apart") {
  History history;
  history.tell(History::kFoundation).tell(support::kSampleStart).tell(R"(
    2021-09-22 11:30 | lead | InvalidateRating | appeal/SQ1 | {"reason":"恶意差评"}
  )");
  const auto report = ratings(history, "2021-09-01", "2021-09-30");
  CHECK(cell(report, "invited") == "1");
  CHECK(cell(report, "rated") == "0");
  CHECK(rate(report, "active") == "0/1");
  CHECK(rate(report, "bad") == "0/0");
  CHECK(cell(report, "invalidated") == "1");
}

TEST_CASE("groups are sorted by key and list only what has members") {
  const History history = support::sample_history();
  const auto by_week = ratings(history, "2021-09-01", "2021-09-30", {"week"});
  CHECK(by_week.at("groups").as_array().size() == 2);
  CHECK(rate(by_week, "groups/2021-W37/bad") == "1/1");
  CHECK(rate(by_week, "groups/2021-W38/bad") == "0/1");
  const auto both = ratings(history, "2021-09-01", "2021-09-30", {"department", "channel"});
  CHECK(both.at("groups").as_array().size() == 1);
  CHECK(rate(both, "groups/D07/web/active") == "2/2");  // D05 returned its assignment
}

TEST_CASE("an unknown or repeated group is refused") {
  const History history = support::sample_history();
  for (const std::vector<std::string>& by :
       {std::vector<std::string>{"town"}, std::vector<std::string>{"week", "week"}}) {
    projections::Question question = history.ask();
    question.by = by;
    CHECK_FALSE(projections::draw("ratings", history.facts(), question).has_value());
  }
}
