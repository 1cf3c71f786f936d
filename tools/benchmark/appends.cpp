// Durable appends: the whole history goes in as a stream, and its last part by clients that wait.
// An answer means: the group of its command is in the log and fdatasync has returned.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/clients.h"
#include "tools/benchmark/commands_ahead.h"
#include "tools/benchmark/limits.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/on_processor.h"

namespace tools {

using engine::Result;

namespace {

constexpr std::int64_t kCommandsPerCase = 12;  // rather less than there are
constexpr double kLimitParts = 8;  // of the seconds for a limit, at most, before each run
constexpr std::string_view kSynced =
    "answered after the record's group was appended to RocksDB's log and fdatasync returned; "
    "version, id and rules checked";

// One way of sending: how many clients, how many commands a run.
struct Way {
  std::string name, chinese;
  std::size_t clients = 1, batch = 1, commands = 0;
  Goal goal = {};

  [[nodiscard]] bool is_lone() const { return clients == 1 && batch == 1; }
  [[nodiscard]] std::size_t runs(std::size_t asked) const {
    return is_lone() ? runs_in_turn(asked) : asked;
  }
};

std::vector<Way> ways_of(std::int64_t commands) {
  const auto part = [&](std::int64_t of, std::int64_t least, std::int64_t most) {
    return static_cast<std::size_t>(std::clamp(commands / of, least, most));
  };
  const std::size_t batches = part(40, 1000, 100'000) / 1000 * 1000;
  return {
      {"append.clients_1", "持久追加，1 个客户端", 1, 1, part(200, 20, 2000), {.ratio_min = 0.8}},
      {"append.clients_8", "持久追加，8 个客户端", 8, 1, part(100, 40, 8000), {}},
      {"append.clients_64",
       "持久追加，64 个客户端",
       64,
       1,
       part(40, 128, 40'000),
       {.ratio_min = 12}},
      {"append.batch_1000",
       "持久追加，每批 1,000 条",
       1,
       1000,
       batches,
       {.ratio_min = 90, .value_min = 300'000}},
      {"append.batch_1000_clients_4", "持久追加，4 个客户端各每批 1,000 条", 4, 1000, batches, {}}};
}

class Appending {
 public:
  explicit Appending(Bench& bench)
      : bench_(bench),
        ways_(ways_of(bench.cases * kCommandsPerCase)),
        ahead_({.seed = bench.options.seed, .cases = bench.cases}) {}

  Result<void> run() {
    say("持久追加（整部历史）", "durable appends, the whole history");
    if (auto made = make_ledger(bench_.ledger); !made) return made;
    auto ledger = open_ledger(bench_.ledger, engine::OpenMode::read_write);
    if (!ledger) return std::unexpected(ledger.error());
    Office office(*ledger->log, ledger->keys);
    if (auto opened = office.open(*ledger->log); !opened) return opened;
    std::size_t kept_back = 0;
    for (const Way& way : ways_) kept_back += way.commands * (way.runs(bench_.options.runs) + 1);
    const std::uint64_t all = static_cast<std::uint64_t>(bench_.cases * kCommandsPerCase);
    const std::uint64_t streamed = all > kept_back ? all - kept_back : 0;
    if (auto done = stream(office, streamed); !done) return done;
    for (const Way& way : ways_)
      if (auto done = send(*ledger->log, office, way); !done) return done;
    if (auto done = stream(office, ~std::uint64_t{0}); !done) return done;
    add_stream_figures();
    bench_.events = ledger->log->size();
    return {};
  }

 private:
  // Until so many commands were taken from the history, or it ends.
  Result<void> stream(Office& office, std::uint64_t until) {
    const auto chunk = static_cast<std::size_t>(
        std::clamp<std::int64_t>(bench_.cases * kCommandsPerCase / 25, 500, 100'000));
    while (ahead_.parsed() < until) {
      auto commands = ahead_.next(std::min<std::uint64_t>(chunk, until - ahead_.parsed()));
      if (!commands) return std::unexpected(commands.error());
      if (commands->empty()) break;
      const bool whole = commands->size() == chunk;
      const auto sent = send_streaming(office, std::move(*commands));
      if (!sent) return std::unexpected(sent.error());
      seconds_ += sent->seconds;
      events_ += sent->events;
      if (whole) rates_.push_back(static_cast<double>(sent->events) / sent->seconds);
      if (chunk == 100'000 && ++chunks_ % 10 == 0)
        say(fmt::format("已追加 {} 个事件", number_text(static_cast<double>(events_))),
            fmt::format("{} events appended", number_text(static_cast<double>(events_))));
    }
    return {};
  }

  // The bare loop runs before each run of ours: a disk may be twice as fast a minute later. What
  // earlier appends left to be written in the background is written first, or both would wait for
  // it: a sync of one file waits for what the file system writes for others.
  Result<void> send(engine::Log& log, Office& office, const Way& way) {
    if (auto flushed = log.flush(); !flushed) return flushed;
    ::sync();
    Figure limit{.name = way.name + ".fdatasync",
                 .chinese = way.chinese + "：同时的 fdatasync",
                 .unit = "syncs/s",
                 .runs = {},
                 .note = "300 bytes appended and fdatasync, before each run"};
    Figure over{.name = way.name + ".fdatasync_overwrite",
                .chinese = way.chinese + "：同时的覆写 fdatasync",
                .unit = "syncs/s",
                .runs = {},
                .note =
                    "300 bytes written over others and fdatasync: without the file system's "
                    "journal"};
    Figure rate{.name = way.name,
                .chinese = way.chinese,
                .unit = "commands/s",
                .runs = {},
                .limit = limit.name,
                .goal = way.goal,
                .note = std::string(kSynced)};
    Figure wait{.name = way.name + ".wait",
                .chinese = way.chinese + "：等待",
                .unit = "ms",
                .runs = {},
                .note = "from sending to the answer"};
    // As long as ours: some disks give a burst of syncs and then fewer.
    double bare_seconds = bench_.options.limit_seconds / kLimitParts;
    for (std::size_t run = 0; run <= way.runs(bench_.options.runs); ++run) {
      auto commands = ahead_.next(way.commands);
      if (!commands) return std::unexpected(commands.error());
      if (commands->size() < way.commands) break;  // the history is over
      std::optional<OnProcessor> bound;
      if (way.is_lone()) bound.emplace(run);
      const auto bare = fdatasync_rate(bench_.options.dir, bare_seconds);
      if (!bare) return std::unexpected(bare.error());
      const auto quick = overwrite_rate(bench_.options.dir, bare_seconds);
      if (!quick) return std::unexpected(quick.error());
      const auto sent = send_waiting(office, std::move(*commands), way.clients, way.batch);
      if (!sent) return std::unexpected(sent.error());
      bare_seconds = std::min(sent->seconds, bench_.options.limit_seconds / kLimitParts);
      if (run == 0) continue;  // warm-up
      limit.runs.push_back(*bare);
      over.runs.push_back(*quick);
      rate.runs.push_back(sent->commands_a_second());
      wait.runs.insert(wait.runs.end(), sent->waits_ms.begin(), sent->waits_ms.end());
    }
    // RocksDB sets space aside and mostly writes over it. Where others keep the journal busy, the
    // appending loop is no limit for it.
    if (median(over.runs) > 2 * median(limit.runs)) {
      say("文件系统日志被占用，改以覆写为极限",
          "the journal is contended: overwriting is the limit");
      rate.limit = over.name;
    }
    bench_.figures.add(std::move(limit));
    bench_.figures.add(std::move(over));
    bench_.figures.add(std::move(rate));
    bench_.figures.add(std::move(wait));
    return {};
  }

  void add_stream_figures() {
    bench_.figures.add(
        {.name = "append.sustained",
         .chinese = "持续追加（整部历史）",
         .unit = "events/s",
         .runs = std::move(rates_),
         .limit = "limit.fdatasync",
         .note = fmt::format("a run is one chunk of the history, commands parsed before; {} events "
                             "in {:.1f} s in all; {}",
                             events_, seconds_, kSynced)});
    bench_.figures.add({.name = "append.json_door",
                        .chinese = "一行 JSON 变成命令（单线程）",
                        .unit = "commands/s",
                        .runs = {static_cast<double>(ahead_.parsed()) / ahead_.parse_seconds()},
                        .note = "parse_line alone, over the whole history"});
  }

  Bench& bench_;
  std::vector<Way> ways_;
  CommandsAhead ahead_;
  std::vector<double> rates_;
  double seconds_ = 0;
  std::uint64_t events_ = 0;
  int chunks_ = 0;
};

}  // namespace

Result<void> measure_appends(Bench& bench) { return Appending(bench).run(); }

}  // namespace tools
