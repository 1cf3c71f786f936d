// Options of RocksDB 7.8 and what its statuses mean to us (reliability.md sections 2 and 3).
#include "engine/log/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <optional>
#include <vector>

#include "engine/check.h"
#include "engine/log/disk.h"
#include "engine/log/guarded_files.h"
#include "engine/log/suspects.h"
#include "engine/mutant.h"

namespace engine {
namespace {

// RocksDB's own log of its doings would be a file written even by a read-only open.
class SilentLogger final : public rocksdb::Logger {
 public:
  SilentLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

class Watch final : public rocksdb::EventListener {
 public:
  explicit Watch(std::shared_ptr<std::atomic<bool>> failed) : failed_(std::move(failed)) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* /*status*/) override {
    failed_->store(true);
  }
  // After a full disk RocksDB would go on by itself, and write the families' tables one after
  // another since it cannot trust its log: a process killed between two of them leaves a log that
  // it refuses to open (seen: "SST file is ahead of WALs"). What was written stays as it is until a
  // restart has verified it.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*status*/,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
  // Event families hold each key once: a compaction that loses or finds a record is a failure.
  void OnCompactionCompleted(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& job) override {
    const bool truth = job.cf_name == "blocks" || job.cf_name == "tree";
    if (job.stats.num_corrupt_keys != 0 ||
        (truth && job.stats.num_input_records != job.stats.num_output_records)) {
      failed_->store(true);
    }
  }

 private:
  std::shared_ptr<std::atomic<bool>> failed_;
};

rocksdb::DBOptions db_options(rocksdb::Env& env) {
  rocksdb::DBOptions o;
  o.env = &env;
  o.paranoid_checks = true;
  o.flush_verify_memtable_count = true;
  o.verify_sst_unique_id_in_manifest = true;
  o.max_open_files = -1;
  o.skip_checking_sst_file_sizes_on_db_open = false;
  o.fail_if_options_file_error = true;
  o.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  o.recycle_log_file_num = 0;
  o.manual_wal_flush = false;
  o.unordered_write = false;
  o.enable_pipelined_write = false;
  o.two_write_queues = false;
  o.best_efforts_recovery = false;
  o.avoid_flush_during_recovery = false;
  // Of 16, which an open starts and ends for each family. A disk put in the place of ours is asked
  // by one thread, so that it sees the same calls in the same order each time.
  o.max_file_opening_threads = disk().rocksdb_env() == nullptr ? 2 : 1;
  o.max_total_wal_size = 128U << 20U;   // bounds what an open after a crash has to replay
  o.db_write_buffer_size = 48U << 20U;  // of all families together
  o.max_bgerror_resume_count = 0;
  o.info_log = std::make_shared<SilentLogger>();
  o.max_background_jobs = 2;
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  return o;
}

rocksdb::ColumnFamilyOptions family_options(Family family,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions o;
  o.paranoid_file_checks = true;
  o.memtable_protection_bytes_per_key = 8;
  o.force_consistency_checks = true;
  o.write_buffer_size = 32U << 20U;
  rocksdb::BlockBasedTableOptions table;
  table.checksum = rocksdb::kXXH3;
  table.detect_filter_construct_corruption = true;
  table.block_cache = cache;
  // Hashes do not compress; lz4 is what was measured for blocks of events (architecture.md).
  const bool hashes = family == Family::tree || family == Family::index;
  o.compression = hashes ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
  if (family == Family::index) {
    // Runs of ids overlap whole: by levels each new one rewrites all that is there (at 10 M records
    // more than half of the CPU went there), by size each key moves once or twice in its life.
    o.compaction_style = rocksdb::kCompactionStyleUniversal;
    o.level0_file_num_compaction_trigger = 12;
    // However many runs wait to be merged, the writer does not wait for them.
    o.level0_slowdown_writes_trigger = o.level0_stop_writes_trigger = 1 << 20;
    o.soft_pending_compaction_bytes_limit = o.hard_pending_compaction_bytes_limit = 0;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.whole_key_filtering = true;
  }
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

rocksdb::WriteOptions write_options(bool logged) {
  rocksdb::WriteOptions o;
  o.sync = logged && !seeded(Mutant::unsynced_write) && !seeded(Mutant::early_acknowledgement);
  o.disableWAL = !logged;
  o.protection_bytes_per_key = 8;
  return o;
}

std::vector<rocksdb::ColumnFamilyDescriptor> descriptors() {
  // Our choice: whoever reads one record finds its block parsed in our own cache (block_cache.h),
  // and a table that is written puts all its blocks here, asked for or not.
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(std::size_t{32} << 20U);
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    out.emplace_back(std::string(kFamilyNames[i]), family_options(static_cast<Family>(i), cache));
  }
  // RocksDB insists on a default family; nothing is ever written to it.
  out.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  return out;
}

}  // namespace

Result<void> Store::create(const std::string& path) {
  Store store;
  store.path_ = path;
  store.env_ = guarded_env();
  rocksdb::DBOptions options = db_options(*store.env_);
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.error_if_exists = true;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, path, descriptors(), &handles, &db);
  if (!opened.ok()) return std::unexpected(store.error_of(opened, "creating the store"));
  store.db_.reset(db);
  std::copy_n(handles.begin(), store.handles_.size(), store.handles_.begin());
  store.default_handle_ = handles.back();
  return {};
}

