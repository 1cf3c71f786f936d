// Asks PostgreSQL one question at every moment of a questions file (`bihuan-bench answers`).
#pragma once

#include <boost/json.hpp>
#include <string>

#include "engine/result.h"

namespace tools {

struct AskOptions {
  std::string where, questions, sql, question;
  std::string check;                // rebuild: the query after it
  std::size_t moments = 1'000'000;  // at most
};

// One entry a moment: {"ms": .., "rows": [[text, ..], ..]}.
[[nodiscard]] engine::Result<boost::json::array> ask_postgres(const AskOptions& options);
// Runs a script `moments` times: {"ms": .., "rows": of the check}.
[[nodiscard]] engine::Result<boost::json::array> rebuild_in_postgres(const AskOptions& options);

}  // namespace tools
