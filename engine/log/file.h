// The few operations on plain files that must survive a power cut: written whole, synced, and their
// directory synced after them; and the lock that keeps a second process out. The only door of
// engine/log to files of its own (RocksDB's aside): all calls go through disk.h.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/result.h"

namespace engine {

// Owns a file descriptor.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

// What errno says, with the path, as an Error.
[[nodiscard]] Error error_of_errno(const std::string& path, std::string_view doing);

[[nodiscard]] Result<std::string> read_file(const std::string& path);
[[nodiscard]] Result<File> open_file(const std::string& path, int flags, mode_t mode = 0644);
[[nodiscard]] Result<void> write_at(const File& file, const std::string& path, ByteSpan bytes,
                                    std::uint64_t offset);
// Makes a new file with these bytes, by a temporary name, fsync, rename and fsync of the directory;
// an existing file is replaced only if `replace`.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes, mode_t mode,
                                      bool replace);
// Returns after fdatasync.
[[nodiscard]] Result<void> sync_data(const File& file, const std::string& path);
// With those above it; what is there already stays as it is.
[[nodiscard]] Result<void> make_directories(const std::string& path, mode_t mode = 0777);
[[nodiscard]] Result<std::vector<std::string>> names_in(const std::string& directory);
// Of a file that may be there and is of no use any more.
void remove_file(const std::string& path);
[[nodiscard]] Result<void> sync_directory(const std::string& path);

// An exclusive lock held as long as the File lives; ErrorCode::locked if another process has it.
[[nodiscard]] Result<File> lock_file(const std::string& path);

}  // namespace engine
