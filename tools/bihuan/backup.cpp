// `bihuan backup`: a copy of the ledger and of its access log that stands by itself, verified
// before it gets its name; while bihuand writes the ledger, of what bihuand freezes for it. No key
// is in it: DIR.keys is kept by other hands (docs/OPERATIONS.md).
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "engine/log/copying.h"
#include "engine/log/file.h"
#include "engine/proof/checkpoint.h"
#include "schemas/event.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"
#include "tools/ledger/attachments.h"
#include "tools/ledger/backup_socket.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

struct BackupOptions {
  std::string out, base;
};

engine::CopyStep shown_by(Progress& progress) {
  return
      [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total, done); };
}

// The access log after the act is in it. Its own process writes it, one at a time.
Result<void> copy_access(const Session& session, const BackupOptions& options, std::uint64_t seq,
                         const std::string& to) {
  schemas::BackupMadeT act;
  act.to = options.out;
  act.seq = seq;
  if (auto recorded =
          record_act(session.data, "backup", schemas::EventType::BackupMade, schemas::pack(act));
      !recorded)
    return recorded;
  const auto access = engine::Log::open(access_of(session.data), engine::OpenMode::read_write);
  if (!access) return std::unexpected(access.error());
  const std::string base = options.base.empty() ? "" : access_of(options.base);
  const auto copied = engine::copy_ledger(**access, access_of(to), base, {});
  if (!copied) return std::unexpected(copied.error());
  return {};
}

// What the process that writes the ledger holds still for us.
Result<engine::Copied> copy_held(const Session& session, const BackupOptions& options,
                                 const std::string& partial) {
  const auto held = HeldLedger::ask(session.data, fs::absolute(options.out).string());
  if (!held) return std::unexpected(held.error());
  Progress progress("备份（字节）");
  auto copied = engine::copy_frozen(held->frozen().ledger, session.data, partial, options.base,
                                    shown_by(progress));
  if (!copied) return copied;
  const std::string base = options.base.empty() ? "" : access_of(options.base);
  const auto access = engine::copy_frozen(held->frozen().access, access_of(session.data),
                                          access_of(partial), base, {});
  if (!access) return access;
  return copied;
}

Result<engine::Copied> copy_to(const Session& session, const BackupOptions& options,
                               const std::string& partial) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_write);
  if (!log && log.error().code == ErrorCode::locked) return copy_held(session, options, partial);
  if (!log) return std::unexpected(log.error());
  Progress progress("备份（字节）");
  auto copied = engine::copy_ledger(**log, partial, options.base, shown_by(progress));
  if (!copied) return copied;
  if (auto done = copy_access(session, options, copied->seq, partial); !done)
    return std::unexpected(done.error());
  return copied;
}

// Against what was durable, not against what the copy says of itself.
Result<void> verify(const std::string& partial, const engine::Copied& copied) {
  Progress progress("核对");
  const auto found = engine::verify_ledger(partial, shown_by(progress));
  if (!found) return std::unexpected(found.error());
  if (found->seq != copied.seq || found->root != copied.root)
    return fail(ErrorCode::corrupt, partial + " is not the ledger that was copied.");
  const auto access = engine::verify_ledger(access_of(partial), {});
  if (!access) return std::unexpected(access.error());
  return {};
}

Result<engine::Copied> make(const Session& session, const BackupOptions& options) {
  const std::string partial = options.out + ".partial";
  if (auto gone = engine::remove_directory(partial); !gone) return std::unexpected(gone.error());
  const auto parent = fs::absolute(options.out).lexically_normal().parent_path();
  if (auto made = engine::make_directories(parent.string()); !made)
    return std::unexpected(made.error());
  auto copied = copy_to(session, options, partial);
  // After the logs: what they name was kept before it was named.
  if (copied)
    if (auto beside = copy_attachments(session.data, partial); !beside)
      copied = std::unexpected(beside.error());
  if (copied) {
    if (auto verified = verify(partial, *copied); !verified)
      copied = std::unexpected(verified.error());
  }
  if (!copied) {
    static_cast<void>(engine::remove_directory(partial));  // the reason is the first error
    return copied;
  }
  if (auto synced = engine::sync_directory(partial); !synced)
    return std::unexpected(synced.error());
  std::error_code error;
  fs::rename(partial, options.out, error);
  if (error)
    return fail(ErrorCode::io,
                fmt::format("{} cannot be named: {}.", options.out, error.message()));
  if (auto synced = engine::sync_directory(parent.string()); !synced)
    return std::unexpected(synced.error());
  return copied;
}

int backup(const Session& session, BackupOptions options) {
  for (std::string* const path : {&options.out, &options.base})
    while (path->size() > 1 && path->ends_with('/')) path->pop_back();
  std::error_code ignored;
  if (fs::exists(options.out, ignored))
    return complain(kRefused, "目标已存在，不会覆盖。",
                    options.out + " exists already; a backup is made only where nothing is.");
  if (!options.base.empty() && !fs::is_directory(options.base + "/log", ignored))
    return complain(kBadArguments, "找不到上一份备份。", options.base + " is not a backup.");
  const auto copied = make(session, options);
  if (!copied) return complain(copied.error());
  if (session.form() == Format::json) {
    print_json({{"to", options.out},
                {"seq", copied->seq},
                {"root", engine::base64(copied->root)},
                {"bytes", copied->bytes},
                {"shared", copied->shared}});
    return kDone;
  }
  print(fmt::format(
      "已备份并核对 1..{} 号事件到 {}：{} 字节，其中 {} 字节与上一份共用\n"
      "Backed up and verified events 1..{}: {} bytes, {} of them shared with the "
      "earlier backup\n根 / root {}\n"
      "不含密钥：{} 须另行保管 / No key is in it: keep {} elsewhere\n",
      copied->seq, options.out, copied->bytes, copied->shared, copied->seq, copied->bytes,
      copied->shared, engine::base64(copied->root), keys_of(session.data), keys_of(session.data)));
  return kDone;
}

}  // namespace

void add_backup(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "backup", "把台账和访问日志备份到新目录，核对后才命名（不含密钥 DIR.keys）",
      "A verified copy of the ledger and its access log; DIR.keys is not in it");
  const auto options = std::make_shared<BackupOptions>();
  sub->add_option("dir", options->out, both("新目录", "a new directory"))
      ->required()
      ->type_name("DIR");
  sub->add_option("--base", options->base,
                  both("上一份备份：未变的文件与它共用（硬链接）",
                       "an earlier backup: unchanged files are shared with it by hard links"))
      ->type_name("DIR");
  sub->callback([options, &session] { session.exit_code = backup(session, *options); });
}

}  // namespace tools
