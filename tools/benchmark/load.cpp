#include "tools/benchmark/load.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "schemas/calendar.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/keep_awake.h"
#include "tools/benchmark/load_client.h"
#include "tools/benchmark/load_run.h"
#include "tools/benchmark/machine.h"
#include "tools/bihuan/session.h"

namespace tools {

namespace fs = std::filesystem;
namespace json = boost::json;
using engine::Result;

Result<void> LoadRun::make() {
  std::error_code error;
  fs::create_directories(options_.dir, error);
  if (fs::exists(ledger_ + "/FORMAT", error)) return {};
  say(fmt::format("生成并导入 {} 件诉求", options_.cases),
      fmt::format("a district of {} cases is generated and imported", options_.cases));
  const std::string history = options_.dir + "/history.jsonl";
  if (auto made = make_ledger(ledger_); !made) return made;
  const auto generated =
      run_beside("bihuan-bench", {"generate", "--seed", std::to_string(options_.seed), "--cases",
                                  std::to_string(options_.cases), "--out", history});
  if (!generated) return std::unexpected(generated.error());
  const auto imported = run_beside("bihuan", {"import", "--data", ledger_, history});
  fs::remove(history, error);
  if (!imported) return std::unexpected(imported.error());
  return {};
}

Result<Child> LoadRun::serve() const {
  return Child::start("bihuand",
                      {"--data", ledger_, "--listen", "127.0.0.1:0", "--demo-tokens",
                       options_.dir + "/tokens.json", "--person-rate", "0", "--address-rate", "0"},
                      options_.dir + "/bihuand.log");
}

Result<void> LoadRun::read_tokens() {
  std::ifstream file(options_.dir + "/tokens.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const json::object tokens = json::parse(text).as_object();
  clerk_ = std::string(tokens.at("office_clerk").as_string());
  inspector_ = std::string(tokens.at("inspector").as_string());
  return {};
}

Result<json::object> LoadRun::ask(const Child& server, const std::string& target) const {
  std::string found;
  std::size_t left = 1;
  const LoadOrder order{.port = server.port(),
                        .connections = 1,
                        .next =
                            [&] {
                              return left-- == 0 ? std::string()
                                                 : http_request("GET", target, inspector_, "", "");
                            },
                        .replied =
                            [&](unsigned status, std::string_view body) {
                              found = body;
                              return status == 200;
                            }};
  const auto asked = load(order);
  if (!asked) return std::unexpected(asked.error());
  json::value answer = json::parse(found);
  return std::move(answer.is_array() ? answer.as_array().at(0).as_object() : answer.as_object());
}

Result<void> LoadRun::measure() {
  if (auto made = make(); !made) return made;
  {
    auto ledger = open_ledger(ledger_, engine::OpenMode::read_only);
    if (!ledger) return std::unexpected(ledger.error());
    events_ = ledger->log->size();
    last_ = ledger->log->last_recorded_at();
  }
  if (wants("restarts"))
    if (auto done = measure_restarts(); !done) return done;
  if (wants("bare"))
    if (auto done = measure_bare(); !done) return done;
  auto server = serve();
  if (!server) return std::unexpected(server.error());
  if (auto tokens = read_tokens(); !tokens) return tokens;
  if (wants("weekly"))
    if (auto done = measure_weekly(*server); !done) return done;
  if (wants("reads"))
    if (auto done = measure_reads(*server); !done) return done;
  if (wants("commands") || options_.soak > 0)
    if (auto done = register_company(*server); !done) return done;
  if (wants("commands")) {
    if (auto done = measure_commands(*server); !done) return done;
    if (auto done = measure_commands_in_process(); !done) return done;
  }
  return options_.soak > 0 ? soak(*server) : Result<void>();
}

int load(const LoadOptions& options) {
  const KeepAwake awake;
  LoadRun run(options);
  const auto done = run.measure();
  if (!options.keep) remove_ledger(options.dir + "/ledger");
  if (!done) return complain(done.error());
  print(fmt::format("\n{} 件诉求，{} 个事件，{} 个连接 / {} cases, {} events, {} connections\n{}\n",
                    options.cases, run.events(), options.connections, options.cases, run.events(),
                    options.connections, run.figures().table()));
  if (options.out.empty()) return kDone;
  const json::object document{{"format", 1},
                              {"measured_at", schemas::time_text(engine::now())},
                              {"machine", machine_json(options.dir)},
                              {"versions", versions_json(options.commit)},
                              {"cases", options.cases},
                              {"events", run.events()},
                              {"connections", options.connections},
                              {"figures", run.figures().to_json()}};
  std::ofstream file(options.out, std::ios::binary);
  file << json::serialize(document) << '\n';
  if (!file.flush())
    return complain(kRefused, "结果文件不能写入。", options.out + " cannot be written.");
  return kDone;
}

}  // namespace tools
