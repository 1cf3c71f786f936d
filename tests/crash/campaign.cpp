// The counts, and the table of docs/RELIABILITY.md.
#include "tests/crash/campaign.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace crash {
std::uint64_t first_seed() {
  const char* const seed = std::getenv("BIHUAN_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1;
}

Tally::Tally(std::string row, std::string what, std::initializer_list<Kind> must_strike)
    : row_(std::move(row)), what_(std::move(what)), must_strike_(must_strike) {}

void Tally::add(std::uint64_t runs, const std::string& wrong) {
  runs_ += runs;
  if (!wrong.empty()) ++failures_;
}

void Tally::count(const Fired& fired) {
  for (std::size_t i = 0; i < kKinds; ++i)
    if (fired[i] != 0) count(name_of(static_cast<Kind>(i)), fired[i]);
}

std::uint64_t Tally::seen(const std::string& what) const {
  const auto one = seen_.find(what);
  return one == seen_.end() ? 0 : one->second;
}

Tally::~Tally() {
  for (const Kind kind : must_strike_)
    CHECK_MESSAGE(seen(std::string(name_of(kind))) != 0,
                  "no fault of this kind ever struck: " << name_of(kind));
  std::string counters;
  for (const auto& [what, count] : seen_)
    counters += fmt::format("{}{} {}", counters.empty() ? "" : ", ", what, count);
  const double bound = runs_ == 0 ? 1 : 3.0 / static_cast<double>(runs_);
  const std::string line = fmt::format("| {} | {} | {} | {} | {:.2g} | {} |\n", row_, what_, runs_,
                                       failures_, bound, counters);
  std::fputs(line.c_str(), stdout);
  if (const char* const table = std::getenv("BIHUAN_CAMPAIGN_TABLE"))
    std::ofstream(table, std::ios::app) << line;
}

}  // namespace crash
