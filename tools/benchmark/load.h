// `bihuan-bench load`: bihuand over loopback under many connections, beside a bare Beast server and
// the same commands in process, and how soon it is ready again after a stop and after a kill.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tools {

struct LoadOptions {
  std::int64_t cases = 100'000;
  std::uint64_t seed = 1;
  std::string dir = "var/load";
  std::string out;  // the JSON file; empty: none
  std::string commit = "unknown";
  std::size_t connections = 64, runs = 5, moments = 300;
  double seconds = 3;                  // of each run
  double soak = 0;                     // seconds of a mixed load whose memory is watched; 0: none
  bool keep = false;                   // the ledger stays, and is used again
  std::vector<std::string> only = {};  // names of parts; empty: all but the soak
};

int load(const LoadOptions& options);

}  // namespace tools
