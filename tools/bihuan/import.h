// What an import did, in figures: printed by the subcommand, and by tests.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/record.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/source.h"

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

// Executes what the sources bring, prints what became of it, and gives the exit code. `names`: of
// the sources, for the lines that are refused.
int import_sources(const Session& session, const std::vector<std::string>& names,
                   std::vector<std::unique_ptr<ItemSource>> sources);

}  // namespace tools
