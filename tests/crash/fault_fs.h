// RocksDB's door to a FaultDisk, and its background work one job after another.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/crash/fault_disk.h"

namespace crash {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// What a caller of a POSIX file system would be told.
[[nodiscard]] IOStatus status_of(int error, const std::string& path);

class FaultFs final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultFs(FaultDisk& disk)
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}
  [[nodiscard]] const char* Name() const override { return "FaultFs"; }

  using Debug = IODebugContext*;
  using Path = const std::string&;
  IOStatus NewSequentialFile(Path path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* out, Debug) override;
  IOStatus NewRandomAccessFile(Path path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out, Debug) override;
  IOStatus NewWritableFile(Path path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* out, Debug) override;
  IOStatus ReopenWritableFile(Path path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* out, Debug) override;
  IOStatus NewDirectory(Path path, const IOOptions&, std::unique_ptr<rocksdb::FSDirectory>* out,
                        Debug) override;
  IOStatus FileExists(Path path, const IOOptions&, Debug) override;
  IOStatus GetChildren(Path path, const IOOptions&, std::vector<std::string>* out, Debug) override;
  IOStatus GetChildrenFileAttributes(Path path, const IOOptions& options,
                                     std::vector<rocksdb::FileAttributes>* out, Debug) override;
  IOStatus DeleteFile(Path path, const IOOptions&, Debug) override;
  IOStatus Truncate(Path path, std::size_t size, const IOOptions&, Debug) override;
  IOStatus CreateDir(Path path, const IOOptions&, Debug) override;
  IOStatus CreateDirIfMissing(Path path, const IOOptions&, Debug) override;
  IOStatus DeleteDir(Path path, const IOOptions&, Debug) override;
  IOStatus GetFileSize(Path path, const IOOptions&, std::uint64_t* size, Debug) override;
  IOStatus GetFileModificationTime(Path path, const IOOptions&, std::uint64_t* time,
                                   Debug) override;
  IOStatus RenameFile(Path from, Path to, const IOOptions&, Debug) override;
  IOStatus LinkFile(Path from, Path to, const IOOptions&, Debug) override;
  IOStatus NumFileLinks(Path path, const IOOptions&, std::uint64_t* count, Debug) override;
  IOStatus AreFilesSame(Path one, Path other, const IOOptions&, bool* same, Debug) override;
  IOStatus LockFile(Path path, const IOOptions&, rocksdb::FileLock** lock, Debug) override;
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, Debug) override;
  IOStatus GetAbsolutePath(Path path, const IOOptions&, std::string* out, Debug) override;
  IOStatus GetFreeSpace(Path path, const IOOptions&, std::uint64_t* free, Debug) override;
  IOStatus IsDirectory(Path path, const IOOptions&, bool* is, Debug) override;

 private:
  FaultDisk& disk_;
};

// One thread of its own does RocksDB's background work. Held, it waits until it is let, so that a
// run is the same each time. It is let whenever a caller waits for it: in a close, and in a flush
// with the flushes alone, since a compaction may come to stand before or behind the next of them.
class SteppedEnv final : public rocksdb::EnvWrapper {
 public:
  explicit SteppedEnv(FaultDisk& disk);
  ~SteppedEnv() override;
  [[nodiscard]] const char* Name() const override { return "SteppedEnv"; }

  void Schedule(void (*work)(void*), void* argument, Priority priority, void* tag,
                void (*dropped)(void*)) override;
  int UnSchedule(void* tag, Priority priority) override;
  void SleepForMicroseconds(int /*micros*/) override {}
  [[nodiscard]] unsigned int GetThreadPoolQueueLen(Priority priority) const override;

  enum class Let : std::uint8_t { nothing, flushes, all };
  void let(Let what);
  void run_to_idle();

 private:
  struct Job {
    void (*work)(void*);
    void* argument;
    Priority priority;
    void* tag;
    void (*dropped)(void*);
  };
  explicit SteppedEnv(const std::shared_ptr<rocksdb::FileSystem>& files);
  void run();
  [[nodiscard]] std::deque<Job>::iterator next_job();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  Let let_ = Let::all;
  bool busy_ = false, stop_ = false;
  std::thread thread_;
};

}  // namespace crash
