// The events of a ledger in the forms that the peers load: CSV for the reports, an event file for
// the appends.
#pragma once

#include <string>

namespace tools {

struct ExportOptions {
  std::string ledger, out;
  bool events = true;               // events.csv, by far the largest
  std::uint64_t appends = 500'000;  // events in appends.bin
};

// events.csv, assignments.csv, rounds.csv, departments.csv, weeks.csv, appends.bin; the exit code.
int export_peers(const ExportOptions& options);

}  // namespace tools
