// `bihuan-bench generate`: the history file of a generated district.
#pragma once

#include <cstdint>
#include <string>

#include "tools/workload/workload.h"

namespace tools {

struct GenerateOptions {
  WorkloadOptions workload;
  std::string from = "2021-01-01", out = "-";
  bool paths = false;
  std::int64_t enterprises = 0;  // of a district of policies, in place of one of appeals
};

int generate(GenerateOptions& asked);

}  // namespace tools
