// `bihuan import FILE...`: decides every command in order and records what is accepted, group by
// group. One thread reads and parses, the writer decides and syncs. A line that is refused records
// nothing; lines that were recorded before are passed over by their ids, so an import can simply be
// repeated.
#include "tools/bihuan/import.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>

#include "engine/clock.h"
#include "engine/proof/hash.h"
#include "engine/replay/writer.h"
#include "schemas/calendar.h"
#include "schemas/district.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/source.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

namespace {

constexpr std::size_t kRefusalsKept = 100, kRefusalsPrinted = 20;
constexpr std::string_view kStopped = "Stopped";  // never shown: what follows the first refusal

volatile std::sig_atomic_t interrupted = 0;

// The district as the writer's decider, with what only an import knows: lines refused at the door
// keep their place in the order, nothing lies in the future, and `stop` records nothing after a
// refusal.
class Gate {
 public:
  Gate(schemas::District& district, bool stop_on_refusal)
      : district_(district), stop_on_refusal_(stop_on_refusal) {}

  Result<engine::Ruling> decide(Item&& item, std::uint64_t next_seq) {
    if (stopped_) return engine::Ruling{{}, std::string(kStopped), {}, 0};
    auto ruling = rule(item, next_seq);
    if (stop_on_refusal_ && ruling && !ruling->refused.empty()) stopped_ = true;
    return ruling;
  }
  void forget() { district_.forget(); }

 private:
  Result<engine::Ruling> rule(Item& item, std::uint64_t next_seq) {
    schemas::Refusal refusal = item.refusal;
    if (refusal.code == schemas::RefusalCode::none && in_future(item.command.at))
      refusal = {schemas::RefusalCode::AtInFuture, schemas::time_text(item.command.at)};
    if (refusal.code == schemas::RefusalCode::none)
      return district_.decide(std::move(item.command), next_seq);
    return engine::Ruling{
        {}, std::string(schemas::code_name(refusal.code)), schemas::sentence(refusal), 0};
  }

  // The clock is read only for what lies after the last reading of it.
  bool in_future(engine::Micros at) {
    if (at > last_read_) last_read_ = engine::now();
    return at > last_read_;
  }

  schemas::District& district_;
  bool stop_on_refusal_;
  bool stopped_ = false;
  engine::Micros last_read_ = 0;
};

struct ImportOptions {
  std::vector<std::string> files;
  std::string on_refusal = "report", profile;
};

// Collects the answers, which come in the order of submission from the writer's thread.
class Tally {
 public:
  Tally(const Session& session, const ImportOptions& options)
      : session_(session), options_(options) {}

  void add(const engine::Answer& answer, std::uint32_t file, std::uint64_t line,
           const std::string& id) {
    if (answer.error) {
      if (!error_) error_ = answer.error;
      stopped_ = true;
    } else if (answer.receipt) {
      (answer.repeated ? summary_.repeated : summary_.accepted) += 1;
    } else if (answer.refused != kStopped) {
      refuse(answer, file, line, id);
    } else {
      stopped_ = true;
    }
  }
  [[nodiscard]] bool over() const { return stopped_; }
  [[nodiscard]] const std::optional<engine::Error>& error() const { return error_; }
  [[nodiscard]] ImportSummary& summary() { return summary_; }

 private:
  void refuse(const engine::Answer& answer, std::uint32_t file, std::uint64_t line,
              const std::string& id) {
    ++summary_.refused_total;
    ++summary_.refused[answer.refused];
    const std::string& name = options_.files[file];
    if (session_.verbose || summary_.refused_total <= kRefusalsPrinted)
      fmt::print(stderr, "{}:{}: {}: {}\n", name, line, answer.refused, answer.text);
    else if (summary_.refused_total == kRefusalsPrinted + 1)
      fmt::print(stderr,
                 "……其余拒绝不再逐条列出（--verbose 可看全部）。 More refusals are only "
                 "counted; --verbose prints all.\n");
    if (session_.verbose || summary_.refusals.size() < kRefusalsKept)
      summary_.refusals.push_back({name, id, answer.refused, answer.text, line});
    if (options_.on_refusal == "stop") stopped_ = true;
  }

  const Session& session_;
  const ImportOptions& options_;
  ImportSummary summary_;
  std::optional<engine::Error> error_;
  std::atomic<bool> stopped_ = false;
};

// What becomes of one line's answer.
struct Reply {
  Tally* tally = nullptr;
  std::uint32_t file = 0;
  std::uint64_t line = 0;
  std::string id;

