#include "tools/bihuan/auditor.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <span>
#include <thread>

#include "engine/proof/merkle.h"
#include "tools/bihuan/question.h"

namespace tools {

namespace {

constexpr std::uint64_t kRangesAhead = 8;  // in memory: about 4 MiB each
constexpr unsigned kThreadsMax = 8;        // more only wait for the rules
constexpr unsigned kRangeLevel = 13;       // of a full stretch's root in the tree
static_assert(kRangeRecords == 1U << kRangeLevel);

}  // namespace

Auditor::Auditor(engine::Log& log, const engine::Sealer& sealer, std::uint64_t from,
                 Findings& findings)
    : log_(log),
      from_(from),
      findings_(findings),
      ranges_((log.size() + kRangeRecords - 1) / kRangeRecords),
      end_(ranges_),
      district_(std::make_unique<schemas::District>(nothing_, sealer)),
      progress_("审计") {}

void Auditor::run() {
  {
    std::vector<std::jthread> helpers;
    const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, kThreadsMax);
    for (unsigned i = 1; i < threads; ++i) helpers.emplace_back([this] { work(); });
    work();
  }
  // A million states take a while to go; nobody has to wait for it.
  const auto gone = std::async(std::launch::async, [this] { district_.reset(); });
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
  if (next_read_ < end_ && slots_.size() < kRangesAhead) {
    number = next_read_++;
    Slot& slot = slots_[number];
    if (spare_.empty()) spare_.push_back(std::make_unique<AuditRange>());
    slot.range = std::move(spare_.back());
    spare_.pop_back();
    return Job::read;
  }
  return Job::none;
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
    if (job == Job::read) range.read(log_, number, from_);
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
  for (const AuditedRecord& record : range.records()) {
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

// Reports come from stored facts: they must say what a fold from zero says. A report is a function
// of the facts and its question; the first rows of each are drawn from both all the same.
void Auditor::check_facts() {
  constexpr std::size_t kRowsDrawn = 100;
  if (!facts_complete_) return;  // what could not be read is named already
  // Not earlier: what is newer than the stored segments is folded, and had to prove readable first.
  const auto stored = facts_of(log_, /*keep=*/false);
  if (!stored) return findings_.add_range(1, log_.size(), "facts", stored.error().text);
  if (**stored != facts_)
    findings_.add_range(1, log_.size(), "facts", "Stored facts differ from a fold from zero.");
  projections::Question question;
  question.district = log_.name();
  question.moment.seq = log_.size();
  question.moment.as_of = log_.last_recorded_at();
  question.week = schemas::week_of(schemas::day_of(log_.last_recorded_at()));
  question.from = 0;
  question.to = schemas::day_of(log_.last_recorded_at());
  question.limit = kRowsDrawn;
  for (const projections::ReportKind& kind : projections::reports()) {
    auto drawing = std::async(std::launch::async,
                              [&] { return projections::draw(kind.name, facts_, question); });
    const auto first = projections::draw(kind.name, **stored, question);
    const auto second = drawing.get();
    if (!first || !second || *first != *second)
      findings_.add_range(1, log_.size(), "reports",
                          fmt::format("The report {} cannot be drawn again.", kind.name));
  }
}

}  // namespace tools
