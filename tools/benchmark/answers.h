// Our answers at random moments, in the rows that the peers' SQL gives, with how long each took.
#pragma once

#include <cstdint>
#include <string>

namespace tools {

struct AnswerOptions {
  std::string ledger, out;
  std::uint64_t seed = 1;
  std::size_t moments = 100;
};

// Writes the questions file: {"moments": [{"seq", "parameters", "answers", "ms"}, ..], ..}.
int answers(const AnswerOptions& options);

}  // namespace tools
