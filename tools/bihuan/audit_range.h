// A stretch of records as the audit looks at it: read, hashed and compared
// with the tree, each payload held against its table and reduced to what the facts keep of it. All
// of that needs no other stretch, so any thread may do it; what needs the records before (rules,
// joining the facts) is the auditor's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/log/read_memory.h"
#include "engine/record.h"
#include "engine/result.h"
#include "projections/fact_batch.h"

namespace tools {

// Records in a stretch: a full one is a subtree of the Merkle tree.
inline constexpr std::uint64_t kRangeRecords = 8192;

// What is wrong with one record. `place` orders the findings of one record, no two of the same.
struct Fault {
  std::uint64_t seq = 0;
  int place = 0;
  std::string_view rule;
  std::string text;
};
inline constexpr int kDensePlace = 0, kBytesPlace = 1, kTimePlace = 2, kPayloadPlace = 3,
                     kRulesPlace = 4;

struct AuditedRecord : engine::BlockRecord {
  bool readable = false;     // its payload is of its table, so it may be folded
  bool well_shaped = false;  // and nothing speaks against deciding it again
};

class AuditRange {
 public:
  AuditRange();
  AuditRange(const AuditRange&) = delete;
  AuditRange& operator=(const AuditRange&) = delete;

  // Brings stretch `number` (from 0) into memory. One thread at a time, since the scan moves.
  void fetch(engine::LogScan& scan, const engine::Log& log, std::uint64_t number);
  // Looks at what was fetched. Bytes are hashed again from seq `from` on.
  void examine(const engine::LogScan& scan, std::uint64_t from);

  [[nodiscard]] const std::vector<AuditedRecord>& records() const { return records_; }
  [[nodiscard]] std::vector<Fault>& faults() { return faults_; }
  // What the facts keep of the records, up to the first that is not readable.
  [[nodiscard]] const projections::FactBatch& facts() const { return facts_; }
  // Why the log could not be read further; the records before that are there.
  [[nodiscard]] const std::optional<engine::Error>& broken() const { return broken_; }
  [[nodiscard]] const std::vector<engine::Hash>& leaves() const { return leaves_; }
  // Of the leaves of a full stretch; an empty optional for a partial one.
  [[nodiscard]] const std::optional<engine::Hash>& subtree() const { return subtree_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  void check_shape(AuditedRecord& record);
  void reduce();
  void check_bytes(const engine::LogScan& scan, std::uint64_t from);
  void fault(std::uint64_t seq, int place, std::string_view rule, std::string text);

  std::uint64_t number_ = 0, first_ = 1, last_ = 0;
  engine::ReadMemory memory_;
  std::vector<AuditedRecord> records_;
  std::vector<engine::Hash> leaves_;
  std::vector<Fault> faults_;
  projections::FactBatch facts_;
  std::optional<engine::Error> broken_;
  std::optional<engine::Hash> subtree_;
};

}  // namespace tools
