// The operating system's disk.
#include "engine/log/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string_view>

namespace engine {
namespace {

std::atomic<Disk*> in_place_of_ours{nullptr};

}  // namespace

int Disk::open(const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }
int Disk::close(int descriptor) { return ::close(descriptor); }
ssize_t Disk::read(int descriptor, void* bytes, std::size_t size) {
  return ::read(descriptor, bytes, size);
}
ssize_t Disk::pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  return ::pwrite(descriptor, bytes, size, offset);
}
int Disk::fsync(int descriptor) { return ::fsync(descriptor); }
int Disk::fdatasync(int descriptor) { return ::fdatasync(descriptor); }
int Disk::flock(int descriptor, int operation) { return ::flock(descriptor, operation); }
int Disk::rename(const char* from, const char* to) { return ::rename(from, to); }
int Disk::link(const char* from, const char* to) { return ::link(from, to); }
int Disk::unlink(const char* path) { return ::unlink(path); }
int Disk::mkdir(const char* path, mode_t mode) { return ::mkdir(path, mode); }
int Disk::rmdir(const char* path) { return ::rmdir(path); }
int Disk::stat(const char* path, struct stat* status) { return ::stat(path, status); }

int Disk::list(const char* path, std::vector<std::string>& names) {
  DIR* const directory = ::opendir(path);
  if (directory == nullptr) return -1;
  names.clear();
  while (const dirent* const entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return ::closedir(directory);
}

Disk& disk() {
  static Disk ours;
  Disk* const other = in_place_of_ours.load(std::memory_order_acquire);
  return other != nullptr ? *other : ours;
}

void replace_disk(Disk* other) { in_place_of_ours.store(other, std::memory_order_release); }

}  // namespace engine
