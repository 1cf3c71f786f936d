// Requests a second: a constant by bare Beast, small reads, and durable commands.
#include <fmt/format.h>

#include "schemas/calendar.h"
#include "schemas/json.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/clients.h"
#include "tools/benchmark/load_client.h"
#include "tools/benchmark/load_run.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr const char* kCompany = "91350100M000100Y43";
constexpr double kWaitMost = 30;  // ms, p99
constexpr double kCommandsLeast = 10'000, kReadsLeast = 30'000, kOfBare = 0.6;

}  // namespace

void LoadRun::add_waits(const Figure& of, std::vector<double> waits, double p99_most) {
  figures_.add_runs({.name = of.name + ".wait",
                     .chinese = of.chinese + "：等待",
                     .unit = "ms",
                     .runs = std::move(waits),
                     .goal = {.p99_max = p99_most},
                     .note = "from sending the request to the last byte of its reply"});
}

Result<void> LoadRun::measure_same(std::uint16_t port, const Figure& figure,
                                   const std::string& request) {
  Figure measured = figure;
  std::vector<double> waits;
  for (std::size_t run = 0; run <= options_.runs; ++run) {
    auto loaded =
        load({.port = port,
              .connections = options_.connections,
              .seconds = options_.seconds,
              .next = [&] { return request; },
              .replied = [](unsigned status, std::string_view) { return status == 200; }});
    if (!loaded) return std::unexpected(loaded.error());
    if (run == 0) continue;  // warms up
    measured.runs.push_back(loaded->requests_a_second());
    waits.insert(waits.end(), loaded->waits_ms.begin(), loaded->waits_ms.end());
  }
  figures_.add(measured);
  add_waits(figure, std::move(waits), figure.name == "http.bare" ? 0 : kWaitMost);
  return {};
}

Result<void> LoadRun::measure_bare() {
  say("只用 Beast 回一个常数的服务", "a bare Beast server that answers a constant");
  const auto bare = Child::start("bihuan-bench", {"serve-bare"}, options_.dir + "/bare.log");
  if (!bare) return std::unexpected(bare.error());
  return measure_same(bare->port(),
                      {.name = "http.bare",
                       .chinese = "只用 Beast 回常数",
                       .unit = "requests/s",
                       .runs = {},
                       .note = "the limit: the same library and threads, nothing behind it"},
                      http_request("GET", "/", inspector_, "", ""));
}

Result<void> LoadRun::measure_reads(const Child& server) {
  say("小的读取", "small reads");
  const auto read = [&](const char* name, const char* chinese, const std::string& target,
                        const char* note) {
    return measure_same(server.port(),
                        {.name = name,
                         .chinese = chinese,
                         .unit = "requests/s",
                         .runs = {},
                         .limit = "http.bare",
                         .goal = {.ratio_min = kOfBare},
                         .note = note},
                        http_request("GET", target, inspector_, "", ""));
  };
  const std::string stream = "/v1/streams/" + [&]() -> std::string {
    const auto first =
        ask(server, "/v1/events?kind=appeal&limit=1&after=" + std::to_string(events_ / 2));
    return first ? std::string(first->at("subject").as_string()) : std::string("appeal/none");
  }();
  if (auto done = read("http.ready", "是否可写", "/readyz", "no token"); !done) return done;
  if (auto done = read("http.me", "我是谁", "/v1/me", "token, directory and rights are looked up");
      !done)
    return done;
  if (const Figure* const me = figures_.find("http.me")) {
    figures_.add({.name = "http.small_reads",
                  .chinese = "小的读取（即“我是谁”）",
                  .unit = "requests/s",
                  .runs = me->runs,
                  .goal = {.value_min = kReadsLeast},
                  .note = "the same runs against the goal in requests"});
  }
  return read("http.history", "一件诉求的历史", stream,
              "from the log, with leaf hashes, on a worker's thread");
}

std::string LoadRun::next_command() {
  const std::string number = fmt::format("L{}-{}", began_, ++commands_);
  const std::string body = fmt::format(
      R"({{"stream":"appeal/{}","data":{{"enterprise":"{}","channel":"phone","category":"政务服务",)"
      R"("title":"办理施工许可","text":"材料齐全，窗口受理后迟迟未批，请予协调。"}}}})",
      number, kCompany);
  return http_request("POST", "/v1/commands/SubmitAppeal", clerk_,
                      fmt::format("Idempotency-Key: {}\r\n", number), body);
}

