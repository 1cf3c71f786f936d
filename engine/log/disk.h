// Where the log meets the disk: every file call that it makes itself, and the file system under
// RocksDB. There is one a process, the operating system's. A test may put another in its place: one
// that loses, tears, fails or lies.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace rocksdb {
class Env;
}

namespace engine {

// The calls of these names; -1 with errno where they fail. Any thread may call.
class Disk {
 public:
  Disk() = default;
  virtual ~Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  virtual int open(const char* path, int flags, mode_t mode);
  virtual int close(int descriptor);
  virtual ssize_t read(int descriptor, void* bytes, std::size_t size);
  virtual ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset);
  virtual int fsync(int descriptor);
  virtual int fdatasync(int descriptor);
  virtual int flock(int descriptor, int operation);
  virtual int rename(const char* from, const char* to);
  virtual int link(const char* from, const char* to);
  virtual int unlink(const char* path);
  virtual int mkdir(const char* path, mode_t mode);
  virtual int rmdir(const char* path);
  virtual int stat(const char* path, struct stat* status);
  // The names in a directory, "." and ".." left out, in any order.
  virtual int list(const char* path, std::vector<std::string>& names);

  // The environment that RocksDB is opened with; nullptr: its own.
  virtual rocksdb::Env* rocksdb_env() { return nullptr; }
  // While groups follow one another, HEAD is written once in this time (head.h). Our choice: with a
  // write beside every group its sync and the group's compete for the disk, and a lone client lost
  // a seventh of its rate.
  [[nodiscard]] virtual std::chrono::milliseconds head_lag() const {
    return std::chrono::milliseconds(10);
  }
};

[[nodiscard]] Disk& disk();
// For tests: what is open must have been opened on the disk that it is closed on. nullptr: the
// operating system's.
void replace_disk(Disk* other);

}  // namespace engine
