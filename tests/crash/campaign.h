// What one row ran, and the line that says so.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/crash/fault.h"
#include "tests/support/counts.h"

namespace crash {

using support::times;
// The seed that a row begins with: 1, or BIHUAN_SEED, to see one run again.
[[nodiscard]] std::uint64_t first_seed();

// Counts the runs of one row. At its end it checks that every fault that the row is about struck at
// least once, and writes its line of the table.
class Tally {
 public:
  Tally(std::string row, std::string what, std::initializer_list<Kind> must_strike = {});
  ~Tally();
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  void add(std::uint64_t runs, const std::string& wrong);
  void count(const Fired& fired);
  void count(std::string_view what, std::uint64_t by = 1) { seen_[std::string(what)] += by; }
  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  [[nodiscard]] std::uint64_t seen(const std::string& what) const;

 private:
  std::string row_, what_;
  std::vector<Kind> must_strike_;
  std::uint64_t runs_ = 0, failures_ = 0;
  std::map<std::string, std::uint64_t> seen_;
};

}  // namespace crash
