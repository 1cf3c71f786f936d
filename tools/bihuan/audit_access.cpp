#include "tools/bihuan/audit_access.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/log/signing_keys.h"
#include "engine/proof/merkle.h"
#include "engine/proof/record.h"
#include "engine/proof/tile.h"
#include "schemas/event.h"
#include "tools/ledger/access.h"
#include "tools/ledger/attachments.h"
#include "tools/ledger/ledger.h"

namespace tools {

using engine::Hash;
using engine::kTileWidth;

namespace {

using Losses = std::vector<engine::AcceptedLoss>;

// Why what is recorded of this signature does not hold; empty if it does. What was signed over
// events whose loss two people accepted is no fault: the audit tells of the loss.
std::string fault_of(const schemas::CheckpointSigned& act, const engine::Log& ledger,
                     const engine::Result<engine::SigningKeys>& keys, const Losses& losses) {
  if (act.note() == nullptr || act.root() == nullptr) return "It has no note.";
  if (!keys) return keys.error().text;
  const auto opened = engine::open_checkpoint(act.note()->string_view(), keys->known());
  if (!opened) return opened.error().text;
  const engine::Checkpoint& said = opened->checkpoint;
  if (act.size() != said.size || !std::ranges::equal(*act.root(), said.root))
    return "Its note says something else than it does.";
  const auto root = ledger.root_at(said.size);
  const bool lost = std::ranges::any_of(losses, [&](const engine::AcceptedLoss& one) {
    return one.loss.kept.size < said.size && said.size <= one.loss.lost_to;
  });
  if ((!root || *root != said.root) && !lost)
    return fmt::format("The first {} events of the ledger have another root.", said.size);
  return {};
}

// That the accepted losses are those that the access log tells of.
void check_losses(const engine::Log& access, const Losses& losses, Findings& findings) {
  std::size_t told = 0;
  const auto read = access.read_stream("access", "loss", [&](const engine::RecordView& record) {
    const auto type = schemas::EventType::DamageAccepted;
    if (schemas::type_of(record) != type || !schemas::verify(type, record.payload)) return true;
    const auto* const note = schemas::payload_of<schemas::DamageAccepted>(record).what();
    const bool known = note != nullptr && std::ranges::any_of(losses, [&](const auto& one) {
                         return one.note == note->string_view();
                       });
    ++told;
    if (!known)
      findings.add(record.seq, "access_loss", "DIR.keys has not the statement of this loss.");
    return true;
  });
  if (!read || told < losses.size())
    findings.add_range(0, 0, "access_loss", "A loss was accepted that the log does not tell of.");
}

}  // namespace

void check_access_log(const std::string& data, const engine::Log& ledger, const Losses& losses,
                      Findings& findings) {
  const auto access = engine::Log::open(access_of(data), engine::OpenMode::read_only);
  if (!access) return findings.add_range(0, 0, "access", access.error().text);
  const engine::Log& log = **access;
  const auto keys = engine::read_signing_keys(keys_of(data));
  engine::Frontier tree;
  std::vector<Hash> leaves;
  const auto read = log.read(1, log.size(), [&](const engine::RecordView& record) {
    if ((record.seq - 1) % kTileWidth == 0)
      leaves = log.leaves((record.seq - 1) / kTileWidth).value_or(leaves);
    const Hash leaf = engine::leaf_of(record);
    const std::size_t place = (record.seq - 1) % kTileWidth;
    if (place >= leaves.size() || leaves[place] != leaf)
      findings.add(record.seq, "access_leaf", "The record is not the one that its tree has.");
    tree.append(leaf);
    const auto type = schemas::type_of(record);
    if (schemas::find_event(record.type) == nullptr || !schemas::verify(type, record.payload)) {
      findings.add(record.seq, "access_payload", "The payload is not of its table.");
    } else if (type == schemas::EventType::CheckpointSigned) {
      const auto& act = schemas::payload_of<schemas::CheckpointSigned>(record);
      if (const std::string fault = fault_of(act, ledger, keys, losses); !fault.empty())
        findings.add(record.seq, "access_checkpoint", fault);
    }
    return true;
  });
  check_losses(log, losses, findings);
  const auto looked = check_attachments(data, log, [&](std::uint64_t seq, const std::string& what) {
    findings.add(seq, "attachment", what);
  });
  if (!looked) findings.add_range(0, 0, "attachment", looked.error().text);
  if (!read) return findings.add_range(read.error().seq, log.size(), "access", read.error().text);
  const auto root = log.root_at(log.size());
  if (!root || *root != tree.root())
    findings.add_range(1, log.size(), "access_root", "The tree built again has another root.");
}

}  // namespace tools
