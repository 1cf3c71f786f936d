// Drives the appends to one peer and says how many it acknowledged a second.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "engine/result.h"
#include "tools/benchmark/peers/peer.h"

namespace tools {

struct AppendOptions {
  std::string events;   // the event file
  std::string scratch;  // a directory in the peers' file system, for the bare fdatasync loop
  std::size_t most = 1'000'000, runs = 5;
  double seconds = 1;  // of each run
};

// An entry for each number of clients and size of batch.
[[nodiscard]] engine::Result<boost::json::array> append_to(Peer& peer,
                                                           const AppendOptions& options);

}  // namespace tools
