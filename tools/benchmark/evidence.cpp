// What inspectors ask for: the full audit, proofs out of the stored tree, each verified, and the
// package of a week.
#include <filesystem>

#include "engine/proof/merkle.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/limits.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

Result<void> measure_audit(Bench& bench) {
  say("全部重新审计", "the full audit");
  Figure figure{.name = "audit.full",
                .chinese = "全部审计（bihuan audit）",
                .unit = "events/s",
                .runs = {},
                .goal = {.value_min = 1'000'000},
                .note =
                    "the whole program: every byte, the tree, every decision and deadline, the "
                    "reports"};
  Figure clock{.name = "audit.full.clock",
               .chinese = "审计前后的处理器频率",
               .unit = "GHz",
               .runs = {},
               .note = "of two busy threads, before and after each run: what others leave of it"};
  Figure cycles{
      .name = "audit.full.cycles",
      .chinese = "审计每个事件的时钟周期",
      .unit = "cycles/event",
      .runs = {},
      .note = "of the whole time, at that clock: divide the clock in Hz by it for events/s"};
  constexpr double kClockSeconds = 0.1;
  for (std::size_t run = 0; run < bench.options.runs; ++run) {
    const double before = clock_rate(kClockSeconds);
    const Stopwatch watch;
    const auto out = run_beside("bihuan", {"audit", "--data", bench.ledger, "--format", "json"});
    const double seconds = watch.seconds();
    if (!out) return std::unexpected(out.error());
    const auto events = static_cast<double>(bench.events);
    clock.runs.push_back((before + clock_rate(kClockSeconds)) / 2);
    figure.runs.push_back(events / seconds);
    cycles.runs.push_back(clock.runs.back() * 1e9 * seconds / events);
  }
  bench.figures.add(std::move(figure));
  bench.figures.add(std::move(clock));
  bench.figures.add(std::move(cycles));
  return {};
}

namespace {

constexpr int kProofs = 200;

// Makes and verifies one inclusion proof of a random record and one consistency proof.
Result<bool> prove_once(Bench& bench, const engine::Log& log, const engine::ReadNode& read,
                        double& made_ms, double& verified_ms) {
  const auto size = static_cast<std::int64_t>(bench.events);
  const auto index = static_cast<std::uint64_t>(bench.random.below(size));
  const auto old_size = static_cast<std::uint64_t>(1 + bench.random.below(size));
  const auto root = log.root_at(bench.events), old_root = log.root_at(old_size);
  const auto leaf = log.leaf_at(index + 1);
  if (!root || !old_root || !leaf) return engine::fail(engine::ErrorCode::corrupt, "No root.");
  const Stopwatch making;
  const auto path = engine::inclusion_proof(index, bench.events, read);
  const auto growth = engine::consistency_proof(old_size, bench.events, read);
  made_ms += making.milliseconds();
  if (!path) return std::unexpected(path.error());
  if (!growth) return std::unexpected(growth.error());
  const Stopwatch verifying;
  const bool holds = engine::verify_inclusion(index, bench.events, *leaf, *path, *root) &&
                     engine::verify_consistency(old_size, bench.events, *old_root, *root, *growth);
  verified_ms += verifying.milliseconds();
  return holds;
}

}  // namespace

Result<void> measure_proofs(Bench& bench) {
  say("证明", "proofs");
  auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
  if (!ledger) return std::unexpected(ledger.error());
  Figure made{.name = "proof.make",
              .chinese = "一份包含证明与一份一致性证明",
              .unit = "ms",
              .runs = {},
              .note = "both together, from the stored tree; a run is the mean of 200"};
  Figure verified{.name = "proof.verify", .chinese = "验证两者", .unit = "ms", .runs = {}};
  for (std::size_t run = 0; run <= bench.options.runs; ++run) {
    double made_ms = 0, verified_ms = 0;
    const engine::ReadNode read = ledger->log->nodes();
    for (int i = 0; i < kProofs; ++i) {
      const auto holds = prove_once(bench, *ledger->log, read, made_ms, verified_ms);
      if (!holds) return std::unexpected(holds.error());
      if (!*holds) return engine::fail(engine::ErrorCode::corrupt, "A proof does not verify.");
    }
    if (run == 0) continue;  // warm-up
    made.runs.push_back(made_ms / kProofs);
    verified.runs.push_back(verified_ms / kProofs);
  }
  bench.figures.add(std::move(made));
  bench.figures.add(std::move(verified));
  return {};
}

namespace {

// Beyond this a package is made and verified once: its file holds a header of every record.
constexpr std::uint64_t kOnceFrom = 5'000'000;
constexpr std::string_view kWeek = "2022-W26";  // in the middle of the generated years

std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Result<void> measure_packages(Bench& bench) {
  say("一周的检查包", "the package of a week");
  const std::string path = bench.ledger + ".package.zip";
  const auto key = run_beside("bihuan", {"checkpoint", "--data", bench.ledger, "--vkey"});
  if (!key) return std::unexpected(key.error());
  Figure make{.name = "package.make",
              .chinese = "制作一周的检查包（bihuan pack）",
              .unit = "ms",
              .runs = {},
              .note = "the whole program: the report of " + std::string(kWeek) +
                      " with a header of every record, verified before it is handed out"};
  Figure verify{.name = "package.verify",
                .chinese = "核对它（bihuan-verify）",
                .unit = "ms",
                .runs = {},
                .note =
                    "the whole program; the goal is asked of ledgers of up to about a million "
                    "events"};
  if (bench.events < kOnceFrom) verify.goal.value_max = 5000;
  Figure rate{
      .name = "package.verify_rate", .chinese = "核对的速度", .unit = "events/s", .runs = {}};
  const std::size_t runs = bench.events < kOnceFrom ? bench.options.runs : 1;
  for (std::size_t run = 0; run < runs; ++run) {
    std::error_code ignored;  // the first time nothing is there
    std::filesystem::remove(path, ignored);
    const Stopwatch making;
    const auto made = run_beside("bihuan", {"pack", "--data", bench.ledger, "--report", "weekly",
                                            "--week", std::string(kWeek), "--out", path});
    make.runs.push_back(making.milliseconds());
    if (!made) return std::unexpected(made.error());
    const Stopwatch verifying;
    const auto verdict = run_beside("bihuan-verify", {path, "--key", without_line_end(*key)});
    verify.runs.push_back(verifying.milliseconds());
    if (!verdict) return std::unexpected(verdict.error());
    rate.runs.push_back(static_cast<double>(bench.events) * 1000 / verify.runs.back());
  }
  Figure size{.name = "package.bytes",
              .chinese = "检查包的大小",
              .unit = "bytes",
              .runs = {static_cast<double>(std::filesystem::file_size(path))}};
  std::filesystem::remove(path);
  for (Figure* const figure : {&make, &verify, &rate, &size}) bench.figures.add(std::move(*figure));
  return {};
}

}  // namespace tools
