// Writes the history line by line; the generator is tools/workload.
#include "tools/benchmark/generate.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "schemas/calendar.h"
#include "tools/bihuan/session.h"
#include "tools/workload/policy_story.h"

namespace tools {

namespace {

constexpr int kWriteFailed = 3;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};

// Every line of the story; false: they could not be written.
template <class Told>
bool write_lines(Told& story, std::FILE* file) {
  std::string line, buffer;
  while (story.next(line)) {
    buffer += line;
    buffer += '\n';
    if (buffer.size() < (1u << 20)) continue;
    if (std::fwrite(buffer.data(), 1, buffer.size(), file) != buffer.size()) return false;
    buffer.clear();
  }
  return std::fwrite(buffer.data(), 1, buffer.size(), file) == buffer.size() &&
         std::fflush(file) == 0;
}

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
  if (written && asked.enterprises != 0) {
    PolicyStory story(asked.workload.seed, asked.enterprises);
    written = write_lines(story, file.get());
  } else if (written) {
    Workload workload(asked.workload);
    written = write_lines(workload, file.get());
    if (written && asked.paths)
      for (std::size_t path = 0; path < kPathCount; ++path)
        fmt::print(stderr, "{:<28}{:>10}\n", kPaths[path].name, workload.path_counts()[path]);
  }
  if (written) return kDone;
  fmt::print(stderr, "无法写入 {} (cannot write)\n", asked.out);
  return kWriteFailed;
}

}  // namespace tools
