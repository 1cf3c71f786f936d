// The trace and the small JSON forms that all reports share.
#include "projections/report.h"

#include <algorithm>

#include "schemas/calendar.h"

namespace projections {
namespace {

bool within(std::string_view outer, std::string_view inner) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

// A cell stands for those in it; an event behind a whole row (an entry of a list) is behind its
// cells.
bool concerns(std::string_view asked, std::string_view hit) {
  return within(asked, hit) || within(hit, asked);
}

void sort_once(std::vector<std::uint64_t>& seqs) {
  std::ranges::sort(seqs);
  const auto rest = std::ranges::unique(seqs);
  seqs.erase(rest.begin(), rest.end());
}

}  // namespace

Trace Trace::everything() {
  Trace trace{std::string()};
  trace.everything_ = true;
  return trace;
}

void Trace::hit(std::string_view cell, std::uint64_t seq) {
  if (everything_) {
    auto at = by_cell_.find(cell);
    if (at == by_cell_.end()) at = by_cell_.emplace(cell, std::vector<std::uint64_t>{}).first;
    at->second.push_back(seq);
  } else if (concerns(cell_, cell)) {
    seqs_.push_back(seq);
  }
}

void Trace::hit(Path cell, std::uint64_t seq) {
  std::string joined;
  for (const std::string_view piece : cell) {
    if (!joined.empty()) joined += '/';
    joined += piece;
  }
  hit(joined, seq);
}

void Trace::settle(bool known) {
  known_ = known;
  sort_once(seqs_);
  for (auto& [cell, seqs] : by_cell_) sort_once(seqs);
}

std::vector<std::uint64_t> Trace::seqs_of(std::string_view cell) const {
  for (std::string_view at = cell; !at.empty();) {
    if (const auto found = by_cell_.find(at); found != by_cell_.end()) return found->second;
    const std::size_t slash = at.rfind('/');
    at = slash == std::string_view::npos ? std::string_view{} : at.substr(0, slash);
  }
  return {};
}

boost::json::object rate_json(const Rate& rate) { return {{"n", rate.n}, {"d", rate.d}}; }

boost::json::value time_json(Micros at) {
  if (at == 0) return nullptr;
  return boost::json::value(schemas::time_text(at));
}

boost::json::value text_json(std::string_view text) {
  if (text.empty()) return nullptr;
  return boost::json::value(text);
}

}  // namespace projections
