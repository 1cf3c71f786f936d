// The one place where the bench asks the product for reports. Everything else of the bench knows a
// question by its name and a moment by its seq.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "projections/catalog.h"

namespace tools {

// A question at a past moment. `week`, `from`, `to`: where the report takes them.
struct Asked {
  std::string_view report;  // of projections::reports()
  std::uint64_t seq = 0;
  schemas::Week week;
  schemas::Day from = 0, to = 0;
  std::string_view light = {};    // closed-loop
  std::string_view appeal = {};   // closed-loop
  std::string_view section = {};  // weekly
  std::size_t limit = 0;          // closed-loop
};

// The whole report as the product gives it, with moment and root, from any facts.
[[nodiscard]] engine::Result<boost::json::object> draw_from(const projections::Facts& facts,
                                                            const engine::Log& log,
                                                            const Asked& asked);

// Facts that know the records so far and nothing else: each record folded in turn from the first.
class FoldFromZero {
 public:
  FoldFromZero();
  // Folds records up to `seq`, which never goes back.
  [[nodiscard]] engine::Result<void> advance(const engine::Log& log, std::uint64_t seq);
  [[nodiscard]] engine::Result<boost::json::object> draw(const engine::Log& log,
                                                         const Asked& asked) const;

 private:
  std::unique_ptr<projections::Facts> facts_;
};

class Reports {
 public:
  // Loads what is stored beside the log and folds the rest; `keep` stores it (a log open for
  // writing).
  static engine::Result<Reports> open(engine::Log& log, bool keep);
  // Throws away every stored form of the projections: the next open() rebuilds from the log.
  static engine::Result<void> forget(engine::Log& log);

  [[nodiscard]] engine::Micros time_of(std::uint64_t seq) const;
  [[nodiscard]] engine::Result<boost::json::object> draw(const Asked& asked) const;
  // The course of an appeal up to a record: seq and type of each of its events.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, schemas::EventType>> course(
      std::string_view appeal, std::uint64_t seq) const;
  [[nodiscard]] const projections::Facts& facts() const { return *facts_; }
  // How many events stand behind a cell.
  [[nodiscard]] engine::Result<std::size_t> why(const Asked& asked, const std::string& cell) const;
  // How many cells changed between two moments.
  [[nodiscard]] engine::Result<std::size_t> diff(const Asked& asked, std::uint64_t before) const;

 private:
  Reports(engine::Log& log, std::unique_ptr<projections::Facts> facts)
      : log_(&log), facts_(std::move(facts)) {}
  engine::Log* log_;
  std::unique_ptr<projections::Facts> facts_;
};

}  // namespace tools
