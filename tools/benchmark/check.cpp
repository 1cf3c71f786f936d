// Are the fast answers right? At random moments every report is drawn twice: from what the product
// keeps, and from facts that were folded record by record and know nothing after the moment.
#include <fmt/format.h>

#include <algorithm>

#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/measure.h"

namespace tools {

using engine::Result;

Result<void> check_reports(Bench& bench) {
  say("报表与从头重算相比", "every report against a fold from zero");
  auto ledger = open_ledger(bench.ledger, engine::OpenMode::read_only);
  if (!ledger) return std::unexpected(ledger.error());
  const auto reports = Reports::open(*ledger->log, /*keep=*/false);
  if (!reports) return std::unexpected(reports.error());
  std::vector<std::uint64_t> moments;
  while (moments.size() < bench.options.moments)
    moments.push_back(1 + static_cast<std::uint64_t>(
                              bench.random.below(static_cast<std::int64_t>(ledger->log->size()))));
  std::ranges::sort(moments);
  FoldFromZero zero;
  for (const std::uint64_t seq : moments) {
    if (auto done = zero.advance(*ledger->log, seq); !done) return done;
    for (const std::string_view question : kQuestions) {
      const Asked asked = asked_at(question, seq, reports->time_of(seq));
      const auto kept = reports->draw(asked), folded = zero.draw(*ledger->log, asked);
      if (!kept) return std::unexpected(kept.error());
      if (!folded) return std::unexpected(folded.error());
      if (*kept != *folded) {
        say(fmt::format("{} 在事件 {} 处不同", question, seq),
            fmt::format("{} differs at event {}", question, seq));
        ++bench.differences;
      }
      ++bench.compared;
    }
  }
  return {};
}

}  // namespace tools
