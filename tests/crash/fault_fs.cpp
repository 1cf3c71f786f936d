// RocksDB's calls handed on to the disk.
#include "tests/crash/fault_fs.h"

#include <rocksdb/system_clock.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace crash {
namespace {

using rocksdb::Slice;

class Sequential final : public rocksdb::FSSequentialFile {
 public:
  Sequential(FaultDisk& disk, Ino file, std::string path)
      : disk_(disk), file_(file), path_(std::move(path)) {}
  IOStatus Read(std::size_t size, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    std::string out;
    if (const int error = disk_.read_at(file_, path_, at_, size, out); error != 0)
      return status_of(error, path_);
    at_ += out.size();
    std::memcpy(scratch, out.data(), out.size());
    *result = Slice(scratch, out.size());
    return IOStatus::OK();
  }
  IOStatus Skip(std::uint64_t size) override {
    at_ = std::min(at_ + size, disk_.size_of(file_));
    return IOStatus::OK();
  }

 private:
  FaultDisk& disk_;
  Ino file_;
  std::string path_;
  std::uint64_t at_ = 0;
};

class RandomAccess final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccess(FaultDisk& disk, Ino file, std::string path)
      : disk_(disk), file_(file), path_(std::move(path)) {}
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, Slice* result,
                char* scratch, IODebugContext*) const override {
    std::string out;
    if (const int error = disk_.read_at(file_, path_, offset, size, out); error != 0)
      return status_of(error, path_);
    std::memcpy(scratch, out.data(), out.size());
    *result = Slice(scratch, out.size());
    return IOStatus::OK();
  }

 private:
  FaultDisk& disk_;
  Ino file_;
  std::string path_;
};

class Writable final : public rocksdb::FSWritableFile {
 public:
  Writable(FaultDisk& disk, Ino file, std::string path, const FileOptions& options)
      : rocksdb::FSWritableFile(options),
        disk_(disk),
        file_(file),
        path_(std::move(path)),
        size_(disk.size_of(file)) {}
  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    const int error = disk_.write(file_, path_, size_, data.ToStringView());
    if (error == 0) size_ += data.size();
    return status_of(error, path_);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    // Closing a file trims what was set aside for it; nothing was, so most change nothing.
    if (size == size_) return IOStatus::OK();
    const int error = disk_.truncate(file_, path_, size);
    if (error == 0) size_ = size;
    return status_of(error, path_);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return status_of(disk_.sync(file_, path_), path_);
  }
  [[nodiscard]] bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }

 private:
  FaultDisk& disk_;
  Ino file_;
  std::string path_;
  std::uint64_t size_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(FaultDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return status_of(disk_.sync_directory(path_), path_);
  }

 private:
  FaultDisk& disk_;
  std::string path_;
};

class HeldLock final : public rocksdb::FileLock {
 public:
  explicit HeldLock(std::string of) : path(std::move(of)) {}
  const std::string path;
};

// RocksDB waits a second after a failed flush. Here nobody sleeps.
class WakefulClock final : public rocksdb::SystemClockWrapper {
 public:
  WakefulClock() : rocksdb::SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  [[nodiscard]] const char* Name() const override { return "WakefulClock"; }
  void SleepForMicroseconds(int /*micros*/) override {}
};

// RocksDB writes some paths with two slashes.
std::string clean(const std::string& path) {
  std::string out;
  for (const char c : path)
    if (c != '/' || out.empty() || out.back() != '/') out += c;
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

template <class File>
IOStatus open_to_read(FaultDisk& disk, const std::string& path, std::unique_ptr<File>& out) {
  Ino file = 0;
  if (const int error = disk.opening(path); error != 0) return status_of(error, path);
  if (const int error = disk.find(path, file); error != 0) return status_of(error, path);
  out = std::make_unique<File>(disk, file, path);
  return IOStatus::OK();
}

}  // namespace

IOStatus status_of(int error, const std::string& path) {
  if (error == 0) return IOStatus::OK();
  const std::string text = std::generic_category().message(error);
  if (error == ENOENT) return IOStatus::PathNotFound(path, text);
  if (error == ENOSPC) return IOStatus::NoSpace(path, text);
  return IOStatus::IOError(path, text);
}

