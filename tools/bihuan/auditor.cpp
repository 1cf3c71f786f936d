#include "tools/bihuan/auditor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <future>
#include <span>
#include <thread>

#include "engine/proof/merkle.h"
#include "tools/bihuan/question.h"

namespace tools {

namespace {

constexpr std::size_t kWaiting = 2;  // stretches in memory beside one a thread: 5 MiB each
constexpr unsigned kThreadsMax = 8;  // more only wait for the rules
// Records ahead of which the bytes, the place of the stream's state, and the state are fetched from
// memory: who looked at the stretch last may have been another core.
constexpr std::size_t kBytesAhead = 28, kFar = 16, kNear = 6;
// Of a full stretch's root in the tree.
constexpr unsigned kRangeLevel = std::countr_zero(kRangeRecords);
static_assert(std::has_single_bit(kRangeRecords));

// A payload follows its entry.
void expect_bytes(const engine::BlockRecord& record) {
  constexpr std::size_t kLine = 64;
  const std::uint8_t* const end = record.view.payload.data() + record.view.payload.size();
  for (const std::uint8_t* line = record.entry.data(); line < end; line += kLine)
    __builtin_prefetch(line);
}

}  // namespace

Auditor::Auditor(engine::Log& log, const engine::Sealer& sealer, std::uint64_t from,
                 Findings& findings)
    : log_(log),
      from_(from),
      findings_(findings),
      ranges_((log.size() + kRangeRecords - 1) / kRangeRecords),
      threads_(std::clamp(std::thread::hardware_concurrency(), 1U, kThreadsMax)),
      end_(ranges_),
      scan_(log),
      district_(std::make_unique<schemas::District>(nothing_, sealer)),
      progress_("审计") {
  facts_.reserve(log.size());
}

void Auditor::run() {
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads_; ++i) helpers.emplace_back([this] { work(); });
    work();
  }
  // Freeing a million states one by one takes a fifth of an audit. The process ends soon, and the
  // system takes them back at once.
  static auto& left_behind = *new std::vector<std::unique_ptr<schemas::District>>;
  left_behind.push_back(std::move(district_));
  if (broken_)
    findings_.add_range(broken_->seq != 0 ? broken_->seq : seen_ + 1, log_.size(), "stored_bytes",
                        broken_->text);
  else if (seen_ != log_.size())
    findings_.add_range(seen_ + 1, log_.size(), "dense_seq", "Records are missing at the end.");
  check_root(!broken_);
  if (!broken_) check_facts();
}

// ---- who does what ----

bool Auditor::over() const { return next_ruled_ >= end_ && next_folded_ >= end_; }

// What must go in order goes first: nobody waits for what could have been read meanwhile.
Auditor::Job Auditor::next_job(std::uint64_t& number) {
  const auto is_read = [&](std::uint64_t at) {
    const auto slot = slots_.find(at);
    return at < end_ && slot != slots_.end() && slot->second.read;
  };
  if (!ruling_ && is_read(next_ruled_)) {
    ruling_ = true;
    number = next_ruled_;
    return Job::rules;
  }
  if (!folding_ && is_read(next_folded_)) {
    folding_ = true;
    number = next_folded_;
    return Job::facts;
  }
  if (!fetching_ && next_read_ < end_ && slots_.size() < threads_ + kWaiting) {
    fetching_ = true;
    number = next_read_++;
    Slot& slot = slots_[number];
    if (spare_.empty()) spare_.push_back(std::make_unique<AuditRange>());
    slot.range = std::move(spare_.back());
    spare_.pop_back();
    return Job::read;
  }
  return Job::none;
}

// A stretch has been fetched: the next one may be, while this one is looked at.
void Auditor::fetched() {
  const std::lock_guard lock(mutex_);
  fetching_ = false;
  changed_.notify_all();
}

void Auditor::finish(Job job, std::uint64_t number) {
  Slot& slot = slots_.at(number);
  if (job == Job::read) {
    slot.read = true;
  } else if (job == Job::rules) {
    slot.ruled = true;
    ruling_ = false;
    ++next_ruled_;
    if (slot.range->broken()) end_ = next_ruled_;
  } else {
    slot.folded = true;
    folding_ = false;
    ++next_folded_;
    if (slot.range->broken()) end_ = next_folded_;
  }
  if (slot.ruled && slot.folded) {
    spare_.push_back(std::move(slot.range));
    slots_.erase(number);
  }
}

void Auditor::work() {
  std::unique_lock lock(mutex_);
  while (!over()) {
    std::uint64_t number = 0;
    const Job job = next_job(number);
    if (job == Job::none) {
      changed_.wait(lock);
      continue;
    }
    AuditRange& range = *slots_.at(number).range;
    lock.unlock();
    if (job == Job::read) {
      range.fetch(scan_, log_, number);
      fetched();
      range.examine(scan_, from_);
    }
    if (job == Job::rules) check_rules(range);
    if (job == Job::facts) fold_facts(range);
    lock.lock();
    finish(job, number);
    changed_.notify_all();
  }
  changed_.notify_all();
}

// ---- what goes in order ----

