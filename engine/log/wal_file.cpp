#include "engine/log/wal_file.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "engine/check.h"
#include "engine/log/disk.h"
#include "engine/log/file.h"

namespace engine {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Our choice: as much again as was written already, within these. A short log stays short, and a
// long one is filled once in some thousand commands.
constexpr std::size_t kFillLeast = 64U << 10U, kFillMost = 1U << 20U;
// A larger write costs more than the journal's: filling would write it twice.
constexpr std::size_t kSmall = 64U << 10U;

IOStatus status_of(const std::string& path, const Result<void>& done) {
  if (done) return IOStatus::OK();
  const std::string& text = done.error().text;
  return done.error().code == ErrorCode::disk_full ? IOStatus::NoSpace(path, text)
                                                   : IOStatus::IOError(path, text);
}

class WalFile final : public rocksdb::FSWritableFile {
 public:
  WalFile(std::string path, File file) : path_(std::move(path)), file_(std::move(file)) {}

  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions& /*options*/,
                  IODebugContext* /*debug*/) override {
    const std::uint64_t end = size_ + data.size();
    if (end > filled_ && data.size() <= kSmall) {
      if (const auto filled = fill(end); !filled) return status_of(path_, filled);
    }
    const ByteSpan bytes(reinterpret_cast<const std::uint8_t*>(data.data()), data.size());
    const auto put = write_at(file_, path_, bytes, size_);
    if (put) size_ = end;
    return status_of(path_, put);
  }
  IOStatus Flush(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return IOStatus::OK();
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return status_of(path_, sync_data(file_, path_));
  }
  [[nodiscard]] bool IsSyncThreadSafe() const override { return true; }
  IOStatus Close(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    file_ = File();
    return IOStatus::OK();
  }
  std::uint64_t GetFileSize(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return size_;
  }

 private:
  // Zeros from where they end to some way behind `end`. A disk too full for them may have room for
  // what is to be written.
  Result<void> fill(std::uint64_t end) {
    static std::array<std::uint8_t, kFillMost> zeros{};
    const std::uint64_t ahead = std::clamp<std::uint64_t>(size_, kFillLeast, kFillMost - kSmall);
    const std::uint64_t from = std::max(filled_, size_);
    CHECK(end + ahead - from <= zeros.size());
    const auto put = write_at(file_, path_, std::span(zeros).first(end + ahead - from), from);
    // On a full disk the next try is as far on as if this one had not failed.
    if (put || put.error().code == ErrorCode::disk_full) filled_ = end + ahead;
    return put || put.error().code == ErrorCode::disk_full ? Result<void>{} : put;
  }

  const std::string path_;
  File file_;
  std::uint64_t size_ = 0;    // of what RocksDB wrote
  std::uint64_t filled_ = 0;  // zeros from size_ to here, if the disk had room for them
};

}  // namespace

IOStatus make_wal_file(const std::string& path, std::unique_ptr<rocksdb::FSWritableFile>& out) {
  const auto make = [&] {
    return disk().open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  };
  int descriptor = make();
  if (descriptor < 0 && errno == EEXIST && disk().unlink(path.c_str()) == 0) descriptor = make();
  if (descriptor < 0) return status_of(path, std::unexpected(error_of_errno(path, "making")));
  out = std::make_unique<WalFile>(path, File(descriptor));
  return IOStatus::OK();
}

}  // namespace engine
