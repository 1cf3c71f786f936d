// The process that R1 kills: eight clients send commands, three readers read, and each line on
// stdout is a promise that the parent keeps: "s ID" sent, "a ID SEQ VERSION TIME LEAF"
// acknowledged, "r ID" refused, "v SEQ ROOT" a root that was shown.
#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

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

void send(BookWriter& writer, std::uint64_t round, std::uint64_t thread) {
  for (std::uint64_t number = 1;; ++number) {
    const Entry entry = kill_entry(round, thread, number);
    tell("s " + entry.id + "\n");
    const auto answer = writer.execute(entry);
    if (!answer || answer->error) ::_exit(3);
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  const std::uint64_t round = std::stoull(argv[2]);
  auto log = engine::Log::open(argv[1], engine::OpenMode::read_write);
  if (!log) {
    fmt::print(stderr, "{}\n", log.error().text);
    return 5;
  }
  Book book(**log);
  BookWriter writer(**log, book);
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread < kKillWriters; ++thread)
    threads.emplace_back([&writer, round, thread] { send(writer, round, thread); });
  for (unsigned thread = 0; thread < kKillReaders; ++thread)
    threads.emplace_back([&log, round, thread] { read(**log, round + thread); });
  threads.clear();  // never returns: each goes on until we are killed
  return 0;
}
