// All parts in order, for each size; then the table and the JSON file.
#include "tools/benchmark/measure.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/clock.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/keep_awake.h"
#include "tools/benchmark/limits.h"
#include "tools/benchmark/machine.h"
#include "tools/benchmark/stopwatch.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

namespace {

constexpr std::string_view kDurability =
    "An acknowledgement of ours means: the command's group of records is in RocksDB's write-ahead "
    "log and fdatasync has returned. The limit's loop syncs in the same way, one write at a time.";

Result<void> measure_limits(Bench& bench) {
  say("机器的极限", "the machine's limits");
  const MeasureOptions& options = bench.options;
  ::sync();  // what others left to be written is not this machine's limit
  if (auto done = measure_fdatasync(options.dir, options.limit_seconds, bench.figures); !done)
    return done;
  if (auto done = measure_bandwidth(options.dir, options.limit_seconds, bench.figures); !done)
    return done;
  measure_memory(options.limit_seconds, bench.figures);
  measure_hashing(options.limit_seconds, bench.figures);
  measure_columns(bench.cases, bench.figures);
  return {};
}

struct Part {
  std::string_view name;
  Result<void> (*measure)(Bench& bench);
};
// In this order: later parts stand on what earlier ones left on the disk.
constexpr Part kParts[] = {
    {"limits", measure_limits},
    {"appends", measure_appends},
    {"storage", measure_storage},
    {"rebuild", measure_rebuild},
    {"rebuild-parts", measure_rebuild_parts},
    {"reports", measure_reports},
    {"cases", measure_cases},
    {"memory", measure_resident},
    {"proofs", measure_proofs},
    {"packages", measure_packages},
    {"audit", measure_audit},
    {"matching", measure_matching},
    {"check", check_reports},
    {"opening", measure_opening},
};

Result<void> measure_one(Bench& bench) {
  const std::vector<std::string>& only = bench.options.only;
  for (const Part& part : kParts) {
    bool asked = only.empty() || std::ranges::find(only, part.name) != only.end();
    if (part.name == "check") asked = bench.options.check;
    // Every other part needs the ledger that the appends make.
    if (!asked && part.name != "appends") continue;
    if (auto done = part.measure(bench); !done) return done;
  }
  return {};
}

// Each figure at the largest size over the same at the smallest: how it grows with the history.
json::array growth_of(const json::array& sizes) {
  json::array growth;
  if (sizes.size() < 2) return growth;
  const json::array& small = sizes.front().at("figures").as_array();
  for (const json::value& large : sizes.back().at("figures").as_array())
    for (const json::value& figure : small) {
      const double from = figure.at("median").to_number<double>();
      if (figure.at("name") != large.at("name") || from <= 0) continue;
      growth.push_back({{"name", figure.at("name")},
                        {"unit", figure.at("unit")},
                        {"smallest", from},
                        {"largest", large.at("median")},
                        {"ratio", large.at("median").to_number<double>() / from}});
    }
  return growth;
}

void print_growth(const json::array& sizes, const json::array& growth) {
  if (growth.empty()) return;
  const auto events = [](const json::value& size) {
    return number_text(size.at("events").to_number<double>());
  };
  Cells rows;
  for (const json::value& one : growth) {
    const auto text = [&](const char* key) { return number_text(one.at(key).to_number<double>()); };
    rows.push_back({std::string(one.at("name").as_string()),
                    std::string(one.at("unit").as_string()), text("smallest"), text("largest"),
                    text("ratio") + " x"});
  }
  print(fmt::format(
      "增长 / growth: {} -> {} events\n{}\n", events(sizes.front()), events(sizes.back()),
      render_table({"figure", "单位 unit", "最小规模 smallest", "最大规模 largest", "增长 growth"},
                   std::move(rows))));
}

bool write_file(const std::string& path, const json::object& document) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  std::ofstream file(path, std::ios::binary);
  file << json::serialize(document) << '\n';
  return static_cast<bool>(file.flush());
}

}  // namespace

int measure(const MeasureOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.dir, error);
  if (error) return complain(kBadArguments, "目录不能建立。", options.dir + " cannot be made.");
  const KeepAwake awake;
  json::array sizes;
  std::uint64_t different = 0;
  for (const std::int64_t cases : options.cases) {
    Bench bench{.options = options,
                .cases = cases,
                .ledger = fmt::format("{}/ledger-{}", options.dir, cases),
                .random = Random(options.seed)};
    const Stopwatch watch;
    say(fmt::format("{} 件诉求", cases), fmt::format("a district of {} cases", cases));
    const auto done = measure_one(bench);
    if (!options.keep) remove_ledger(bench.ledger);
    if (!done) return complain(done.error());
    print(
        fmt::format("\n{} 件诉求，{} 个事件；{:.0f} 秒 / {} cases, {} events, measured in {:.0f} "
                    "s\n{}\n",
                    cases, bench.events, watch.seconds(), cases, bench.events, watch.seconds(),
                    bench.figures.table()));
    different += bench.differences;
    if (bench.compared > 0)
      print(
          fmt::format("与从头重算相比的报表：{}，不同 {} / reports compared with a fold from zero: "
                      "{}, different: {}\n",
                      bench.compared, bench.differences, bench.compared, bench.differences));
    sizes.push_back(json::object{{"cases", cases},
                                 {"events", bench.events},
                                 {"seed", options.seed},
                                 {"seconds", watch.seconds()},
                                 {"reports_compared", bench.compared},
                                 {"reports_different", bench.differences},
                                 {"figures", bench.figures.to_json()}});
  }
  json::array growth = growth_of(sizes);
  print_growth(sizes, growth);
  print("持久性：答复一条命令时，它所在的一组记录已写入日志并且 fdatasync 已返回。\n");
  print(fmt::format("{}\n", kDurability));
  const json::object document{{"format", 1},
                              {"measured_at", schemas::time_text(engine::now())},
                              {"machine", machine_json(options.dir)},
                              {"versions", versions_json(options.commit)},
                              {"durability", kDurability},
                              {"sizes", std::move(sizes)}};
  if (!options.out.empty() && !write_file(options.out, document))
    return complain(kRefused, "结果文件不能写入。", options.out + " cannot be written.");
  if (different > 0)
    return complain(kRefused, "报表与从头重算不同。", "Reports differ from a fold from zero.");
  return kDone;
}

}  // namespace tools
