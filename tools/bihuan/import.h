// What an import did, in figures: printed by the subcommand, and by tests.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/record.h"

namespace tools {

struct RefusedLine {
  std::string file, id, code, text;
  std::uint64_t line = 0;
};

struct ImportSummary {
  std::uint64_t accepted = 0, repeated = 0, refused_total = 0, events = 0, seq = 0;
  std::map<std::string, std::uint64_t> refused;  // by code
  std::vector<RefusedLine> refusals;             // the first hundred; all of them with --verbose
  double seconds = 0;
  engine::Hash root{};
  bool interrupted = false;

  [[nodiscard]] boost::json::object to_json() const;
};

}  // namespace tools
