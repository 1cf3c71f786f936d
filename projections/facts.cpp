// The facts: every record becomes one row, what it does to obligations becomes words behind it.
#include "projections/facts.h"

#include <algorithm>

#include "engine/check.h"
#include "projections/activity.h"
#include "projections/duty_words.h"
#include "projections/fact_fields.h"
#include "schemas/event.h"

namespace projections {

using schemas::AppealStatus;
using schemas::DutyScope;
using schemas::EventType;

namespace {

constexpr std::uint64_t kOpenBlock = 1024;  // rows between two counts of open appeals
// How far ahead what a row will look at is fetched: its item, then its item's last row.
constexpr std::uint32_t kAhead = 8;
constexpr std::ptrdiff_t kFar = 24, kNear = 8;

}  // namespace

Facts::Facts() : activity_(std::make_unique<Activity>()) {
  text_seq_.push_back(0);
  item_of_text_.push_back(kNone);
}
Facts::~Facts() = default;
Facts::Facts(Facts&&) noexcept = default;
Facts& Facts::operator=(Facts&&) noexcept = default;

void Facts::reserve(std::uint64_t records) {
  rows_.reserve(records);
  words_.reserve(records * 3);  // as measured: some 2.7 a record
}

bool is_open(AppealStatus status, AppealStatus before) {
  switch (status) {
    case AppealStatus::none:
    case AppealStatus::concluded:
    case AppealStatus::answered:
    case AppealStatus::closed:
    case AppealStatus::rejected:
    case AppealStatus::withdrawn:
    case AppealStatus::merged:
    case AppealStatus::transferred:
      return false;
    case AppealStatus::submitted:
    case AppealStatus::supplement_requested:
    case AppealStatus::accepted:
    case AppealStatus::shelved:
      return true;
    case AppealStatus::excluded:  // what was concluded before is not opened by leaving the figures
      return is_open(before, AppealStatus::none);
  }
  CHECK(false);
  return false;
}

namespace {

// The appeal's lifecycle as a table by status and event, so that a fold need not search its lines.
class Steps {
 public:
  static constexpr unsigned kFirst = 500, kEvents = 200, kStatuses = 16;
  Steps() {
    for (unsigned status = 0; status < kStatuses; ++status) {
      for (unsigned event = 0; event < kEvents; ++event) {
        const schemas::Transition* row = schemas::find_transition(
            schemas::kAppealLifecycle, status, static_cast<EventType>(kFirst + event));
        const bool moves = row != nullptr && row->to != schemas::kStays;
        to_[status][event] = static_cast<std::uint8_t>(moves ? row->to : static_cast<int>(status));
      }
    }
  }
  [[nodiscard]] AppealStatus after(AppealStatus status, EventType type) const {
    const unsigned event = static_cast<unsigned>(type) - kFirst;
    return event < kEvents ? static_cast<AppealStatus>(to_[static_cast<unsigned>(status)][event])
                           : status;
  }

