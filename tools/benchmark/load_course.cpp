// What a server is like over time: reports of any moment, starting again, and a long mixed load.
#include <fmt/format.h>

#include "schemas/calendar.h"
#include "tools/benchmark/load_client.h"
#include "tools/benchmark/load_run.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr double kWeeklyMost = 50;                         // ms, p99
constexpr double kCleanMost = 2000, kKilledMost = 10'000;  // ms

}  // namespace

Result<void> LoadRun::measure_weekly(const Child& server) {
  say("任一时刻的周报", "the weekly report at random moments");
  Figure figure{.name = "http.weekly",
                .chinese = "周报（随机时刻）",
                .unit = "ms",
                .runs = {},
                .goal = {.p99_max = kWeeklyMost},
                .note = "one client; a random event of the history, the week of its time"};
  const std::uint64_t skipped = events_ / 50;  // nothing has happened yet there
  std::size_t asked = 0;
  const auto next = [&] {
    if (asked++ == options_.moments) return std::string();
    const auto seq =
        skipped +
        static_cast<std::uint64_t>(random_.below(static_cast<std::int64_t>(events_ - skipped))) + 1;
    const auto event = ask(server, "/v1/events?limit=1&after=" + std::to_string(seq - 1));
    const auto at =
        event ? schemas::parse_time(std::string(event->at("time").as_string())) : std::nullopt;
    const schemas::Week week = schemas::week_of(schemas::day_of(at.value_or(last_)));
    return http_request(
        "GET", fmt::format("/v1/reports/weekly?week={}&seq={}", schemas::week_text(week), seq),
        inspector_, "", "");
  };
  const auto loaded =
      load({.port = server.port(),
            .connections = 1,
            .next = next,
            .replied = [](unsigned status, std::string_view) { return status == 200; }});
  if (!loaded) return std::unexpected(loaded.error());
  figure.runs = loaded->waits_ms;
  figures_.add(figure);
  return {};
}

Result<void> LoadRun::measure_restarts() {
  say("重新启动：正常停止之后、被杀之后", "ready again after a clean stop, and after a kill");
  Figure clean{.name = "restart.clean",
               .chinese = "重启（正常停止后）",
               .unit = "ms",
               .runs = {},
               .goal = {.value_max = kCleanMost},
               .note = "from starting the program until it listens"};
  Figure killed{.name = "restart.killed",
                .chinese = "重启（kill -9 之后）",
                .unit = "ms",
                .runs = {},
                .goal = {.value_max = kKilledMost},
                .note = "killed with signal 9 under a load of commands"};
  for (std::size_t run = 0; run <= options_.runs; ++run) {
    auto server = serve();
    if (!server) return std::unexpected(server.error());
    if (run > 0) clean.runs.push_back(server->ready_ms());  // the first may store projections
    if (server->stop() != 0) return fail(ErrorCode::io, "bihuand did not stop in good order.");
  }
  for (std::size_t run = 0; run < options_.runs; ++run) {
    auto server = serve();
    if (!server) return std::unexpected(server.error());
    if (auto tokens = read_tokens(); !tokens) return tokens;
    if (auto done = register_company(*server); !done) return done;
    std::size_t left = 5000;  // commands, in the middle of which it is killed
    const auto broken_off = load({.port = server->port(),
                                  .connections = options_.connections,
                                  .next = [&] { return next_command(); },
                                  .replied =
                                      [&](unsigned, std::string_view) {
                                        if (--left == 0) server->kill();
                                        return left != 0;
                                      }});
    if (broken_off) return fail(ErrorCode::io, "bihuand outlived its kill.");
    auto again = serve();
    if (!again) return std::unexpected(again.error());
    killed.runs.push_back(again->ready_ms());
  }
  figures_.add(clean);
  figures_.add(killed);
  return {};
}

namespace {
constexpr int kSlices = 10, kFull = 5;  // of a soak: looks at its memory, and when buffers are full
}  // namespace

std::string LoadRun::next_of_soak(std::uint64_t turn, bool writes) {
  constexpr std::uint64_t kOf = 16;
  turn %= kOf;
  if (turn % 4 == 0 && writes) return next_command();
  std::string target = "/v1/me";
  if (turn == 7)
    target =
        "/v1/reports/weekly?week=" + schemas::week_text(schemas::week_of(schemas::day_of(last_)));
  if (turn == 9) target = "/v1/outbox?limit=10";
  return http_request("GET", target, inspector_, "", "");
}

