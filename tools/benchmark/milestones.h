// The milestone tables that a careful user of a database keeps beside the event log, so that its
// SQL needs no deadline arithmetic. A row is what stands for one assignment (or one rating round)
// after one event, with the seq from which it holds and the seq at which the next row takes over:
// "as of seq S" is `seq <= S and S < until_seq`. That is the friendliest form to a past moment that
// we know.
//
// It is folded from the records by itself, through schemas alone: nothing of projections is used,
// so that equal answers mean something.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/record.h"

namespace tools {

class Milestones {
 public:
  // Called with one line of CSV, without its newline.
  using Write = std::function<void(std::string_view line)>;
  Milestones(Write assignment, Write round);
  ~Milestones();

  // In order of seq. `matter` 0 and `department` "": the event names no assignment.
  void add(const engine::RecordView& record, int matter, std::string_view department);
  void finish();  // writes the rows that hold to the end

  static const char* assignment_columns();
  static const char* round_columns();

 private:
  struct Fold;
  std::unique_ptr<Fold> fold_;
};

}  // namespace tools