IOStatus FaultFs::NewSequentialFile(Path path, const FileOptions&,
                                    std::unique_ptr<rocksdb::FSSequentialFile>* out, Debug) {
  std::unique_ptr<Sequential> file;
  const IOStatus opened = open_to_read(disk_, clean(path), file);
  *out = std::move(file);
  return opened;
}

IOStatus FaultFs::NewRandomAccessFile(Path path, const FileOptions&,
                                      std::unique_ptr<rocksdb::FSRandomAccessFile>* out, Debug) {
  std::unique_ptr<RandomAccess> file;
  const IOStatus opened = open_to_read(disk_, clean(path), file);
  *out = std::move(file);
  return opened;
}

IOStatus FaultFs::NewWritableFile(Path path, const FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* out, Debug) {
  Ino file = 0;
  const int error = disk_.create(clean(path), /*exclusive=*/false, file);
  if (error == 0) *out = std::make_unique<Writable>(disk_, file, clean(path), options);
  return status_of(error, path);
}

IOStatus FaultFs::ReopenWritableFile(Path path, const FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* out, Debug debug) {
  Ino file = 0;
  if (disk_.find(clean(path), file) != 0) return NewWritableFile(path, options, out, debug);
  *out = std::make_unique<Writable>(disk_, file, clean(path), options);
  return IOStatus::OK();
}

IOStatus FaultFs::NewDirectory(Path path, const IOOptions&,
                               std::unique_ptr<rocksdb::FSDirectory>* out, Debug) {
  if (!disk_.is_directory(clean(path))) return status_of(ENOENT, path);
  *out = std::make_unique<Directory>(disk_, clean(path));
  return IOStatus::OK();
}

IOStatus FaultFs::FileExists(Path path, const IOOptions&, Debug) {
  Ino file = 0;
  const bool there = disk_.is_directory(clean(path)) || disk_.find(clean(path), file) == 0;
  return there ? IOStatus::OK() : IOStatus::NotFound();
}

IOStatus FaultFs::GetChildren(Path path, const IOOptions&, std::vector<std::string>* out, Debug) {
  if (!disk_.is_directory(clean(path))) return IOStatus::NotFound(path);
  disk_.children(clean(path), *out);
  return IOStatus::OK();
}

IOStatus FaultFs::GetChildrenFileAttributes(Path path, const IOOptions& options,
                                            std::vector<rocksdb::FileAttributes>* out,
                                            Debug debug) {
  // The wrapper would ask the file system of the machine.
  return rocksdb::FileSystem::GetChildrenFileAttributes(path, options, out, debug);
}

IOStatus FaultFs::DeleteFile(Path path, const IOOptions&, Debug) {
  return status_of(disk_.name(Op::remove, clean(path), {}), path);
}

IOStatus FaultFs::Truncate(Path path, std::size_t size, const IOOptions&, Debug) {
  Ino file = 0;
  int error = disk_.find(clean(path), file);
  if (error == 0) error = disk_.truncate(file, clean(path), size);
  return status_of(error, path);
}

IOStatus FaultFs::CreateDir(Path path, const IOOptions&, Debug) {
  return status_of(disk_.name(Op::make_directory, clean(path), {}), path);
}

IOStatus FaultFs::CreateDirIfMissing(Path path, const IOOptions&, Debug) {
  const int error = disk_.name(Op::make_directory, clean(path), {});
  return status_of(error == EEXIST ? 0 : error, path);
}

IOStatus FaultFs::DeleteDir(Path path, const IOOptions&, Debug) {
  return status_of(disk_.name(Op::remove, clean(path), {}), path);
}

IOStatus FaultFs::GetFileSize(Path path, const IOOptions&, std::uint64_t* size, Debug) {
  Ino file = 0;
  const int error = disk_.find(clean(path), file);
  if (error == 0) *size = disk_.size_of(file);
  return status_of(error, path);
}

IOStatus FaultFs::GetFileModificationTime(Path path, const IOOptions&, std::uint64_t* time, Debug) {
  Ino file = 0;
  *time = 0;
  return status_of(disk_.find(clean(path), file), path);
}

IOStatus FaultFs::RenameFile(Path from, Path to, const IOOptions&, Debug) {
  return status_of(disk_.name(Op::rename, clean(from), clean(to)), from);
}

IOStatus FaultFs::LinkFile(Path from, Path to, const IOOptions&, Debug) {
  return status_of(disk_.name(Op::link, clean(from), clean(to)), from);
}

