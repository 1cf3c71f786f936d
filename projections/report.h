// What every report shares: the moment it was drawn at, the JSON head, and the trace that answers `why`.
// The figures of a report are counted through hit(): the same predicate that counts a figure names the
// events behind it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "engine/record.h"

namespace projections {

// The moment of a question: the newest record that counts and the instant at which lights are judged.
struct Moment {
  std::uint64_t seq = 0;
  engine::Micros as_of = 0;
  engine::Hash root{};
};

// Collects the seqs behind one cell while a report is drawn; nullptr where nobody asks.
class Trace {
 public:
  explicit Trace(std::string cell) : cell_(std::move(cell)) {}
  void hit(std::string_view cell, std::uint64_t seq);
  [[nodiscard]] const std::vector<std::uint64_t>& seqs() const { return seqs_; }  // ascending, once each
  [[nodiscard]] bool known() const { return known_; }  // the cell exists in the report

 private:
  std::string cell_;
  bool known_ = false;
  std::vector<std::uint64_t> seqs_;
};

}  // namespace projections
