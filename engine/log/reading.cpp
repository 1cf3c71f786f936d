// Reading the log: ranges, streams, ids, moments, the tree, and derived segments. Every read works
// on the Tip that it took at its beginning.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "engine/check.h"
#include "engine/log/log_state.h"

namespace engine {
namespace {

// More than this is a scan: read ahead, spare the caches.
constexpr std::uint64_t kScanRecords = 4096;

// Does the block not hold record `next`? Then the search by block_of() finds it or says that it is
// missing.
bool is_gap(const BlockWalk& walk, std::uint64_t first_seq, std::uint64_t next) {
  return first_seq > next || (!walk.damaged() && next - first_seq >= walk.count());
}

// Blocks one after another, each record checked as it is shown. Leaves `next` at the first record
// not shown; false: who is shown them has seen enough.
Result<bool> scan(const Store& store, std::uint64_t& next, std::uint64_t to,
                  const Source::Visit& visit) {
  const auto it = store.iterate(Family::blocks, /*whole_scan=*/true);
  ValueMemory memory;
  BlockRecord record;
  for (it->SeekForPrev(seq_key(next)); it->Valid() && next <= to; it->Next()) {
    const auto first_seq = get_be<std::uint64_t>(it->key().data());
    BlockWalk walk(memory.copy(span_of(it->value())), first_seq);
    if (is_gap(walk, first_seq, next)) break;
    while (walk.next(record)) {
      if (record.view.seq < next) continue;
      if (record.view.seq > to) return true;
      ++next;
      if (!visit(record.view)) return false;
    }
    if (walk.damaged()) return std::unexpected(walk.error());
  }
  if (!it->status().ok()) return std::unexpected(store.error_of(it->status(), "reading"));
  return true;
}

// `to` as it is meant: no further than what is durable.
std::uint64_t last_of(std::uint64_t to, const Tip& now) {
  return to == 0 ? now.size() : std::min(to, now.size());
}

}  // namespace

std::uint64_t Log::named_to() const { return impl_->named_to; }
std::uint64_t Log::size() const { return impl_->size.load(); }
Micros Log::last_recorded_at() const { return impl_->tip()->recorded_at; }

Result<void> Log::read(std::uint64_t from, std::uint64_t to, const Visit& visit) const {
  const auto now = impl_->tip();
  to = last_of(to, *now);
  from = std::max<std::uint64_t>(from, 1);
  if (from > to) return {};
  std::uint64_t next = from;
  if (to - from >= kScanRecords) {
    const auto scanned = scan(*impl_->store, next, to, visit);
    if (!scanned) return std::unexpected(scanned.error());
    if (!*scanned) return {};
  }
  while (next <= to) {
    const auto block = impl_->block_of(next, *now);
    if (!block) return std::unexpected(block.error());
    for (; next <= to && next <= (*block)->last_seq(); ++next)
      if (!visit((*block)->at(next).view)) return {};
  }
  return {};
}

struct LogScan::Place {
  Store::Iterator at;
  std::uint64_t next = 0;  // the record that it stands at
  Store::Iterator tile_at;
  std::uint64_t next_tile = 0;  // that this one stands at
};

LogScan::LogScan(const Log& log) : log_(log), place_(std::make_unique<Place>()) {}
LogScan::~LogScan() = default;

void LogScan::fetch(ReadMemory& memory, std::uint64_t from, std::uint64_t to) {
  memory.clear();
  const Store& store = *log_.impl_->store;
  Store::Iterator& it = place_->at;
  if (it == nullptr || place_->next != from) {
    it = store.iterate(Family::blocks, /*whole_scan=*/true);
    it->SeekForPrev(seq_key(from));
  }
  std::uint64_t next = from;
  while (it->Valid() && next <= to) {
    const auto first_seq = get_be<std::uint64_t>(it->key().data());
    const std::size_t used = memory.fetched_.size();
    if (used == memory.values_.size()) memory.values_.emplace_back();
    const ByteSpan value = memory.values_[used].copy(span_of(it->value()));
    const BlockWalk walk(value, first_seq);
    if (is_gap(walk, first_seq, next)) break;
    memory.fetched_.push_back({first_seq, value});
    if (walk.damaged()) break;
    next = first_seq + walk.count();
    if (next <= to + 1) it->Next();  // else the next stretch begins in this block
  }
  if (next <= to && !it->status().ok()) memory.broken_ = store.error_of(it->status(), "reading");
  place_->next = next <= to ? 0 : to + 1;
  fetch_leaves(memory, from, to);
}

// As far as they lie in order; of what is missing or has another length, leaves() tells.
void LogScan::fetch_leaves(ReadMemory& memory, std::uint64_t from, std::uint64_t to) {
  std::uint64_t tile = memory.first_tile_ = (from - 1) / kTileWidth;
  const std::uint64_t end = std::min((to - 1) / kTileWidth + 1, full_tiles(0, log_.size()));
  Store::Iterator& it = place_->tile_at;
  if (it == nullptr || place_->next_tile != tile) {
    it = log_.impl_->store->iterate(Family::tree, /*whole_scan=*/true);
    it->Seek(tile_key(0, tile));
  }
  for (; tile < end && it->Valid() && it->key() == tile_key(0, tile); ++tile, it->Next()) {
    const ByteSpan value = span_of(it->value());
    if (value.size() != kTileBytes) break;
    const std::size_t before = memory.leaves_.size();
    memory.leaves_.resize(before + kTileWidth);
    std::memcpy(memory.leaves_.data() + before, value.data(), kTileBytes);
  }
  place_->next_tile = tile;
}

Result<std::span<const Hash>> LogScan::leaves(ReadMemory& memory, std::uint64_t tile) const {
  if (tile >= memory.first_tile_) {
    const std::uint64_t at = (tile - memory.first_tile_) * kTileWidth;
    if (at < memory.leaves_.size())
      return std::span<const Hash>(memory.leaves_).subspan(at, kTileWidth);
  }
  auto other = log_.leaves(tile);
  if (!other) return std::unexpected(other.error());
  memory.other_tile_ = std::move(*other);
  return memory.other_tile_;
}

Result<void> LogScan::show(ReadMemory& memory, std::uint64_t from, std::uint64_t to,
                           const Visit& visit) const {
  std::uint64_t next = from;
  BlockRecord record;
  for (const ReadMemory::Fetched& fetched : memory.fetched_) {
    BlockWalk walk(fetched.value, fetched.first_seq);
    while (walk.next(record)) {
      if (record.view.seq < next) continue;
      if (record.view.seq > to) return {};
      ++next;
      if (!visit(record)) return {};
    }
    if (walk.damaged()) return std::unexpected(walk.error());
  }
  if (memory.broken_) return std::unexpected(*memory.broken_);
  const auto now = log_.impl_->tip();
  for (to = last_of(to, *now); next <= to;) {
    const auto block = log_.impl_->block_of(next, *now);
    if (!block) return std::unexpected(block.error());
    memory.blocks_.push_back(*block);
    for (; next <= to && next <= (*block)->last_seq(); ++next)
      if (!visit((*block)->at(next))) return {};
  }
  return {};
}

Result<void> Log::read_stream(std::string_view kind, std::string_view no,
                              const Visit& visit) const {
  const auto now = impl_->tip();
  const auto seqs = impl_->index->stream(kind, no);
  if (!seqs) return std::unexpected(seqs.error());
  BlockCache::BlockPtr block;
  for (const std::uint64_t seq : *seqs) {
    if (seq > now->size()) break;
    if (block == nullptr || !block->holds(seq)) {
      const auto found = impl_->block_of(seq, *now);
      if (!found) return std::unexpected(found.error());
      block = *found;
    }
    const RecordView& view = block->at(seq).view;
    if (view.kind != kind || view.no != no) {
      return fail(ErrorCode::corrupt,
                  impl_->dir + "/log: the index leads to record " + std::to_string(seq) +
                      ", which is of another stream.",
                  seq);
    }
    if (!visit(view)) return {};
  }
  return {};
}

Result<std::uint64_t> Log::stream_size(std::string_view kind, std::string_view no) const {
  const std::uint64_t now = size();
  const auto seqs = impl_->index->stream(kind, no);
  if (!seqs) return std::unexpected(seqs.error());
  return static_cast<std::uint64_t>(std::ranges::upper_bound(*seqs, now) - seqs->begin());
}

Result<void> Log::streams(std::string_view kind, const VisitStream& visit) const {
  const std::uint64_t now = size();
  return impl_->index->streams(kind, [&](std::string_view no, std::uint64_t first_seq) {
    return first_seq <= now && visit(no, first_seq);
  });
}

Result<std::optional<std::uint64_t>> Log::find_id(std::string_view id) const {
  const std::uint64_t now = size();
  auto seq = impl_->index->find_id(id);
  if (seq && *seq && **seq > now) return std::nullopt;
  return seq;
}

Result<std::uint64_t> Log::seq_at(Micros at) const {
  const auto now = impl_->tip();
  if (now->size() == 0 || at >= now->recorded_at) return now->size();
  std::uint64_t low = 0, high = now->size();  // record low is at or before, record high is after
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto block = impl_->block_of(middle, *now);
    if (!block) return std::unexpected(block.error());
    ((*block)->at(middle).view.recorded_at <= at ? low : high) = middle;
  }
  return low;
}

