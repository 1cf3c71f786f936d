// The open sequence of reliability.md section 5: lock, quarantine, a read-only proof, and only then
// RocksDB for writing, which is proved once more.
#include <algorithm>
#include <utility>

#include "engine/log/copying.h"
#include "engine/log/log_state.h"
#include "engine/log/shadow.h"
#include "engine/mutant.h"

namespace engine {
namespace {

constexpr int kReadOnlyTries = 3;

std::string place_of(const WalDamage& damage) {
  return "log/" + damage.file + ", bytes " + std::to_string(damage.begin) + ".." +
         std::to_string(damage.end);
}

}  // namespace

Result<std::unique_ptr<Log>> Log::open(const std::string& dir, OpenMode mode,
                                       std::span<const Known> known) {
  auto name = read_format(dir);
  if (!name) return std::unexpected(name.error());
  auto impl = std::make_unique<Impl>(dir);
  impl->name = std::move(*name);
  impl->mode = mode;
  if (mode == OpenMode::read_write) {
    auto lock = lock_file(dir + "/LOCK");
    if (!lock) return std::unexpected(lock.error());
    impl->lock = std::move(*lock);
    if (auto kept = impl->quarantine.keep(); !kept) return std::unexpected(kept.error());
  }
  // A reader beside a living writer may see a file go while it opens: that passes, damage does not.
  Result<void> opened = mode == OpenMode::remains ? impl->open_remains() : impl->open_store(known);
  for (int tries = 1; !opened && mode == OpenMode::read_only && tries < kReadOnlyTries; ++tries) {
    opened = impl->open_store(known);
  }
  if (!opened) return std::unexpected(opened.error());
  return std::unique_ptr<Log>(new Log(std::move(impl)));
}

Result<void> Log::Impl::open_store(std::span<const Known> known) {
  index.reset();
  cache.reset();
  store.reset();
  accepted.reset();
  place = dir + "/log";
  // These before the store: beside a living writer they must not be newer than what we read after.
  const auto stored_head = read_head(dir + "/HEAD");
  if (!stored_head) return std::unexpected(stored_head.error());
  std::vector<Known> all;
  if (const auto last = read_acked(dir + "/ACKED")) all.push_back({last->seq, last->root, "ACKED"});
  all.insert(all.end(), known.begin(), known.end());
  const auto in_context = [&](Error error) {
    error.text = dir + ": " + error.text;
    if (error.code == ErrorCode::corrupt && error.seq == 0) {
      error.text += " HEAD names records 1.." + std::to_string(stored_head->seq) + " as durable.";
    }
    return std::unexpected(std::move(error));
  };
  auto found = look(*stored_head, all);
  if (!found) return in_context(found.error());
  if (mode == OpenMode::read_write) {
    if (auto opened = open_for_writing(*stored_head, *found); !opened) {
      return in_context(opened.error());
    }
  }
  auto adopted = adopt(std::move(*found));
  if (adopted && mode == OpenMode::read_write) adopted = begin_writing(*stored_head);
  return adopted ? adopted : in_context(adopted.error());
}

// Nothing is asked of those who bear witness but how far they do.
Result<void> Log::Impl::open_remains() {
  place = dir + "/log";
  if (const auto stored = read_head(dir + "/HEAD")) named_to = stored->seq;
  if (const auto last = read_acked(dir + "/ACKED")) named_to = std::max(named_to, last->seq);
  auto opened = Store::open(place, /*read_only=*/true, Replay::up_to_damage);
  if (!opened) return std::unexpected(opened.error());
  store = std::move(*opened);
  auto found = prove_remains(*store);
  if (!found) return std::unexpected(found.error());
  named_to = std::max(named_to, found->marker);
  return adopt(std::move(*found));
}

Result<Found> Log::Impl::open_and_prove(const Head& stored_head, Replay how) {
  store.reset();
  auto opened = Store::open(place, /*read_only=*/true, how);
  if (!opened) return std::unexpected(opened.error());
  store = std::move(*opened);
  return prove(*store, stored_head);
}

// Read-only: as the log is, or, where one of RocksDB's logs is damaged, up to the damage, if that
// can only be the torn write of a group that was never acknowledged.
Result<Found> Log::Impl::look(const Head& stored_head, std::span<const Known> known) {
  auto found = open_and_prove(stored_head, Replay::whole);
  if (!found && found.error().code != ErrorCode::corrupt) return found;
  // A log that RocksDB has in tables already says nothing, and may be torn.
  if (!found && store == nullptr) {
    static_cast<void>(open_and_prove(stored_head, Replay::up_to_damage));
  }
  if (!found && store == nullptr && place == dir + "/log" && mode == OpenMode::read_write) {
    const auto manifest = torn_manifest(place);
    if (manifest && *manifest) return look_into_shadow(**manifest, stored_head, known);
  }
  const auto damage = find_damage(place, store == nullptr ? 0 : store->oldest_log_needed());
  if (!damage) return std::unexpected(damage.error());
  if (*damage) return look_before(**damage, stored_head, known);
  if (!found) return found;
  for (const Known& one : known) {
    if (auto there = check_known(*store, *found, one); !there) {
      return std::unexpected(there.error());
    }
  }
  return found;
}

// The same look at what log/ is without the torn end of its MANIFEST. That write was not acted on
// yet: files go only when a MANIFEST that is synced needs them no more. If it had been, files are
// missing or records are, which the proof says.
Result<Found> Log::Impl::look_into_shadow(const WalDamage& manifest, const Head& stored_head,
                                          std::span<const Known> known) {
  place = dir + "/shadow";
  if (auto made = make_shadow(dir + "/log", manifest, place); !made) {
    return std::unexpected(made.error());
  }
  auto found = look(stored_head, known);
  if (found) {
    accept(manifest, found->edge.size());
    return found;
  }
  Error error = found.error();
  error.text += " Damaged: " + place_of(manifest) + ".";
  return std::unexpected(std::move(error));
}

void Log::Impl::accept(const WalDamage& damage, std::uint64_t last) {
  if (!accepted) accepted.emplace();
  if (!accepted->text.empty()) accepted->text += ' ';
  accepted->text += place_of(damage) +
                    ": a write that was never synced, and so never acknowledged, is torn; records "
                    "1.." +
                    std::to_string(last) + " are proved.";
  accepted->damages.push_back(damage);
}

// What is proved is the log before the damage; the question is what the damage may have hidden.
// That no acknowledged group is missing follows from all of these together:
//  - HEAD, ACKED, the index and what the caller knows name nothing later (a killed process leaves
//    ACKED exact; after a power cut they may lag by HEAD's 10 ms);
//  - no later group stands behind the damage, nor in a newer file: a group is written only when the
//    one before it is synced, so the damaged one is the last that was ever written (an open or a
//    close that was cut off may leave a newer file with nothing in it);
//  - the damage has the shape of a torn write: sectors that a synced write would have filled were
//    never written. Flipped or overwritten bytes are not that, and may have been acknowledged.
// What is left is a disk that lost whole sectors of a synced write within HEAD's lag of a power
// cut: the contract says that this shows only through receipts and witnesses.
Result<Found> Log::Impl::look_before(const WalDamage& damage, const Head& stored_head,
                                     std::span<const Known> known) {
  const std::string where = place_of(damage);
  auto before = open_and_prove(stored_head, Replay::up_to_damage);
  for (std::size_t i = 0; before && i < known.size(); ++i) {
    if (auto there = check_known(*store, *before, known[i]); !there) {
      before = std::unexpected(there.error());
    }
  }
  if (!before) {
    Error error = before.error();
    error.text += " Damaged: " + where + ".";
    return std::unexpected(std::move(error));
  }
  const std::uint64_t last = before->edge.size();
  if (damage.torn && !damage.followed && damage.newest) {
    accept(damage, last);
    return before;
  }
  const std::string why =
      damage.followed || !damage.newest
          ? " are damaged, and a later group was recorded, so they were acknowledged"
          : " are damaged otherwise than a write that was cut off, and may have been acknowledged";
  return fail(ErrorCode::corrupt,
              where + why + ": records from " + std::to_string(last + 1) + " on are missing.",
              last + 1);
}

// The torn writes go from RocksDB's files, so that what is opened for writing is sound. They were
// noted before, and the quarantine holds the file as it was found.
Result<void> Log::Impl::cut_off() {
  const auto noted = quarantine.has_noted(accepted->text);
  if (!noted) return std::unexpected(noted.error());
  if (!*noted) {
    if (auto put = quarantine.note_damage(accepted->text); !put) return put;
  }
  for (const WalDamage& damage : accepted->damages) {
    const std::string path = dir + "/log/" + damage.file;
    const auto bytes = read_file(path);
    if (!bytes) return std::unexpected(bytes.error());
    const std::string_view sound = std::string_view(*bytes).substr(0, damage.begin);
    if (auto put = write_file(path, sound, 0644, /*replace=*/true); !put) return put;
  }
  return {};
}

Result<void> Log::Impl::open_for_writing(const Head& stored_head, const Found& found) {
  store.reset();
  if (std::exchange(place, dir + "/log") != dir + "/log") {
    if (auto gone = remove_directory(dir + "/shadow"); !gone) return gone;
  }
  if (accepted) {
    if (auto cut = cut_off(); !cut) return cut;
  }
  auto opened = Store::open(place, /*read_only=*/false);
  if (!opened) return std::unexpected(opened.error());
  store = std::move(*opened);
  // What it replayed is in synced files now; it must be what was proved.
  const auto again = prove(*store, stored_head);
  if (!again) return std::unexpected(again.error());
  if (again->edge.size() != found.edge.size() || again->edge.root() != found.edge.root()) {
    return fail(ErrorCode::corrupt, "log/: opening it for writing changed its last records.",
                std::min(again->edge.size(), found.edge.size()) + 1);
  }
  return quarantine.release();
}

// Last of all, since HEAD is written by a thread of its own, which an open that failed should not
// have begun.
Result<void> Log::Impl::begin_writing(const Head& stored_head) {
  auto file = AckedFile::open(dir + "/ACKED");
  if (!file) return std::unexpected(file.error());
  acked.emplace(std::move(*file));
  auto writer = HeadWriter::open(dir + "/HEAD", stored_head);
  if (!writer) return std::unexpected(writer.error());
  head = std::move(*writer);
  head->note(tip()->size(), tip()->root);
  return {};
}

Result<void> Log::Impl::adopt(Found found) {
  cache = std::make_unique<BlockCache>(*store);
  index = std::make_unique<Index>(*store, dir + "/index.run", found.marker,
                                  mode == OpenMode::read_write);
  pending = std::make_unique<Pending>(found.sealed_to + 1);
  for (const auto& block : found.tail) {
    pending->tail_keys.push_back(seq_key(block->first_seq()));
    for (const BlockRecord& record : block->records()) {
      pending->builder.add(record.entry, record.view.payload);
      pending->leaves.push_back(leaf_hash(record.entry));
    }
  }
  auto next = std::make_shared<Tip>();
  next->edge = std::move(found.edge);
  next->recorded_at = found.recorded_at;
  next->sealed_to = found.sealed_to;
  next->root = next->edge.root();
  publish(std::move(next));
  return catch_up(found.marker + 1);
}

// Gives the index the records that it had not stored when the process ended.
Result<void> Log::Impl::catch_up(std::uint64_t from) {
  const std::shared_ptr<const Tip> now = tip();
  for (std::uint64_t seq = from; seq <= now->size();) {
    const auto block = block_of(seq, *now);
    if (!block) return std::unexpected(block.error());
    std::vector<RecordView> views;
    for (; seq <= (*block)->last_seq(); ++seq) {
      views.push_back((*block)->at(seq).view);
      if (seeded(Mutant::id_outside_batch)) views.back().id = {};
    }
    index->add(views);
  }
  return {};
}

// --- Accepted damage ----------------------------------------------------------------------------

Result<std::vector<AcceptedDamage>> Log::accepted_damage() const {
  return impl_->quarantine.unrecorded();
}

Result<void> Log::set_recorded(const AcceptedDamage& damage) {
  return impl_->quarantine.set_recorded(damage.generation);
}

}  // namespace engine
