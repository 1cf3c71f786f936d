// A plausible district as a history: the same seed gives the same bytes on any machine. Lines come
// one by one in time order, as interfaces.md section 2 has them; only stories that are under way
// are in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "schemas/calendar.h"
#include "tools/workload/paths.h"

namespace tools {

struct WorkloadOptions {
  std::uint64_t seed = 1;
  std::int64_t cases = 1000;   // appeals submitted in the period
  schemas::Day from = 18'628;  // 2021-01-01, the first day of appeals
  int years = 3;               // cut at the end of October 2026
  int bad_per_cent = 0;        // commands that must be refused, beside each 100 good ones
};

class Workload {
 public:
  explicit Workload(const WorkloadOptions& options);
  ~Workload();
  // The next line, without its newline; false: the period is over.
  bool next(std::string& line);
  // Must the rules refuse the line that next() gave last? Its id begins with "bad-", with two
  // exceptions: a good line's id used again with other content, and a broken line, which holds its
  // "bad-" id all the same.
  [[nodiscard]] bool last_is_bad() const;
  // How often each path of kPaths was taken in what is planned so far (the period may end before
  // it).
  [[nodiscard]] const PathCounts& path_counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tools
