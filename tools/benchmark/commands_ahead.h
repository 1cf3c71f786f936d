// The generated history as commands, parsed ahead of their use in chunks: what is measured is the
// ledger, not the generator and not the JSON door (its price is a figure of its own).
#pragma once

#include <string>
#include <vector>

#include "engine/result.h"
#include "schemas/command.h"
#include "tools/workload/workload.h"

namespace tools {

class CommandsAhead {
 public:
  explicit CommandsAhead(const WorkloadOptions& options) : workload_(options) {}
  // The next commands, at most `count`; fewer only at the end of the history.
  [[nodiscard]] engine::Result<std::vector<schemas::Command>> next(std::size_t count);
  [[nodiscard]] double parse_seconds() const { return parse_seconds_; }
  [[nodiscard]] std::uint64_t parsed() const { return parsed_; }

 private:
  Workload workload_;
  double parse_seconds_ = 0;
  std::uint64_t parsed_ = 0;
};

}  // namespace tools
