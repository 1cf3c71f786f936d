#include "tools/ledger/loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "engine/log/file.h"
#include "engine/log/log.h"
#include "engine/log/signing.h"
#include "schemas/event.h"
#include "tools/ledger/access.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::fail;
using engine::Loss;
using engine::OpenMode;
using engine::Result;

namespace {

std::string kept_of(const std::string& data) { return data + ".kept"; }

// Why the ledger refuses to open; nullopt: it opens.
Result<std::optional<std::string>> refusal_of(const std::string& data) {
  const auto log = engine::Log::open(data, OpenMode::read_only);
  if (log) return std::optional<std::string>();
  if (log.error().code != ErrorCode::corrupt) return std::unexpected(log.error());
  std::string why = log.error().text;
  // The same wherever the directory lies.
  if (why.starts_with(data + ": ")) why.erase(0, data.size() + 2);
  std::ranges::replace(why, '\n', ' ');
  return std::optional(std::move(why));
}

// Where the newest restore says that history parted, as long as nobody has accepted that.
Result<std::optional<schemas::LedgerRestoredT>> unaccepted_restore(const std::string& data) {
  const auto losses = engine::read_losses(keys_of(data));
  if (!losses) return std::unexpected(losses.error());
  const auto access = engine::Log::open(access_of(data), OpenMode::read_only);
  if (!access) return std::unexpected(access.error());
  std::optional<schemas::LedgerRestoredT> out;
  const auto type = schemas::EventType::LedgerRestored;
  const auto read =
      (*access)->read_stream("access", "restore", [&](const engine::RecordView& record) {
        if (schemas::type_of(record) == type && schemas::verify(type, record.payload))
          schemas::payload_of<schemas::LedgerRestored>(record).UnPackTo(&out.emplace());
        return true;
      });
  if (!read) return std::unexpected(read.error());
  if (!out || out->lost_to <= out->seq) return std::nullopt;
  const bool accepted = std::ranges::any_of(*losses, [&](const engine::AcceptedLoss& one) {
    return one.loss.kept.size == out->seq && one.loss.lost_to >= out->lost_to;
  });
  if (accepted) return std::nullopt;
  return out;
}

// As find_loss(), of a ledger whose refusal is known.
Result<Loss> loss_of(const std::string& data, const std::optional<std::string>& refusal) {
  const auto keys = engine::read_signing_keys(keys_of(data));
  if (!keys) return std::unexpected(keys.error());
  const auto last = engine::read_signed(keys_of(data), *keys);
  if (!last) return std::unexpected(last.error());
  const auto log = engine::Log::open(data, OpenMode::remains);
  if (!log) return std::unexpected(log.error());
  Loss out;
  out.last = last->checkpoint;
  out.kept = {keys->in_force.name, (*log)->size(), {}};
  out.lost_to = std::max((*log)->named_to(), out.last.size);
  if (refusal) {
    out.damaged.push_back(*refusal);
  } else {
    const auto restored = unaccepted_restore(data);
    if (!restored) return std::unexpected(restored.error());
    if (*restored) {
      out.kept.size = (*restored)->seq;
      out.lost_to = std::max((*restored)->lost_to, out.last.size);
    }
  }
  if (out.lost_to <= out.kept.size)
    return fail(ErrorCode::not_found, "No acknowledged event is known to be missing.");
  const auto root = (*log)->root_at(out.kept.size);
  if (!root) return std::unexpected(root.error());
  out.kept.root = *root;
  return out;
}

// A statement is of the ledger as it stands, or it is of another one.
Result<void> check_statement(const std::string& data, const Loss& stated,
                             const std::optional<std::string>& refusal) {
  auto found = loss_of(data, refusal);
  if (!found) return std::unexpected(found.error());
  found->by = stated.by;
  if (*found == stated) return {};
  return fail(ErrorCode::bad_input,
              "The statement is not that of this ledger as it stands now: state the loss again.");
}

Result<void> name(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error)
    return fail(ErrorCode::io, fmt::format("{} cannot be named: {}.", to, error.message()));
  const fs::path parent = fs::absolute(to).parent_path();
  return engine::sync_directory(parent.string());
}

