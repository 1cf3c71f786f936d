// What every report shares: the moment it was drawn at, the JSON head, and the trace that answers
// `why`. The figures of a report are counted through count(): the same predicate that counts a
// figure names the events behind it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "engine/record.h"

namespace projections {

using engine::Micros;

// The moment of a question: the newest record that counts and the instant at which lights are
// judged.
struct Moment {
  std::uint64_t seq = 0;
  engine::Micros as_of = 0;  // 0: the ledger is empty
  engine::Hash root{};
};

// The name of a cell in pieces: {"departments", "D07", "completed_late"} is
// departments/D07/completed_late.
using Path = std::initializer_list<std::string_view>;

// Collects the seqs behind one cell while a report is drawn; nullptr where nobody asks. A cell that
// holds others (departments/D07, or a rate without its /n or /d) stands for all of them.
class Trace {
 public:
  explicit Trace(std::string cell) : cell_(std::move(cell)) {}
  // Collects every cell of the report, for diff.
  [[nodiscard]] static Trace everything();

  void hit(std::string_view cell, std::uint64_t seq);
  void hit(Path cell, std::uint64_t seq);
  void settle(bool known);  // by draw(), when the report is complete

  [[nodiscard]] const std::string& cell() const { return cell_; }
  [[nodiscard]] const std::vector<std::uint64_t>& seqs() const {
    return seqs_;
  }  // ascending, once each
  [[nodiscard]] bool known() const { return known_; }  // the cell exists in the report
  // Of everything(): the seqs behind a cell, ascending, once each.
  [[nodiscard]] std::vector<std::uint64_t> seqs_of(std::string_view cell) const;

 private:
  std::string cell_;
  bool known_ = false;
  bool everything_ = false;
  std::vector<std::uint64_t> seqs_;
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> by_cell_;
};

// One more in a figure, and the event behind it.
inline void count(std::int64_t& figure, Trace* trace, Path cell, std::uint64_t seq) {
  ++figure;
  if (trace != nullptr) trace->hit(cell, seq);
}
inline void note(Trace* trace, Path cell, std::uint64_t seq) {
  if (trace != nullptr && seq != 0) trace->hit(cell, seq);
}

// A rate is printed with numerator and denominator; d = 0 is shown as "-", never as 100 %
// (domain.md section 11).
struct Rate {
  std::int64_t n = 0, d = 0;
};
[[nodiscard]] boost::json::object rate_json(const Rate& rate);
[[nodiscard]] boost::json::value time_json(Micros at);              // null for 0
[[nodiscard]] boost::json::value text_json(std::string_view text);  // null for ""

}  // namespace projections
