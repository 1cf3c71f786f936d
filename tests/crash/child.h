// The process that R1, R2 and R11 end: `kill_writer` on a ledger, and what it said before it died.
// What it said is a promise, whatever ended it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/crash/campaign.h"
#include "tests/crash/oracle.h"

namespace crash {

struct ChildEnd {
  int signal = 0;  // that ended it; 0: it ended by itself, with `status`
  int status = 0;
  bool killed = false;  // by us
  std::string said;     // its last line that is no promise: why it ended, in a sentence
};

// Runs a program found on the PATH, or at a path, until it ends; what it promises on stdout goes to
// the oracle and is counted. After `kill_after` lines it is killed.
ChildEnd run_child(std::vector<std::string> arguments, Oracle& oracle, Tally& tally,
                   std::uint64_t kill_after = UINT64_MAX);

[[nodiscard]] std::string kill_writer();  // the program's path

// Opens the ledger and holds it against the oracle. Empty: it kept its word.
std::string recover(const std::string& ledger, Oracle& oracle);

}  // namespace crash
