#include "engine/log/guarded_files.h"

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>

#include "engine/log/disk.h"
#include "engine/log/wal_file.h"

namespace engine {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// The end of a table (RocksDB's table/format.cc and block_based_table_builder.cc): the properties,
// the block of meta blocks, the footer. Each block is followed by five bytes, type and checksum;
// its own last four are how many restarts it has, the highest bit: whether a hash index stands
// before them.
constexpr std::uint64_t kFooterBytes = 53, kTrailerBytes = 5;

// Where the block of meta blocks begins: a varint after the footer's first byte.
std::uint64_t after_properties(const rocksdb::Slice& footer) {
  std::uint64_t out = 0;
  for (std::size_t at = 1, shift = 0; at < footer.size() && shift < 64; ++at, shift += 7) {
    const auto byte = static_cast<unsigned char>(footer[at]);
    out |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80U) break;
  }
  return out;
}

class Table final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  Table(std::unique_ptr<rocksdb::FSRandomAccessFile> file, std::string path, std::uint64_t size)
      : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(file)),
        path_(std::move(path)),
        size_(size) {}

  // Finds the properties. A footer that is not one is RocksDB's to tell.
  IOStatus look(const IOOptions& options, IODebugContext* debug) {
    if (size_ < kFooterBytes) return IOStatus::OK();
    char scratch[kFooterBytes];
    rocksdb::Slice footer;
    IOStatus read = Read(size_ - kFooterBytes, kFooterBytes, options, &footer, scratch, debug);
    const std::uint64_t end = read.ok() ? after_properties(footer) : 0;
    if (end > kTrailerBytes && end < size_) restarts_ = end - kTrailerBytes - 1;
    return read;
  }

  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& options,
                rocksdb::Slice* result, char* scratch, IODebugContext* debug) const override {
    IOStatus read = target()->Read(offset, size, options, result, scratch, debug);
    if (!read.ok()) return read;
    const std::uint64_t end = offset + result->size();
    if (result->size() < size && end < size_)
      return IOStatus::IOError(path_, "a read gave less than the file holds");
    const bool theirs = restarts_ != 0 && offset <= restarts_ && restarts_ < end;
    if (theirs && (static_cast<unsigned char>((*result)[restarts_ - offset]) & 0x80U) != 0)
      return IOStatus::Corruption(path_, "its properties are not what was written");
    return read;
  }

 private:
  const std::string path_;
  const std::uint64_t size_;
  std::uint64_t restarts_ = 0;  // the last byte of the properties' count of them; 0: not known
};

class GuardedFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit GuardedFiles(const std::shared_ptr<rocksdb::FileSystem>& files)
      : rocksdb::FileSystemWrapper(files) {}
  [[nodiscard]] const char* Name() const override { return "GuardedFiles"; }

  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                               IODebugContext* debug) override {
    IOStatus opened = target()->NewRandomAccessFile(path, options, out, debug);
    if (!opened.ok() || !path.ends_with(".sst")) return opened;
    std::uint64_t size = 0;
    opened = target()->GetFileSize(path, options.io_options, &size, debug);
    if (!opened.ok()) return opened;
    auto table = std::make_unique<Table>(std::move(*out), path, size);
    opened = table->look(options.io_options, debug);
    *out = std::move(table);
    return opened;
  }

  // RocksDB's own logs are the only files of this name.
  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* out,
                           IODebugContext* debug) override {
    return path.ends_with(".log") ? make_wal_file(path, *out)
                                  : target()->NewWritableFile(path, options, out, debug);
  }

  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    if (to.ends_with("/CURRENT")) {
      std::unique_ptr<rocksdb::FSDirectory> directory;
      IOStatus synced =
          target()->NewDirectory(to.substr(0, to.rfind('/')), options, &directory, debug);
      if (synced.ok()) synced = directory->Fsync(options, debug);
      if (!synced.ok()) return synced;
    }
    return target()->RenameFile(from, to, options, debug);
  }
};

class GuardedEnv final : public rocksdb::EnvWrapper {
 public:
  explicit GuardedEnv(rocksdb::Env* base) : rocksdb::EnvWrapper(base) {
    file_system_ = std::make_shared<GuardedFiles>(base->GetFileSystem());
    system_clock_ = base->GetSystemClock();
  }
  [[nodiscard]] const char* Name() const override { return "GuardedEnv"; }
};

}  // namespace

std::unique_ptr<rocksdb::Env> guarded_env() {
  rocksdb::Env* const base = disk().rocksdb_env();
  return std::make_unique<GuardedEnv>(base != nullptr ? base : rocksdb::Env::Default());
}

}  // namespace engine