 private:
  std::uint8_t to_[kStatuses][kEvents]{};
};

}  // namespace

void step(AppealStatus& status, AppealStatus& before, EventType type) {
  static const Steps kSteps;
  const AppealStatus was = status;
  status = kSteps.after(was, type);
  if (type == EventType::AppealMerged || type == EventType::AppealExcluded) before = was;
  if (type == EventType::AppealUnmerged) status = before;
}

std::uint64_t Facts::seq_at(Micros at) const {
  const auto after = std::ranges::upper_bound(rows_, at, {}, &Row::at);
  return static_cast<std::uint64_t>(after - rows_.begin());
}

std::int64_t Facts::open_appeals(std::uint64_t seq) const {
  if (seq == 0) return 0;
  const std::uint64_t block = (seq - 1) / kOpenBlock;
  std::int64_t open = open_before_[block];
  for (std::uint64_t row = block * kOpenBlock; row < seq; ++row) open += rows_[row].opened;
  return open;
}

const schemas::Calendar& Facts::calendar_at(std::uint64_t seq) const {
  static const schemas::Calendar kNothingPublished;
  const auto after = std::ranges::upper_bound(
      calendars_, seq, {}, [](const auto& one) { return std::uint64_t{one.first}; });
  return after == calendars_.begin() ? kNothingPublished : *std::prev(after)->second;
}

std::uint32_t Facts::begun(Subject subject, std::uint64_t seq) const {
  const auto& items = items_of(subject);
  const auto after = std::ranges::upper_bound(
      items, seq, {}, [&](std::uint32_t item) { return std::uint64_t{items_[item].first}; });
  return static_cast<std::uint32_t>(after - items.begin());
}

// ---- tables ----

std::uint32_t Facts::intern(std::string_view text, std::uint32_t seq) {
  const std::uint32_t number = texts_.intern(text);
  if (number == text_seq_.size()) {
    text_seq_.push_back(seq);
    item_of_text_.push_back(kNone);
  }
  return number;
}

std::uint32_t Facts::item_named(Subject subject, std::uint32_t no) const {
  std::uint32_t item = item_of_text_[no];
  while (item != kNone && items_[item].subject != subject) item = items_[item].namesake;
  return item;
}

std::uint32_t Facts::find_item(Subject subject, std::string_view no) const {
  const std::uint32_t text = texts_.find(no);
  return text == 0 ? kNone : item_named(subject, text);
}

void Facts::add_item(const Item& item) {
  const auto number = static_cast<std::uint32_t>(items_.size());
  of_subject_[static_cast<std::size_t>(item.subject)].push_back(number);
  items_.push_back(item);
  items_.back().namesake = std::exchange(item_of_text_[item.no], number);
  last_assignment_.push_back(kNone);
  last_round_.push_back(kNone);
  asleep_.push_back(1);
  if (item.subject == Subject::appeal) courses_.emplace_back();
}

std::uint32_t Facts::item_for(Subject subject, std::uint32_t no, std::uint32_t seq) {
  if (const std::uint32_t known = item_named(subject, no); known != kNone) return known;
  const auto ordinal =
      static_cast<std::uint32_t>(of_subject_[static_cast<std::size_t>(subject)].size());
  add_item({subject, ordinal, no, seq, 0, kNone});
  return static_cast<std::uint32_t>(items_.size() - 1);
}

void Facts::add_assignment(const AssignmentKey& key) {
  const auto number = static_cast<std::uint32_t>(assignments_.size());
  if (key.previous != kNone) further_.push_back(number);
  last_assignment_[key.item] = number;
  assignments_.push_back(key);
}

void Facts::add_round(const RoundKey& key) {
  last_round_[key.item] = static_cast<std::uint32_t>(rounds_.size());
  rounds_.push_back(key);
}

void Facts::add_whole(std::uint32_t seq, std::vector<std::uint8_t> payload) {
  wholes_.push_back({seq, std::move(payload)});
}

std::uint32_t Facts::find_assignment(std::uint32_t item, int matter,
                                     std::uint32_t department) const {
  std::uint32_t at = last_assignment_[item];
  while (at != kNone &&
         (assignments_[at].matter != matter || assignments_[at].department != department))
    at = assignments_[at].previous;
  return at;
}

// Events of a rating address the newest round (schemas/obligations.h); a conclusion brings a new
// one.
std::uint32_t Facts::part_for(const FactBatch::Draft& draft, std::uint32_t item,
                              std::uint32_t seq) {
  const auto type = static_cast<EventType>(draft.type);
  if (type == EventType::AppealConcluded) {
    const std::uint32_t last = last_round_[item];
    add_round({item, last == kNone ? 1 : rounds_[last].number + 1, last, seq});
    return last_round_[item];
  }
  if (is_round_event(type)) return last_round_[item];
  if (draft.matter == 0) return kNone;
  const std::uint32_t department = numbers_[draft.department];
  if (type == EventType::AssignmentDispatched) {
    add_assignment({item, draft.matter, department, last_assignment_[item], seq});
    return last_assignment_[item];
  }
  return find_assignment(item, draft.matter, department);
}

void Facts::wake(std::uint32_t item) {
  if (asleep_[item] == 0) return;
  asleep_[item] = 0;
  awake_.push_back(item);
  activity_->wake(*this, item);
}

// ---- records ----

void Facts::absorb_duty(const FactBatch::DraftDuty& draft, Row& row, std::uint32_t seq) {
  DutyFact duty{.op = draft.op,
                .obligation = draft.obligation,
                .scope = draft.scope,
                .all = draft.all,
                .provisional = draft.provisional,
                .same_day = draft.same_day,
                .new_terms = draft.new_terms,
                .value = draft.value};
  if (draft.scope == DutyScope::assignment) {
    duty.part = find_assignment(row.item, draft.matter, numbers_[draft.department]);
  } else if (draft.scope == DutyScope::round) {
    // What a conclusion does to a round, it does to the one before its own.
    const std::uint32_t last = last_round_[row.item];
    duty.part = last != kNone && rounds_[last].seq == seq ? rounds_[last].previous : last;
  }
  if (draft.scope != DutyScope::stream && duty.part == kNone) return;
  const std::size_t before = words_.size();
  put_duty(words_, duty, row.part);
  row.duties = static_cast<std::uint16_t>(row.duties + (words_.size() - before));
}

void Facts::add_row(Row row) {
  const auto seq = static_cast<std::uint32_t>(rows_.size() + 1);
  CHECK(rows_.empty() || rows_.back().at <= row.at);
  Item& item = items_[row.item];
  if (item.last != 0) rows_[item.last - 1].next = seq;
  item.last = seq;
  const auto type = static_cast<EventType>(row.type);
  row.opened = 0;
  switch (item.subject) {
    case Subject::appeal: {
      Course& course = courses_[item.ordinal];
      const int was = is_open(course.status, course.before) ? 1 : 0;
      step(course.status, course.before, type);
      const int now = is_open(course.status, course.before) ? 1 : 0;
      row.opened = static_cast<std::int8_t>(now - was);
      wake(row.item);
      break;
    }
    case Subject::supervisor_report:
      wake(row.item);
      break;
    case Subject::calendar:
    case Subject::rules:
    case Subject::department:
    case Subject::plan:
      office_rows_.push_back(seq);
      break;
    case Subject::enterprise:
    case Subject::supervisor:
    case Subject::task:
    case Subject::policy:
    case Subject::vocabulary:
    case Subject::policy_item:
    case Subject::application:
    case Subject::other:
      break;
  }
  if ((seq - 1) % kOpenBlock == 0) open_before_.push_back(open_);
  open_ += row.opened;
  rows_.push_back(row);
  if (item.subject != Subject::calendar || !keeps_whole(type)) return;
  auto calendar = std::make_unique<schemas::Calendar>(calendar_at(seq));
  engine::RecordView record;
  record.seq = seq;
  record.recorded_at = row.at;
  record.type = row.type;
  record.kind = "calendar";
  record.no = texts_[item.no];
  record.payload = wholes_.back().payload;
  CHECK(wholes_.back().seq == seq);
  calendar->apply(record);
  calendars_.emplace_back(seq, std::move(calendar));
}

void Facts::absorb_row(const FactBatch& batch, const FactBatch::Draft& draft) {
  const auto seq = static_cast<std::uint32_t>(rows_.size() + 1);
  const auto type = static_cast<EventType>(draft.type);
  const bool first = &draft == batch.drafts_.data();
  const std::uint32_t args_begin = first ? 0 : (&draft - 1)->args;
  const std::uint32_t duties_begin = first ? 0 : (&draft - 1)->duties;
  Row row;
  row.at = draft.at;
  row.type = draft.type;
  row.item = item_for(draft.subject, numbers_[draft.no], seq);
  row.part = part_for(draft, row.item, seq);
  row.words = static_cast<std::uint32_t>(words_.size());
  row.args = static_cast<std::uint16_t>(draft.args - args_begin);
  const std::string_view form = form_of(type);
  const std::span args = std::span(batch.args_).subspan(args_begin, row.args);
  words_.insert(words_.end(), args.begin(), args.end());
  const std::span kept = std::span(words_).last(args.size());
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (i >= form.size() || form[i] != 'i')
      kept[i] = static_cast<std::int32_t>(numbers_[static_cast<std::uint32_t>(kept[i])]);
  for (std::uint32_t i = duties_begin; i < draft.duties; ++i)
    absorb_duty(batch.duties_[i], row, seq);
  add_row(row);
}

void Facts::prefetch_item(const FactBatch::Draft& draft) const {
  const std::uint32_t item = item_of_text_[numbers_[draft.no]];
  if (item == kNone) return;
  __builtin_prefetch(&items_[item]);
  __builtin_prefetch(&last_assignment_[item]);
}

void Facts::prefetch_last(const FactBatch::Draft& draft) const {
  const std::uint32_t item = item_of_text_[numbers_[draft.no]];
  if (item == kNone) return;
  if (items_[item].last != 0) __builtin_prefetch(&rows_[items_[item].last - 1]);
  if (last_assignment_[item] != kNone) __builtin_prefetch(&assignments_[last_assignment_[item]]);
}

void Facts::absorb(const FactBatch& batch) {
  if (batch.size() == 0) return;
  CHECK(batch.first_seq() == seq() + 1);
  CHECK(batch.first_seq() + batch.size() < kNone);
  const auto first = static_cast<std::uint32_t>(batch.first_seq());
  numbers_.assign(batch.texts_.size(), 0);
  for (std::uint32_t i = 1; i < batch.texts_.size(); ++i) {
    if (i + kAhead < batch.texts_.size()) texts_.prefetch(batch.texts_[i + kAhead]);
    numbers_[i] = intern(batch.texts_[i], first + batch.text_row_[i - 1]);
  }
  auto whole = batch.wholes_.begin();
  for (const FactBatch::Draft& draft : batch.drafts_) {
    if (batch.drafts_.data() + batch.size() - &draft > kFar) prefetch_item(*(&draft + kFar));
    if (batch.drafts_.data() + batch.size() - &draft > kNear) prefetch_last(*(&draft + kNear));
    if (whole != batch.wholes_.end() && whole->seq == seq() + 1) {
      add_whole(whole->seq, whole->payload);
      ++whole;
    }
    absorb_row(batch, draft);
  }
}

bool Facts::operator==(const Facts& other) const {
  return rows_ == other.rows_ && words_ == other.words_ && items_ == other.items_ &&
         assignments_ == other.assignments_ && rounds_ == other.rounds_ &&
         wholes_ == other.wholes_ && texts_ == other.texts_ && text_seq_ == other.text_seq_;
}

engine::RecordView Facts::record_of(std::uint64_t seq, std::uint32_t version) const {
  const Row& at = row(seq);
  engine::RecordView record;
  record.seq = seq;
  record.recorded_at = at.at;
  record.type = at.type;
  record.version = version;
  record.no = texts_[items_[at.item].no];
  const auto whole = std::ranges::lower_bound(wholes_, seq, {}, &Whole::seq);
  if (whole != wholes_.end() && whole->seq == seq) record.payload = whole->payload;
  return record;
}

void Facts::settle(unsigned threads) { activity_->settle(*this, awake_, asleep_, threads); }

void Facts::apply(const engine::RecordView& record) {
  CHECK(record.seq == seq() + 1);
  one_.clear();
  one_.add(record);
  absorb(one_);
}

}  // namespace projections