IOStatus FaultFs::NumFileLinks(Path path, const IOOptions&, std::uint64_t* count, Debug) {
  Ino file = 0;
  const int error = disk_.find(clean(path), file);
  if (error == 0) *count = disk_.links_of(file);
  return status_of(error, path);
}

IOStatus FaultFs::AreFilesSame(Path one, Path other, const IOOptions&, bool* same, Debug) {
  Ino first = 0, second = 0;
  int error = disk_.find(clean(one), first);
  if (error == 0) error = disk_.find(clean(other), second);
  *same = first == second;
  return status_of(error, one);
}

IOStatus FaultFs::LockFile(Path path, const IOOptions&, rocksdb::FileLock** lock, Debug) {
  if (!disk_.lock(clean(path))) return IOStatus::IOError(path, "lock is held");
  *lock = new HeldLock(clean(path));
  return IOStatus::OK();
}

IOStatus FaultFs::UnlockFile(rocksdb::FileLock* lock, const IOOptions&, Debug) {
  const std::unique_ptr<HeldLock> held(static_cast<HeldLock*>(lock));
  disk_.unlock(held->path);
  return IOStatus::OK();
}

IOStatus FaultFs::GetAbsolutePath(Path path, const IOOptions&, std::string* out, Debug) {
  *out = path;
  return IOStatus::OK();
}

IOStatus FaultFs::GetFreeSpace(Path, const IOOptions&, std::uint64_t* free, Debug) {
  // RocksDB resumes by itself, on a thread of its own, as soon as there is room again.
  *free = disk_.is_limited() ? 0 : std::uint64_t{1} << 40U;
  return IOStatus::OK();
}

IOStatus FaultFs::IsDirectory(Path path, const IOOptions&, bool* is, Debug) {
  *is = disk_.is_directory(clean(path));
  return IOStatus::OK();
}

// ---- background work ---------------------------------------------------------------------------

SteppedEnv::SteppedEnv(FaultDisk& disk) : SteppedEnv(std::make_shared<FaultFs>(disk)) {}

// Parts of RocksDB ask the environment for files, others its file system: both are the disk's.
SteppedEnv::SteppedEnv(const std::shared_ptr<rocksdb::FileSystem>& files)
    : rocksdb::EnvWrapper(rocksdb::NewCompositeEnv(files)) {
  file_system_ = files;
  system_clock_ = std::make_shared<WakefulClock>();
  thread_ = std::thread([this] { run(); });
}

SteppedEnv::~SteppedEnv() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SteppedEnv::Schedule(void (*work)(void*), void* argument, Priority priority, void* tag,
                          void (*dropped)(void*)) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({work, argument, priority, tag, dropped});
  }
  changed_.notify_all();
}

int SteppedEnv::UnSchedule(void* tag, Priority priority) {
  std::vector<Job> gone;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(jobs_, [&](const Job& job) {
      const bool drop = job.tag == tag && job.priority == priority;
      if (drop) gone.push_back(job);
      return drop;
    });
  }
  for (const Job& job : gone)
    if (job.dropped != nullptr) job.dropped(job.argument);
  return static_cast<int>(gone.size());
}

unsigned int SteppedEnv::GetThreadPoolQueueLen(Priority priority) const {
  const std::lock_guard lock(mutex_);
  return static_cast<unsigned>(
      std::ranges::count_if(jobs_, [&](const Job& job) { return job.priority == priority; }));
}

void SteppedEnv::let(Let what) {
  {
    const std::lock_guard lock(mutex_);
    let_ = what;
  }
  changed_.notify_all();
}

void SteppedEnv::run_to_idle() {
  std::unique_lock lock(mutex_);
  const Let before = std::exchange(let_, Let::all);
  changed_.notify_all();
  changed_.wait(lock, [&] { return jobs_.empty() && !busy_; });
  let_ = before;
}

// RocksDB's flushes have the high priority.
std::deque<SteppedEnv::Job>::iterator SteppedEnv::next_job() {
  if (let_ == Let::nothing) return jobs_.end();
  if (let_ == Let::all) return jobs_.begin();
  return std::ranges::find(jobs_, Priority::HIGH, &Job::priority);
}

void SteppedEnv::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || next_job() != jobs_.end(); });
    if (stop_) return;
    const auto next = next_job();
    const Job job = *next;
    jobs_.erase(next);
    busy_ = true;
    lock.unlock();
    job.work(job.argument);
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace crash
