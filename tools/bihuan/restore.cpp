// `bihuan restore`: a backup as a ledger again. Verified before it gets its name, and told how it
// stands against what was signed (DIR.keys) and against the HEAD of the ledger that it replaces:
// which events are lost is said by number.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "engine/log/acked.h"
#include "engine/log/copying.h"
#include "engine/log/file.h"
#include "engine/log/head.h"
#include "engine/log/key_file.h"
#include "engine/log/signing.h"
#include "schemas/event.h"
#include "tools/bihuan/key_store_fit.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"
#include "tools/ledger/attachments.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

struct RestoreOptions {
  std::string from, damaged;
};

// How the restored ledger stands. `lost_to`: the last event that is known to have been and is not
// in it; 0 if none is known.
struct Standing {
  std::uint64_t seq = 0, lost_to = 0;
  std::string keys_chinese, keys_english;    // the signing key
  std::string store_chinese, store_english;  // the key store
  bool sound = true;
};

Result<void> copy_and_verify(const RestoreOptions& options, const std::string& partial) {
  {
    Progress progress("恢复（字节）");
    const engine::CopyStep step = [&](std::uint64_t done, std::uint64_t total) {
      progress.update(done, total, done);
    };
    if (auto done = engine::copy_files(options.from, partial, step); !done) return done;
    if (auto done = engine::copy_files(access_of(options.from), access_of(partial), {}); !done)
      return done;
    if (auto done = copy_attachments(options.from, partial); !done) return done;
  }
  Progress progress("核对");
  const auto ledger = engine::verify_ledger(partial, [&](std::uint64_t done, std::uint64_t total) {
    progress.update(done, total, done);
  });
  if (!ledger) return std::unexpected(ledger.error());
  const auto access = engine::verify_ledger(access_of(partial), {});
  if (!access) return std::unexpected(access.error());
  return {};
}

void stand_with_signer(Standing& out, const engine::Log& log, const std::string& keys) {
  const auto continues = engine::Signing(keys).continues(log);
  if (continues) {
    out.keys_chinese = "与已签署的检查点一致，可以继续签署。";
    out.keys_english = "It continues what was signed; signing goes on.";
    return;
  }
  out.sound = false;
  if (continues.error().code == ErrorCode::not_found) {
    out.keys_chinese = fmt::format("{} 不在：请放回密钥目录，此前不能核对签署，也不能签署。", keys);
    out.keys_english = fmt::format("{} is not there: put it back before anything is signed.", keys);
    return;
  }
  const auto newest = engine::newest_checkpoint(keys);
  if (newest && newest->checkpoint.size > log.size())
    out.lost_to = std::max(out.lost_to, newest->checkpoint.size);
  out.keys_chinese = "与已签署的检查点不符，将拒绝签署。";
  out.keys_english = "It will refuse to sign: " + continues.error().text;
}

void stand_with_key_store(Standing& out, const engine::Log& log, const std::string& keys) {
  const auto ring = engine::read_key_file(keys + "/keystore");
  if (!ring) {
    out.sound = false;
    out.store_chinese = "密钥库读不出来，密封字段打不开。";
    out.store_english = ring.error().text;
    return;
  }
  const auto fit = fit_of(log, *ring);
  if (!fit || fit->closed != 0) {
    out.sound = false;
    out.store_chinese = "密钥库与台账不是同一时期的：有密封字段打不开。";
    out.store_english =
        !fit ? fit.error().text
             : fmt::format(
                   "The key store is of another time than the ledger: it does not open {} "
                   "sealed fields, the first in event {}.",
                   fit->closed, fit->first_closed);
    return;
  }
  if (fit->undead != 0) {
    out.sound = false;
    out.store_chinese = fmt::format(
        "密钥库早于一次删除：{} 个对象的个人信息已删除而密钥还在，请运行 bihuan erase。",
        fit->undead);
    out.store_english = fmt::format(
        "The key store is older than an erasure: the keys of {} erased subjects are still in it; "
        "run `bihuan erase`.",
        fit->undead);
    return;
  }
  out.store_chinese = fmt::format("密钥库相符：{} 个密封字段都能打开，{} 个的密钥已销毁。",
                                  fit->opened, fit->destroyed);
  out.store_english = fmt::format(
      "The key store fits: {} sealed fields open, the keys of {} are "
      "destroyed.",
      fit->opened, fit->destroyed);
}

