// One measured ledger: which district, where it lies, and the figures that the parts of the bench
// fill in, in the order in which measure.cpp calls them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/result.h"
#include "tools/benchmark/asking.h"
#include "tools/benchmark/figures.h"
#include "tools/workload/random.h"
#include "tools/workload/workload.h"

namespace tools {

struct MeasureOptions {
  std::vector<std::int64_t> cases = {7200};
  std::uint64_t seed = 1;
  std::string dir = "var/bench";  // the ledgers are made below it
  std::string out;                // the JSON file; empty: none
  std::string commit = "unknown";
  std::size_t runs = 5, moments = 100;
  double patience = 20;  // seconds for the random moments of one figure; never under `runs` runs
  double limit_seconds = 2;            // for each limit
  bool check = false;                  // also check_reports
  bool keep = false;                   // the ledgers stay
  std::vector<std::string> only = {};  // names of parts (measure.cpp); empty: all
};

struct Bench {
  const MeasureOptions& options;
  std::int64_t cases = 0;
  std::string ledger;  // its directory
  Figures figures = {};
  std::uint64_t events = 0;
  std::uint64_t compared = 0, differences = 0;  // of check_reports
  Random random{1};
};

// Each adds its figures. The ledger is closed before and after every one of them.
[[nodiscard]] engine::Result<void> measure_appends(Bench& bench);  // makes the ledger
[[nodiscard]] engine::Result<void> measure_storage(Bench& bench);  // bytes an event
[[nodiscard]] engine::Result<void> measure_rebuild(Bench& bench);  // stores the projections
[[nodiscard]] engine::Result<void> measure_rebuild_parts(Bench& bench);
[[nodiscard]] engine::Result<void> measure_reports(Bench& bench);
[[nodiscard]] engine::Result<void> measure_cases(Bench& bench);     // one case as of a moment
[[nodiscard]] engine::Result<void> measure_resident(Bench& bench);  // memory
[[nodiscard]] engine::Result<void> measure_proofs(Bench& bench);
[[nodiscard]] engine::Result<void> measure_packages(Bench& bench);
[[nodiscard]] engine::Result<void> measure_audit(Bench& bench);
[[nodiscard]] engine::Result<void> measure_opening(Bench& bench);  // last: it writes more events

// The policies of a district of their own, the same for every size.
[[nodiscard]] engine::Result<void> measure_matching(Bench& bench);

// Counts in bench.compared and bench.differences. Not a figure: a report that differs fails the
// run.
[[nodiscard]] engine::Result<void> check_reports(Bench& bench);

// The reports that are timed, as questions at one moment: the week of the moment, the quarter of a
// year that ends with its day.
[[nodiscard]] Asked asked_at(std::string_view question, std::uint64_t seq, engine::Micros at);
inline constexpr std::string_view kQuestions[] = {"weekly", "ratings",     "closed-loop",
                                                  "red",    "supervision", "plan"};

// The whole of it, for every size asked for; the exit code.
int measure(const MeasureOptions& options);
// Children of a measurement, each in a process of its own.
int write_until_killed(const std::string& ledger, std::int64_t first);
int hold_everything(const std::string& ledger);  // prints the resident bytes

}  // namespace tools
