// R1, R2, R11: a process that writes is killed under load, killed at each of its calls, or runs out
// of memory, on the machine's own file system. The parent, which is never killed, keeps what the
// writer said; every promise must stand when the ledger is opened again.
#include <doctest/doctest.h>

#include <csignal>
#include <memory>

#include "engine/no_memory.h"
#include "tests/crash/child.h"

using namespace crash;

namespace {

constexpr std::uint64_t kRoundsEach = 20;  // on one ledger: a check reads all of it

// A ledger and what was promised of it; a new one every so many rounds.
struct Victim {
  Victim() { const auto made = engine::test::new_log(temp); }
  engine::test::TempDir temp;
  Oracle oracle;
};

class Victims {
 public:
  Victim& next() {
    if (rounds_++ % kRoundsEach == 0) now_ = std::make_unique<Victim>();
    return *now_;
  }

 private:
  std::uint64_t rounds_ = 0;
  std::unique_ptr<Victim> now_;
};

void kill_rounds(std::uint64_t part) {
  Tally tally("R1", "kill -9 under 8 writers and 3 readers, part " + std::to_string(part));
  const std::uint64_t rounds = times(100);
  engine::test::Numbers numbers(first_seed() + part);
  Victims victims;
  while (tally.runs() < rounds) {
    Victim& victim = victims.next();
    const std::uint64_t round = part * 1'000'000 + tally.runs();
    const ChildEnd end = run_child({kill_writer(), victim.temp.ledger(), std::to_string(round)},
                                   victim.oracle, tally, numbers.below(400));
    std::string wrong;
    if (end.signal != SIGKILL || !end.killed) wrong = "the writer ended by itself";
    if (wrong.empty()) wrong = recover(victim.temp.ledger(), victim.oracle);
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), "round " << round << ": " << wrong);
  }
  CHECK(tally.seen("acknowledged") > rounds);
  CHECK(tally.seen("roots shown") > 0);
}

// The sanitizers' runtime does not live under strace, and has an allocator of its own.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define IN_PLAIN_BUILDS 1
#else
#define IN_PLAIN_BUILDS 0
#endif

#if IN_PLAIN_BUILDS
// strace kills the writer when one of its threads makes its nth call of this name. False: it came
// to its end before.
bool killed_at(const std::string& call, std::uint64_t nth, Victim& victim, std::uint64_t round,
               Tally& tally) {
  const std::string inject = "inject=" + call + ":signal=SIGKILL:when=" + std::to_string(nth);
  const ChildEnd end = run_child(
      {"strace", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=" + call, "-e", inject,
       kill_writer(), victim.temp.ledger(), std::to_string(round), std::to_string(times(3))},
      victim.oracle, tally);
  // strace ends as what it traced did.
  CHECK((end.signal == SIGKILL || (end.signal == 0 && end.status == 0)));
  return end.signal == SIGKILL;
}

// Without memory the writer ends with a sentence and an exit code, or it goes on.
std::string without_memory(const std::string& nth, std::uint64_t commands, Victim& victim,
                           std::uint64_t round, Tally& tally) {
  const ChildEnd end = run_child(
      {kill_writer(), victim.temp.ledger(), std::to_string(round), std::to_string(commands), nth},
      victim.oracle, tally);
  if (end.signal == SIGALRM) return "the writer stood still";
  // A library that takes what malloc gave without looking at it, or glibc, which ends a process
  // that uses a thread's variable for the first time and has no room for its destructor.
  const bool by_glibc = end.signal == SIGABRT && end.said.starts_with("Fatal glibc error") &&
                        end.said.find("out of memory") != std::string::npos;
  const bool in_library = end.signal == SIGSEGV || by_glibc;
  if (in_library) tally.count("ended inside a library");
  if (end.signal != 0 && !in_library)
    return "signal " + std::to_string(end.signal) + " ended it: " + end.said;
  if (end.status != 0 && end.said.empty()) return "it ended without a sentence";
  const bool by_sentence =
      end.status == engine::kNoMemoryExit && end.said.find("Out of memory") != std::string::npos;
  if (end.status == 0 && end.signal == 0) tally.count("went on");
  if (end.status != 0) tally.count(by_sentence ? "ended for want of memory" : "ended by an error");
  return recover(victim.temp.ledger(), victim.oracle);
}
#endif

}  // namespace

TEST_CASE("R1: a killed process loses nothing acknowledged, part 1") { kill_rounds(1); }
TEST_CASE("R1: a killed process loses nothing acknowledged, part 2") { kill_rounds(2); }

#if IN_PLAIN_BUILDS
TEST_CASE("R2: killed at any of its calls to the disk, a process loses nothing acknowledged") {
  Tally tally("R2", "kill at each nth call of a run");
  Victims victims;
  for (const std::string call : {"fdatasync", "fsync", "write", "pwrite64", "rename", "unlink"}) {
    std::uint64_t nth = 0;
    for (bool killed = true; killed;) {
      Victim& victim = victims.next();
      killed = killed_at(call, ++nth, victim, 2'000'000 + tally.runs(), tally);
      const std::string wrong = recover(victim.temp.ledger(), victim.oracle);
      tally.add(1, wrong);
      if (killed) tally.count(call);
      REQUIRE_MESSAGE(wrong.empty(), call << " " << nth << ": " << wrong);
    }
    CHECK_MESSAGE(tally.seen(call) != 0, call);
  }
  CHECK(tally.seen("acknowledged") != 0);
}

TEST_CASE("R11: a process without memory ends by a sentence, and loses nothing acknowledged") {
  Tally tally("R11", "an allocation fails, once or from then on");
  Victims victims;
  const auto run = [&](const std::string& nth, std::uint64_t commands) {
    Victim& victim = victims.next();
    const std::uint64_t round = 3'000'000 + tally.runs();
    const std::string wrong = without_memory(nth, commands, victim, round, tally);
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), "allocation " << nth << ": " << wrong);
  };
  // Each of one command, from when the ledger is open; a quarter of them, but in the campaign.
  const std::uint64_t step = times(1) > 1 ? 1 : 4;
  for (std::uint64_t n = 1, before = 0; tally.seen("allocations failed") == before; n += step) {
    ++before;
    run("open" + std::to_string(n), 1);
  }
  // Any, the open's too.
  engine::test::Numbers numbers(first_seed());
  for (std::uint64_t i = 0; i < times(20); ++i)
    run(std::to_string(1 + numbers.below(6000)) + (i % 2 == 0 ? "" : "+"), 5);
  CHECK(tally.seen("allocations failed") != 0);
  CHECK(tally.seen("ended for want of memory") != 0);
}
#endif
