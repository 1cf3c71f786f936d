// Any report can be drawn again as of any past event, byte for byte: what came later changes
// nothing.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/sample_history.h"
#include "tools/workload/workload.h"

using support::History;

namespace {

using Drawn = std::vector<std::pair<std::string, std::string>>;

// Every report there is, asked at one moment; weekly for the weeks given.
Drawn drawn_at(const projections::Facts& facts, const projections::Moment& moment,
               const std::vector<schemas::Week>& weeks) {
  Drawn drawn;
  const auto ask = [&](std::string_view report, projections::Question question) {
    question.moment = moment;
    const auto answer = projections::draw(report, facts, question);
    REQUIRE(answer.has_value());
    drawn.emplace_back(report, boost::json::serialize(*answer));
  };
  for (const auto& kind : projections::reports()) {
    projections::Question question;
    question.by = {"department", "channel", "week"};
    if (kind.name != "weekly") ask(kind.name, question);
  }
  for (const schemas::Week week : weeks) {
    projections::Question question;
    question.week = week;
    ask("weekly", question);
  }
  return drawn;
}

// The weeks around the sample's events.
Drawn drawn_at(const projections::Facts& facts, const projections::Moment& moment) {
  const schemas::Week first = *schemas::parse_week("2021-W37");
  return drawn_at(facts, moment,
                  {first, {first.monday + 7}, {first.monday + 14}, {first.monday + 21}});
}

// The running week, the one before, and one long past.
Drawn drawn_around(const projections::Facts& facts, const projections::Moment& moment) {
  const schemas::Week running = schemas::week_of(schemas::day_of(moment.as_of));
  return drawn_at(facts, moment, {running, {running.monday - 7}, {running.monday - 70}});
}

}  // namespace

TEST_CASE("a report asked for seq N of a longer ledger equals the one of a ledger that ends at N") {
  const History history = support::sample_history();
  for (std::uint64_t seq = 0; seq <= history.events().size(); ++seq) {
    CAPTURE(seq);
    const projections::Facts shorter = history.prefix(seq);
    const auto moment = projections::moment_of_seq(history.facts(), seq);
    CHECK(drawn_at(history.facts(), moment) == drawn_at(shorter, moment));
  }
}

TEST_CASE("the report of a finished week is the same at every later moment, but for its head") {
  const History history = support::sample_history();
  const auto body = [&](const projections::Moment& moment) {
    projections::Question question;
    question.moment = moment;
    question.week = schemas::parse_week("2021-W37");
    auto report = history.draw("weekly", question);
    for (const std::string_view key : {"as_of", "seq", "root", "rules"}) report.erase(key);
    return boost::json::serialize(report);
  };
  const std::string first =
      body(projections::moment_of_time(history.facts(), support::at("2021-09-20 00:00")));
  for (std::uint64_t seq = history.facts().seq_at(support::at("2021-09-20 00:00")) + 1;
       seq <= history.facts().seq(); ++seq) {
    CAPTURE(seq);
    CHECK(body(projections::moment_of_seq(history.facts(), seq)) == first);
  }
}

TEST_CASE("the light of an instant between two events is that of the instant, not of the event") {
  const History history = support::sample_history();
  const auto at = [&](std::string_view minute) {
    return support::cell(history.draw("closed-loop", history.ask(minute)), "rows/SQ2/1/D05/light");
  };
  CHECK(at("2021-09-28 23:59") == "green");
  CHECK(at("2021-09-29 00:00") == "yellow");  // contact: last day
}

TEST_CASE("what changed between two moments is told with the events that changed it") {
  const History history = support::sample_history();
  projections::Question question = history.ask();
  const auto changes = projections::diff(
      "closed-loop", history.facts(), question,
      projections::moment_of_time(history.facts(), support::at("2021-09-29 10:30")),
      projections::moment_of_time(history.facts(), support::at("2021-09-29 12:00")));
  REQUIRE(changes.has_value());
  std::string told;
  for (const projections::Change& change : *changes) {
    told += change.cell + ": " + boost::json::serialize(change.before) + " -> " +
            boost::json::serialize(change.after);
    for (const std::uint64_t seq : change.seqs)
      told += std::string(" ") + schemas::EnumNameEventType(history.facts().type_of(seq));
    told += '\n';
  }
  CHECK(told.find(R"(rows/SQ2/1/D05/status: "dispatched" -> "long_term")") != std::string::npos);
  CHECK(told.find(R"(rows/SQ2/1/D05/track: "standard" -> "long_term")") != std::string::npos);
  CHECK(told.find("LongTermApproved") != std::string::npos);
  CHECK(told.find("rows/SQ1") == std::string::npos);
}

TEST_CASE(
    "of a generated district, any report at any moment is what it was when that was the end") {
  History history;
  tools::WorkloadOptions options;
  options.seed = 20210916;
  options.cases = 150;
  options.years = 1;
  tools::Workload workload(options);
  for (std::string line; workload.next(line);) REQUIRE_MESSAGE(history.send(line).empty(), line);
  const projections::Facts& all = history.facts();
  REQUIRE(all.seq() > 1000);
  projections::Facts growing, stored;
  std::uint64_t saved = 0;
  // Steps of uneven length, so that moments fall into and between batches.
  for (std::uint64_t seq = 0, step = 61; seq < all.seq(); step = step * 7 % 211 + 3) {
    seq = std::min(seq + step, all.seq());
    CAPTURE(seq);
    while (growing.seq() < seq)
      growing.apply(history.events()[growing.seq()].view(growing.seq() + 1));
    REQUIRE(stored.load(growing.save(saved, growing.seq())).has_value());
    saved = seq;
    const auto moment = projections::moment_of_seq(all, seq);
    const auto expected = drawn_around(growing, moment);
    CHECK(drawn_around(all, moment) == expected);
    CHECK(drawn_around(stored, moment) == expected);
  }
}
