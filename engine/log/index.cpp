// Runs of the index (docs/FORMAT.md, "Index").
#include "engine/log/index.h"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/log/file.h"
#include "engine/mutant.h"

namespace engine {
namespace {

// Our choice: about 20 MB of memory a run, of appeals at work (18,000 new streams) or of new
// streams alone, some 250 bytes each (reckoned).
constexpr std::uint64_t kRunRecords = 256U << 10U, kRunStreams = 64U << 10U;
constexpr std::uint64_t kWorthARun = 4096;  // fewer are read again at the next open
constexpr std::uint64_t kWaitRuns = 2;      // beyond so much the writer waits for the run
constexpr std::size_t kAddAtOnce = 128;     // records; readers wait no longer

bool holds_runs(const IndexRun& run, std::uint64_t count) {
  return run.records() >= count * kRunRecords || run.firsts().size() >= count * kRunStreams;
}

Error damaged(const char* what) {
  return {ErrorCode::corrupt, std::string("log/: the index holds ") + what + " of another form.",
          0};
}

}  // namespace

Index::Index(Store& store, std::string run_path, std::uint64_t marker, bool writable)
    : store_(store),
      run_path_(std::move(run_path)),
      writable_(writable),
      active_(std::make_unique<IndexRun>(marker)) {
  if (!writable_) return;
  thread_ = std::thread([this, marker] {
    load_filter(marker);
    write_runs();
  });
}

Index::~Index() {
  {
    const std::unique_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::uint64_t> Index::read_marker(const Store& store) {
  const auto value = store.get(Family::index, marker_key());
  if (!value) return std::unexpected(value.error());
  if (!*value) return 0;
  if ((*value)->size() != sizeof(std::uint64_t)) return std::unexpected(damaged("a marker"));
  return get_be<std::uint64_t>((*value)->data());
}

template <class ViewOf>
void Index::add_all(std::size_t count, const ViewOf& view_of) {
  std::array<IdDigest, kAddAtOnce> digests;
  for (std::size_t begin = 0; begin < count; begin += kAddAtOnce) {
    const std::size_t end = std::min(count, begin + kAddAtOnce);
    for (std::size_t i = begin; i < end; ++i) {
      const RecordView& r = view_of(i);
      if (!r.id.empty()) digests[i - begin] = digest_of(r.id);
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !writable_ || error_ || !holds_runs(*active_, kWaitRuns); });
    for (std::size_t i = begin; i < end; ++i) {
      const RecordView& r = view_of(i);
      active_->add(r, digests[i - begin]);
      if (!r.id.empty()) new_ids_.add(IdFilter::fingerprint(digests[i - begin]));
    }
    if (holds_runs(*active_, 1)) changed_.notify_all();
  }
}

void Index::add(std::span<const RecordView> records) {
  add_all(records.size(), [&](std::size_t i) -> const RecordView& { return records[i]; });
}

void Index::add(std::uint64_t first_seq, std::span<const NewEvent> group) {
  add_all(group.size(), [&](std::size_t i) { return group[i].view(first_seq + i); });
}

// The fingerprints of every run, which must follow one another from record 1 to the marker; where
// they do not (a ledger of an earlier program), the filter stays incomplete and ids are looked up.
void Index::load_filter(std::uint64_t marker) {
  std::uint64_t last = 0;
  const auto it = store_.iterate(Family::index, /*whole_scan=*/true);
  for (it->Seek(rocksdb::Slice(kPrintsPrefix.data(), kPrintsPrefix.size()));
       !stop_ && it->Valid() && it->key().starts_with(kPrintsPrefix); it->Next()) {
    const rocksdb::Slice key = it->key(), value = it->value();
    if (key.size() != prints_key(0, 0).size() || value.size() % sizeof(IdFilter::Fingerprint) != 0)
      return;
    const auto from = get_be<std::uint64_t>(key.data() + kPrintsPrefix.size());
    const auto to = get_be<std::uint64_t>(key.data() + kPrintsPrefix.size() + sizeof(from));
    if (from > marker) break;  // a run written since
    if (from > last + 1 || to < from) return;
    last = std::max(last, to);
    for (std::size_t at = 0; at < value.size(); at += sizeof(IdFilter::Fingerprint)) {
      IdFilter::Fingerprint print = 0;
      std::memcpy(&print, value.data() + at, sizeof(print));
      old_ids_.add(print);
    }
  }
  if (it->status().ok() && last >= marker) old_ids_complete_.store(true);
}

Result<void> Index::flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return error_ || leaving_ == nullptr; });
  if (error_) return std::unexpected(*error_);
  if (!writable_ || active_->records() < kWorthARun) return {};
  auto fresh = std::make_unique<IndexRun>(active_->last_seq());
  leaving_ = std::shared_ptr<const IndexRun>(std::exchange(active_, std::move(fresh)));
  const std::shared_ptr<const IndexRun> run = leaving_;
  changed_.notify_all();
  lock.unlock();
  const auto written = write(*run);
  lock.lock();
  if (!written) error_ = written.error();
  leaving_ = nullptr;
  changed_.notify_all();
  return written;
}

