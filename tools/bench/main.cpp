// bihuan-bench: makes work for the ledger. `generate` writes the history of a plausible district.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

#include "schemas/calendar.h"
#include "tools/workload/workload.h"

namespace {

constexpr int kDone = 0, kBadArguments = 2, kWriteFailed = 3;

struct Generate {
  tools::WorkloadOptions options;
  std::string from = "2021-01-01", out = "-";
  bool paths = false;
};

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};

int generate(Generate& asked) {
  const auto from = schemas::parse_date(asked.from);
  if (!from) {
    fmt::print(stderr, "--from: {} 不是日期 (is not a date)\n", asked.from);
    return kBadArguments;
  }
  asked.options.from = *from;
  const std::unique_ptr<std::FILE, CloseFile> file(
      asked.out == "-" ? stdout : std::fopen(asked.out.c_str(), "wb"));
  bool written = file != nullptr;
  tools::Workload workload(asked.options);
  std::string line, buffer;
  while (written && workload.next(line)) {
    buffer += line;
    buffer += '\n';
    if (buffer.size() < (1u << 20)) continue;
    written = std::fwrite(buffer.data(), 1, buffer.size(), file.get()) == buffer.size();
    buffer.clear();
  }
  written = written && std::fwrite(buffer.data(), 1, buffer.size(), file.get()) == buffer.size() &&
            std::fflush(file.get()) == 0;
  if (!written) {
    fmt::print(stderr, "无法写入 {} (cannot write)\n", asked.out);
    return kWriteFailed;
  }
  if (asked.paths)
    for (std::size_t path = 0; path < tools::kPathCount; ++path)
      fmt::print(stderr, "{:<28}{:>10}\n", tools::kPaths[path].name, workload.path_counts()[path]);
  return kDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"闭环的负载与基准。Work and measurements for the ledger."};
  app.require_subcommand(1);
  Generate asked;
  CLI::App* command = app.add_subcommand("generate",
                                         "生成一个区的历史文件。Writes the history of a generated "
                                         "district (interfaces.md section 2).");
  command->add_option("--seed", asked.options.seed,
                      "同一种子得到同样的字节。The same seed gives the same bytes");
  command->add_option("--cases", asked.options.cases, "诉求件数。Number of appeals")
      ->check(CLI::Range(0, 10'000'000));
  command->add_option("--from", asked.from, "第一天。First day of appeals, 2019-01-01 or later");
  command->add_option("--years", asked.options.years, "年数。Years")->check(CLI::Range(1, 8));
  command
      ->add_option("--bad", asked.options.bad_per_cent,
                   "应被拒绝的命令，百分比。Bad commands, per cent")
      ->check(CLI::Range(0, 50));
  command->add_option("--out", asked.out, "文件，- 为标准输出。File; - is the standard output");
  command->add_flag("--paths", asked.paths,
                    "打印每条路径的次数。Print how often each path was taken");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kBadArguments;
  }
  return generate(asked);
}
