// Totals of a week. What is open is counted by the facts as records come; only who asks why needs
// to see each appeal.
#include "projections/week_totals.h"

#include <vector>

namespace projections {

using schemas::EventType;

namespace {

constexpr std::size_t kTypes = 1024;  // event numbers are below (schemas/event.fbs)

struct Flow {
  std::string_view name;
  EventType type;
};
constexpr std::array<Flow, 7> kFlows = {{{"submitted", EventType::AppealSubmitted},
                                         {"accepted", EventType::AppealAccepted},
                                         {"rejected", EventType::AppealRejected},
                                         {"withdrawn", EventType::AppealWithdrawn},
                                         {"concluded", EventType::AppealConcluded},
                                         {"reopened", EventType::AppealReopened},
                                         {"rated", EventType::RatingSubmitted}}};

bool is_bad(const Facts& facts, std::uint64_t seq) { return facts.args_of(seq)[0] <= 2; }

}  // namespace

std::int64_t WeekTotals::count_open(const Facts& facts) const {
  if (trace_ == nullptr) return facts.open_appeals(window_.seq);
  std::int64_t open = 0;
  for (const std::uint32_t item : facts.items_of(Subject::appeal)) {
    const std::uint32_t first = facts.items()[item].first;
    if (first > window_.seq) break;
    int standing = 0;
    for (std::uint32_t seq = first; seq != 0 && seq <= window_.seq; seq = facts.row(seq).next)
      standing += facts.row(seq).opened;
    if (standing > 0) count(open, trace_, {section_, "open"}, first);
  }
  return open;
}

boost::json::object WeekTotals::draw(const Facts& facts) const {
  std::array<std::int64_t, kTypes> events{};
  std::int64_t bad = 0;
  for (std::uint64_t seq = window_.first_seq; seq <= window_.seq; ++seq) {
    const std::uint16_t type = facts.row(seq).type;
    if (type < kTypes) ++events[type];
    if (static_cast<EventType>(type) == EventType::RatingSubmitted && is_bad(facts, seq))
      count(bad, trace_, {section_, "bad_rated"}, seq);
    if (trace_ == nullptr) continue;
    for (const Flow& flow : kFlows)
      if (flow.type == static_cast<EventType>(type)) trace_->hit({section_, flow.name}, seq);
  }
  boost::json::object totals;
  for (const Flow& flow : kFlows) {
    if (flow.name == "rated") {  // stocks stand before it (interfaces.md section 4)
      totals["open"] = count_open(facts);
      totals["overdue_open"] = overdue_open_;
    }
    totals[flow.name] = events[static_cast<std::size_t>(flow.type)];
  }
  totals["bad_rated"] = bad;
  return totals;
}

}  // namespace projections