void Auditor::check_rules(AuditRange& range) {
  std::vector<Fault>& faults = range.faults();
  const std::vector<AuditedRecord>& records = range.records();
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i + kBytesAhead < records.size()) expect_bytes(records[i + kBytesAhead]);
    if (i + kFar < records.size()) district_->expect_far(records[i + kFar].view);
    if (i + kNear < records.size()) district_->expect_near(records[i + kNear].view);
    const AuditedRecord& record = records[i];
    const engine::RecordView& view = record.view;
    seen_ = view.seq;
    if (view.recorded_at < last_recorded_at_)
      faults.push_back({view.seq, kTimePlace, "time_order", "recorded_at goes back."});
    last_recorded_at_ = view.recorded_at;
    // What cannot be read cannot be decided again; later findings of its stream follow from it.
    if (!record.well_shaped) continue;
    if (std::string wrong = district_->check_rules(view); !wrong.empty())
      faults.push_back({view.seq, kRulesPlace, "rules", std::move(wrong)});
  }
  std::ranges::sort(faults, {},
                    [](const Fault& fault) { return std::pair(fault.seq, fault.place); });
  for (const Fault& fault : faults)
    if (fault.place != kRulesPlace || fault.seq >= from_)
      findings_.add(fault.seq, fault.rule, fault.text);
  if (range.subtree())
    subtrees_.push_back(*range.subtree());
  else
    rest_ = range.leaves();
  broken_ = range.broken();
  progress_.update(seen_, log_.size(), seen_);
}

void Auditor::fold_facts(const AuditRange& range) {
  if (facts_complete_) facts_.absorb(range.facts());
  facts_complete_ = facts_complete_ && range.facts().size() == range.records().size();
}

// ---- at the end ----

void Auditor::check_root(bool complete) {
  if (!complete || from_ != 1) return;
  const auto stored = log_.root_at(log_.size());
  if (!stored) return findings_.add_range(1, log_.size(), "tree", stored.error().text);
  // The nodes of the tree built again, from the stretches' subtrees and the leaves after them.
  const auto node = [&](unsigned level, std::uint64_t index) -> engine::Result<engine::Hash> {
    const bool above = level >= kRangeLevel;
    const std::span<const engine::Hash> row = above ? subtrees_ : rest_;
    const std::uint64_t width = std::uint64_t{1} << (above ? level - kRangeLevel : level);
    const std::uint64_t before = above ? 0 : subtrees_.size() * kRangeRecords;
    return engine::root_of(row.subspan(index * width - before, width));
  };
  const std::uint64_t built = subtrees_.size() * kRangeRecords + rest_.size();
  const auto root = built == log_.size() ? engine::root_at(built, node) : engine::Hash{};
  if (root != *stored)
    findings_.add_range(1, log_.size(), "root",
                        "The tree built again has another root than the stored one.");
}

// The stored segments are held against what the fold would save; reports are a function of the
// facts and their question, and are drawn all the same.
void Auditor::check_facts() {
  if (!facts_complete_) return;  // what could not be read is named already
  auto comparing = std::async(std::launch::async, [this] { return stored_facts_same(); });
  const auto drawn = projections::draw_all(facts_, first_page());
  const engine::Result<bool> same = comparing.get();
  if (!same) return findings_.add_range(1, log_.size(), "facts", same.error().text);
  if (!*same) return compare_facts();
  for (std::size_t report = 0; report < drawn.size(); ++report)
    if (!drawn[report])
      findings_.add_range(
          1, log_.size(), "reports",
          fmt::format("The report {} cannot be drawn.", projections::reports()[report].name));
}

engine::Result<bool> Auditor::stored_facts_same() const {
  std::uint64_t stored_to = 0;
  bool same = true;
  const auto read =
      log_.read_derived(projections::Facts::kName, projections::Facts::kVersion,
                        [&](std::uint64_t to, std::span<const std::uint8_t> segment) {
                          same = to > stored_to && facts_.is_saved(stored_to, to, segment);
                          stored_to = to;
                          return same;
                        });
  if (!read) return std::unexpected(read.error());
  return same;
}

projections::Question Auditor::first_page() const {
  constexpr std::size_t kRowsDrawn = 100;
  projections::Question question;
  question.district = log_.name();
  question.moment.seq = log_.size();
  question.moment.as_of = log_.last_recorded_at();
  question.week = schemas::week_of(schemas::day_of(log_.last_recorded_at()));
  // With dates the closed-loop ledger looks at the rows of every case, not of the first page alone.
  question.from = 0;
  question.to = schemas::day_of(log_.last_recorded_at());
  question.limit = kRowsDrawn;
  return question;
}

// Segments that are not whole or do not join are thrown away by who reads them, and no finding;
// what would be believed must say what the fold says.
void Auditor::compare_facts() {
  const auto stored = facts_of(log_, /*keep=*/false);
  if (!stored) return findings_.add_range(1, log_.size(), "facts", stored.error().text);
  if (**stored != facts_)
    findings_.add_range(1, log_.size(), "facts", "Stored facts differ from a fold from zero.");
  const auto of_stored = projections::draw_all(**stored, first_page());
  const auto of_folded = projections::draw_all(facts_, first_page());
  for (std::size_t report = 0; report < of_folded.size(); ++report)
    if (!of_stored[report] || !of_folded[report] || *of_stored[report] != *of_folded[report])
      findings_.add_range(
          1, log_.size(), "reports",
          fmt::format("The report {} cannot be drawn again.", projections::reports()[report].name));
}

}  // namespace tools
