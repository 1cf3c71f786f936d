#include "engine/log/signing.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "engine/log/key_file.h"
#include "engine/proof/merkle.h"

namespace engine {
namespace {

constexpr mode_t kPublic = 0644, kPrivate = 0600;

std::string next_file(const std::string& keys) { return private_key_file(keys) + ".next"; }

Result<Signer> read_signer(const std::string& path, std::string_view name) {
  const auto pem = read_signing_key(path);
  if (!pem) return std::unexpected(pem.error());
  auto signer = Signer::from_pem(name, *pem);
  if (!signer) return fail(ErrorCode::corrupt, path + ": " + signer.error().text);
  return signer;
}

bool is_missing(const Error& error) { return error.code == ErrorCode::not_found; }

std::string origin_of(const VerifierKey& key) {
  constexpr std::size_t kBytes = 8;
  return "bihuan.invalid/" + hex(ByteSpan(sha256(key.public_key)).first(kBytes));
}

std::unexpected<Error> other_ledger(const std::string& what) {
  return fail(ErrorCode::rolled_back, what + " Nothing was signed.");
}

// The log as it stands, proved to continue `old`.
Result<Checkpoint> continued(const Log& log, const Checkpoint& old) {
  Checkpoint now{old.origin, log.size(), {}};
  const ReadNode nodes = log.nodes();  // of this size or a larger one
  if (now.size < old.size) {
    return other_ledger("A checkpoint over " + std::to_string(old.size) +
                        " events was signed, and this ledger has only " + std::to_string(now.size) +
                        ": it is an older copy.");
  }
  const auto root = root_at(now.size, nodes);
  if (!root) return std::unexpected(root.error());
  now.root = *root;
  bool same_start = old.root == empty_root();
  if (old.size != 0) {
    const auto proof = consistency_proof(old.size, now.size, nodes);
    if (!proof) return std::unexpected(proof.error());
    same_start = verify_consistency(old.size, now.size, old.root, now.root, *proof);
  }
  if (!same_start) {
    return other_ledger("The first " + std::to_string(old.size) +
                        " events of this ledger are not those of the checkpoint that was signed.");
  }
  return now;
}

// Where a ledger stands with its signer: its keys, what was signed last, and the log, proved to
// continue that.
struct Standing {
  SigningKeys keys;
  Issued last;
  Checkpoint now;
};

Result<Standing> standing_of(const Log& log, const std::string& keys) {
  auto known = read_signing_keys(keys);
  if (!known) return std::unexpected(known.error());
  auto last = read_signed(keys, *known);
  if (!last) return std::unexpected(last.error());
  // Once the next one is signed, the loss is history.
  const auto losses = read_losses(keys);
  if (!losses) return std::unexpected(losses.error());
  const bool broken = !losses->empty() && losses->back().loss.last == last->checkpoint;
  auto now = continued(log, broken ? losses->back().loss.kept : last->checkpoint);
  if (!now) return std::unexpected(now.error());
  return Standing{std::move(*known), std::move(*last), std::move(*now)};
}

}  // namespace

Result<File> Signing::lock() const {
  auto held = lock_file(keys_ + "/LOCK");
  if (!held && held.error().code == ErrorCode::locked) {
    return fail(ErrorCode::locked, "Another process is signing with " + keys_ + "; try again.");
  }
  return held;
}

Result<VerifierKey> Signing::create(std::string_view origin) const {
  if (auto made = create_signing_key(private_key_file(keys_)); !made) {
    return std::unexpected(made.error());
  }
  // Under any name: the origin may be made of the key.
  const auto unnamed = read_signer(private_key_file(keys_), "unnamed");
  if (!unnamed) return std::unexpected(unnamed.error());
  const std::string name = origin.empty() ? origin_of(unnamed->key()) : std::string(origin);
  const auto signer = read_signer(private_key_file(keys_), name);
  if (!signer) return std::unexpected(signer.error());
  if (auto put = write_file(verifier_key_file(keys_), signer->key().text() + "\n", kPublic,
                            /*replace=*/false);
      !put) {
    return std::unexpected(put.error());
  }
  const auto first = issue(*signer, {name, 0, empty_root()});
  if (!first) return std::unexpected(first.error());
  // The directory itself may be new, and a power cut takes a name that no sync made durable.
  const auto parent = std::filesystem::path(keys_).parent_path().string();
  if (auto synced = sync_directory(parent.empty() ? "." : parent); !synced)
    return std::unexpected(synced.error());
  return signer->key();
}

// The private key of the key in force; finishes what an interrupted succession left to do.
Result<Signer> Signing::signer(const VerifierKey& in_force) const {
  auto signer = read_signer(private_key_file(keys_), in_force.name);
  if (signer && signer->key() == in_force) return signer;
  const auto pem = read_signing_key(next_file(keys_));
  if (pem) {
    auto next = Signer::from_pem(in_force.name, *pem);
    if (next && next->key() == in_force) {
      if (auto put = write_file(private_key_file(keys_), *pem, kPrivate, /*replace=*/true); !put) {
        return std::unexpected(put.error());
      }
      remove_file(next_file(keys_));
      return next;
    }
  }
  if (!signer) return signer;
  return fail(ErrorCode::corrupt, private_key_file(keys_) + " is not the key that " +
                                      verifier_key_file(keys_) + " names.");
}

// A key to come: made, or left by an interrupted succession.
Result<Signer> Signing::next_signer(std::string_view origin, const VerifierKey& old) const {
  const std::string path = next_file(keys_);
  const auto left = read_signer(path, "unnamed");
  if (left && left->key().public_key == old.public_key) remove_file(path);
  if (!left && !is_missing(left.error())) return left;
  if (!left || left->key().public_key == old.public_key) {
    if (auto made = create_signing_key(path); !made) return std::unexpected(made.error());
  }
  const auto unnamed = read_signer(path, "unnamed");
  if (!unnamed) return unnamed;
  return read_signer(path, origin.empty() ? origin_of(unnamed->key()) : std::string(origin));
}

Result<Issued> Signing::issue(const Signer& signer, const Checkpoint& checkpoint) const {
  Issued out{checkpoint, sign_note(checkpoint.text(), std::span(&signer, 1)), {}, /*fresh=*/true};
  out.by.push_back({signer.key(), 0});
  // Before the note leaves: what is handed out and not remembered could be contradicted.
  if (auto put = write_file(signed_file(keys_), out.note, kPublic, /*replace=*/true); !put) {
    return std::unexpected(put.error());
  }
  return out;
}

Result<Issued> Signing::sign(const Log& log) const {
  if (!log.writable()) {
    return fail(ErrorCode::bad_input,
                "Only a ledger that is open for writing is signed: what another process has "
                "written may not be durable yet.");
  }
  const auto held = lock();
  if (!held) return std::unexpected(held.error());
  auto standing = standing_of(log, keys_);
  if (!standing) return std::unexpected(standing.error());
  auto& [keys, last, now] = *standing;
  now.origin = keys.in_force.name;  // after a loss the last one has the old origin
  const bool by_key_in_force =
      std::ranges::any_of(last.by, [&](const Signed& one) { return one.key == keys.in_force; });
  if (now == last.checkpoint && by_key_in_force) return newest_checkpoint(keys_);
  const auto own = signer(keys.in_force);
  if (!own) return std::unexpected(own.error());
  return issue(*own, now);
}

Result<Checkpoint> Signing::continues(const Log& log) const {
  auto standing = standing_of(log, keys_);
  if (!standing) return std::unexpected(standing.error());
  return standing->now;
}

Result<Issued> Signing::cosign(const Log& log, std::string_view note,
                               std::span<const VerifierKey> witnesses) const {
  const auto held = lock();
  if (!held) return std::unexpected(held.error());
  auto keys = read_signing_keys(keys_);
  if (!keys) return std::unexpected(keys.error());
  for (const VerifierKey& witness : witnesses) {
    if (std::ranges::find(keys->witnesses, witness) == keys->witnesses.end()) {
      keys->witnesses.push_back(witness);
    }
  }
  auto opened = open_checkpoint(note, keys->known());
  if (!opened) return std::unexpected(opened.error());
  if (std::ranges::none_of(opened->by,
                           [](const Signed& one) { return one.key.type == kCosignature; })) {
    return fail(ErrorCode::bad_input, "No known witness has signed this checkpoint.");
  }
  if (opened->checkpoint.origin != keys->in_force.name) {
    return fail(ErrorCode::bad_input, "This checkpoint is of an origin that has ended.");
  }
  if (const auto now = continued(log, opened->checkpoint); !now) {
    return std::unexpected(now.error());
  }
  const auto kept = newest_cosigned(keys_);
  if (!kept) return std::unexpected(kept.error());
  auto merged = parse_note(note);
  // One that an accepted loss has broken with gives way.
  if (*kept && (*kept)->checkpoint.size > opened->checkpoint.size &&
      continued(log, (*kept)->checkpoint)) {
    return fail(ErrorCode::bad_input,
                "A cosigned checkpoint over more events is kept already: this one is older.");
  }
  if (*kept && (*kept)->checkpoint == opened->checkpoint) {
    for (const NoteSignature& one : parse_note((*kept)->note)->signatures) {
      if (std::ranges::find(merged->signatures, one) == merged->signatures.end()) {
        merged->signatures.push_back(one);
      }
    }
  }
  std::string lines;
  for (const VerifierKey& witness : keys->witnesses) lines += witness.text() + "\n";
  for (const auto& [path, bytes] : {std::pair(witnesses_file(keys_), lines),
                                    std::pair(cosigned_file(keys_), merged->bytes())}) {
    if (auto put = write_file(path, bytes, kPublic, /*replace=*/true); !put) {
      return std::unexpected(put.error());
    }
  }
  return Issued{std::move(opened->checkpoint), merged->bytes(), std::move(opened->by), true};
}

Result<void> Signing::accept_loss(std::string_view note) const {
  const auto held = lock();
  if (!held) return std::unexpected(held.error());
  const auto loss = open_loss(note);
  if (!loss) return std::unexpected(loss.error());
  const auto keys = read_signing_keys(keys_);
  if (!keys) return std::unexpected(keys.error());
  const auto last = read_signed(keys_, *keys);
  if (!last) return std::unexpected(last.error());
  const auto before = read_losses(keys_);
  if (!before) return std::unexpected(before.error());
  if (!before->empty() && before->back().note == note) return {};
  if (loss->last != last->checkpoint || loss->kept.origin != keys->in_force.name)
    return fail(ErrorCode::bad_input, "The statement is not of what this ledger signed last.");
  for (const VerifierKey& own : keys->known()) {
    for (const VerifierKey& key : loss->by) {
      if (key.public_key == own.public_key)
        return fail(ErrorCode::bad_input, "A key of the ledger's or of a witness is no person's.");
    }
  }
  return write_file(loss_file(keys_, before->size() + 1), note, kPublic, /*replace=*/false);
}

// The order makes every step repeatable: the note is there before the key is in force, and the key
// is in force before the old private key goes.
Result<Succeeded> Signing::succeed(const Succession& succession, std::span<const Signer> signers,
                                   const Signer& next, std::size_t number,
                                   Checkpoint checkpoint) const {
  Succeeded out{succession, sign_note(succession.text(), signers), {}};
  for (const auto& [path, bytes] :
       {std::pair(succession_file(keys_, number), out.note),
        std::pair(verifier_key_file(keys_), next.key().text() + "\n")}) {
    if (auto put = write_file(path, bytes, kPublic, /*replace=*/true); !put) {
      return std::unexpected(put.error());
    }
  }
  const auto in_force = signer(next.key());
  if (!in_force) return std::unexpected(in_force.error());
  checkpoint.origin = next.key().name;
  auto issued = issue(*in_force, checkpoint);
  if (!issued) return std::unexpected(issued.error());
  out.issued = std::move(*issued);
  return out;
}

Result<Succeeded> Signing::rotate(const Log& log) const {
  if (!log.writable()) {
    return fail(ErrorCode::bad_input, "A key is rotated with the ledger open for writing.");
  }
  const auto held = lock();
  if (!held) return std::unexpected(held.error());
  const auto standing = standing_of(log, keys_);
  if (!standing) return std::unexpected(standing.error());
  const auto& [keys, last, now] = *standing;
  const auto old = signer(keys.in_force);
  if (!old) return std::unexpected(old.error());
  const auto next = next_signer(keys.in_force.name, old->key());
  if (!next) return std::unexpected(next.error());
  const Succession succession{false, last.checkpoint, old->key(), next->key()};
  return succeed(succession, std::array{*old, *next}, *next, keys.successions.size() + 1, now);
}

// Puts back what is missing of the public files.
Result<void> Signing::adopt(const Remains& remains) const {
  const auto put_back = [&](const std::string& path, const std::optional<std::string>& bytes) {
    const auto there = read_file(path);
    if (there || !is_missing(there.error()) || !bytes) return Result<void>{};
    return write_file(path, *bytes, kPublic, /*replace=*/false);
  };
  std::optional<std::string> key;
  if (remains.key) key = remains.key->text() + "\n";
  if (auto put = put_back(verifier_key_file(keys_), key); !put) return put;
  return put_back(signed_file(keys_), remains.last_signed);
}

Result<Succeeded> Signing::replace_lost(const Log& log, std::string_view origin,
                                        const Remains& remains, bool compromised) const {
  if (!log.writable()) {
    return fail(ErrorCode::bad_input, "A key is replaced with the ledger open for writing.");
  }
  if (auto made = make_directories(keys_, kPrivate | 0100); !made) {
    return std::unexpected(made.error());
  }
  const auto held = lock();
  if (!held) return std::unexpected(held.error());
  const auto present = read_file(private_key_file(keys_));
  if (present && !compromised) {
    return fail(ErrorCode::bad_input,
                private_key_file(keys_) + " is there: rotate it, or say that it is compromised.");
  }
  if (auto adopted = adopt(remains); !adopted) return std::unexpected(adopted.error());
  const auto standing = standing_of(log, keys_);
  if (!standing) return std::unexpected(standing.error());
  const auto& [keys, last, now] = *standing;
  const auto next = next_signer(origin, keys.in_force);
  if (!next) return std::unexpected(next.error());
  if (next->key().name == keys.in_force.name) {
    return fail(ErrorCode::bad_input, "A lost key ends its origin; the new one needs another.");
  }
  const Succession succession{true, last.checkpoint, keys.in_force, next->key()};
  return succeed(succession, std::span(&*next, 1), *next, keys.successions.size() + 1, now);
}

}  // namespace engine
