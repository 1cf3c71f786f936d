// Asks as `bihuan report`, `why` and `diff` do.
#include "tools/benchmark/asking.h"

#include "tools/bihuan/question.h"

namespace tools {

using engine::Result;

Result<Reports> Reports::open(engine::Log& log, bool keep) {
  auto facts = facts_of(log, keep);
  if (!facts) return std::unexpected(facts.error());
  return Reports(log, std::move(*facts));
}

Result<void> Reports::forget(engine::Log& log) {
  return log.drop_derived(projections::Facts::kName);
}

std::vector<std::pair<std::uint64_t, schemas::EventType>> Reports::course(std::string_view appeal,
                                                                          std::uint64_t seq) const {
  std::vector<std::pair<std::uint64_t, schemas::EventType>> events;
  const std::uint32_t item = facts_->find_item(projections::Subject::appeal, appeal);
  if (item == projections::kNone) return events;
  for (std::uint32_t at = facts_->items()[item].first; at != 0 && at <= seq;
       at = facts_->row(at).next)
    events.emplace_back(at, facts_->type_of(at));
  return events;
}

engine::Micros Reports::time_of(std::uint64_t seq) const { return facts_->time_of(seq); }

namespace {

Result<projections::Question> question_for(const projections::Facts& facts, const engine::Log& log,
                                           const Asked& asked) {
  projections::Question question;
  question.district = log.name();
  question.moment = projections::moment_of_seq(facts, asked.seq);
  const auto root = log.root_at(asked.seq);
  if (!root) return std::unexpected(root.error());
  question.moment.root = *root;
  if (asked.report == "weekly") question.week = asked.week;
  if (asked.report == "ratings") {
    question.from = asked.from;
    question.to = asked.to;
  }
  question.light = asked.light;
  question.appeal = asked.appeal;
  question.section = asked.section;
  question.limit = asked.limit;
  return question;
}

}  // namespace

Result<boost::json::object> draw_from(const projections::Facts& facts, const engine::Log& log,
                                      const Asked& asked) {
  const auto question = question_for(facts, log, asked);
  if (!question) return std::unexpected(question.error());
  return projections::draw(asked.report, facts, *question);
}

FoldFromZero::FoldFromZero() : facts_(std::make_unique<projections::Facts>()) {}

Result<void> FoldFromZero::advance(const engine::Log& log, std::uint64_t seq) {
  if (seq <= facts_->seq()) return {};
  return log.read(facts_->seq() + 1, seq, [this](const engine::RecordView& record) {
    facts_->apply(record);
    return true;
  });
}

Result<boost::json::object> FoldFromZero::draw(const engine::Log& log, const Asked& asked) const {
  return draw_from(*facts_, log, asked);
}

Result<boost::json::object> Reports::draw(const Asked& asked) const {
  return draw_from(*facts_, *log_, asked);
}

Result<std::size_t> Reports::why(const Asked& asked, const std::string& cell) const {
  const auto question = question_for(*facts_, *log_, asked);
  if (!question) return std::unexpected(question.error());
  const auto found = projections::why(asked.report, *facts_, *question, cell);
  if (!found) return std::unexpected(found.error());
  return *found ? (*found)->seqs.size() : 0;
}

Result<std::size_t> Reports::diff(const Asked& asked, std::uint64_t before) const {
  const auto question = question_for(*facts_, *log_, asked);
  if (!question) return std::unexpected(question.error());
  const auto changes =
      projections::diff(asked.report, *facts_, *question,
                        projections::moment_of_seq(*facts_, before), question->moment);
  if (!changes) return std::unexpected(changes.error());
  return changes->size();
}

}  // namespace tools
