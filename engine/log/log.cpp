// The log: made, appended to in synced groups, closed. How it is opened is in open.cpp, how it is
// read in reading.cpp. Its parts: store (RocksDB), opening (proofs before trust), tree, index,
// block, head.
#include "engine/log/log.h"

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "engine/check.h"
#include "engine/log/log_state.h"

namespace engine {
namespace {

constexpr std::size_t kWorthAFlush = 1U << 20U;  // bytes appended; less is quick to replay

}  // namespace

// --- Creating and closing -----------------------------------------------------------------------

Result<void> Log::create(const std::string& dir, const std::string& name) {
  if (name.empty() || name.find('\n') != std::string::npos) {
    return fail(ErrorCode::bad_input, "The name of a ledger is one line of text.");
  }
  if (auto made = make_directories(dir); !made) return made;
  const auto names = names_in(dir);
  if (!names) return std::unexpected(names.error());
  if (!names->empty()) return fail(ErrorCode::bad_input, dir + " already holds something.");
  const auto lock = lock_file(dir + "/LOCK");
  if (!lock) return std::unexpected(lock.error());
  if (auto made = Store::create(dir + "/log"); !made) return made;
  if (auto made = create_head(dir + "/HEAD", 0, empty_root()); !made) return made;
  if (auto synced = sync_directory(dir + "/log"); !synced) return synced;
  // FORMAT comes last: a directory with it is a whole ledger.
  const std::string format = std::string(kFormatLine) + "\nname " + name + "\n";
  if (auto made = write_file(dir + "/FORMAT", format, 0644, /*replace=*/false); !made) return made;
  std::error_code ignored;  // of a working directory that is gone: then nothing above worked
  return sync_directory(std::filesystem::absolute(dir, ignored).parent_path().string());
}

Log::Log(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Log::~Log() {
  // Closing brings what it can to disk; what fails here is rebuilt or replayed at the next open.
  if (!writable() || impl_->failed) return;
  if (impl_->appended_bytes >= kWorthAFlush) {
    static_cast<void>(flush());
  } else {
    // What a crash left to be indexed again at the last open is not left to the next one too.
    static_cast<void>(impl_->index->flush());
  }
}

Result<void> Log::flush() {
  if (!writable()) return {};
  if (auto alive = impl_->check_alive(); !alive) return alive;
  if (auto done = impl_->index->flush(); !done) return done;
  if (auto done = impl_->head->flush(); !done) return done;
  return impl_->store->flush({Family::tail, Family::blocks, Family::tree, Family::derived});
}

const std::string& Log::name() const { return impl_->name; }
bool Log::writable() const { return impl_->mode == OpenMode::read_write; }

// --- Appending ----------------------------------------------------------------------------------

Result<void> Log::Impl::check_alive() {
  if (mode != OpenMode::read_write) {
    return fail(ErrorCode::bad_input, dir + " was opened for reading only.");
  }
  if (!failed && (store->failed() || head->error() || index->error())) failed = true;
  if (!failed) return {};
  return fail(ErrorCode::io,
              dir + ": writing has stopped after a storage error; a verified restart is needed.");
}

Result<void> Log::Impl::check_group(std::span<const NewEvent> group, const Tip& before) const {
  if (group.empty()) return fail(ErrorCode::bad_input, "A group holds at least one event.");
  if ((group.front().flags & kFollows) != 0) {
    return fail(ErrorCode::bad_input, "The first event of a group follows no other.");
  }
  Micros last = before.recorded_at;
  std::uint64_t seq = before.size();
  for (const NewEvent& event : group) {
    if (auto good = check_record(event.view(++seq)); !good) return good;
    if (event.recorded_at < last && seq > 1) {
      return fail(ErrorCode::bad_input, "recorded_at would decrease.", seq);
    }
    last = event.recorded_at;
  }
  return {};
}

// What came from earlier groups is hashed again before it is sealed: a bit that memory lost since
// must not become the only copy. `value` is what is about to be written.
Result<void> Log::Impl::check_pending(std::uint64_t durable_to) {
  const std::uint64_t first_seq = pending->builder.first_seq();
  BlockWalk walk(check_memory.copy(value), first_seq);
  BlockRecord record;
  bool same = true;
  for (std::uint64_t seq = first_seq; same && seq <= durable_to; ++seq) {
    same = walk.next(record) && record.leaf() == pending->leaves[seq - first_seq];
  }
  if (same) return {};
  return fail(ErrorCode::corrupt,
              "Memory changed while record " + std::to_string(first_seq) +
                  " and those after it waited to be sealed.",
              first_seq);
}

// Turns everything pending into one block.
Result<void> Log::Impl::seal(std::uint64_t durable_to, const Hash& root) {
  value.clear();
  pending->builder.finish(root, value);
  const std::uint64_t first_seq = pending->builder.first_seq();
  if (first_seq <= durable_to) {
    if (auto good = check_pending(durable_to); !good) return good;
  }
  CHECK(batch.Put(store->family(Family::blocks), seq_key(first_seq), slice_of(value)).ok());
  for (const std::string& key : pending->tail_keys) {
    CHECK(batch.Delete(store->family(Family::tail), key).ok());
  }
  pending->restart(first_seq + pending->builder.count());
  return {};
}

Result<Appended> Log::Impl::append(std::span<const NewEvent> group) {
  if (auto alive = check_alive(); !alive) return std::unexpected(alive.error());
  const std::shared_ptr<const Tip> before = tip();
  if (auto good = check_group(group, *before); !good) return std::unexpected(good.error());
  const auto stop = [&](Error error) {
    failed = true;
    if (error.code == ErrorCode::io) error.text += " The outcome of the group is unknown.";
    return std::unexpected(std::move(error));
  };

  auto next = std::make_shared<Tip>(*before);
  Appended out{before->size() + 1, before->size() + group.size(), group.back().recorded_at, {}, {}};
  out.leaves.reserve(group.size());
  batch.Clear();
  full_tiles.clear();
  std::size_t mark = pending->builder.bytes();  // where this group begins in what is pending
  std::uint64_t seq = before->size();
  for (const NewEvent& event : group) {
    const Hash& leaf = out.leaves.emplace_back(leaf_hash(pending->builder.add(event.view(++seq))));
    next->edge.append(leaf, full_tiles);
    pending->leaves.push_back(leaf);
    if (pending->builder.bytes() < kBlockBytes) continue;
    if (auto done = seal(before->size(), next->edge.root()); !done) {
      return stop(done.error());
    }
    next->sealed_to = seq;
    mark = kBlockHeaderBytes;
  }
  out.root = next->root = next->edge.root();
  next->recorded_at = out.recorded_at;
  if (pending->builder.bytes() > mark) {
    const std::uint64_t first_seq = std::max(out.first_seq, next->sealed_to + 1);
    value.clear();
    pending->builder.finish_from(mark, first_seq, out.root, value);
    pending->tail_keys.push_back(seq_key(first_seq));
    CHECK(batch.Put(store->family(Family::tail), seq_key(first_seq), slice_of(value)).ok());
  }
  for (const FullTile& tile : full_tiles) put_tile(batch, *store, tile);

  // Also counted by who stores derived segments meanwhile (put_derived).
  std::atomic_ref(appended_bytes) += batch.GetDataSize();
  {
    const std::lock_guard guard(commit_mutex);
    if (auto done = store->commit(batch); !done) return stop(done.error());
    if (auto done = acked->write({out.last_seq, out.root}); !done) return stop(done.error());
    index->add(out.first_seq, group);
    publish(std::move(next));
  }
  head->note(out.last_seq, out.root);
  return out;
}

Result<Appended> Log::append(std::span<const NewEvent> group) { return impl_->append(group); }

}  // namespace engine
