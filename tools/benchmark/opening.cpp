// Opening after a clean stop, and after a writer was killed with signal 9 in the middle of its
// work. Opened means: the ledger takes commands again.
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

#include "schemas/json.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/clients.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"
#include "tools/workload/story.h"

namespace tools {

using engine::Result;

namespace {

// Enterprises that no district of the workload reaches: written by the process that gets killed.
constexpr std::int64_t kStrangers = 20'000'000, kStrangersARun = 1'000'000;
constexpr std::size_t kGroup = 500;

// Registrations of enterprises from number `next` on, all at the ledger's newest time.
std::vector<schemas::Command> registrations(World& world, std::int64_t& next, engine::Micros at) {
  std::vector<schemas::Command> commands;
  while (commands.size() < kGroup) {
    Script script = enterprise_script(world, next++, world.begin - 1);
    for (const Step& step : script.steps())
      if (auto command = schemas::parse_line(step.line)) {
        command->at = at;
        command->occurred_at.reset();
        commands.push_back(std::move(*command));
      }
  }
  return commands;
}

Result<double> open_once(const std::string& dir) {
  const Stopwatch watch;
  auto ledger = open_ledger(dir, engine::OpenMode::read_write);
  if (!ledger) return std::unexpected(ledger.error());
  Office office(*ledger->log, ledger->keys);
  if (auto opened = office.open(*ledger->log); !opened) return std::unexpected(opened.error());
  return watch.milliseconds();
}

// Starts a writer, lets it record for a while, kills it.
Result<void> kill_a_writer(const std::string& dir, std::int64_t first, double seconds) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return engine::fail(engine::ErrorCode::io, "No pipe.");
  std::string path = own_path(), command = "write-until-killed", option = "--ledger", ledger = dir,
              from = "--first", number = std::to_string(first);
  std::array<char*, 7> words = {path.data(), command.data(), option.data(), ledger.data(),
                                from.data(), number.data(),  nullptr};
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = 0;
  const int spawned = ::posix_spawn(&child, path.c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  char byte = 0;
  const bool writing =
      spawned == 0 && ::read(ends[0], &byte, 1) == 1;  // its first group is durable
  if (writing) ::usleep(static_cast<useconds_t>(seconds * 1e6));
  if (spawned == 0) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  ::close(ends[0]);
  return writing ? Result<void>{}
                 : engine::fail(engine::ErrorCode::io, "The writer to be killed did not write.");
}

}  // namespace

int write_until_killed(const std::string& dir, std::int64_t first) {
  auto ledger = open_ledger(dir, engine::OpenMode::read_write);
  if (!ledger) return 1;
  Office office(*ledger->log, ledger->keys);
  if (!office.open(*ledger->log)) return 1;
  World world(WorkloadOptions{});
  const engine::Micros at = ledger->log->last_recorded_at();
  for (bool told = false; first < kStrangers * 2;) {
    if (!send_waiting(office, registrations(world, first, at), 1, 100)) return 1;
    if (!told) told = ::write(STDOUT_FILENO, "w", 1) == 1;
  }
  return 1;
}

Result<void> measure_opening(Bench& bench) {
  say("打开：正常停止之后、被杀之后", "opening after a clean stop, and after a kill");
  constexpr double kCleanMost = 1000, kKilledMost = 5000, kWriting = 1.0;
  Figure clean{.name = "open.clean",
               .chinese = "打开（正常停止后）",
               .unit = "ms",
               .runs = {},
               .goal = {.value_max = kCleanMost},
               .note = "until commands are taken: log, recovery checks, rules"};
  Figure killed{.name = "open.killed",
                .chinese = "打开（kill -9 之后）",
                .unit = "ms",
                .runs = {},
                .goal = {.value_max = kKilledMost},
                .note = "a writer process was killed with signal 9 a second after its first group"};
  for (std::size_t run = 0; run <= bench.options.runs; ++run) {
    const auto took = open_once(bench.ledger);
    if (!took) return std::unexpected(took.error());
    if (run > 0) clean.runs.push_back(*took);  // the first one warms up
  }
  for (std::size_t run = 0; run < bench.options.runs; ++run) {
    const auto first = kStrangers + static_cast<std::int64_t>(run) * kStrangersARun;
    if (auto done = kill_a_writer(bench.ledger, first, kWriting); !done) return done;
    const auto took = open_once(bench.ledger);
    if (!took) return std::unexpected(took.error());
    killed.runs.push_back(*took);
  }
  bench.figures.add(std::move(clean));
  bench.figures.add(std::move(killed));
  return {};
}

}  // namespace tools
