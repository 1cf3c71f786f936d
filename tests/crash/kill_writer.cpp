// The process that R1, R2 and R11 end: `kill_writer LEDGER ROUND`: eight clients send commands,
// three readers read, until they are killed; `.. COMMANDS [NTH]`: one client sends so many, and an
// allocation fails (failing_malloc.h): "7" the seventh, "7+" all from it on, "open7" the seventh
// after the ledger is open. Each line on stdout is a promise that the parent keeps: "s ID" sent, "a
// ID SEQ VERSION TIME LEAF" acknowledged, "r ID" refused, "v SEQ ROOT" a root that was shown, "f"
// an allocation that failed.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "engine/no_memory.h"
#include "tests/crash/failing_malloc.h"
#include "tests/crash/kill_entry.h"

namespace {

using namespace crash;

std::string hex(const engine::Hash& hash) {
  std::string out;
  for (const std::uint8_t byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

// One write: a line is there whole or not at all, whatever kills us.
void tell(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    ::_exit(2);
}

void send(BookWriter& writer, std::uint64_t round, std::uint64_t thread, std::uint64_t commands) {
  for (std::uint64_t number = 1; number <= commands; ++number) {
    const Entry entry = kill_entry(round, thread, number);
    tell("s " + entry.id + "\n");
    const auto answer = writer.execute(entry);
    if (!answer || answer->error) {
      fmt::print(stderr, "{}\n", answer ? answer->error->text : "closed");
      ::_exit(3);
    }
    if (!answer->receipt) {
      tell("r " + entry.id + "\n");
      continue;
    }
    const engine::Receipt& got = *answer->receipt;
    tell(fmt::format("a {} {} {} {} {}\n", entry.id, got.seq, got.version, got.recorded_at,
                     hex(got.leaf)));
  }
}

void read(const engine::Log& log, std::uint64_t seed) {
  engine::test::Numbers numbers(seed);
  for (std::uint64_t last = 0;;) {
    const std::uint64_t size = log.size();
    if (size == last) {
      std::this_thread::yield();
      continue;
    }
    last = 1 + numbers.below(size);
    const auto root = log.root_at(last);
    if (!root) ::_exit(4);
    tell(fmt::format("v {} {}\n", last, hex(*root)));
    last = size;
  }
}

void fail_at(std::string_view nth, bool open) {
  if (nth.starts_with("open") != open || nth.empty()) return;
  if (open) nth.remove_prefix(4);
  const bool forever = nth.ends_with('+');
  fail_allocation(std::stoul(std::string(nth)), forever);
}

}  // namespace

int main(int argc, char** argv) {
  engine::end_when_memory_ends();
  if (argc < 3 || argc > 5) return 1;
  const std::uint64_t round = std::stoull(argv[2]);
  const std::uint64_t commands = argc > 3 ? std::stoull(argv[3]) : UINT64_MAX;
  const std::string nth = argc > 4 ? argv[4] : "";
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (argc > 3) ::alarm(120);  // who stands still is found out
  fail_at(nth, /*open=*/false);
  auto log = engine::Log::open(argv[1], engine::OpenMode::read_write);
  if (!log) {
    fmt::print(stderr, "{}\n", log.error().text);
    return 5;
  }
  Book book(**log);
  BookWriter writer(**log, book);
  fail_at(nth, /*open=*/true);
  if (argc > 3) {
    send(writer, round, 0, commands);
    return 0;
  }
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread < kKillWriters; ++thread)
    threads.emplace_back(
        [&writer, round, thread, commands] { send(writer, round, thread, commands); });
  for (unsigned thread = 0; thread < kKillReaders; ++thread)
    threads.emplace_back([&log, round, thread] { read(**log, round + thread); });
  threads.clear();  // never returns: each goes on until we are killed
  return 0;
}
