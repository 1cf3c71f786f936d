#include "tools/benchmark/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>

#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::File;
using engine::Result;

Result<Child> Child::start(const std::string& program, const std::vector<std::string>& arguments,
                           const std::string& log) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorCode::io, "No pipe.");
  Child child;
  child.out_ = File(ends[0]);
  File written(ends[1]);
  const std::string path = beside(program);
  std::vector<std::string> words = {path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, written.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  const Stopwatch watch;
  const int spawned =
      ::posix_spawn(&child.process_, path.c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  written = File();
  if (spawned != 0) {
    child.process_ = 0;
    return fail(ErrorCode::io, path + " cannot be started.");
  }
  std::string line;
  for (char byte = 0; !line.ends_with('\n') && ::read(child.out_.get(), &byte, 1) == 1;)
    line.push_back(byte);
  child.ready_ms_ = watch.milliseconds();
  const std::size_t colon = line.rfind(':');
  if (colon != std::string::npos)
    std::from_chars(line.data() + colon + 1, line.data() + line.size(), child.port_);
  if (child.port_ == 0)
    return fail(ErrorCode::io, fmt::format("{} does not serve; {} says why.", program, log));
  return child;
}

int Child::end(int signal) {
  if (process_ == 0) return 0;
  int status = 0;
  ::kill(process_, signal);
  ::waitpid(process_, &status, 0);
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
int Child::stop() { return end(SIGTERM); }
void Child::kill() { end(SIGKILL); }

double Child::resident_bytes() const {
  std::ifstream statm(fmt::format("/proc/{}/statm", process_));
  double pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace tools
