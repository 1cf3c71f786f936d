// The second promise, end to end through log and tree: a report of the whole ledger as of event N
// is, byte for byte, the report of a ledger into which only the first N events ever came; and the
// same between events. (R15 of reliability.md section 6; BIHUAN_CAMPAIGN=10 asks a thousand.)
#include <doctest/doctest.h>

#include <random>

#include "engine/log/log.h"
#include "schemas/calendar.h"
#include "tests/support/counts.h"
#include "tests/support/records.h"
#include "tests/tools/run.h"
#include "tools/bihuan/question.h"

using namespace tools_test;

namespace {

// Half of the moments at random events, and so where events are dense; half at random times.
struct Asked {
  std::uint64_t seq = 0;
  engine::Micros as_of = 0;
  auto operator<=>(const Asked&) const = default;
};

std::vector<Asked> random_moments(const engine::Log& log,
                                  const std::vector<engine::NewEvent>& events) {
  std::mt19937_64 random(20210916);
  std::vector<Asked> out;
  const engine::Micros first = events.front().recorded_at, last = events.back().recorded_at;
  while (out.size() < support::times(100, 10)) {
    std::uint64_t seq = 1 + random() % (events.size() - 1);
    while (seq < events.size() && (events[seq].flags & engine::kFollows) != 0) ++seq;
    out.push_back({seq, events[seq - 1].recorded_at});
    // The last seq by then is what a question finds for the time.
    const auto at =
        first + static_cast<engine::Micros>(random() % static_cast<std::uint64_t>(last - first));
    out.push_back({*log.seq_at(at), at});
  }
  std::ranges::sort(out);
  return out;
}

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

TEST_CASE("R15: reports at random events and times equal those of a ledger that stops there") {
  const TempDir dir;
  const std::string whole = new_ledger(dir, "whole"), history = dir / "district.jsonl";
  REQUIRE(run("generate --seed 11 --cases 200 --out " + history, "bihuan-bench").exit_code == 0);
  REQUIRE(run("import --data " + whole + " " + history).exit_code == 0);
  const auto log = engine::Log::open(whole, engine::OpenMode::read_only);
  REQUIRE(log.has_value());
  const auto rebuilt = tools::facts_of(**log, /*keep=*/false);
  REQUIRE(rebuilt.has_value());
  const std::vector<engine::NewEvent> events = support::copies_of(**log);

  const auto growing = engine::Log::open(new_ledger(dir, "growing"), engine::OpenMode::read_write);
  REQUIRE(growing.has_value());
  std::uint64_t told = 0;
  for (const auto& [seq, as_of] : random_moments(**log, events)) {
    const std::uint64_t from = (*growing)->size();
    if (seq > from)
      REQUIRE((*growing)->append(std::span(events).subspan(from, seq - from)).has_value());
    const auto live = tools::facts_of(**growing, /*keep=*/true);
    REQUIRE(live.has_value());
    CAPTURE(seq);
    CAPTURE(as_of);
    const std::string then = reports(**log, **rebuilt, seq, as_of);
    CHECK(then == reports(**growing, **live, seq, as_of));
    if (*(*log)->seq_at(as_of) == seq) CHECK(*(*growing)->seq_at(as_of) == seq);
    told += then.size();
  }
  CHECK(told > 1000 * support::times(100, 10));
}
