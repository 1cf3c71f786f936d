// bihuan-bench: makes work for the ledger and measures it. Each subcommand is a file of its own.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "tools/benchmark/answers.h"
#include "tools/benchmark/bare_server.h"
#include "tools/benchmark/export_peers.h"
#include "tools/benchmark/generate.h"
#include "tools/benchmark/keep_awake.h"
#include "tools/benchmark/load.h"
#include "tools/benchmark/measure.h"
#include "tools/bihuan/session.h"

namespace {

using tools::both;

void add_generate(CLI::App& app, int& exit_code) {
  CLI::App* const command =
      app.add_subcommand("generate",
                         "生成一个区的历史文件。Writes the history of a generated district "
                         "(interfaces.md section 2).");
  const auto asked = std::make_shared<tools::GenerateOptions>();
  tools::WorkloadOptions& district = asked->workload;
  command->add_option("--seed", district.seed,
                      "同一种子得到同样的字节。The same seed gives the same bytes");
  command->add_option("--cases", district.cases, "诉求件数。Number of appeals")
      ->check(CLI::Range(0, 10'000'000));
  command->add_option("--from", asked->from, "第一天。First day of appeals, 2019-01-01 or later");
  command->add_option("--years", district.years, "年数。Years")->check(CLI::Range(1, 8));
  command
      ->add_option("--bad", district.bad_per_cent, "应被拒绝的命令，百分比。Bad commands, per cent")
      ->check(CLI::Range(0, 50));
  command
      ->add_option("--policies", asked->enterprises,
                   "改为政策：63 项政策、212 个项目和这么多家企业。Policies in place of appeals: "
                   "63 of them, 212 items and so many enterprises")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("ENTERPRISES");
  command->add_option("--out", asked->out, "文件，- 为标准输出。File; - is the standard output");
  command->add_flag("--paths", asked->paths,
                    "打印每条路径的次数。Print how often each path was taken");
  command->callback([asked, &exit_code] { exit_code = tools::generate(*asked); });
}

void add_measure(CLI::App& app, int& exit_code) {
  CLI::App* const command =
      app.add_subcommand("measure",
                         "测量：追加、重建、报表、打开、审计、内存，与同一次测得的机器极限相比。"
                         "Measures our figures against the machine's limits of the same run");
  const auto asked = std::make_shared<tools::MeasureOptions>();
  command
      ->add_option("--cases", asked->cases,
                   both("诉求件数，可列几个", "number of cases, one or several sizes"))
      ->delimiter(',')
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--seed", asked->seed, both("种子", "seed of the district"));
  command->add_option("--dir", asked->dir, both("工作目录", "directory for the ledgers"));
  command->add_option("--out", asked->out, both("结果文件", "the JSON file to write"));
  command->add_option("--commit", asked->commit, both("源码版本", "the commit of the sources"));
  command->add_option("--runs", asked->runs, both("每项次数", "runs of each figure"))
      ->check(CLI::Range(1, 100));
  command
      ->add_option("--moments", asked->moments,
                   both("每种报表的随机时刻数", "random moments of each report"))
      ->check(CLI::Range(1, 10'000));
  command->add_option(
      "--patience", asked->patience,
      both("一项随机时刻的最长秒数", "seconds after which no more random moments are begun"));
  command->add_option("--limit-seconds", asked->limit_seconds,
                      both("每个极限的秒数", "seconds for each limit"));
  command
      ->add_option("--only", asked->only,
                   both("只测这几部分",
                        "only these parts: limits,appends,storage,rebuild,rebuild-parts,"
                        "reports,cases,memory,proofs,packages,audit,opening"))
      ->delimiter(',')
      ->check(
          CLI::IsMember({"limits", "appends", "storage", "rebuild", "rebuild-parts", "reports",
                         "cases", "memory", "proofs", "packages", "audit", "matching", "opening"}));
  command->add_flag(
      "--check", asked->check,
      both("每种报表在随机时刻与从头重算相比", "also compare reports with a fold from zero"));
  command->add_flag("--keep", asked->keep, both("保留台账", "leave the ledgers there"));
  command->callback([asked, &exit_code] { exit_code = tools::measure(*asked); });
}

void add_export_peers(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "export-peers", "导出同类系统装载的文件。Writes a ledger's events as the peers load them");
  const auto asked = std::make_shared<tools::ExportOptions>();
  command->add_option("--ledger", asked->ledger, both("台账", "the ledger"))->required();
  command->add_option("--out", asked->out, both("目录", "the directory to write"))->required();
  command->add_flag("!--no-events", asked->events,
                    both("不写 events.csv", "without events.csv, the largest file"));
  command->add_option("--appends", asked->appends,
                      both("追加所用事件数", "events for the appends"));
  command->callback([asked, &exit_code] { exit_code = tools::export_peers(*asked); });
}

void add_answers(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "answers", "我们在随机时刻的答案。Our answers at random moments, for the peers to be asked");
  const auto asked = std::make_shared<tools::AnswerOptions>();
  command->add_option("--ledger", asked->ledger, both("台账", "the ledger"))->required();
  command->add_option("--out", asked->out, both("文件", "the file to write"))->required();
  command->add_option("--seed", asked->seed, both("种子", "seed of the moments"));
  command->add_option("--moments", asked->moments, both("时刻数", "number of moments"));
  command->callback([asked, &exit_code] { exit_code = tools::answers(*asked); });
}

void add_load(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "load",
      "经 HTTP 的负载：请求、命令、周报、重启。Measures bihuand over loopback, beside a bare "
      "Beast server");
  const auto asked = std::make_shared<tools::LoadOptions>();
  command->add_option("--cases", asked->cases, both("诉求件数", "number of cases"))
      ->check(CLI::Range(10, 10'000'000));
  command->add_option("--seed", asked->seed, both("种子", "seed of the district"));
  command->add_option("--dir", asked->dir, both("工作目录", "directory for the ledger"));
  command->add_option("--out", asked->out, both("结果文件", "the JSON file to write"));
  command->add_option("--commit", asked->commit, both("源码版本", "the commit of the sources"));
  command->add_option("--connections", asked->connections, both("连接数", "connections"))
      ->check(CLI::Range(1, 1000));
  command->add_option("--runs", asked->runs, both("每项次数", "runs of each figure"))
      ->check(CLI::Range(1, 100));
  command->add_option("--seconds", asked->seconds, both("每次秒数", "seconds of each run"));
  command->add_option("--moments", asked->moments, both("周报的随机时刻数", "random moments"))
      ->check(CLI::Range(1, 100'000));
  command->add_option("--soak", asked->soak,
                      both("另作混合负载的秒数", "seconds of a mixed load after that"));
  command
      ->add_option(
          "--only", asked->only,
          both("只测这几部分", "only these parts: restarts,bare,weekly,reads,commands,none"))
      ->delimiter(',')
      ->check(CLI::IsMember({"restarts", "bare", "weekly", "reads", "commands", "none"}));
  command->add_flag("--keep", asked->keep,
                    both("保留台账，下次再用", "leave the ledger there, and use it again"));
  command->callback([asked, &exit_code] { exit_code = tools::load(*asked); });
}

// Children of `measure` and `load`; not for people.
void add_children(CLI::App& app, int& exit_code) {
  const auto ledger = std::make_shared<std::string>();
  const auto first = std::make_shared<std::int64_t>(0);
  CLI::App* const writer = app.add_subcommand("write-until-killed")->group("");
  writer->add_option("--ledger", *ledger)->required();
  writer->add_option("--first", *first)->required();
  writer->callback([=, &exit_code] { exit_code = tools::write_until_killed(*ledger, *first); });
  CLI::App* const waker = app.add_subcommand("keep-awake")->group("");
  waker->callback([] {
    const tools::KeepAwake awake;
    ::pause();  // until a signal
  });
  CLI::App* const bare = app.add_subcommand("serve-bare")->group("");
  bare->callback([&exit_code] { exit_code = tools::serve_bare(); });
  CLI::App* const holder = app.add_subcommand("hold")->group("");
  holder->add_option("--ledger", *ledger)->required();
  holder->callback([=, &exit_code] { exit_code = tools::hold_everything(*ledger); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"闭环的负载与基准。Work and measurements for the ledger."};
  app.require_subcommand(1);
  int exit_code = tools::kDone;
  for (const auto add :
       {add_generate, add_measure, add_load, add_export_peers, add_answers, add_children})
    add(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? tools::kDone : tools::kBadArguments;
  }
  return exit_code;
}
