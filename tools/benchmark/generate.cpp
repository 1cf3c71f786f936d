// Writes the history line by line; the generator is tools/workload.
#include "tools/benchmark/generate.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "schemas/calendar.h"
#include "tools/bihuan/session.h"

namespace tools {

namespace {

constexpr int kWriteFailed = 3;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};

}  // namespace

int generate(GenerateOptions& asked) {
  const auto from = schemas::parse_date(asked.from);
  if (!from) {
    fmt::print(stderr, "--from: {} 不是日期 (is not a date)\n", asked.from);
    return kBadArguments;
  }
  asked.workload.from = *from;
  const std::unique_ptr<std::FILE, CloseFile> file(
      asked.out == "-" ? stdout : std::fopen(asked.out.c_str(), "wb"));
  bool written = file != nullptr;
  Workload workload(asked.workload);
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
    for (std::size_t path = 0; path < kPathCount; ++path)
      fmt::print(stderr, "{:<28}{:>10}\n", kPaths[path].name, workload.path_counts()[path]);
  return kDone;
}

}  // namespace tools
