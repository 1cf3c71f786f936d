// What a decider says of one command: events, a refusal (an answer, not an error), or "seen before".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/record.h"

namespace engine {

struct Ruling {
  std::vector<NewEvent> events;  // accepted: at least one; all recorded in one batch or none
  std::string refused;           // refused: the code in PascalCase
  std::string text;              // refused: Chinese sentence, then the English one
  std::uint64_t repeats = 0;     // repeated: seq of the first event that this id recorded
};

}  // namespace engine