  void operator()(const engine::Answer& answer) const { tally->add(answer, file, line, id); }
};

using Sources = std::vector<std::unique_ptr<ItemSource>>;

Result<Sources> open_sources(const ImportOptions& options) {
  Sources sources;
  for (const std::string& file : options.files) {
    auto source = open_source(file, options.profile);
    if (!source) return std::unexpected(source.error());
    sources.push_back(std::move(*source));
  }
  return sources;
}

// Feeds the writer; returns when everything that was fed is answered.
Result<void> feed(Ledger& ledger, Merger& merger, Tally& tally, const ImportOptions& options) {
  schemas::District district(*ledger.log, ledger.keys);
  if (auto loaded = district.load(ledger.log->last_recorded_at()); !loaded) return loaded;
  Gate gate(district, options.on_refusal == "stop");
  using ImportWriter = engine::Writer<Gate, Item, Reply>;
  ImportWriter writer(*ledger.log, gate);
  Progress progress("导入");
  std::uint64_t fed = 0;
  std::vector<ImportWriter::Submission> submissions;
  for (auto batch = merger.next(); !batch.empty(); batch = merger.next()) {
    if (tally.over() || interrupted != 0) break;
    for (Item& item : batch) {
      Reply reply{&tally, item.file, item.line, item.id.empty() ? item.command.id : item.id};
      submissions.push_back({std::move(item), std::move(reply)});
    }
    fed += submissions.size();
    writer.submit_all(submissions);
    progress.update(merger.bytes_read(), merger.bytes_total(), fed);
  }
  writer.drain();
  writer.close();
  return {};
}

Result<ImportSummary> import(const Session& session, const ImportOptions& options,
                             Sources sources) {
  const auto started = std::chrono::steady_clock::now();
  auto ledger = Ledger::open(session.data, engine::OpenMode::read_write);
  if (!ledger) return std::unexpected(ledger.error());
  const std::uint64_t before = ledger->log->size();
  Tally tally(session, options);
  Merger merger(std::move(sources));
  interrupted = 0;
  const auto old_handler = std::signal(SIGINT, [](int) { interrupted = 1; });
  const auto fed = feed(*ledger, merger, tally, options);
  std::signal(SIGINT, old_handler);
  if (!fed) return std::unexpected(fed.error());
  if (tally.error()) return std::unexpected(*tally.error());
  if (const auto broken = merger.failed())
    return engine::fail(
        engine::ErrorCode::io,
        options.files[*broken] + " could not be read to its end; what came before is recorded.");
  // Reports of this ledger find their facts ready. A failure here is told by the next report.
  if (const auto facts = facts_of(*ledger->log, /*keep=*/true); !facts)
    return std::unexpected(facts.error());
  ImportSummary& summary = tally.summary();
  summary.interrupted = interrupted != 0;
  summary.seq = ledger->log->size();
  summary.events = summary.seq - before;
  const auto root = ledger->log->root_at(summary.seq);
  if (!root) return std::unexpected(root.error());
  summary.root = *root;
  summary.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return std::move(summary);
}

void print_summary(const ImportSummary& summary) {
  print(fmt::format("接受 accepted   {}\n重复 repeated   {}\n拒绝 refused    {}\n",
                    summary.accepted, summary.repeated, summary.refused_total));
  for (const auto& [code, count] : summary.refused) print(fmt::format("  {} {}\n", code, count));
  const double rate = static_cast<double>(summary.accepted + summary.repeated) /
                      (summary.seconds > 0 ? summary.seconds : 1);
  print(fmt::format("事件 events     {}\n用时 seconds    {:.2f} ({:.0f} commands/s)\n",
                    summary.events, summary.seconds, rate));
  print(fmt::format("事件号 seq      {}\n树根 root       {}\n", summary.seq,
                    engine::base64(summary.root)));
}

int run_import(const Session& session, const ImportOptions& options, Sources sources) {
  const auto summary = import(session, options, std::move(sources));
  if (!summary) return complain(summary.error());
  if (session.form() == Format::json)
    print_json(summary->to_json());
  else
    print_summary(*summary);
  if (summary->interrupted)
    return complain(kRefused, "导入被中断，已记录的有效；再运行一次即可继续。",
                    "The import was interrupted; run it again and it goes on.");
  return summary->refused_total == 0 ? kDone : kRefused;
}

int import_files(const Session& session, const ImportOptions& options) {
  auto sources = open_sources(options);
  if (!sources) return complain(sources.error());
  return run_import(session, options, std::move(*sources));
}

}  // namespace

int import_sources(const Session& session, const std::vector<std::string>& names, Sources sources) {
  ImportOptions options;
  options.files = names;
  return run_import(session, options, std::move(sources));
}

json::object ImportSummary::to_json() const {
  json::object codes;
  for (const auto& [code, count] : refused) codes[code] = count;
  json::array lines;
  for (const RefusedLine& line : refusals) {
    json::value id;
    if (!line.id.empty()) id = line.id;
    lines.push_back({{"file", line.file},
                     {"line", line.line},
                     {"id", id},
                     {"refused", line.code},
                     {"text", line.text}});
  }
  return {{"accepted", accepted},         {"repeated", repeated},
          {"refused", std::move(codes)},  {"events", events},
          {"seconds", seconds},           {"seq", seq},
          {"root", engine::base64(root)}, {"refusals", std::move(lines)}};
}

void add_import(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "import", "执行历史文件；CSV 用 --profile 说明各列",
                     "Executes history files; CSV files of other systems through a profile");
  const auto options = std::make_shared<ImportOptions>();
  sub->add_option("files", options->files,
                  both("历史文件（多个时按 at 归并）", "history files, merged by at"))
      ->required()
      ->type_name("FILE");
  sub->add_option("--on-refusal", options->on_refusal,
                  both("遇到拒绝：report 继续，stop 停止", "on a refusal: report (go on) or stop"))
      ->check(CLI::IsMember({"report", "stop"}))
      ->type_name("HOW");
  sub->add_option("--profile", options->profile,
                  both("CSV 的列说明（docs/IMPORT.md）", "what the CSV's columns mean"))
      ->type_name("P.json");
  sub->callback([options, &session] { session.exit_code = import_files(session, *options); });
}

}  // namespace tools
