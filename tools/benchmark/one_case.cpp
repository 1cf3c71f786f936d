// One case as of a moment: its state, folded from its stream by the rules, and its history as JSON.
#include <boost/json.hpp>

#include "schemas/json.h"
#include "tools/benchmark/asking.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

namespace {

struct Case {
  std::string no;
  std::uint64_t seq = 0;  // the moment: between its first event and the end
};

// Random cases, each at a random moment of its life or after it.
Result<std::vector<Case>> random_cases(Bench& bench, const engine::Log& log, std::size_t count) {
  std::vector<Case> cases;
  while (cases.size() < count) {
    const auto from =
        static_cast<std::uint64_t>(1 + bench.random.below(static_cast<std::int64_t>(bench.events)));
    const auto read = log.read(from, 0, [&](const engine::RecordView& record) {
      if (record.kind != "appeal") return true;
      const auto rest = static_cast<std::int64_t>(bench.events - record.seq + 1);
      cases.push_back({std::string(record.no),
                       record.seq + static_cast<std::uint64_t>(bench.random.below(rest))});
      return false;
    });
    if (!read) return std::unexpected(read.error());
  }
  return cases;
}

}  // namespace

Result<void> measure_cases(Bench& bench) {
  say("一件诉求", "one case");
  auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
  if (!ledger) return std::unexpected(ledger.error());
  const auto cases = random_cases(bench, *ledger->log, bench.options.moments * 5);
  if (!cases) return std::unexpected(cases.error());
  Figure state{.name = "case.state",
               .chinese = "一件诉求在某一时刻的状态",
               .unit = "ms",
               .runs = {},
               .goal = {.value_max = 0.2},
               .note = "its rows of the closed-loop ledger as of the moment"};
  Figure history{.name = "case.history",
                 .chinese = "一件诉求到某一时刻的历史（JSON）",
                 .unit = "ms",
                 .runs = {}};
  const auto reports = Reports::open(*ledger->log, /*keep=*/false);
  if (!reports) return std::unexpected(reports.error());
  for (const Case& one : *cases) {
    Asked asked;
    asked.report = "closed-loop";
    asked.seq = one.seq;
    asked.appeal = one.no;
    const Stopwatch folding;
    const auto drawn = reports->draw(asked);
    if (!drawn) return std::unexpected(drawn.error());
    state.runs.push_back(folding.milliseconds());
    boost::json::array events;
    const Stopwatch writing;
    const auto read =
        ledger->log->read_stream("appeal", one.no, [&](const engine::RecordView& record) {
          if (record.seq > one.seq) return false;
          events.push_back(schemas::event_json(record));
          return true;
        });
    if (!read) return read;
    history.runs.push_back(writing.milliseconds());
  }
  bench.figures.add(std::move(state));
  bench.figures.add(std::move(history));
  return {};
}

}  // namespace tools