Result<std::unique_ptr<Store>> Store::open(const std::string& path, bool read_only, Replay replay) {
  std::unique_ptr<Store> store(new Store);
  store->path_ = path;
  store->env_ = guarded_env();
  rocksdb::DBOptions options = db_options(*store->env_);
  if (replay == Replay::up_to_damage) {
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  }
  options.listeners.push_back(std::make_shared<Watch>(store->background_failed_));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      read_only ? rocksdb::DB::OpenForReadOnly(options, path, descriptors(), &handles, &db)
                : rocksdb::DB::Open(options, path, descriptors(), &handles, &db);
  if (!opened.ok()) {
    Error error = store->error_of(opened, "opening the store");
    // A family, manifest or file that is not there any more is a loss, not a wrong argument.
    const bool missing =
        opened.IsInvalidArgument() || opened.IsPathNotFound() || opened.IsNotFound();
    if (missing || error.text.find("No such file") != std::string::npos) {
      error.code = ErrorCode::corrupt;
    }
    if (error.code == ErrorCode::corrupt) error.text += suspects_in(path);
    return std::unexpected(error);
  }
  store->db_.reset(db);
  std::copy_n(handles.begin(), store->handles_.size(), store->handles_.begin());
  store->default_handle_ = handles.back();
  return store;
}

Store::~Store() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  db_->DestroyColumnFamilyHandle(default_handle_);
  // What Close would still say was said by the synced writes before it.
  static_cast<void>(db_->Close());
}

Result<void> Store::commit(rocksdb::WriteBatch& batch) {
  if (seeded(Mutant::early_acknowledgement)) static_cast<void>(db_->SyncWAL());
  const rocksdb::Status written = db_->Write(write_options(/*logged=*/true), &batch);
  if (!written.ok()) return std::unexpected(error_of(written, "recording a group"));
  if (failed()) return fail(ErrorCode::io, path_ + ": RocksDB reported a background error.");
  return {};
}

Result<void> Store::put_unlogged(rocksdb::WriteBatch& batch) {
  const rocksdb::Status written = db_->Write(write_options(/*logged=*/false), &batch);
  if (!written.ok()) return std::unexpected(error_of(written, "writing derived keys"));
  return {};
}

std::uint64_t Store::oldest_log_needed() const {
  std::uint64_t number = 0;
  CHECK(db_->GetIntProperty(rocksdb::DB::Properties::kMinLogNumberToKeep, &number));
  return number;
}

Result<void> Store::flush(std::initializer_list<Family> families) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  for (const Family f : families) handles.push_back(family(f));
  const rocksdb::Status flushed = db_->Flush(rocksdb::FlushOptions(), handles);
  if (!flushed.ok()) return std::unexpected(error_of(flushed, "flushing"));
  return {};
}

Result<void> Store::checkpoint(const std::string& path) {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> owner(made);
  if (status.ok()) status = made->CreateCheckpoint(path, /*log_size_for_flush=*/0);
  if (!status.ok()) return std::unexpected(error_of(status, "freezing the files of the store"));
  return {};
}

Result<void> Store::verify_files() const {
  const rocksdb::Status status = db_->VerifyFileChecksums(rocksdb::ReadOptions());
  if (!status.ok()) return std::unexpected(error_of(status, "verifying the files of the store"));
  return {};
}

Error Store::error_of(const rocksdb::Status& status, std::string_view doing) const {
  const std::string text = status.ToString();
  ErrorCode code = ErrorCode::io;
  if (status.IsCorruption()) code = ErrorCode::corrupt;
  // A file size limit (EFBIG) is a full disk by another name; RocksDB has no status for it.
  if (status.IsNoSpace() || text.find("No space left") != std::string::npos ||
      text.find("File too large") != std::string::npos ||
      text.find("Disk quota") != std::string::npos) {
    code = ErrorCode::disk_full;
  }
  return {code, path_ + ": " + std::string(doing) + ": " + text, 0};
}

Store::Iterator Store::iterate(Family f, bool whole_scan) const {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  if (whole_scan) {
    options.fill_cache = false;
    options.readahead_size = std::size_t{256} << 10U;
  }
  return Iterator(db_->NewIterator(options, family(f)));
}

Result<std::optional<std::string>> Store::get(Family f, const std::string& key, bool once) const {
  std::string value;
  rocksdb::ReadOptions options;
  options.fill_cache = !once;
  const rocksdb::Status got = db_->Get(options, family(f), key, &value);
  if (got.IsNotFound()) return std::nullopt;
  if (!got.ok()) return std::unexpected(error_of(got, "reading"));
  return value;
}

}  // namespace engine
