// How fast everything that is derived from the log is built again from it, and where the time goes.
#include <algorithm>
#include <cstdint>

#include "engine/replay/batches.h"
#include "engine/replay/derived.h"
#include "projections/facts.h"
#include "projections/parts.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/machine.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

namespace {

// Opens the log and brings the projections up to its end, from nothing but the log.
Result<double> rebuild_once(const std::string& dir, bool drop_pages, bool keep) {
  {
    auto ledger = open_ledger(dir, engine::OpenMode::read_write);
    if (!ledger) return std::unexpected(ledger.error());
    if (auto gone = Reports::forget(*ledger->log); !gone) return std::unexpected(gone.error());
    if (auto flushed = ledger->log->flush(); !flushed) return std::unexpected(flushed.error());
  }
  if (drop_pages) drop_cached_pages(dir);
  auto ledger = open_ledger(dir, engine::OpenMode::read_write);
  if (!ledger) return std::unexpected(ledger.error());
  const Stopwatch watch;
  const auto reports = Reports::open(*ledger->log, keep);
  if (!reports) return std::unexpected(reports.error());
  return static_cast<double>(ledger->log->size()) / watch.seconds();
}

// One after another what a rebuild does side by side, so that each has a cost of its own.
struct Parts {
  Figure scan{.name = "rebuild.scan",
              .chinese = "重建的部分：读日志（两线程）",
              .unit = "ns/event",
              .runs = {},
              .note =
                  "every record read, checked and shown, and nothing kept; two threads: the "
                  "least that a rebuild from this log can take"};
  Figure reduce{.name = "rebuild.reduce",
                .chinese = "重建的部分：读并化简（两线程）",
                .unit = "ns/event",
                .runs = {},
                .limit = "rebuild.scan",
                .note = "the same, each record reduced to what the facts keep of it"};
  Figure join{.name = "rebuild.join",
              .chinese = "重建的部分：接合（一线程）",
              .unit = "ns/event",
              .runs = {},
              .limit = "rebuild.scan",
              .note = "one thread that joins the batches, the time it waits for them not counted"};
  Figure settle{.name = "rebuild.settle",
                .chinese = "重建的部分：求静止与里程碑（两线程）",
                .unit = "ns/event",
                .runs = {},
                .limit = "rebuild.scan"};
  Figure save{.name = "rebuild.save",
              .chinese = "重建的部分：写出派生段（一线程）",
              .unit = "ns/event",
              .runs = {},
              .limit = "rebuild.scan",
              .note = "encoding and hashing the segments, without the disk"};
};

// A batch that learns nothing.
class Counted {
 public:
  void add(const engine::RecordView& record) {
    ++size_;
    last_ = record.seq;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint64_t last() const { return last_; }

 private:
  std::size_t size_ = 0;
  std::uint64_t last_ = 0;
};

constexpr std::uint64_t kSegment = engine::Derived<projections::Facts>::kSegmentRecords;

Result<void> measure_parts_once(const engine::Log& log, Parts& parts) {
  const std::uint64_t records = log.size();
  const auto each = [&](double seconds) { return seconds * 1e9 / static_cast<double>(records); };
  {
    const Stopwatch watch;
    std::uint64_t seen = 0;
    const auto read =
        engine::each_batch<Counted>(log, 1, records, kSegment / 2, [&](const Counted& batch) {
          seen += batch.size();
          return Result<void>{};
        });
    if (!read) return read;
    if (seen != records) return engine::fail(engine::ErrorCode::corrupt, "Not all was read.");
    parts.scan.runs.push_back(each(watch.seconds()));
  }
  {
    const Stopwatch watch;
    const auto read = engine::each_batch<projections::FactBatch>(
        log, 1, records, kSegment / 2,
        [](const projections::FactBatch&) { return Result<void>{}; });
    if (!read) return read;
    parts.reduce.runs.push_back(each(watch.seconds()));
  }
  projections::Facts facts;
  facts.reserve(records);
  double joining = 0;
  const auto joined = engine::each_batch<projections::FactBatch>(
      log, 1, records, kSegment / 2, [&](const projections::FactBatch& batch) {
        const Stopwatch watch;
        facts.absorb(batch);
        joining += watch.seconds();
        return Result<void>{};
      });
  if (!joined) return joined;
  parts.join.runs.push_back(each(joining));
  {
    const Stopwatch watch;
    facts.settle(projections::kThreads);
    parts.settle.runs.push_back(each(watch.seconds()));
  }
  const Stopwatch watch;
  std::size_t bytes = 0;
  for (std::uint64_t from = 0; from < records; from += kSegment)
    bytes += facts.save(from, std::min(from + kSegment, records)).size();
  if (bytes > records) parts.save.runs.push_back(each(watch.seconds()));
  return {};
}

}  // namespace

Result<void> measure_rebuild_parts(Bench& bench) {
  say("重建的各部分", "the parts of a rebuild, one after another");
  auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
  if (!ledger) return std::unexpected(ledger.error());
  Parts parts;
  for (std::size_t run = 0; run < bench.options.runs; ++run)
    if (auto done = measure_parts_once(*ledger->log, parts); !done) return done;
  for (Figure* figure : {&parts.scan, &parts.reduce, &parts.join, &parts.settle, &parts.save})
    bench.figures.add(std::move(*figure));
  return {};
}

Result<void> measure_rebuild(Bench& bench) {
  say("从日志重建全部投影", "rebuilding every projection from the log");
  Figure cold{.name = "rebuild.cold",
              .chinese = "重建全部投影（磁盘页缓存已清）",
              .unit = "events/s",
              .runs = {},
              .goal = {.value_min = 8'000'000},
              .note =
                  "derived segments dropped, page cache of the ledger dropped, segments written "
                  "again"};
  Figure warm{.name = "rebuild.page_cache",
              .chinese = "重建全部投影（日志在页缓存中）",
              .unit = "events/s",
              .runs = {}};
  for (std::size_t run = 0; run < bench.options.runs; ++run)
    for (Figure* figure : {&cold, &warm}) {
      const auto rate = rebuild_once(bench.ledger, figure == &cold, /*keep=*/true);
      if (!rate) return std::unexpected(rate.error());
      figure->runs.push_back(*rate);
    }
  bench.figures.add(std::move(cold));
  bench.figures.add(std::move(warm));
  bench.figures.add({.name = "storage.disk_bytes_derived",
                     .chinese = "每事件磁盘字节（含派生段）",
                     .unit = "bytes/event",
                     .runs = {bytes_on_disk(bench.ledger) / static_cast<double>(bench.events)},
                     .limit = "storage.record_bytes"});
  return {};
}

}  // namespace tools
