// The second promise, end to end through log and tree: a report of the whole ledger as of event N
// is, byte for byte, the report of a ledger into which only the first N events ever came; and the
// same between events.
#include <doctest/doctest.h>

#include <random>

#include "engine/log/log.h"
#include "schemas/calendar.h"
#include "tests/support/records.h"
#include "tests/tools/run.h"
#include "tools/bihuan/question.h"

using namespace tools_test;

namespace {

constexpr int kMoments = 50;

// Every report as of `as_of` with the first `seq` events, as the bytes that a user gets.
std::string reports(const engine::Log& log, const projections::Facts& facts, std::uint64_t seq,
                    engine::Micros as_of) {
  projections::Question question;
  question.district = log.name();
  question.moment = {seq, as_of, *log.root_at(seq)};
  question.week = schemas::week_of(schemas::day_of(as_of) - 7);
  question.from = schemas::day_of(as_of) - 60;
  question.to = schemas::day_of(as_of);
  question.by = {"department", "week"};
  std::string text;
  for (const projections::ReportKind& kind : projections::reports()) {
    const auto drawn = projections::draw(kind.name, facts, question);
    REQUIRE(drawn.has_value());
    text += boost::json::serialize(*drawn) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE(
    "reports at 50 random events, and between events, equal those of a ledger that stops there") {
  const TempDir dir;
  const std::string whole = new_ledger(dir, "whole"), history = dir / "district.jsonl";
  REQUIRE(run("generate --seed 11 --cases 200 --out " + history, "bihuan-bench").exit_code == 0);
  REQUIRE(run("import --data " + whole + " " + history).exit_code == 0);
  const auto log = engine::Log::open(whole, engine::OpenMode::read_only);
  REQUIRE(log.has_value());
  const auto facts = tools::facts_of(**log, /*keep=*/false);
  REQUIRE(facts.has_value());
  const std::vector<engine::NewEvent> events = support::copies_of(**log);

  const auto growing = engine::Log::open(new_ledger(dir, "growing"), engine::OpenMode::read_write);
  REQUIRE(growing.has_value());
  std::mt19937_64 random(20210916);
  std::vector<std::uint64_t> moments;
  for (int i = 0; i < kMoments; ++i) moments.push_back(1 + random() % (events.size() - 1));
  std::ranges::sort(moments);
  for (const std::uint64_t seq : moments) {
    const std::uint64_t from = (*growing)->size();
    if (seq > from)
      REQUIRE((*growing)->append(std::span(events).subspan(from, seq - from)).has_value());
    const auto grown = tools::facts_of(**growing, /*keep=*/true);
    REQUIRE(grown.has_value());
    CAPTURE(seq);
    const engine::Micros at = events[seq - 1].recorded_at, next = events[seq].recorded_at;
    CHECK(reports(**log, **facts, seq, at) == reports(**growing, **grown, seq, at));
    // Between this event and the next: the last seq by then is the same in both ledgers.
    const engine::Micros between = at + (next - at) / 2;
    if (between == next || at == next) continue;
    CHECK(*(*log)->seq_at(between) == *(*growing)->seq_at(between));
    CHECK(reports(**log, **facts, seq, between) == reports(**growing, **grown, seq, between));
  }
}
