// `bihuan-bench generate`: the history file of a generated district.
#pragma once

#include <string>

#include "tools/workload/workload.h"

namespace tools {

struct GenerateOptions {
  WorkloadOptions workload;
  std::string from = "2021-01-01", out = "-";
  bool paths = false;
};

int generate(GenerateOptions& asked);

}  // namespace tools
