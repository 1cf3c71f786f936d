#include "server/outbox.h"

#include <vector>

namespace server {

bool is_notice(schemas::EventType type) {
  using enum schemas::EventType;
  return type == ReminderIssued || type == YellowCardIssued || type == RedCardIssued ||
         type == SupervisionOrdered || type == RatingWindowClosed || type == TermEndAnnounced;
}

engine::Result<void> read_notices(const engine::Log& log, LiveFacts& facts, std::uint64_t after,
                                  std::uint64_t limit,
                                  absl::FunctionRef<void(const engine::RecordView&)> use) {
  // The facts know the type of every record; the log is read where there is something to read.
  std::vector<std::uint64_t> seqs;
  const auto found = facts.with(log.size(), [&](const projections::Facts& known) {
    for (std::uint64_t seq = after + 1; seq <= known.seq() && seqs.size() < limit; ++seq)
      if (is_notice(known.type_of(seq))) seqs.push_back(seq);
  });
  if (!found) return found;
  for (const std::uint64_t seq : seqs) {
    const auto read = log.read(seq, seq, [&](const engine::RecordView& record) {
      use(record);
      return true;
    });
    if (!read) return std::unexpected(read.error());
  }
  return {};
}

}  // namespace server
