// Reports at random moments of the whole history: cold (the first after opening) and warm. A random
// moment is a random event; its time is the question's.
#include <array>

#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

Asked asked_at(std::string_view question, std::uint64_t seq, engine::Micros at) {
  const schemas::Day day = schemas::day_of(at);
  Asked asked{.report = question, .seq = seq, .week = schemas::week_of(day)};
  if (question == "ratings") {
    constexpr schemas::Day kQuarter = 91;
    asked.from = day - kQuarter;
    asked.to = day;
  }
  if (question == "departments") {
    asked.report = "weekly";
    asked.section = "departments";
  }
  if (question == "closed-loop" || question == "red") {
    asked.report = "closed-loop";
    asked.limit = 100;
    if (question == "red") asked.light = "red";
  }
  return asked;
}

namespace {

struct Kind {
  std::string_view question, figure, chinese, limit;
  double p99_max = 0;
};

constexpr std::array<Kind, 7> kKinds = {{
    {"departments", "report.weekly_departments", "周报部门表", "limit.columns_weekly", 15},
    {"weekly", "report.weekly", "周报（全文）", "", 15},
    {"ratings", "report.ratings", "好差评（一季）", "limit.columns_ratings", 15},
    {"closed-loop", "report.closed_loop", "闭环台账首页 100 行", "limit.columns_overdue", 15},
    {"red", "report.closed_loop_red", "闭环台账红灯首页 100 行", "limit.columns_overdue", 15},
    {"supervision", "report.supervision", "监督员反映", "", 0},
    {"plan", "report.plan", "攻坚任务", "", 0},
}};

// Not in the first two per cent of the history, where nothing has happened yet.
std::uint64_t random_seq(Bench& bench) {
  const std::uint64_t skipped = bench.events / 50;
  const auto rest = static_cast<std::int64_t>(bench.events - skipped);
  return skipped + 1 + static_cast<std::uint64_t>(bench.random.below(rest));
}

// Repeats one(seq) at random moments: as many as asked for, fewer when they take too long.
template <class One>
Result<std::vector<double>> at_random_moments(Bench& bench, const One& one) {
  std::vector<double> runs;
  const Stopwatch all;
  while (runs.size() < bench.options.moments &&
         (runs.size() < bench.options.runs || all.seconds() < bench.options.patience)) {
    const auto took = one(random_seq(bench));
    if (!took) return std::unexpected(took.error());
    runs.push_back(*took);
  }
  return runs;
}

Result<double> draw_once(const Reports& reports, std::string_view question, std::uint64_t seq) {
  const Asked asked = asked_at(question, seq, reports.time_of(seq));
  const Stopwatch watch;
  const auto drawn = reports.draw(asked);
  if (!drawn) return std::unexpected(drawn.error());
  return watch.milliseconds();
}

Result<void> measure_cold(Bench& bench, const Kind& kind) {
  Figure cold{.name = std::string(kind.figure) + ".cold",
              .chinese = std::string(kind.chinese) + "（开库后第一次）",
              .unit = "ms",
              .runs = {},
              .note =
                  "page cache dropped; opening the log, loading the stored projections, and the "
                  "report"};
  for (std::size_t run = 0; run < bench.options.runs; ++run) {
    drop_cached_pages(bench.ledger);
    const Stopwatch watch;
    auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
    if (!ledger) return std::unexpected(ledger.error());
    const auto reports = Reports::open(*ledger->log, /*keep=*/false);
    if (!reports) return std::unexpected(reports.error());
    if (const auto drawn = draw_once(*reports, kind.question, random_seq(bench)); !drawn)
      return std::unexpected(drawn.error());
    cold.runs.push_back(watch.milliseconds());
  }
  bench.figures.add(std::move(cold));
  return {};
}

Result<void> measure_warm(Bench& bench, const Reports& reports, const Kind& kind) {
  for (int warm_up = 0; warm_up < 2; ++warm_up)
    if (const auto drawn = draw_once(reports, kind.question, random_seq(bench)); !drawn)
      return std::unexpected(drawn.error());
  auto runs = at_random_moments(
      bench, [&](std::uint64_t seq) { return draw_once(reports, kind.question, seq); });
  if (!runs) return std::unexpected(runs.error());
  bench.figures.add(
      {.name = std::string(kind.figure),
       .chinese = std::string(kind.chinese),
       .unit = "ms",
       .runs = std::move(*runs),
       .limit = std::string(kind.limit),
       .goal = kind.limit.empty() ? Goal{} : Goal{.ratio_max = 5, .p99_max = kind.p99_max},
       .note = "seq to report in memory: moment, tree root, and every figure and row "
               "of the report"});
  return {};
}

// The figures behind which `why` looks, in turn.
Result<void> measure_questions(Bench& bench, const Reports& reports) {
  auto why = at_random_moments(bench, [&](std::uint64_t seq) -> Result<double> {
    const Asked asked = asked_at("weekly", seq, reports.time_of(seq));
    const Stopwatch watch;
    const auto found = reports.why(asked, "departments/D07/completed_on_time");
    if (!found) return std::unexpected(found.error());
    return watch.milliseconds();
  });
  if (!why) return std::unexpected(why.error());
  bench.figures.add(
      {.name = "report.why",
       .chinese = "why：一个数背后的事件",
       .unit = "ms",
       .runs = std::move(*why),
       .note = "weekly departments/D07/completed_on_time; the seqs, not their events"});
  auto diff = at_random_moments(bench, [&](std::uint64_t seq) -> Result<double> {
    const Asked asked = asked_at("weekly", seq, reports.time_of(seq));
    const std::uint64_t before = seq - std::min<std::uint64_t>(seq - 1, bench.events / 1000);
    const Stopwatch watch;
    const auto changed = reports.diff(asked, before);
    if (!changed) return std::unexpected(changed.error());
    return watch.milliseconds();
  });
  if (!diff) return std::unexpected(diff.error());
  bench.figures.add({.name = "report.diff",
                     .chinese = "diff：两个时刻之间的变化",
                     .unit = "ms",
                     .runs = std::move(*diff),
                     .note = "the weekly report, a thousandth of the history between the moments"});
  return {};
}

}  // namespace

Result<void> measure_reports(Bench& bench) {
  say("随机时刻的报表", "reports at random moments");
  for (const Kind& kind : kKinds)
    if (auto done = measure_cold(bench, kind); !done) return done;
  auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
  if (!ledger) return std::unexpected(ledger.error());
  const auto reports = Reports::open(*ledger->log, /*keep=*/false);
  if (!reports) return std::unexpected(reports.error());
  for (const Kind& kind : kKinds)
    if (auto done = measure_warm(bench, *reports, kind); !done) return done;
  return measure_questions(bench, *reports);
}

}  // namespace tools
