// What an audit found: rules broken, over which events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

struct Finding {
  std::uint64_t from = 0, to = 0;  // seqs, both inclusive
  std::string rule;                // "leaf", "time_order", "payload", "rules", "root", "facts", ...
  std::string text;                // of the first event
};

// Findings of one rule over neighbouring events become one, so that a damaged range is one line.
class Findings {
 public:
  // In order of seq.
  void add(std::uint64_t seq, std::string_view rule, std::string_view text);
  void add_range(std::uint64_t from, std::uint64_t to, std::string_view rule,
                 std::string_view text);
  [[nodiscard]] const std::vector<Finding>& all() const { return findings_; }

 private:
  std::vector<Finding> findings_;
  std::vector<std::size_t> open_;  // those that the next event may prolong
};

}  // namespace tools
