#include "tests/crash/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <sstream>

#include "tests/crash/kill_entry.h"

namespace crash {
namespace {

engine::Hash hash_of(const std::string& hex) {
  engine::Hash out{};
  for (std::size_t i = 0; i < out.size() && i * 2 + 1 < hex.size(); ++i)
    std::from_chars(hex.data() + i * 2, hex.data() + i * 2 + 2, out[i], 16);
  return out;
}

Entry entry_named(const std::string& id) {
  std::uint64_t round = 0, thread = 0, number = 0;
  char dash = 0;
  std::istringstream(id) >> round >> dash >> thread >> dash >> number;
  return kill_entry(round, thread, number);
}

// False: the line is no promise.
bool keep(Oracle& oracle, const std::string& line, Tally& tally) {
  std::istringstream in(line);
  std::string what, id, hex;
  in >> what;
  if (what.size() != 1) return false;
  if (what == "f") {
    tally.count("allocations failed");
    return true;
  }
  if (what == "v") {
    std::uint64_t seq = 0;
    in >> seq >> hex;
    oracle.shown(seq, hash_of(hex));
    tally.count("roots shown");
    return true;
  }
  in >> id;
  if (what == "s") {
    oracle.sent(entry_named(id));
    return true;
  }
  engine::Answer answer;
  if (what == "r") {
    answer.refused = "Overdrawn";
  } else {
    engine::Receipt& receipt = answer.receipt.emplace();
    in >> receipt.seq >> receipt.version >> receipt.recorded_at >> hex;
    receipt.leaf = hash_of(hex);
    tally.count("acknowledged");
  }
  oracle.answered(id, answer);
  return true;
}

pid_t spawn(std::vector<std::string>& arguments, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& one : arguments) argv.push_back(one.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  REQUIRE(::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

}  // namespace

ChildEnd run_child(std::vector<std::string> arguments, Oracle& oracle, Tally& tally,
                   std::uint64_t kill_after) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  const pid_t child = spawn(arguments, pipe[1]);
  ::close(pipe[1]);
  ChildEnd end;
  std::string rest;
  std::array<char, 4096> buffer{};
  std::uint64_t seen = 0;
  // What it said before it died is a promise, also what we read after the signal.
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    rest.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t line = 0; (line = rest.find('\n')) != std::string::npos; ++seen) {
      const std::string text = rest.substr(0, line);
      if (!keep(oracle, text, tally)) end.said = text;
      rest.erase(0, line + 1);
    }
    if (seen >= kill_after && !end.killed) end.killed = ::kill(child, SIGKILL) == 0;
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  if (WIFEXITED(status)) end.status = WEXITSTATUS(status);
  return end;
}

std::string kill_writer() { return std::string(BIN_DIR) + "/kill_writer"; }

std::string recover(const std::string& ledger, Oracle& oracle) {
  const auto log = engine::Log::open(ledger, engine::OpenMode::read_write);
  if (!log) return "the ledger does not open: " + log.error().text;
  std::string wrong = oracle.check(**log);
  return wrong.empty() ? oracle.retry(**log, 5) : wrong;
}

}  // namespace crash
