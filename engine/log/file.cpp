// Calls of the disk with their errors as values.
#include "engine/log/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "engine/log/disk.h"
#include "engine/mutant.h"

namespace engine {

File::~File() {
  if (descriptor_ >= 0) disk().close(descriptor_);
}

Error error_of_errno(const std::string& path, std::string_view doing) {
  const int error = errno;
  const bool full = error == ENOSPC || error == EFBIG || error == EDQUOT;
  const ErrorCode code = full              ? ErrorCode::disk_full
                         : error == ENOENT ? ErrorCode::not_found
                                           : ErrorCode::io;
  return {code,
          path + ": " + std::string(doing) + ": " + std::generic_category().message(error) + ".",
          0};
}

Result<File> open_file(const std::string& path, int flags, mode_t mode) {
  const int descriptor = disk().open(path.c_str(), flags | O_CLOEXEC, mode);
  if (descriptor < 0) return std::unexpected(error_of_errno(path, "opening"));
  return File(descriptor);
}

Result<std::string> read_file(const std::string& path) {
  auto file = open_file(path, O_RDONLY);
  if (!file) return std::unexpected(file.error());
  std::string out;
  char buffer[8192];
  for (;;) {
    const ssize_t got = disk().read(file->get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(error_of_errno(path, "reading"));
    if (got == 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

Result<void> write_at(const File& file, const std::string& path, ByteSpan bytes,
                      std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t put =
        disk().pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return std::unexpected(error_of_errno(path, "writing"));
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

Result<void> sync_data(const File& file, const std::string& path) {
  if (disk().fdatasync(file.get()) != 0) return std::unexpected(error_of_errno(path, "syncing"));
  return {};
}

Result<void> make_directories(const std::string& path, mode_t mode) {
  struct stat status{};
  if (disk().stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (!parent.empty() && parent != path) {
    if (auto made = make_directories(parent, mode); !made) return made;
  }
  // A path that ends with a slash was made as its own parent.
  if (disk().mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
  return std::unexpected(error_of_errno(path, "making the directory"));
}

Result<std::vector<std::string>> names_in(const std::string& directory) {
  std::vector<std::string> names;
  if (disk().list(directory.c_str(), names) == 0) return names;
  return std::unexpected(error_of_errno(directory, "listing"));
}

void remove_file(const std::string& path) { disk().unlink(path.c_str()); }

Result<void> sync_directory(const std::string& path) {
  if (seeded(Mutant::unsynced_directory)) return {};
  const auto directory = open_file(path, O_RDONLY | O_DIRECTORY);
  if (!directory) return std::unexpected(directory.error());
  if (disk().fsync(directory->get()) != 0) return std::unexpected(error_of_errno(path, "syncing"));
  return {};
}

Result<void> write_file(const std::string& path, std::string_view bytes, mode_t mode,
                        bool replace) {
  const std::string temporary = path + ".new";
  disk().unlink(temporary.c_str());  // left by a crash: it never had a name that anyone reads
  const auto file = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, mode);
  if (!file) return std::unexpected(file.error());
  if (auto put = write_at(*file, temporary, bytes_of(bytes), 0); !put) return put;
  if (disk().fsync(file->get()) != 0) return std::unexpected(error_of_errno(temporary, "syncing"));
  // link() refuses an existing name, rename() replaces it: each in one step.
  const bool named = replace ? disk().rename(temporary.c_str(), path.c_str()) == 0
                             : disk().link(temporary.c_str(), path.c_str()) == 0;
  if (!named) {
    const Error error = error_of_errno(path, "naming");
    disk().unlink(temporary.c_str());
    return std::unexpected(error);
  }
  if (!replace) disk().unlink(temporary.c_str());
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return sync_directory(parent.empty() ? "." : parent);
}

Result<File> lock_file(const std::string& path) {
  auto file = open_file(path, O_RDWR | O_CREAT);
  if (!file) return std::unexpected(file.error());
  if (disk().flock(file->get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return std::unexpected(error_of_errno(path, "locking"));
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return fail(ErrorCode::locked, "Another process has the ledger " + directory + " open.");
}

}  // namespace engine
