// The audit's work on all cores. Stretches of records are fetched in order, one at a time, and
// hashed by whoever is free; the rules look at them in order, and so do the facts beside them. What
// is found comes out in order of seq whatever the threads did.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/log/log.h"
#include "engine/sealer.h"
#include "engine/source.h"
#include "projections/catalog.h"
#include "projections/facts.h"
#include "schemas/district.h"
#include "tools/bihuan/audit.h"
#include "tools/bihuan/audit_range.h"
#include "tools/bihuan/progress.h"

namespace tools {

class Auditor {
 public:
  // Bytes before seq `from` are not hashed again; rules are replayed from the first.
  Auditor(engine::Log& log, const engine::Sealer& sealer, std::uint64_t from, Findings& findings);

  void run();

 private:
  // A stretch in work, from its fetching until rules and facts have seen it.
  struct Slot {
    std::unique_ptr<AuditRange> range;
    bool read = false, ruled = false, folded = false;
  };
  enum class Job : std::uint8_t { none, read, rules, facts };

  void work();
  [[nodiscard]] Job next_job(std::uint64_t& number);
  void finish(Job job, std::uint64_t number);
  void fetched();
  [[nodiscard]] bool over() const;

  void check_rules(AuditRange& range);
  void fold_facts(const AuditRange& range);
  void check_root(bool complete);
  void check_facts();
  [[nodiscard]] engine::Result<bool> stored_facts_same() const;
  void compare_facts();
  [[nodiscard]] projections::Question first_page() const;

  engine::Log& log_;
  const std::uint64_t from_;
  Findings& findings_;
  const std::uint64_t ranges_;  // in the log
  const unsigned threads_;

  // The plan, under the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Slot> slots_;
  std::vector<std::unique_ptr<AuditRange>> spare_;
  std::uint64_t next_read_ = 0, next_ruled_ = 0, next_folded_ = 0;
  bool fetching_ = false, ruling_ = false, folding_ = false;
  std::uint64_t end_;  // no stretch from here on is looked at: the log's end, or one that broke

  // Whoever fetches has this.
  engine::LogScan scan_;

  // Whoever does the rules has these.
  engine::EmptySource nothing_;
  std::unique_ptr<schemas::District> district_;
  Progress progress_;
  std::uint64_t seen_ = 0;
  engine::Micros last_recorded_at_ = 0;
  std::optional<engine::Error> broken_;
  std::vector<engine::Hash> subtrees_;  // of the full stretches
  std::vector<engine::Hash> rest_;      // leaves after them

  // Whoever does the facts has these.
  projections::Facts facts_;
  bool facts_complete_ = true;  // every record so far could be read
};

}  // namespace tools
