// RocksDB, opened the way reliability.md section 3 asks: options, column families, status to Error,
// and synced batches. Included only inside engine/log.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/log/keys.h"
#include "engine/proof/hash.h"
#include "engine/result.h"

namespace engine {

inline rocksdb::Slice slice_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteSpan span_of(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

// How RocksDB's log is replayed: all of it, or refused; or up to the first damage.
enum class Replay : std::uint8_t { whole, up_to_damage };

class Store {
 public:
  static Result<void> create(const std::string& path);
  static Result<std::unique_ptr<Store>> open(const std::string& path, bool read_only,
                                             Replay replay = Replay::whole);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family f) const {
    return handles_[static_cast<std::size_t>(f)];
  }
  [[nodiscard]] rocksdb::DB& db() const { return *db_; }

  // One synced batch; returns after fdatasync of RocksDB's log.
  Result<void> commit(rocksdb::WriteBatch& batch);
  // A batch of derived keys: not in RocksDB's log, lost in a crash and rebuilt.
  Result<void> put_unlogged(rocksdb::WriteBatch& batch);
  Result<void> flush(std::initializer_list<Family> families);
  // RocksDB's logs with a lower number are in tables: what stands in one that is still there, since
  // its deletion did not outlive a power cut, is nobody's.
  [[nodiscard]] std::uint64_t oldest_log_needed() const;
  // Brings what is in memory to files and gives them a second name in `path`, which must not exist;
  // on another file system they are copied.
  Result<void> checkpoint(const std::string& path);
  // Reads every table file whole and compares it with the checksum that the manifest has of it.
  Result<void> verify_files() const;

  // A background error of RocksDB: from then on nothing may be acknowledged (never DB::Resume).
  [[nodiscard]] bool failed() const { return background_failed_->load(); }

  [[nodiscard]] Error error_of(const rocksdb::Status& status, std::string_view doing) const;
  using Iterator = std::unique_ptr<rocksdb::Iterator>;
  [[nodiscard]] Iterator iterate(Family f, bool whole_scan = false) const;
  // nullopt: no such key.
  // `once`: it is not asked for again soon, so nothing else leaves the caches for it.
  [[nodiscard]] Result<std::optional<std::string>> get(Family f, const std::string& key,
                                                       bool once = false) const;

 private:
  Store() = default;
  std::string path_;
  std::unique_ptr<rocksdb::Env> env_;  // outlives db_
  std::shared_ptr<std::atomic<bool>> background_failed_ =
      std::make_shared<std::atomic<bool>>(false);
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyNames.size()> handles_{};
  rocksdb::ColumnFamilyHandle* default_handle_ = nullptr;
};

}  // namespace engine