ReadNode Log::nodes() const {
  return [store = impl_->store.get(), now = impl_->tip()](unsigned level, std::uint64_t index) {
    return node_reader(*store, now->edge)(level, index);
  };
}

Result<Hash> Log::root_at(std::uint64_t size) const {
  const auto now = impl_->tip();
  if (size > now->size()) return fail(ErrorCode::not_found, "The log is shorter than that.", size);
  if (size == now->size()) return now->root;
  return engine::root_at(size, node_reader(*impl_->store, now->edge));
}

Result<Hash> Log::leaf_at(std::uint64_t seq) const {
  const auto now = impl_->tip();
  if (seq == 0 || seq > now->size()) {
    return fail(ErrorCode::not_found, "There is no record " + std::to_string(seq) + ".", seq);
  }
  return node_reader(*impl_->store, now->edge)(0, seq - 1);
}

Result<std::vector<Hash>> Log::leaves(std::uint64_t tile) const {
  const auto now = impl_->tip();
  if (tile < full_tiles(0, now->size())) return read_tile(*impl_->store, 0, tile, /*once=*/true);
  const std::vector<Hash>* const row = now->edge.partial(0);
  if (tile == full_tiles(0, now->size()) && row != nullptr && !row->empty()) return *row;
  return fail(ErrorCode::not_found, "The tree has no such tile.", tile * kTileWidth + 1);
}

