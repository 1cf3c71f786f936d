// Reducing records: which fields are kept is fact_fields.cpp's, which obligations move is
// schemas/obligations.h's.
#include "projections/fact_batch.h"

#include <limits>

#include "engine/check.h"
#include "projections/fact_fields.h"
#include "schemas/event.h"

namespace projections {

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
  if (kind == "application") return Subject::application;
  if (kind == "policy") return Subject::policy;
  if (kind == "item") return Subject::policy_item;
  if (kind == "vocabulary") return Subject::vocabulary;
  return Subject::other;
}

void FactBatch::clear() {
  first_seq_ = 0;
  texts_.clear();
  text_row_.clear();
  drafts_.clear();
  args_.clear();
  duties_.clear();
  wholes_.clear();
}

std::uint32_t FactBatch::intern(std::string_view text) {
  const std::uint32_t number = texts_.intern(text);
  if (number > text_row_.size()) text_row_.push_back(static_cast<std::uint32_t>(drafts_.size()));
  return number;
}

namespace {

template <class Intern>
class ArgSink final : public FieldSink {
 public:
  ArgSink(std::vector<std::int32_t>& args, Intern intern) : args_(args), intern_(intern) {}
  void text(std::string_view value) override {
    args_.push_back(static_cast<std::int32_t>(intern_(value)));
  }
  void number(std::int64_t value) override {
    CHECK(value >= std::numeric_limits<std::int32_t>::min());
    CHECK(value <= std::numeric_limits<std::int32_t>::max());
    args_.push_back(static_cast<std::int32_t>(value));
  }

 private:
  std::vector<std::int32_t>& args_;
  Intern intern_;
};

}  // namespace

// `own`: the department that the record is about, and its number.
void FactBatch::add_duty(const schemas::DutyChange& change, std::string_view own,
                         std::uint32_t own_number) {
  DraftDuty duty{.op = change.op,
                 .obligation = change.obligation,
                 .scope = change.scope,
                 .all = change.all,
                 .provisional = change.provisional,
                 .same_day = change.same_day,
                 .new_terms = change.new_terms,
                 .value = change.op == schemas::DutyOp::filed ? change.week : change.due};
  if (change.scope == schemas::DutyScope::assignment) {
    duty.matter = change.matter;
    duty.department = change.department == own ? own_number : intern(change.department);
  }
  duties_.push_back(duty);
}

void FactBatch::add_unread(const engine::RecordView& record) {
  if (drafts_.empty()) first_seq_ = record.seq;
  CHECK(record.seq == first_seq_ + drafts_.size());
  CHECK(record.seq < kNone);
  Draft draft;
  draft.at = record.recorded_at;
  draft.no = intern(record.no);
  draft.args = static_cast<std::uint32_t>(args_.size());
  draft.duties = static_cast<std::uint32_t>(duties_.size());
  drafts_.push_back(draft);
}

void FactBatch::add(const engine::RecordView& record) {
  if (drafts_.empty()) first_seq_ = record.seq;
  CHECK(record.seq == first_seq_ + drafts_.size());
  CHECK(record.seq < kNone);
  CHECK(schemas::find_event(record.type) != nullptr);
  const schemas::EventType type = schemas::type_of(record);
  Draft draft;
  draft.at = record.recorded_at;
  draft.type = record.type;
  draft.subject = subject_of(record.kind);
  draft.no = intern(record.no);
  const AssignmentName name = assignment_name(record);
  draft.matter = name.matter;
  if (name.matter != 0) draft.department = intern(name.department);
  ArgSink sink(args_, [this](std::string_view text) { return intern(text); });
  take_fields(record, sink);
  draft.args = static_cast<std::uint32_t>(args_.size());
  schemas::duty_changes(record, [&](const schemas::DutyChange& change) {
    // The record's own department has a number only where the record is about an assignment.
    const bool has_own = draft.department != 0;
    add_duty(change, has_own ? name.department : std::string_view(), draft.department);
  });
  draft.duties = static_cast<std::uint32_t>(duties_.size());
  if (keeps_whole(type))
    wholes_.push_back(
        {static_cast<std::uint32_t>(record.seq), {record.payload.begin(), record.payload.end()}});
  drafts_.push_back(draft);
}

}  // namespace projections
