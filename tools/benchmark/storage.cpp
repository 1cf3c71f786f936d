// What the ledger takes: bytes on disk against bytes recorded, and memory.
#include "engine/proof/record.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/machine.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

Result<void> measure_storage(Bench& bench) {
  say("每事件字节", "bytes an event");
  const double on_disk = bytes_on_disk(bench.ledger);
  auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
  if (!ledger) return std::unexpected(ledger.error());
  double recorded = 0;
  engine::Bytes entry;
  const Stopwatch watch;
  const auto read = ledger->log->read(1, 0, [&](const engine::RecordView& record) {
    entry.clear();
    engine::append_entry(entry, record);
    recorded += static_cast<double>(entry.size() + record.payload.size());
    return true;
  });
  if (!read) return read;
  const auto events = static_cast<double>(ledger->log->size());
  bench.figures.add({.name = "storage.record_bytes",
                     .chinese = "每事件记录字节（头与内容）",
                     .unit = "bytes/event",
                     .runs = {recorded / events}});
  bench.figures.add({.name = "storage.disk_bytes",
                     .chinese = "每事件磁盘字节",
                     .unit = "bytes/event",
                     .runs = {on_disk / events},
                     .limit = "storage.record_bytes",
                     .goal = {.ratio_max = 1.3},
                     .note = "the ledger's whole directory after a clean stop: records, tree, "
                             "indexes; without derived segments"});
  return {};
}

int hold_everything(const std::string& dir) {
  auto ledger = open_ledger(dir, engine::OpenMode::read_only);
  if (!ledger) return 1;
  auto reports = Reports::open(*ledger->log, /*keep=*/false);
  if (!reports || ledger->log->size() == 0) return 1;
  const std::uint64_t last = ledger->log->size();
  for (const std::string_view question : kQuestions)
    if (!reports->draw(asked_at(question, last, reports->time_of(last)))) return 1;
  std::printf("%.0f\n", resident_bytes());
  return 0;
}

Result<void> measure_resident(Bench& bench) {
  say("内存", "memory");
  constexpr double kFixed = 256.0 * 1024 * 1024, kPerEvent = 64;
  Figure bytes{.name = "memory.resident",
               .chinese = "载入全部后的常驻内存",
               .unit = "bytes",
               .runs = {},
               .goal = {.value_max = kFixed + kPerEvent * static_cast<double>(bench.events)},
               .note =
                   "a process of its own that opened the ledger, loaded the projections and "
                   "drew every report once"};
  Figure each{
      .name = "memory.per_event", .chinese = "每事件常驻内存", .unit = "bytes/event", .runs = {}};
  for (std::size_t run = 0; run < bench.options.runs; ++run) {
    const auto out = run_beside("bihuan-bench", {"hold", "--ledger", bench.ledger});
    if (!out) return std::unexpected(out.error());
    bytes.runs.push_back(std::stod(*out));
    each.runs.push_back(bytes.runs.back() / static_cast<double>(bench.events));
  }
  bench.figures.add(std::move(bytes));
  bench.figures.add(std::move(each));
  return {};
}

}  // namespace tools
