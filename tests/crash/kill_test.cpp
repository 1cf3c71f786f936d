// R1: kill -9 under load, on the machine's own file system. The parent, which is never killed,
// keeps what the writer said; every promise must stand when the ledger is opened again.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <sstream>

#include "tests/crash/campaign.h"
#include "tests/crash/kill_entry.h"
#include "tests/crash/oracle.h"

using namespace crash;

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

void keep(Oracle& oracle, const std::string& line, Tally& tally) {
  std::istringstream in(line);
  std::string what, id, hex;
  in >> what;
  if (what == "v") {
    std::uint64_t seq = 0;
    in >> seq >> hex;
    oracle.shown(seq, hash_of(hex));
    return tally.count("roots shown");
  }
  in >> id;
  if (what == "s") return oracle.sent(entry_named(id));
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
}

// Runs a writer on the ledger until it has said so many lines, and kills it in the middle of what
// it does. Empty: the signal ended it, and nothing else.
std::string run_and_kill(const std::string& ledger, std::uint64_t round, std::uint64_t lines,
                         Oracle& oracle, Tally& tally) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::string program = std::string(BIN_DIR) + "/kill_writer", dir = ledger;
  std::string number = std::to_string(round);
  char* const argv[] = {program.data(), dir.data(), number.data(), nullptr};
  pid_t child = 0;
  REQUIRE(::posix_spawn(&child, program.c_str(), &actions, nullptr, argv, environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  std::string rest;
  std::array<char, 4096> buffer{};
  std::uint64_t seen = 0;
  bool killed = false;
  // What it said before it died is a promise, also what we read after the signal.
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    rest.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string::npos; ++seen) {
      keep(oracle, rest.substr(0, end), tally);
      rest.erase(0, end + 1);
    }
    if (seen >= lines && !killed) killed = ::kill(child, SIGKILL) == 0;
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && killed) return {};
  return "the writer ended by itself, status " + std::to_string(status);
}

std::string recover(const std::string& ledger, Oracle& oracle) {
  const auto log = engine::Log::open(ledger, engine::OpenMode::read_write);
  if (!log) return "the ledger does not open: " + log.error().text;
  std::string wrong = oracle.check(**log);
  return wrong.empty() ? oracle.retry(**log, 5) : wrong;
}

void kill_rounds(std::uint64_t part) {
  constexpr std::uint64_t kRoundsEach = 20;  // on one ledger: a check reads all of it
  Tally tally("R1", "kill -9 under 8 writers and 3 readers, part " + std::to_string(part));
  const std::uint64_t rounds = times(100);
  Numbers numbers(first_seed() + part);
  while (tally.runs() < rounds) {
    const engine::test::TempDir temp;
    {
      const auto made = engine::test::new_log(temp);
    }
    Oracle oracle;
    for (std::uint64_t i = 0; i < kRoundsEach && tally.runs() < rounds; ++i) {
      const std::uint64_t round = part * 1'000'000 + tally.runs();
      std::string wrong = run_and_kill(temp.ledger(), round, numbers.below(400), oracle, tally);
      if (wrong.empty()) wrong = recover(temp.ledger(), oracle);
      tally.add(1, wrong);
      REQUIRE_MESSAGE(wrong.empty(), "round " << round << ": " << wrong);
    }
  }
  CHECK(tally.seen("acknowledged") > rounds);
  CHECK(tally.seen("roots shown") > 0);
}

}  // namespace

TEST_CASE("R1: a killed process loses nothing acknowledged, part 1") { kill_rounds(1); }
TEST_CASE("R1: a killed process loses nothing acknowledged, part 2") { kill_rounds(2); }