Result<Standing> standing_of(const RestoreOptions& options, const std::string& partial,
                             const std::string& keys) {
  Standing out;
  const auto log = engine::Log::open(partial, engine::OpenMode::read_only);
  if (!log) return std::unexpected(log.error());
  out.seq = (*log)->size();
  if (!options.damaged.empty()) {
    const auto head = engine::read_head(options.damaged + "/HEAD");
    if (!head) return std::unexpected(head.error());
    out.lost_to = head->seq;
    // HEAD lags behind; what was acknowledged before a kill stands here.
    if (const auto acked = engine::read_acked(options.damaged + "/ACKED"))
      out.lost_to = std::max(out.lost_to, acked->seq);
    if (out.lost_to <= out.seq) out.lost_to = 0;
  }
  stand_with_signer(out, **log, keys);
  stand_with_key_store(out, **log, keys);
  return out;
}

Result<Standing> restore_to(const RestoreOptions& options, const std::string& data) {
  const std::string partial = data + ".restoring";
  if (auto gone = engine::remove_directory(partial); !gone) return std::unexpected(gone.error());
  const auto parent = fs::absolute(data).lexically_normal().parent_path();
  if (auto made = engine::make_directories(parent.string()); !made)
    return std::unexpected(made.error());
  if (auto done = copy_and_verify(options, partial); !done) return std::unexpected(done.error());
  auto standing = standing_of(options, partial, keys_of(data));
  if (!standing) return standing;
  schemas::LedgerRestoredT act;
  act.from = options.from;
  act.seq = standing->seq;
  act.lost_to = standing->lost_to;
  if (auto recorded =
          record_act(partial, "restore", schemas::EventType::LedgerRestored, schemas::pack(act));
      !recorded)
    return std::unexpected(recorded.error());
  if (auto synced = engine::sync_directory(partial); !synced)
    return std::unexpected(synced.error());
  std::error_code error;
  fs::rename(partial, data, error);  // an empty directory gives way
  if (error)
    return fail(ErrorCode::io, fmt::format("{} cannot be named: {}.", data, error.message()));
  if (auto synced = engine::sync_directory(parent.string()); !synced)
    return std::unexpected(synced.error());
  return standing;
}

void print_standing(const Session& session, const Standing& standing, const std::string& data) {
  if (session.form() == Format::json) {
    print_json({{"data", data},
                {"seq", standing.seq},
                {"lost_to", standing.lost_to},
                {"sound", standing.sound && standing.lost_to == 0},
                {"signer", standing.keys_english},
                {"key_store", standing.store_english}});
    return;
  }
  print(fmt::format("已恢复并核对 1..{} 号事件\nRestored and verified events 1..{}\n", standing.seq,
                    standing.seq));
  if (standing.lost_to != 0)
    print(
        fmt::format("缺失：{}..{} 号事件不在这份备份里\nLost: events {}..{} are not in this "
                    "backup\n",
                    standing.seq + 1, standing.lost_to, standing.seq + 1, standing.lost_to));
  print(fmt::format("{}\n{}\n{}\n{}\n", standing.keys_chinese, standing.keys_english,
                    standing.store_chinese, standing.store_english));
}

int restore(const Session& session, RestoreOptions options) {
  if (session.data.empty())
    return complain(kBadArguments, "请用 --data 指明台账目录。",
                    "Name the ledger's directory with --data.");
  std::string data = session.data;
  for (std::string* const path : {&data, &options.from, &options.damaged})
    while (path->size() > 1 && path->ends_with('/')) path->pop_back();
  std::error_code error;
  if (fs::exists(data, error) && !fs::is_empty(data, error))
    return complain(kRefused, "目标不是空目录，不会覆盖。",
                    data + " is not empty; a backup is restored only where nothing is.");
  if (!fs::exists(options.from + "/FORMAT", error))
    return complain(kBadArguments, "这不是一份备份。", options.from + " is not a backup.");
  const auto standing = restore_to(options, data);
  if (!standing) {
    static_cast<void>(engine::remove_directory(data + ".restoring"));
    return complain(standing.error());
  }
  print_standing(session, *standing, data);
  return standing->sound && standing->lost_to == 0 ? kDone : kDamaged;
}

}  // namespace

void add_restore(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "restore",
      "由备份恢复台账到 --data（须不存在或为空），核对后说明缺失和签署状况",
      "Restores a backup to --data (new or empty), verifies it and says what is lost");
  const auto options = std::make_shared<RestoreOptions>();
  sub->add_option("--from", options->from, both("备份目录", "the backup"))
      ->required()
      ->type_name("DIR");
  sub->add_option("--damaged", options->damaged,
                  both("移开的受损台账：由它的 HEAD 和 ACKED 得知缺了哪些事件",
                       "the damaged ledger, moved aside: its HEAD and ACKED say what is lost"))
      ->type_name("DIR");
  sub->callback([options, &session] { session.exit_code = restore(session, *options); });
}

}  // namespace tools
