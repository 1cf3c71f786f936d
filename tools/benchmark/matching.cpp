// Matching: every item of a generated district against four hundred thousand enterprises, and one
// changed enterprise against every item. The district is the same whatever the number of cases; it
// is in memory, as a server would hold it.
#include "projections/match_table.h"

#include <fmt/format.h>

#include "projections/parts.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"
#include "tools/workload/policy_district.h"

namespace tools {

using engine::Result;

namespace {

constexpr std::int64_t kEnterprises = 400'000;
constexpr std::size_t kPairs = 1'000;

std::vector<projections::MatchItem> items_of(std::uint64_t seed) {
  std::vector<projections::MatchItem> items;
  for (GeneratedItem& item : generate_items(seed))
    items.push_back({std::move(item.no), std::move(item.conditions), item.window_last});
  return items;
}

// Random pairs, each asked by itself; the first that the table says otherwise of fails the run.
Result<void> check_pairs(Bench& bench, const projections::MatchTable& table,
                         const std::vector<projections::ItemMatches>& matches, schemas::Day today) {
  for (std::size_t i = 0; i < kPairs; ++i) {
    const auto at = static_cast<std::size_t>(bench.random.below(kPolicyItems));
    const std::int64_t number = bench.random.below(kEnterprises);
    const projections::MatchItem& item = table.items()[at];
    const schemas::Profile profile = generate_profile(bench.options.seed, number);
    const schemas::Matching pair =
        schemas::match(item.conditions, profile, today, item.window_last);
    const bool met =
        std::ranges::binary_search(matches[at].met, static_cast<std::uint32_t>(number));
    const projections::MatchOutcome alone = table.match(profile)[at];
    if (met != (pair.verdict() == schemas::Verdict::met) || alone.lacking != pair.lacking ||
        alone.missing != pair.missing)
      return engine::fail(engine::ErrorCode::corrupt,
                          fmt::format("{} and enterprise {} match differently", item.no, number));
  }
  return {};
}

}  // namespace

Result<void> measure_matching(Bench& bench) {
  say("政策匹配：212 个项目、40 万家企业", "matching policies: 212 items, 400,000 enterprises");
  const auto today = schemas::parse_date(kPolicyToday);
  const projections::MatchTable table(items_of(bench.options.seed), *today);
  projections::ProfileColumns columns;
  for (std::int64_t number = 0; number < kEnterprises; ++number)
    columns.add(generate_profile(bench.options.seed, number));
  Figure all{
      .name = "match.all",
      .chinese = "全部项目与全部企业重新匹配",
      .unit = "ms",
      .runs = {},
      .goal = {.value_max = 10'000},
      .note = fmt::format("212 items, {} different conditions, 400,000 enterprises; two threads",
                          table.leaves())};
  std::vector<projections::ItemMatches> matches =
      table.match_all(columns, projections::kThreads);  // warms up
  for (std::size_t run = 0; run < bench.options.runs; ++run) {
    const Stopwatch watch;
    matches = table.match_all(columns, projections::kThreads);
    all.runs.push_back(watch.milliseconds());
  }
  if (auto same = check_pairs(bench, table, matches, *today); !same) return same;
  Figure one{.name = "match.one",
             .chinese = "一家变动的企业与全部项目匹配",
             .unit = "ms",
             .runs = {},
             .goal = {.value_max = 1},
             .note = "one thread"};
  for (std::size_t run = 0; run < bench.options.moments; ++run) {
    const schemas::Profile profile =
        generate_profile(bench.options.seed, bench.random.below(kEnterprises));
    const Stopwatch watch;
    const auto outcomes = table.match(profile);
    one.runs.push_back(watch.milliseconds());
  }
  bench.figures.add(std::move(all));
  bench.figures.add(std::move(one));
  return {};
}

}  // namespace tools
