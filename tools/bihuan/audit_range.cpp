#include "tools/bihuan/audit_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "engine/proof/hash.h"
#include "engine/proof/merkle.h"
#include "engine/proof/tile.h"
#include "schemas/district.h"
#include "schemas/event.h"

namespace tools {
namespace {

static_assert(kRangeRecords % engine::kTileWidth == 0);  // leaves are compared tile by tile

}  // namespace

AuditRange::AuditRange() {
  records_.reserve(kRangeRecords);
  leaves_.reserve(kRangeRecords);
}

void AuditRange::fault(std::uint64_t seq, int place, std::string_view rule, std::string text) {
  faults_.push_back({seq, place, rule, std::move(text)});
}

void AuditRange::fetch(engine::LogScan& scan, const engine::Log& log, std::uint64_t number) {
  number_ = number;
  first_ = number * kRangeRecords + 1;
  last_ = std::min(first_ + kRangeRecords - 1, log.size());
  scan.fetch(memory_, first_, last_);
}

void AuditRange::examine(const engine::LogScan& scan, std::uint64_t from) {
  records_.clear();
  leaves_.clear();
  faults_.clear();
  broken_.reset();
  subtree_.reset();
  const auto read = scan.show(memory_, first_, last_, [&](const engine::BlockRecord& record) {
    static_cast<engine::BlockRecord&>(records_.emplace_back()) = record;
    return true;
  });
  if (!read) broken_ = read.error();
  for (AuditedRecord& record : records_) check_shape(record);
  check_bytes(scan, from);
  reduce();
}

void AuditRange::reduce() {
  facts_.clear();
  for (const AuditedRecord& record : records_) {
    if (!record.readable) return;
    facts_.add(record.view);
  }
}

void AuditRange::check_shape(AuditedRecord& record) {
  const std::uint64_t seq = record.view.seq;
  std::string wrong = schemas::District::shape_fault(record.view);
  record.readable = record.well_shaped = wrong.empty();
  if (wrong.empty()) return;
  const schemas::EventInfo* const info = schemas::find_event(record.view.type);
  if (info == nullptr)
    return fault(seq, kPayloadPlace, "event_type",
                 fmt::format("Unknown event type {}.", record.view.type));
  if (!schemas::verify(info->type, record.view.payload))
    return fault(seq, kPayloadPlace, "payload", fmt::format("The payload is no {}.", info->name));
  record.readable = true;
  fault(seq, kRulesPlace, "rules", std::move(wrong));
}

// The leaf of each stored header and payload, against the leaf in the tree.
void AuditRange::check_bytes(const engine::LogScan& scan, std::uint64_t from) {
  std::span<const engine::Hash> stored;
  std::optional<engine::Error> unread;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const engine::RecordView& record = records_[i].view;
    const std::uint64_t seq = number_ * kRangeRecords + i + 1;
    if (record.seq != seq)
      fault(record.seq, kDensePlace, "dense_seq", fmt::format("Record {} was expected.", seq));
    leaves_.emplace_back();
    if (i % engine::kTileWidth == 0 && seq + engine::kTileWidth > from) {
      const auto tile = scan.leaves(memory_, (seq - 1) / engine::kTileWidth);
      unread = tile ? std::nullopt : std::optional(tile.error());
      stored = tile ? *tile : std::span<const engine::Hash>();
    }
    if (record.seq < from) continue;
    leaves_.back() = records_[i].leaf();
    const std::size_t place = i % engine::kTileWidth;
    if (unread)
      fault(record.seq, kBytesPlace, "tree", unread->text);
    else if (place >= stored.size() || stored[place] != leaves_.back())
      fault(record.seq, kBytesPlace, "leaf", "The stored record is not the one in the tree.");
  }
  if (leaves_.size() == kRangeRecords && from == 1) subtree_ = engine::root_of(leaves_);
}

}  // namespace tools
