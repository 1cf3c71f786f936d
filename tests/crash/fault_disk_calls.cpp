// The calls of engine/log/disk.h, for our own files: descriptors over what fault_disk.cpp does.
#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "engine/proof/bytes.h"
#include "tests/crash/fault_disk.h"
#include "tests/crash/fault_fs.h"

namespace crash {
namespace {

bool is_ours(const char* path) { return std::string_view(path).starts_with(kRoot); }
bool is_head(const std::string& path) { return path.ends_with("/HEAD"); }

int failed(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

}  // namespace

int FaultDisk::open(const char* path, int flags, mode_t mode) {
  if (!is_ours(path)) return Disk::open(path, flags, mode);
  if (const int error = opening(path); error != 0) return failed(error);
  Handle handle{0, path, 0};
  if (!is_directory(path)) {
    const bool exclusive = (flags & O_EXCL) != 0;
    const bool there = find(path, handle.file) == 0;
    if (!there && (flags & O_CREAT) == 0) return failed(ENOENT);
    if ((!there || exclusive) && (flags & O_CREAT) != 0) {
      if (const int error = create(path, exclusive, handle.file); error != 0) return failed(error);
    }
  }
  const Lock lock(mutex_);
  handles_[next_handle_] = handle;
  return next_handle_++;
}

int FaultDisk::close(int descriptor) {
  const Lock lock(mutex_);
  const auto handle = handles_.find(descriptor);
  if (handle == handles_.end()) return Disk::close(descriptor);
  std::erase_if(flocks_, [&](const auto& one) { return one.second == descriptor; });
  handles_.erase(handle);
  return 0;
}

ssize_t FaultDisk::read(int descriptor, void* bytes, std::size_t size) {
  Handle handle;
  {
    const Lock lock(mutex_);
    const auto found = handles_.find(descriptor);
    if (found == handles_.end()) return Disk::read(descriptor, bytes, size);
    handle = found->second;
  }
  std::string out;
  if (const int error = read_at(handle.file, handle.path, handle.at, size, out); error != 0)
    return failed(error);
  std::memcpy(bytes, out.data(), out.size());
  const Lock lock(mutex_);
  handles_[descriptor].at += out.size();
  return static_cast<ssize_t>(out.size());
}

ssize_t FaultDisk::pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  Handle handle;
  {
    const Lock lock(mutex_);
    const auto found = handles_.find(descriptor);
    if (found == handles_.end()) return Disk::pwrite(descriptor, bytes, size, offset);
    handle = found->second;
  }
  const std::string_view text(static_cast<const char*>(bytes), size);
  const int error = write(handle.file, handle.path, static_cast<std::uint64_t>(offset), text);
  if (is_head(handle.path)) {
    const Lock lock(mutex_);
    if (error != 0) head_done(false);
    head_seq_ = engine::get_le<std::uint64_t>(static_cast<const std::uint8_t*>(bytes) +
                                              24);  // docs/FORMAT.md, "HEAD"
  }
  return error != 0 ? failed(error) : static_cast<ssize_t>(size);
}

int FaultDisk::fsync(int descriptor) {
  Handle handle;
  {
    const Lock lock(mutex_);
    const auto found = handles_.find(descriptor);
    if (found == handles_.end()) return Disk::fsync(descriptor);
    handle = found->second;
  }
  const int error = handle.file == 0 ? sync_directory(handle.path) : sync(handle.file, handle.path);
  if (is_head(handle.path)) {
    const Lock lock(mutex_);
    head_done(error == 0);
  }
  return failed(error);
}

int FaultDisk::flock(int descriptor, int operation) {
  const Lock lock(mutex_);
  const auto found = handles_.find(descriptor);
  if (found == handles_.end()) return Disk::flock(descriptor, operation);
  const auto [holder, fresh] = flocks_.try_emplace(found->second.file, descriptor);
  return fresh || holder->second == descriptor ? 0 : failed(EWOULDBLOCK);
}

int FaultDisk::rename(const char* from, const char* to) {
  return is_ours(from) ? failed(name(Op::rename, from, to)) : Disk::rename(from, to);
}
int FaultDisk::link(const char* from, const char* to) {
  return is_ours(from) ? failed(name(Op::link, from, to)) : Disk::link(from, to);
}
int FaultDisk::unlink(const char* path) {
  return is_ours(path) ? failed(name(Op::remove, path, {})) : Disk::unlink(path);
}
int FaultDisk::rmdir(const char* path) {
  return is_ours(path) ? failed(name(Op::remove, path, {})) : Disk::rmdir(path);
}
int FaultDisk::mkdir(const char* path, mode_t mode) {
  return is_ours(path) ? failed(name(Op::make_directory, path, {})) : Disk::mkdir(path, mode);
}

int FaultDisk::stat(const char* path, struct stat* status) {
  if (!is_ours(path)) return Disk::stat(path, status);
  *status = {};
  Ino file = 0;
  if (is_directory(path)) {
    status->st_mode = S_IFDIR | 0700;
    return 0;
  }
  if (find(path, file) != 0) return failed(ENOENT);
  status->st_mode = S_IFREG | 0600;
  status->st_size = static_cast<off_t>(size_of(file));
  return 0;
}

int FaultDisk::list(const char* path, std::vector<std::string>& names) {
  if (!is_ours(path)) return Disk::list(path, names);
  if (!is_directory(path)) return failed(ENOENT);
  children(path, names);
  return 0;
}

rocksdb::Env* FaultDisk::rocksdb_env() { return env_.get(); }

std::chrono::milliseconds FaultDisk::head_lag() const {
  const Lock lock(mutex_);
  return stepped_ ? std::chrono::milliseconds(0) : Disk::head_lag();
}

}  // namespace crash
