// Making, opening and handling the measured ledger.
#include "tools/benchmark/bench_ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "engine/log/key_file.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

std::string own_path() { return fs::read_symlink("/proc/self/exe").string(); }

std::string beside(const std::string& program) {
  return (fs::path(own_path()).parent_path() / program).string();
}

Result<std::string> run_beside(const std::string& program,
                               const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorCode::io, "No pipe.");
  const std::string path = beside(program);
  std::vector<std::string> words = {path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = 0;
  const int spawned =
      ::posix_spawn(&child, path.c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string out;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    out.append(buffer.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  if (spawned != 0) return fail(ErrorCode::io, path + " cannot be started.");
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(ErrorCode::io,
                fmt::format("{} failed ({}): {}", fmt::join(words, " "), status, out));
  return out;
}

void remove_ledger(const std::string& dir) {
  std::error_code ignored;
  for (const std::string& path : {dir, keys_of(dir), dir + ".keystore"})
    fs::remove_all(path, ignored);
}

Result<void> make_ledger(const std::string& dir) {
  remove_ledger(dir);
  std::error_code ignored;
  fs::create_directories(fs::path(dir).parent_path(), ignored);
  engine::Hash master{};
  master.fill(0x5a);
  const std::string keystore = dir + ".keystore";
  if (auto written = engine::write_key_file(keystore, engine::KeyRing(master)); !written)
    return written;
  const auto made =
      run_beside("bihuan", {"init", "--data", dir, "--district", "基准区", "--keystore", keystore});
  if (!made) return std::unexpected(made.error());
  return {};
}

Result<OpenLedger> open_ledger(const std::string& dir, engine::OpenMode mode) {
  auto log = engine::Log::open(dir, mode);
  if (!log) return std::unexpected(log.error());
  auto keys = engine::read_key_file(keys_of(dir) + "/keystore");
  if (!keys) return std::unexpected(keys.error());
  return OpenLedger{std::move(*log), std::move(*keys)};
}

namespace {

template <class Visit>
void each_file(const std::string& dir, Visit visit) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(dir, error))
    if (entry.is_regular_file(error)) visit(entry.path().string());
}

}  // namespace

double bytes_on_disk(const std::string& dir) {
  constexpr double kBlock = 512;  // the unit of st_blocks
  double bytes = 0;
  each_file(dir, [&](const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) bytes += static_cast<double>(status.st_blocks) * kBlock;
  });
  return bytes;
}

void drop_cached_pages(const std::string& dir) {
  each_file(dir, [](const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ::fdatasync(file);  // dirty pages cannot be dropped
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  });
}

}  // namespace tools
