// One row of the closed-loop ledger: what it shows of an assignment (or of an appeal before its
// first dispatch), and where its cells are traced.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "projections/board.h"
#include "projections/case.h"
#include "projections/catalog.h"
#include "projections/lights.h"

namespace projections {

// As the column `status` says it of an appeal; empty before its first event.
[[nodiscard]] std::string_view status_name(schemas::AppealStatus status);

class ClosedLoopRow {
 public:
  // `assignment`: of the case, or nullptr for the row before the first dispatch.
  ClosedLoopRow(const Board& board, const Question& question, const Case& of,
                const AssignmentState* assignment);

  // Do the question's filters let it through?
  [[nodiscard]] bool wanted() const;
  [[nodiscard]] boost::json::object draw(std::size_t no, Trace* trace,
                                         const boost::json::storage_ptr& storage);

 private:
  template <class Value>
  void put(std::string_view key, Value&& value, std::uint32_t seq) {
    row_.emplace(key, std::forward<Value>(value));
    if (trace_ != nullptr && seq != 0) trace_->hit({path_, key}, seq);
  }
  // Was the appeal submitted on one of the days asked for?
  [[nodiscard]] bool is_of_period() const;
  void put_text(std::string_view key, std::string_view text, std::uint32_t seq);
  void put_time(std::string_view key, const Mark& mark);
  void put_due(std::string_view key, const DutyClock* clock);
  void identity();
  void course();
  void figures();
  void outcome();
  // The events behind a light are those that started the duties which show it.
  void trace_light();
  // Of completion: up to the moment, or to the instant at which it was met, ended or stood still.
  [[nodiscard]] int overdue_workdays() const;

  const Board& board_;
  const Question& question_;
  const Case& case_;
  Duties duties_;
  const AppealState& appeal_;
  const AssignmentState* assignment_;
  const RoundState* round_;
  Trace* trace_ = nullptr;
  std::string_view status_;
  schemas::Light light_ = schemas::Light::none;
  std::string path_;
  boost::json::object row_;
};

}  // namespace projections
