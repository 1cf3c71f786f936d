#include "tools/ledger/proofs.h"

#include <fmt/format.h>

#include <vector>

#include "engine/proof/proof_file.h"
#include "engine/proof/record.h"
#include "engine/proof/tile.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Hash;
using engine::Result;

namespace {

// The header of an event, from its stored bytes.
Result<engine::Bytes> entry_of(const engine::Log& log, std::uint64_t seq) {
  engine::Bytes entry;
  const auto read = log.read(seq, seq, [&](const engine::RecordView& record) {
    entry = engine::encode_entry(record);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return entry;
}

}  // namespace

Result<std::string> inclusion_text(const engine::Log& log, const engine::Issued& tree,
                                   std::uint64_t seq, bool with_entry) {
  if (seq == 0 || seq > tree.checkpoint.size)
    return fail(ErrorCode::not_found,
                fmt::format("The checkpoint covers the events 1 to {}, not {}.",
                            tree.checkpoint.size, seq));
  const auto entry = entry_of(log, seq);
  if (!entry) return std::unexpected(entry.error());
  auto path = engine::inclusion_proof(seq - 1, tree.checkpoint.size, log.nodes());
  if (!path) return std::unexpected(path.error());
  // What is handed out is what a stranger will check: from the record's bytes, not from the tree's.
  if (!engine::verify_inclusion(seq - 1, tree.checkpoint.size, engine::leaf_hash(*entry), *path,
                                tree.checkpoint.root))
    return fail(ErrorCode::corrupt,
                fmt::format("Event {} does not lead to the root that was signed.", seq), seq);
  engine::InclusionFile file{seq - 1, std::nullopt, std::move(*path), tree.note};
  if (with_entry) file.extra = *entry;
  return file.text();
}

Result<std::string> consistency_text(const engine::Log& log, const engine::Issued& tree,
                                     std::uint64_t old_size) {
  const engine::Checkpoint& now = tree.checkpoint;
  if (old_size == 0 || old_size > now.size)
    return fail(ErrorCode::not_found,
                fmt::format("The checkpoint is over {} events; it continues one over 1 to {}.",
                            now.size, now.size));
  const auto old_root = log.root_at(old_size);
  if (!old_root) return std::unexpected(old_root.error());
  auto path = engine::consistency_proof(old_size, now.size, log.nodes());
  if (!path) return std::unexpected(path.error());
  if (!engine::verify_consistency(old_size, now.size, *old_root, now.root, *path))
    return fail(
        ErrorCode::corrupt,
        fmt::format("The first {} events do not lead to the root that was signed.", old_size));
  return engine::ConsistencyFile{old_size, std::move(*path), tree.note}.text();
}

Result<engine::Bytes> entry_bundle(const engine::Log& log, std::uint64_t tile,
                                   std::uint64_t width) {
  const auto stored = log.leaves(tile);
  if (!stored) return std::unexpected(stored.error());
  const std::uint64_t first = tile * engine::kTileWidth + 1;
  std::vector<Hash> leaves;
  engine::Bytes bundle;
  const auto read = log.read(first, first + width - 1, [&](const engine::RecordView& record) {
    const engine::Bytes entry = engine::encode_entry(record);
    leaves.push_back(engine::leaf_hash(entry));
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8U));
    bundle.push_back(static_cast<std::uint8_t>(entry.size()));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
    return true;
  });
  if (!read) return std::unexpected(read.error());
  for (std::size_t i = 0; i < width; ++i) {
    if (i < leaves.size() && i < stored->size() && leaves[i] == (*stored)[i]) continue;
    return fail(ErrorCode::corrupt,
                fmt::format("Event {} is not the one that the tree has.", first + i), first + i);
  }
  return bundle;
}

}  // namespace tools