// Requests a second, each of them answered.
Result<double> LoadRun::soak_for(const Child& server, double seconds, bool writes) {
  std::uint64_t turn = 0;
  const auto loaded =
      load({.port = server.port(),
            .connections = options_.connections,
            .seconds = seconds,
            .next = [&] { return next_of_soak(turn++, writes); },
            .replied = [](unsigned status,
                          std::string_view) { return status == 200 || status == 201; }});
  if (!loaded) return std::unexpected(loaded.error());
  return loaded->requests_a_second();
}

// `last`, what the soaked server took in the end, beside what it or another one took: the figure,
// and the ratio to it.
void LoadRun::stand_beside(const Beside& what, double bytes, double last) {
  figures_.add({.name = what.name,
                .chinese = what.chinese,
                .unit = "bytes",
                .runs = {bytes},
                .note = what.note});
  figures_.add({.name = what.ratio,
                .chinese = what.ratio_chinese,
                .unit = "bytes",
                .runs = {last},
                .limit = what.name,
                .goal = {.ratio_max = what.most},
                .note = "the last of soak.resident"});
}

// A new server on the ledger as it is now, asked for the same: what the soaked one takes beyond it,
// it keeps for nothing, or for writing; so the new one then writes as well, half as long.
Result<void> LoadRun::soak_anew(double last) {
  constexpr double kOfAnew = 1.2;
  const auto anew = serve();
  if (!anew) return std::unexpected(anew.error());
  if (auto tokens = read_tokens(); !tokens) return tokens;
  if (const auto done = soak_for(*anew, options_.soak / kSlices, false); !done)
    return std::unexpected(done.error());
  stand_beside({.name = "soak.resident_anew",
                .chinese = "同一台账上新启动的服务的内存",
                .note = "a server that was started after the soak, and asked for the same reads",
                .ratio = "soak.kept",
                .ratio_chinese = "混合负载之后的内存与新启动的之比",
                .most = kOfAnew},
               anew->resident_bytes(), last);
  if (const auto done = soak_for(*anew, options_.soak / kSlices * kFull, true); !done)
    return std::unexpected(done.error());
  stand_beside({.name = "soak.resident_written",
                .chinese = "新启动的服务写了一半时间之后的内存",
                .note = "the same new server, after half as long of commands, reads and reports",
                .ratio = "soak.kept_beyond_writing",
                .ratio_chinese = "混合负载之后的内存与它的之比",
                .most = kOfAnew},
               anew->resident_bytes(), last);
  return {};
}

// Commands, reads and reports at once; what memory the server takes is looked at ten times. By the
// fifth, what it may keep (write buffers, caches, states of appeals at work) is full, and from
// there on it grows by the facts of what is new.
Result<void> LoadRun::soak(Child& server) {
  say(fmt::format("混合负载 {:.0f} 秒", options_.soak),
      fmt::format("a mixed load of {:.0f} seconds", options_.soak));
  constexpr double kGrowth = 1.1;
  Figure resident{.name = "soak.resident",
                  .chinese = "混合负载下的内存",
                  .unit = "bytes",
                  .runs = {server.resident_bytes()},
                  .note = "before, and after each tenth; the ledger grows by the commands"};
  Figure requests{.name = "soak.requests",
                  .chinese = "混合负载",
                  .unit = "requests/s",
                  .runs = {},
                  .note = "of sixteen: four commands, a weekly report, the rest small reads"};
  std::uint64_t commands_full = 0;
  for (int slice = 0; slice < kSlices; ++slice) {
    if (slice == kFull) commands_full = commands_;
    const auto done = soak_for(server, options_.soak / kSlices, true);
    if (!done) return std::unexpected(done.error());
    requests.runs.push_back(*done);
    resident.runs.push_back(server.resident_bytes());
    say(fmt::format("内存 {:.0f} MiB", resident.runs.back() / 1048576),
        fmt::format("resident {:.0f} MiB, {} commands so far", resident.runs.back() / 1048576,
                    commands_));
  }
  figures_.add(requests);
  figures_.add(resident);
  const double last = resident.runs.back();
  stand_beside({.name = "soak.resident_full",
                .chinese = "缓冲已满时的内存",
                .note = "after the fifth tenth",
                .ratio = "soak.growth",
                .ratio_chinese = "缓冲已满之后内存的增长",
                .most = kGrowth},
               resident.runs[kFull], last);
  const auto fresh = static_cast<double>(commands_ - commands_full);
  figures_.add({.name = "soak.growth_a_command",
                .chinese = "缓冲已满之后每条命令增长的内存",
                .unit = "bytes",
                .runs = {(last - resident.runs[kFull]) / fresh},
                .note = "each is a new appeal, whose facts the server keeps"});
  if (server.stop() != 0) return fail(ErrorCode::io, "bihuand did not stop in good order.");
  return soak_anew(last);
}

}  // namespace tools