std::optional<Error> Index::error() const {
  const std::shared_lock lock(mutex_);
  return error_;
}

void Index::write_runs() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || holds_runs(*active_, 1); });
      if (stop_ || error_) return;
    }
    if (!flush()) return;
  }
}

Result<void> Index::write(const IndexRun& run) {
  rocksdb::Status status;
  const auto failed = [&] {
    return std::unexpected(store_.error_of(status, "writing a run of the index"));
  };
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(),
                                store_.db().GetOptions(store_.family(Family::index)),
                                store_.family(Family::index));
  status = writer.Open(run_path_);
  if (!status.ok()) return failed();
  const bool put = run.write([&](std::string_view key, std::string_view value) {
    status = writer.Put(rocksdb::Slice(key.data(), key.size()),
                        rocksdb::Slice(value.data(), value.size()));
    return status.ok();
  });
  if (!put) return failed();
  status = writer.Finish();
  if (!status.ok()) return failed();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  status = store_.db().IngestExternalFile(store_.family(Family::index), {run_path_}, options);
  if (!status.ok()) return failed();
  remove_file(run_path_);  // already moved away when RocksDB could link it
  return {};
}

Result<std::optional<std::uint64_t>> Index::find_id(std::string_view id) const {
  if (id.empty()) return std::nullopt;
  const IdDigest digest = digest_of(id);
  const IdFilter::Fingerprint print = IdFilter::fingerprint(digest);
  const bool old_complete = old_ids_complete_.load();
  if (old_complete && !new_ids_.may_hold(print) && !old_ids_.may_hold(print)) return std::nullopt;
  {
    // Memory before the store: a run is in the store before it leaves memory.
    const std::shared_lock lock(mutex_);
    for (const IndexRun* run : {leaving_.get(), static_cast<const IndexRun*>(active_.get())}) {
      if (run == nullptr) continue;
      if (const auto seq = run->find_id(digest)) return seq;
    }
  }
  const auto value = store_.get(Family::index, id_key(digest));
  if (!value) return std::unexpected(value.error());
  if (!*value) return std::nullopt;
  if ((*value)->size() != sizeof(std::uint64_t)) return std::unexpected(damaged("an id"));
  return get_be<std::uint64_t>((*value)->data());
}

Result<std::vector<std::uint64_t>> Index::stream(std::string_view kind, std::string_view no) const {
  const std::string prefix = stream_prefix(kind, no);
  std::vector<std::uint64_t> recent;
  {
    const std::shared_lock lock(mutex_);
    for (const IndexRun* run : {leaving_.get(), static_cast<const IndexRun*>(active_.get())}) {
      if (run != nullptr) run->find_stream(prefix, recent);
    }
  }
  std::vector<std::uint64_t> out;
  const auto it = store_.iterate(Family::index);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    const rocksdb::Slice key = it->key();
    if (key.size() != prefix.size() + sizeof(std::uint64_t)) continue;
    if (!decode_seqs(get_be<std::uint64_t>(key.data() + prefix.size()), it->value().ToStringView(),
                     out)) {
      return std::unexpected(damaged("the seqs of a stream"));
    }
  }
  if (!it->status().ok() && !seeded(Mutant::ignored_iterator_status)) {
    return std::unexpected(store_.error_of(it->status(), "reading a stream"));
  }
  for (const std::uint64_t seq : recent) {
    if (out.empty() || seq > out.back()) out.push_back(seq);
  }
  return out;
}

Result<void> Index::streams(std::string_view kind, const VisitStream& visit) const {
  std::vector<IndexRun::First> recent;
  {
    const std::shared_lock lock(mutex_);
    for (const IndexRun* run : {leaving_.get(), static_cast<const IndexRun*>(active_.get())}) {
      if (run == nullptr) continue;
      std::ranges::copy_if(run->firsts(), std::back_inserter(recent),
                           [&](const IndexRun::First& first) { return first.kind == kind; });
    }
  }
  const std::string prefix = first_prefix(kind);
  std::uint64_t last = 0;
  const auto it = store_.iterate(Family::index);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    if (it->key().size() != prefix.size() + sizeof(std::uint64_t)) {
      return std::unexpected(damaged("the streams of a kind"));
    }
    last = get_be<std::uint64_t>(it->key().data() + prefix.size());
    if (!visit(it->value().ToStringView(), last)) return {};
  }
  if (!it->status().ok()) return std::unexpected(store_.error_of(it->status(), "reading streams"));
  for (const IndexRun::First& first : recent) {
    if (first.seq > last && !visit(first.no, first.seq)) return {};
  }
  return {};
}

}  // namespace engine