// What remains, recorded again beside the damaged ledger.
Result<void> make_kept(const std::string& data, const Loss& loss, const engine::CopyStep& step) {
  const std::string kept = kept_of(data);
  if (auto gone = engine::remove_directory(kept); !gone) return gone;
  const auto remains = engine::Log::open(data, OpenMode::remains);
  if (!remains) return std::unexpected(remains.error());
  const auto copied = engine::copy_records(**remains, kept, step);
  if (!copied) return std::unexpected(copied.error());
  if (copied->seq != loss.kept.size || copied->root != loss.kept.root)
    return fail(ErrorCode::corrupt, kept + " is not what the statement says is kept.");
  if (auto done = engine::copy_files(access_of(data), access_of(kept), {}); !done) return done;
  return engine::sync_directory(kept);
}

std::string free_name(const std::string& data) {
  std::string out = data + ".damaged";
  for (int number = 2; fs::exists(out); ++number) out = fmt::format("{}.damaged-{}", data, number);
  return out;
}

Result<void> record_loss(const std::string& data, const Loss& loss, const std::string& note) {
  auto access = AccessLog::open(data);
  if (!access) return std::unexpected(access.error());
  schemas::DamageAcceptedT act;
  act.what = note;
  act.seq = loss.kept.size;
  const std::string id =
      "loss/" + engine::hex(engine::sha256(engine::bytes_of(note))).substr(0, 32);
  return access->record("loss", schemas::EventType::DamageAccepted, schemas::pack(act), id);
}

}  // namespace

Result<Loss> find_loss(const std::string& data) {
  const auto refusal = refusal_of(data);
  if (!refusal) return std::unexpected(refusal.error());
  return loss_of(data, *refusal);
}

Result<Accepted> accept_loss(const std::string& data, const std::string& note,
                             const engine::CopyStep& step) {
  const auto loss = engine::open_loss(note);
  if (!loss) return std::unexpected(loss.error());
  Accepted out{*loss, {}};
  const std::string keys = keys_of(data);
  // Between its two renames an earlier call was cut off.
  if (!fs::exists(data) && fs::exists(kept_of(data))) {
    if (auto named = name(kept_of(data), data); !named) return std::unexpected(named.error());
  }
  const auto before = engine::read_losses(keys);
  if (!before) return std::unexpected(before.error());
  const bool accepted = !before->empty() && before->back().note == note;
  {
    const auto lock = engine::lock_file(data + "/LOCK");
    if (!lock) return std::unexpected(lock.error());
    const auto refusal = refusal_of(data);
    if (!refusal) return std::unexpected(refusal.error());
    if (!accepted || *refusal) {
      if (auto good = check_statement(data, *loss, *refusal); !good)
        return std::unexpected(good.error());
    }
    if (*refusal) {
      if (auto made = make_kept(data, *loss, step); !made) return std::unexpected(made.error());
    }
    if (auto kept = engine::Signing(keys).accept_loss(note); !kept)
      return std::unexpected(kept.error());
    if (*refusal) {
      out.set_aside = free_name(data);
      if (auto named = name(data, out.set_aside); !named) return std::unexpected(named.error());
      if (auto named = name(kept_of(data), data); !named) return std::unexpected(named.error());
    }
  }
  const auto log = Ledger::open_log(data, OpenMode::read_write);
  if (!log) return std::unexpected(log.error());
  if (auto put = record_loss(data, *loss, note); !put) return std::unexpected(put.error());
  if (const auto issued = sign_and_record(**log, data); !issued)
    return std::unexpected(issued.error());
  return out;
}

Result<std::vector<std::string>> loss_notes(const std::string& data) {
  auto losses = engine::read_losses(keys_of(data));
  if (!losses) return std::unexpected(losses.error());
  std::vector<std::string> notes;
  for (engine::AcceptedLoss& one : *losses) notes.push_back(std::move(one.note));
  return notes;
}

std::string told(const Loss& loss) {
  return fmt::format(
      "缺失：{0}..{1} 号事件不在台账里，已由 {2}、{3} 确认 / Lost: events {0}..{1}, which {2} and "
      "{3} "
      "accepted",
      loss.kept.size + 1, loss.lost_to, loss.by[0].name, loss.by[1].name);
}

}  // namespace tools