// --- Derived segments ---------------------------------------------------------------------------

Result<void> Log::put_derived(std::string_view name, std::uint32_t version, std::uint64_t last_seq,
                              std::span<const std::uint8_t> segment) {
  if (!writable()) return fail(ErrorCode::bad_input, impl_->dir + " was opened for reading only.");
  rocksdb::WriteBatch batch;
  std::string key = derived_prefix(name, version);
  put_be(key, last_seq);
  CHECK(batch.Put(impl_->store->family(Family::derived), key, slice_of(segment)).ok());
  std::atomic_ref(impl_->appended_bytes) += segment.size();  // the writer may be at work
  return impl_->store->put_unlogged(batch);
}

Result<void> Log::drop_derived(std::string_view name) {
  if (!writable()) return fail(ErrorCode::bad_input, impl_->dir + " was opened for reading only.");
  const std::string prefix = derived_prefix(name);
  rocksdb::WriteBatch batch;
  const auto it = impl_->store->iterate(Family::derived);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    CHECK(batch.Delete(impl_->store->family(Family::derived), it->key()).ok());
  }
  if (!it->status().ok()) {
    return std::unexpected(impl_->store->error_of(it->status(), "dropping derived segments"));
  }
  return batch.Count() == 0 ? Result<void>{} : impl_->store->put_unlogged(batch);
}

Result<void> Log::read_derived(
    std::string_view name, std::uint32_t version,
    const std::function<bool(std::uint64_t last_seq, std::span<const std::uint8_t>)>& visit) const {
  const std::uint64_t now = size();
  const std::string prefix = derived_prefix(name, version);
  const auto it = impl_->store->iterate(Family::derived);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    if (it->key().size() != prefix.size() + sizeof(std::uint64_t)) {
      return fail(ErrorCode::corrupt, impl_->dir + "/log: a derived key is of another form.");
    }
    const auto last_seq = get_be<std::uint64_t>(it->key().data() + prefix.size());
    if (last_seq > now || !visit(last_seq, span_of(it->value()))) return {};
  }
  if (!it->status().ok()) {
    return std::unexpected(impl_->store->error_of(it->status(), "reading derived segments"));
  }
  return {};
}

}  // namespace engine
