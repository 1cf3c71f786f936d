// The open sequence of reliability.md section 5: lock, quarantine, a read-only proof, and only then
// RocksDB for writing, which is proved once more.
#include <algorithm>

#include "engine/log/log_state.h"
#include "engine/log/wal.h"

namespace engine {
namespace {

constexpr int kReadOnlyTries = 3;

// Where RocksDB's replay takes damage for the end of the file: in the last block of the newest log.
// A whole group of which the replay says nothing was acknowledged.
Result<void> check_end(const std::string& directory, const Store& store) {
  return check_nothing_follows(directory, store.last_sequence(), Wals::end_of_newest);
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
  Result<void> opened = impl->open_store(known);
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
  // HEAD before the store: beside a living writer it must not be newer than what we read after it.
  const auto stored_head = read_head(dir + "/HEAD");
  if (!stored_head) return std::unexpected(stored_head.error());
  const auto in_context = [&](Error error) {
    error.text = dir + ": " + error.text;
    if (error.code == ErrorCode::corrupt && error.seq == 0) {
      error.text += " HEAD names records 1.." + std::to_string(stored_head->seq) + " as durable.";
    }
    return std::unexpected(std::move(error));
  };
  auto found = look(*stored_head, known);
  if (!found) return in_context(found.error());
  if (mode == OpenMode::read_write) {
    if (auto opened = open_for_writing(*stored_head, *found); !opened) {
      return in_context(opened.error());
    }
  }
  auto adopted = adopt(std::move(*found));
  return adopted ? adopted : in_context(adopted.error());
}

// Read-only: as the log is, or, where RocksDB will not replay it whole, up to the damage, if that
// can only be the torn write of a group that was never acknowledged.
Result<Found> Log::Impl::look(const Head& stored_head, std::span<const Known> known) {
  const std::string path = dir + "/log";
  const auto open_and_prove = [&](Replay how) -> Result<Found> {
    replay = how;
    auto opened = Store::open(path, /*read_only=*/true, how);
    if (!opened) return std::unexpected(opened.error());
    store = std::move(*opened);
    return prove(*store, stored_head);
  };
  auto found = open_and_prove(Replay::whole);
  if (found && mode == OpenMode::read_write) {
    if (auto end = check_end(path, *store); !end) return std::unexpected(end.error());
  }
  if (found || found.error().code != ErrorCode::corrupt) return found;
  const Error damage = found.error();
  auto before = open_and_prove(Replay::up_to_damage);
  if (before) {
    for (const Known& one : known) {
      if (auto there = check_known(*store, *before, one); !there)
        before = std::unexpected(there.error());
    }
  }
  if (before) {
    const auto alone = check_nothing_follows(path, store->last_sequence(), Wals::all);
    const std::uint64_t lost = before->edge.size() + 1;
    if (!alone) {
      before = fail(alone.error().code,
                    alone.error().text + " Records from " + std::to_string(lost) + " on are lost.",
                    lost);
    }
  }
  if (!before) {
    // What is missing says more than what RocksDB stumbled over, where that could be found out.
    Error error = before.error();
    if (error.text != damage.text) error.text += " At first: " + damage.text;
    return std::unexpected(std::move(error));
  }
  accepted =
      "records 1.." + std::to_string(before->edge.size()) +
      " are proved; after them a group that was never acknowledged is damaged: " + damage.text;
  return before;
}

Result<void> Log::Impl::open_for_writing(const Head& stored_head, const Found& found) {
  if (accepted) {
    if (auto noted = quarantine.note_damage(*accepted); !noted) return noted;
  }
  store.reset();
  auto opened = Store::open(dir + "/log", /*read_only=*/false, replay);
  if (!opened) return std::unexpected(opened.error());
  store = std::move(*opened);
  // What it replayed is in synced files now; it must be what was proved.
  const auto again = prove(*store, stored_head);
  if (!again) return std::unexpected(again.error());
  if (again->edge.size() != found.edge.size() || again->edge.root() != found.edge.root()) {
    return fail(ErrorCode::corrupt, "log/: opening it for writing changed its last records.",
                std::min(again->edge.size(), found.edge.size()) + 1);
  }
  if (auto released = quarantine.release(); !released) return released;
  auto writer = HeadWriter::open(dir + "/HEAD", stored_head);
  if (!writer) return std::unexpected(writer.error());
  head = std::move(*writer);
  head->note(found.edge.size(), found.edge.root());
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
    for (; seq <= (*block)->last_seq(); ++seq) views.push_back((*block)->at(seq).view);
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
