// One row a case, built from the facts that the product keeps: the same table that the peers build
// from their own columns (peers/events/rebuild.sql), so that both do the same work.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <vector>

#include "projections/facts.h"

namespace tools {

struct CaseRow {
  engine::Micros submitted = 0, accepted = 0, dispatched = 0, contacted = 0;  // the first; 0: never
  engine::Micros completed = 0, concluded = 0, rated = 0, closed = 0;         // the newest
  std::uint32_t conclusions = 0, events = 0, last_seq = 0;
};

// Of every appeal, by ordinal; on two threads.
[[nodiscard]] std::vector<CaseRow> case_table(const projections::Facts& facts);

// What the table comes to (peers/events/rebuild_check.sql): rows, events, the newest seqs added up,
// conclusions.
[[nodiscard]] boost::json::array totals_of(const std::vector<CaseRow>& table);

}  // namespace tools