// Whose appeals they are; it may be there from an earlier run.
Result<void> LoadRun::register_company(const Child& server) {
  std::size_t left = 1;
  const auto next = [&] {
    if (left-- == 0) return std::string();
    return http_request(
        "POST", "/v1/commands/RegisterEnterprise", clerk_,
        fmt::format("Idempotency-Key: company-{}\r\n", began_),
        fmt::format(R"({{"stream":"enterprise/{}","data":{{"name":"负载公司"}}}})", kCompany));
  };
  const auto replied = [](unsigned status, std::string_view) {
    return status == 201 || status == 200 || status == 422 || status == 409;
  };
  const auto registered =
      load({.port = server.port(), .connections = 1, .next = next, .replied = replied});
  if (!registered) return std::unexpected(registered.error());
  return {};
}

Result<void> LoadRun::measure_commands(const Child& server) {
  say("落盘后才答复的命令", "durable commands, one a request");
  Figure figure{.name = "http.commands",
                .chinese = "单条命令",
                .unit = "commands/s",
                .runs = {},
                .goal = {.value_min = kCommandsLeast},
                .note = "201 after the command's group is durable; rights and rules checked"};
  std::vector<double> waits;
  for (std::size_t run = 0; run <= options_.runs; ++run) {
    auto loaded =
        load({.port = server.port(),
              .connections = options_.connections,
              .seconds = options_.seconds,
              .next = [&] { return next_command(); },
              .replied = [](unsigned status, std::string_view) { return status == 201; }});
    if (!loaded) return std::unexpected(loaded.error());
    if (run == 0) continue;
    figure.runs.push_back(loaded->requests_a_second());
    waits.insert(waits.end(), loaded->waits_ms.begin(), loaded->waits_ms.end());
  }
  figures_.add(figure);
  add_waits(figure, std::move(waits), kWaitMost);
  return {};
}

// The same commands, as many clients, through the same writer, without HTTP.
Result<void> LoadRun::measure_commands_in_process() {
  const std::string dir = options_.dir + "/in-process";
  if (auto made = make_ledger(dir); !made) return made;
  auto ledger = open_ledger(dir, engine::OpenMode::read_write);
  if (!ledger) return std::unexpected(ledger.error());
  Office office(*ledger->log, ledger->keys);
  if (auto opened = office.open(*ledger->log); !opened) return opened;
  const std::string at = schemas::time_text(engine::now());
  const auto line = [&](const std::string& command, const std::string& stream,
                        const std::string& id, const std::string& data) {
    return schemas::parse_line(fmt::format(
        R"({{"at":"{}","actor":{{"id":"c","role":"office_clerk"}},"command":"{}","stream":"{}",)"
        R"("id":"{}","data":{}}})",
        at, command, stream, id, data));
  };
  std::vector<schemas::Command> first;
  if (auto parsed = line("RegisterEnterprise", std::string("enterprise/") + kCompany, "company",
                         R"({"name":"负载公司"})"))
    first.push_back(std::move(*parsed));
  if (auto sent = send_waiting(office, std::move(first), 1, 1); !sent)
    return std::unexpected(sent.error());
  Figure figure{.name = "append.in_process",
                .chinese = "同样的命令，不经 HTTP",
                .unit = "commands/s",
                .runs = {},
                .note = "as many clients in this process, through the same writer"};
  const auto count = static_cast<std::size_t>(33'000 * options_.seconds);
  for (std::size_t run = 0; run <= options_.runs; ++run) {
    std::vector<schemas::Command> list;
    while (list.size() < count) {
      const std::string number = fmt::format("P{}-{}", run, list.size());
      auto parsed =
          line("SubmitAppeal", "appeal/" + number, number,
               fmt::format(
                   R"({{"enterprise":"{}","channel":"phone","category":"政务服务",)"
                   R"("title":"办理施工许可","text":"材料齐全，窗口受理后迟迟未批，请予协调。"}})",
                   kCompany));
      if (!parsed) return fail(ErrorCode::bad_input, schemas::sentence(parsed.error()));
      list.push_back(std::move(*parsed));
    }
    const auto sent = send_waiting(office, std::move(list), options_.connections, 1);
    if (!sent) return std::unexpected(sent.error());
    if (run > 0) figure.runs.push_back(sent->commands_a_second());
  }
  figures_.add(figure);
  if (const Figure* const over = figures_.find("http.commands"))
    figures_.add({.name = "http.commands_of_in_process",
                  .chinese = "经 HTTP 与不经之比",
                  .unit = "commands/s",
                  .runs = over->runs,
                  .limit = "append.in_process",
                  .note = "the runs of http.commands again, against append.in_process"});
  remove_ledger(dir);
  return {};
}

}  // namespace tools
