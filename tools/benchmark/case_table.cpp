#include "tools/benchmark/case_table.h"

#include <string>
#include <thread>

namespace tools {

using projections::Facts;
using schemas::EventType;

namespace {

void add(CaseRow& row, EventType type, engine::Micros at, std::uint64_t seq) {
  const auto first = [&](engine::Micros& mark) {
    if (mark == 0) mark = at;
  };
  switch (type) {
    case EventType::AppealSubmitted:
      first(row.submitted);
      break;
    case EventType::AppealAccepted:
      first(row.accepted);
      break;
    case EventType::AssignmentDispatched:
      first(row.dispatched);
      break;
    case EventType::EnterpriseContacted:
      first(row.contacted);
      break;
    case EventType::CompletionReported:
      row.completed = at;
      break;
    case EventType::AppealConcluded:
      row.concluded = at;
      ++row.conclusions;
      break;
    case EventType::RatingSubmitted:
      row.rated = at;
      break;
    case EventType::AppealClosed:
      row.closed = at;
      break;
    default:
      break;
  }
  ++row.events;
  row.last_seq = static_cast<std::uint32_t>(seq);
}

}  // namespace

std::vector<CaseRow> case_table(const Facts& facts) {
  std::vector<CaseRow> table(facts.items_of(projections::Subject::appeal).size());
  // Both threads read every row, and each keeps the cases that are its own.
  const auto fold = [&](std::uint32_t mine) {
    const std::vector<projections::Item>& items = facts.items();
    for (std::uint64_t seq = 1; seq <= facts.seq(); ++seq) {
      const projections::Row& row = facts.row(seq);
      const projections::Item& item = items[row.item];
      if (item.subject != projections::Subject::appeal || item.ordinal % 2 != mine) continue;
      add(table[item.ordinal], facts.type_of(seq), row.at, seq);
    }
  };
  {
    const std::jthread other([&] { fold(1); });
    fold(0);
  }
  return table;
}

boost::json::array totals_of(const std::vector<CaseRow>& table) {
  std::uint64_t events = 0, seqs = 0, conclusions = 0;
  for (const CaseRow& row : table) {
    events += row.events;
    seqs += row.last_seq;
    conclusions += row.conclusions;
  }
  boost::json::array rows;
  rows.push_back(boost::json::array{std::to_string(table.size()), std::to_string(events),
                                    std::to_string(seqs), std::to_string(conclusions)});
  return rows;
}

}  // namespace tools
