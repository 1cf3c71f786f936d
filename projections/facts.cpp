// The facts: every record becomes one row, its obligations' changes become duty rows.
#include "projections/facts.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <algorithm>

#include "engine/check.h"
#include "projections/fact_fields.h"
#include "schemas/event.h"

namespace projections {

using schemas::DutyScope;
using schemas::EventType;

struct Facts::Names {
  // By subject; keys are views of the dictionary's texts.
  std::array<absl::flat_hash_map<absl::string_view, std::uint32_t>, kSubjects> items;
};

Facts::Facts() : names_(std::make_unique<Names>()) { text_seq_.push_back(0); }
Facts::~Facts() = default;
Facts::Facts(Facts&&) noexcept = default;
Facts& Facts::operator=(Facts&&) noexcept = default;

Subject subject_of(std::string_view kind) {
  if (kind == "appeal") return Subject::appeal;
  if (kind == "enterprise") return Subject::enterprise;
  if (kind == "supervisor-report") return Subject::supervisor_report;
  if (kind == "task") return Subject::task;
  if (kind == "department") return Subject::department;
  if (kind == "supervisor") return Subject::supervisor;
  if (kind == "calendar") return Subject::calendar;
  if (kind == "rules") return Subject::rules;
  if (kind == "plan") return Subject::plan;
  return Subject::other;
}

std::uint64_t Facts::seq_at(Micros at) const {
  return static_cast<std::uint64_t>(std::ranges::upper_bound(time_, at) - time_.begin());
}

std::uint32_t Facts::intern(std::string_view text, std::uint32_t seq) {
  const std::uint32_t number = texts_.intern(text);
  if (number == text_seq_.size()) text_seq_.push_back(seq);
  return number;
}

void Facts::add_item(const Item& item) {
  const auto subject = static_cast<std::size_t>(item.subject);
  const std::string_view no = texts_[item.no];
  names_->items[subject].emplace(absl::string_view(no.data(), no.size()),
                                 static_cast<std::uint32_t>(items_.size()));
  of_subject_[subject].push_back(static_cast<std::uint32_t>(items_.size()));
  items_.push_back(item);
  last_assignment_.push_back(kNone);
  last_round_.push_back(kNone);
}

void Facts::add_assignment(const AssignmentKey& key) {
  last_assignment_[key.item] = static_cast<std::uint32_t>(assignments_.size());
  assignments_.push_back(key);
}

void Facts::add_round(const RoundKey& key) {
  last_round_[key.item] = static_cast<std::uint32_t>(rounds_.size());
  rounds_.push_back(key);
}

std::uint32_t Facts::find_item(Subject subject, std::string_view no) const {
  const auto& names = names_->items[static_cast<std::size_t>(subject)];
  const auto at = names.find(absl::string_view(no.data(), no.size()));
  return at == names.end() ? kNone : at->second;
}

std::uint32_t Facts::item_for(Subject subject, std::string_view no, std::uint32_t seq) {
  if (const std::uint32_t known = find_item(subject, no); known != kNone) return known;
  const auto ordinal =
      static_cast<std::uint32_t>(of_subject_[static_cast<std::size_t>(subject)].size());
  add_item({subject, ordinal, intern(no, seq), seq});
  return static_cast<std::uint32_t>(items_.size() - 1);
}

std::uint32_t Facts::find_assignment(std::uint32_t item, int matter,
                                     std::string_view department) const {
  std::uint32_t at = last_assignment_[item];
  while (at != kNone &&
         (assignments_[at].matter != matter || texts_[assignments_[at].department] != department))
    at = assignments_[at].previous;
  return at;
}

// Events of a rating address the newest round (schemas/obligations.h); a conclusion brings a new
// one.
std::uint32_t Facts::part_for(const engine::RecordView& record, std::uint32_t item,
                              std::uint32_t seq) {
  const EventType type = schemas::type_of(record);
  if (type == EventType::AppealConcluded) {
    const std::uint32_t last = last_round_[item];
    const std::int32_t number = last == kNone ? 1 : rounds_[last].number + 1;
    add_round({item, number, last, seq});
    return last_round_[item];
  }
  if (is_round_event(type)) return last_round_[item];
  const AssignmentName name = assignment_name(record);
  if (name.matter == 0) return kNone;
  if (type == EventType::AssignmentDispatched) {
    add_assignment({item, name.matter, intern(name.department, seq), last_assignment_[item], seq});
    return last_assignment_[item];
  }
  return find_assignment(item, name.matter, name.department);
}

void Facts::add_duty(const schemas::DutyChange& change, std::uint32_t seq, std::uint32_t item) {
  DutyFact fact{.seq = seq,
                .op = change.op,
                .obligation = change.obligation,
                .scope = change.scope,
                .all = change.all,
                .provisional = change.provisional,
                .same_day = change.same_day,
                .new_terms = change.new_terms,
                .value = change.op == schemas::DutyOp::filed ? change.week : change.due};
  if (change.scope == DutyScope::assignment) {
    fact.part = find_assignment(item, change.matter, change.department);
  } else if (change.scope == DutyScope::round) {
    // What a conclusion does to a round, it does to the one before its own.
    const std::uint32_t last = last_round_[item];
    fact.part = last != kNone && rounds_[last].seq == seq ? rounds_[last].previous : last;
  }
  if (change.scope != DutyScope::stream && fact.part == kNone) return;
  duties_.push_back(fact);
}

namespace {

class ArgSink final : public FieldSink {
 public:
  using Intern = std::uint32_t (*)(void* facts, std::string_view text, std::uint32_t seq);
  ArgSink(std::vector<std::int64_t>& args, void* facts, Intern intern, std::uint32_t seq)
      : args_(args), facts_(facts), intern_(intern), seq_(seq) {}
  void text(std::string_view value) override { args_.push_back(intern_(facts_, value, seq_)); }
  void number(std::int64_t value) override { args_.push_back(value); }

 private:
  std::vector<std::int64_t>& args_;
  void* facts_;
  Intern intern_;
  std::uint32_t seq_;
};

}  // namespace

void Facts::apply(const engine::RecordView& record) {
  CHECK(record.seq == seq() + 1);
  CHECK(record.seq < kNone);
  CHECK(schemas::find_event(record.type) != nullptr);
  CHECK(time_.empty() || time_.back() <= record.recorded_at);
  const auto seq = static_cast<std::uint32_t>(record.seq);
  const EventType type = schemas::type_of(record);
  const std::uint32_t item = item_for(subject_of(record.kind), record.no, seq);
  const std::uint32_t part = part_for(record, item, seq);
  ArgSink sink(
      args_, this,
      [](void* facts, std::string_view text, std::uint32_t at) {
        return static_cast<Facts*>(facts)->intern(text, at);
      },
      seq);
  take_fields(record, sink);
  if (keeps_whole(type)) wholes_.push_back({seq, {record.payload.begin(), record.payload.end()}});
  type_.push_back(record.type);
  time_.push_back(record.recorded_at);
  item_.push_back(item);
  part_.push_back(part);
  args_end_.push_back(static_cast<std::uint32_t>(args_.size()));
  struct Row {
    Facts* facts;
    std::uint32_t seq, item;
  } row{this, seq, item};
  schemas::duty_changes(record, [&row](const schemas::DutyChange& change) {
    row.facts->add_duty(change, row.seq, row.item);
  });
}

}  // namespace projections
