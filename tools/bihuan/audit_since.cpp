#include "tools/bihuan/audit_since.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/log/signing_keys.h"
#include "engine/proof/merkle.h"
#include "engine/proof/tile.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"
#include "tools/ledger/loss.h"

namespace tools {

using engine::Hash;
using engine::kTileWidth;
using engine::Result;

namespace {

// The tree of the checkpoint, grown by every leaf that the ledger has after it.
Result<Hash> grown_root(const engine::Log& log, const engine::Checkpoint& since) {
  std::vector<Hash> peaks;
  const engine::ReadNode nodes = log.nodes();
  for (const engine::Node& peak : engine::peaks_of(since.size)) {
    const auto hash = nodes(peak.level, peak.index);
    if (!hash) return hash;
    peaks.push_back(*hash);
  }
  engine::Frontier tree(since.size, std::move(peaks));
  if (tree.root() != since.root)
    return engine::fail(engine::ErrorCode::corrupt,
                        "The nodes before the checkpoint have another root than it.", since.size);
  while (tree.size() < log.size()) {
    const std::uint64_t tile = tree.size() / kTileWidth;
    const auto leaves = log.leaves(tile);
    if (!leaves) return std::unexpected(leaves.error());
    for (std::uint64_t i = tree.size() % kTileWidth; i < leaves->size(); ++i)
      tree.append((*leaves)[i]);
  }
  return tree.root();
}

}  // namespace

Result<engine::Checkpoint> read_checkpoint(const std::string& data, const std::string& path,
                                           const std::string& verifier_key) {
  const auto note = read_note_file(path);
  if (!note) return std::unexpected(note.error());
  std::vector<engine::VerifierKey> known;
  if (verifier_key.empty()) {
    const auto keys = engine::read_signing_keys(keys_of(data));
    if (!keys) return std::unexpected(keys.error());
    known = keys->known();
  } else {
    auto key = engine::parse_verifier_key(verifier_key);
    if (!key) return std::unexpected(key.error());
    known.push_back(std::move(*key));
  }
  auto opened = engine::open_checkpoint(*note, known);
  if (!opened) return std::unexpected(opened.error());
  return std::move(opened->checkpoint);
}

void check_continuation(const engine::Log& log, const engine::Checkpoint& since,
                        const std::vector<engine::AcceptedLoss>& losses, Findings& findings) {
  const auto loss = std::ranges::find_if(losses, [&](const engine::AcceptedLoss& one) {
    return one.loss.kept.size < since.size && since.size <= one.loss.lost_to;
  });
  const auto then = log.root_at(since.size);
  const bool continues = since.size <= log.size() && then && *then == since.root;
  if (!continues && loss != losses.end())
    return findings.add_range(loss->loss.kept.size + 1, since.size, "lost", told(loss->loss));
  if (since.size > log.size())
    return findings.add_range(log.size() + 1, since.size, "checkpoint",
                              fmt::format("The checkpoint is over {} events, the ledger has {}.",
                                          since.size, log.size()));
  if (!continues)
    return findings.add_range(1, since.size, "checkpoint",
                              "The events up to the checkpoint have another root than it.");
  const auto now = log.root_at(log.size());
  const auto grown = grown_root(log, since);
  if (!grown || !now || *grown != *now)
    findings.add_range(since.size + 1, log.size(), "root",
                       "The events after the checkpoint do not lead to the stored root.");
}

}  // namespace tools
