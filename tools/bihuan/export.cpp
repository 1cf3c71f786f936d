// `bihuan export`: the ledger as a history file again; sealed fields travel sealed. Imported into a
// new ledger with the same key store it gives the same tree root. The access log says that it was
// made.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "schemas/event.h"
#include "schemas/json.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace {

struct ExportOptions {
  std::string form = "jsonl", out;
};

int write_history(const engine::Log& log, std::FILE* file, const std::string& name) {
  Progress progress("导出");
  bool written = true;
  const auto read = log.read(1, log.size(), [&](const engine::RecordView& record) {
    progress.update(record.seq, log.size(), record.seq);
    if ((record.flags & engine::kFollows) != 0) return true;
    const std::string line = boost::json::serialize(schemas::history_line(record)) + "\n";
    written = std::fwrite(line.data(), 1, line.size(), file) == line.size();
    return written;
  });
  if (!read) return complain(read.error());
  if (!written || std::fflush(file) != 0)
    return complain(kRefused, "输出没有写完。",
                    fmt::format("{} could not be written completely.", name));
  return kDone;
}

int export_log(const Session& session, const ExportOptions& options) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  schemas::PackageExportedT act;
  act.what = options.form;
  act.seq = (*log)->size();
  if (const auto recorded = record_act(session.data, "export", schemas::EventType::PackageExported,
                                       schemas::pack(act));
      !recorded)
    return complain(recorded.error());
  if (options.out.empty()) return write_history(**log, stdout, "stdout");
  std::FILE* const file = std::fopen(options.out.c_str(), "wb");
  if (file == nullptr)
    return complain(kBadArguments, "文件打不开。",
                    fmt::format("{} cannot be opened: {}.", options.out, std::strerror(errno)));
  const int exit_code = write_history(**log, file, options.out);
  if (std::fclose(file) != 0 && exit_code == kDone)
    return complain(kRefused, "输出没有写完。", options.out + " could not be written completely.");
  return exit_code;
}

}  // namespace

void add_export(CLI::App& app, Session& session) {
  CLI::App* const sub = app.add_subcommand(
      "export", "把台账导出为历史文件\nWrites the ledger as a history file for import elsewhere");
  const auto options = std::make_shared<ExportOptions>();
  sub->add_option("--data", session.data, both("台账目录", "the ledger's directory"))
      ->type_name("DIR");
  sub->add_option("--format", options->form, both("导出格式：jsonl", "form of the export: jsonl"))
      ->check(CLI::IsMember({"jsonl"}));
  sub->add_option("--out", options->out, both("输出文件，缺省为标准输出", "file; default: stdout"))
      ->type_name("FILE");
  sub->callback([options, &session] { session.exit_code = export_log(session, *options); });
}

}  // namespace tools
