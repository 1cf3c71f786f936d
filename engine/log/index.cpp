// Runs of the index (docs/FORMAT.md, "Index").
#include "engine/log/index.h"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <filesystem>

#include "engine/check.h"

namespace engine {
namespace {

constexpr std::uint64_t kRunRecords = 128U << 10U;       // our choice: about 25 MB of memory a run
constexpr std::uint64_t kWorthARun = 4096;               // fewer are read again at the next open
constexpr std::uint64_t kWaitRecords = 4 * kRunRecords;  // beyond this the writer waits for the run

IdDigest digest_of(std::string_view id) {
  const Hash hash = sha256(bytes_of(id));
  IdDigest digest{};
  std::copy_n(hash.begin(), digest.size(), digest.begin());
  return digest;
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U)
    out += static_cast<char>(static_cast<std::uint8_t>(value | 0x80U));
  out += static_cast<char>(static_cast<std::uint8_t>(value));
}

// Deltas after the first seq, which is in the key.
std::string encode_seqs(const std::vector<std::uint64_t>& seqs) {
  std::string out;
  for (std::size_t i = 1; i < seqs.size(); ++i) put_varint(out, seqs[i] - seqs[i - 1]);
  return out;
}

bool decode_seqs(std::uint64_t first, std::string_view value, std::vector<std::uint64_t>& out) {
  // A run written twice (after a crash) repeats what is there: only what is new is taken.
  const auto take = [&](std::uint64_t seq) {
    if (out.empty() || seq > out.back()) out.push_back(seq);
  };
  take(first);
  std::uint64_t seq = first, delta = 0;
  unsigned shift = 0;
  for (const char c : value) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (shift > 56) return false;
    delta |= std::uint64_t{byte & 0x7FU} << shift;
    shift += 7;
    if ((byte & 0x80U) != 0) continue;
    seq += delta;
    take(seq);
    delta = 0;
    shift = 0;
  }
  return shift == 0;
}

std::string seq_value(std::uint64_t seq) { return seq_key(seq); }

Error damaged(const char* what) {
  return {ErrorCode::corrupt, std::string("log/: the index holds ") + what + " of another form.",
          0};
}

}  // namespace

Index::Index(Store& store, std::string run_path, std::uint64_t marker, bool writable)
    : store_(store),
      run_path_(std::move(run_path)),
      writable_(writable),
      active_(std::make_unique<Run>()) {
  active_->last_seq = marker;
  if (writable_) thread_ = std::thread([this] { write_runs(); });
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

void Index::add(std::span<const RecordView> records) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !writable_ || error_ || active_->records < kWaitRecords; });
  for (const RecordView& r : records) {
    CHECK(r.seq == active_->last_seq + 1);
    active_->last_seq = r.seq;
    ++active_->records;
    if (!r.id.empty()) active_->ids.try_emplace(digest_of(r.id), r.seq);
    active_->streams[stream_prefix(r.kind, r.no)].push_back(r.seq);
    if (r.version == 1) active_->firsts.push_back({r.seq, std::string(r.kind), std::string(r.no)});
  }
  if (active_->records >= kRunRecords) changed_.notify_all();
}

Result<void> Index::flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return error_ || leaving_ == nullptr; });
  if (error_) return std::unexpected(*error_);
  if (!writable_ || active_->records < kWorthARun) return {};
  auto fresh = std::make_unique<Run>();
  fresh->last_seq = active_->last_seq;
  leaving_ = std::shared_ptr<const Run>(std::exchange(active_, std::move(fresh)));
  const std::shared_ptr<const Run> run = leaving_;
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
      changed_.wait(lock, [&] { return stop_ || active_->records >= kRunRecords; });
      if (stop_ || error_) return;
    }
    if (!flush()) return;
  }
}

Result<void> Index::write(const Run& run) {
  std::vector<std::pair<std::string, std::string>> pairs;
  pairs.reserve(run.ids.size() + run.streams.size() + run.firsts.size() + 1);
  pairs.emplace_back(marker_key(), seq_value(run.last_seq));
  for (const auto& [digest, seq] : run.ids) pairs.emplace_back(id_key(digest), seq_value(seq));
  for (const auto& [prefix, seqs] : run.streams) {
    pairs.emplace_back(prefix + seq_key(seqs.front()), encode_seqs(seqs));
  }
  for (const First& first : run.firsts) {
    pairs.emplace_back(first_prefix(first.kind) + seq_key(first.seq), first.no);
  }
  std::ranges::sort(pairs);
  const auto failed = [&](const rocksdb::Status& status) {
    return std::unexpected(store_.error_of(status, "writing a run of the index"));
  };
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(),
                                store_.db().GetOptions(store_.family(Family::index)),
                                store_.family(Family::index));
  if (const auto opened = writer.Open(run_path_); !opened.ok()) return failed(opened);
  for (const auto& [key, value] : pairs) {
    if (const auto put = writer.Put(key, value); !put.ok()) return failed(put);
  }
  if (const auto finished = writer.Finish(); !finished.ok()) return failed(finished);
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  const auto taken =
      store_.db().IngestExternalFile(store_.family(Family::index), {run_path_}, options);
  if (!taken.ok()) return failed(taken);
  std::error_code ignored;  // already moved away when RocksDB could link it
  std::filesystem::remove(run_path_, ignored);
  return {};
}

Result<std::optional<std::uint64_t>> Index::find_id(std::string_view id) const {
  if (id.empty()) return std::nullopt;
  const IdDigest digest = digest_of(id);
  {
    // Memory before the store: a run is in the store before it leaves memory.
    const std::shared_lock lock(mutex_);
    if (leaving_ != nullptr) {
      if (const auto it = leaving_->ids.find(digest); it != leaving_->ids.end()) return it->second;
    }
    if (const auto it = active_->ids.find(digest); it != active_->ids.end()) return it->second;
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
    for (const Run* run : {leaving_.get(), static_cast<const Run*>(active_.get())}) {
      if (run == nullptr) continue;
      const auto it = run->streams.find(prefix);
      if (it != run->streams.end())
        recent.insert(recent.end(), it->second.begin(), it->second.end());
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
  if (!it->status().ok()) return std::unexpected(store_.error_of(it->status(), "reading a stream"));
  for (const std::uint64_t seq : recent) {
    if (out.empty() || seq > out.back()) out.push_back(seq);
  }
  return out;
}

Result<void> Index::streams(std::string_view kind, const VisitStream& visit) const {
  std::vector<First> recent;
  {
    const std::shared_lock lock(mutex_);
    for (const Run* run : {leaving_.get(), static_cast<const Run*>(active_.get())}) {
      if (run == nullptr) continue;
      std::ranges::copy_if(run->firsts, std::back_inserter(recent),
                           [&](const First& first) { return first.kind == kind; });
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
  for (const First& first : recent) {
    if (first.seq > last && !visit(first.no, first.seq)) return {};
  }
  return {};
}

}  // namespace engine
