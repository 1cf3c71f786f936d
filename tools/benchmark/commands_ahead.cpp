// Lines are made first and parsed after, so that the two are timed apart.
#include "tools/benchmark/commands_ahead.h"

#include "engine/record.h"
#include "schemas/json.h"
#include "schemas/refusal.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

engine::Result<std::vector<schemas::Command>> CommandsAhead::next(std::size_t count) {
  std::vector<std::string> lines;
  lines.reserve(count);
  for (std::string line; lines.size() < count && workload_.next(line);)
    lines.push_back(std::move(line));
  std::vector<schemas::Command> commands;
  commands.reserve(lines.size());
  const Stopwatch watch;
  for (const std::string& line : lines) {
    auto command = schemas::parse_line(line);
    if (!command)
      return engine::fail(engine::ErrorCode::bad_input,
                          "A generated line was refused: " + schemas::sentence(command.error()));
    command->flags |= engine::kImported;
    commands.push_back(std::move(*command));
  }
  parse_seconds_ += watch.seconds();
  parsed_ += commands.size();
  return commands;
}

}  // namespace tools
