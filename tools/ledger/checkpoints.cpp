#include "tools/ledger/checkpoints.h"

#include <fmt/format.h>

#include <cstdio>

#include "engine/log/file.h"
#include "engine/log/key_file.h"
#include "engine/log/signing_keys.h"
#include "schemas/event.h"
#include "tools/ledger/access.h"
#include "tools/ledger/ledger.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr std::string_view kCheckpoints = "checkpoint", kKeys = "key";

// The same note has the same id, so what was recorded is not recorded again, and what a crash kept
// from being recorded is.
std::string id_of(std::string_view kind, std::string_view note) {
  constexpr std::size_t kHexDigits = 32;
  return fmt::format("{}/{}", kind,
                     engine::hex(engine::sha256(engine::bytes_of(note))).substr(0, kHexDigits));
}

Result<void> record_successions(AccessLog& access, const std::string& keys, std::size_t count) {
  for (std::size_t number = 1; number <= count; ++number) {
    const auto note = engine::read_file(engine::succession_file(keys, number));
    if (!note) return std::unexpected(note.error());
    const auto succession = engine::open_succession(*note);
    if (!succession) return std::unexpected(succession.error());
    schemas::KeyReplacedT replaced;
    replaced.key = succession->to.text();
    replaced.note = *note;
    schemas::KeyRotatedT rotated;
    rotated.key = replaced.key;
    rotated.note = *note;
    const auto recorded = succession->lost
                              ? access.record(kKeys, schemas::EventType::KeyReplaced,
                                              schemas::pack(replaced), id_of(kKeys, *note))
                              : access.record(kKeys, schemas::EventType::KeyRotated,
                                              schemas::pack(rotated), id_of(kKeys, *note));
    if (!recorded) return recorded;
  }
  return {};
}

Result<void> record_checkpoint(AccessLog& access, const engine::Checkpoint& checkpoint,
                               const std::string& note, const std::string& key) {
  schemas::CheckpointSignedT act;
  act.size = checkpoint.size;
  act.root.assign(checkpoint.root.begin(), checkpoint.root.end());
  act.key = key;
  act.note = note;
  return access.record(kCheckpoints, schemas::EventType::CheckpointSigned, schemas::pack(act),
                       id_of(kCheckpoints, key + checkpoint.text()));
}

// Every CheckpointSigned of the access log.
Result<void> each_checkpoint(const std::string& data,
                             const std::function<void(const schemas::CheckpointSigned&)>& visit) {
  const auto access = engine::Log::open(access_of(data), engine::OpenMode::read_only);
  if (!access) return std::unexpected(access.error());
  return (*access)->read_stream("access", kCheckpoints, [&](const engine::RecordView& record) {
    const auto type = schemas::EventType::CheckpointSigned;
    if (schemas::type_of(record) == type && schemas::verify(type, record.payload)) {
      visit(schemas::payload_of<schemas::CheckpointSigned>(record));
    }
    return true;
  });
}

}  // namespace

Result<engine::Issued> sign_and_record(const engine::Log& log, const std::string& data) {
  const std::string keys = keys_of(data);
  auto issued = engine::Signing(keys).sign(log);
  if (!issued) return issued;
  const auto public_keys = engine::read_signing_keys(keys);
  if (!public_keys) return std::unexpected(public_keys.error());
  const auto own = engine::read_signed(keys, *public_keys);
  if (!own) return own;
  auto access = AccessLog::open(data);
  if (!access) return std::unexpected(access.error());
  if (auto put = record_successions(*access, keys, public_keys->successions.size()); !put) {
    return std::unexpected(put.error());
  }
  if (auto put =
          record_checkpoint(*access, own->checkpoint, own->note, public_keys->in_force.text());
      !put) {
    return std::unexpected(put.error());
  }
  return issued;
}

Result<SignedLedger> open_signed(const std::string& data) {
  auto log = Ledger::open_log(data, engine::OpenMode::read_write);
  const bool busy = !log && log.error().code == ErrorCode::locked;
  if (busy) log = Ledger::open_log(data, engine::OpenMode::read_only);
  if (!log) return std::unexpected(log.error());
  auto newest = busy ? engine::newest_checkpoint(keys_of(data)) : sign_and_record(**log, data);
  if (!newest) return std::unexpected(newest.error());
  return SignedLedger{std::move(*log), std::move(*newest)};
}

Result<engine::Issued> checkpoint_at(const std::string& data, std::uint64_t size) {
  const auto public_keys = engine::read_signing_keys(keys_of(data));
  if (!public_keys) return std::unexpected(public_keys.error());
  std::string note;
  const auto read = each_checkpoint(data, [&](const schemas::CheckpointSigned& act) {
    if (act.size() == size && act.note() != nullptr) note = act.note()->str();
  });
  if (!read) return std::unexpected(read.error());
  if (note.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("No checkpoint over {} events was signed.", size));
  }
  auto opened = engine::open_checkpoint(note, public_keys->known());
  if (!opened) return std::unexpected(opened.error());
  return engine::Issued{std::move(opened->checkpoint), std::move(note), std::move(opened->by)};
}

Result<engine::Remains> remains_of(const std::string& data) {
  engine::Remains out;
  std::string key;
  const auto read = each_checkpoint(data, [&](const schemas::CheckpointSigned& act) {
    if (act.note() == nullptr || act.key() == nullptr) return;
    out.last_signed = act.note()->str();
    key = act.key()->str();
  });
  if (!read) return std::unexpected(read.error());
  if (const auto parsed = engine::parse_verifier_key(key)) out.key = *parsed;
  return out;
}

Result<std::string> read_note_file(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return fail(ErrorCode::bad_input, path + " cannot be opened.");
  std::string text(engine::kNoteBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  if (failed) return fail(ErrorCode::bad_input, path + " cannot be read.");
  return text;
}

Result<engine::Signer> signer_in_force(const std::string& keys) {
  const auto known = engine::read_signing_keys(keys);
  if (!known) return std::unexpected(known.error());
  const auto pem = engine::read_signing_key(engine::private_key_file(keys));
  if (!pem) return std::unexpected(pem.error());
  auto signer = engine::Signer::from_pem(known->in_force.name, *pem);
  if (signer && signer->key() != known->in_force)
    return fail(ErrorCode::corrupt, "The private key is not that of the verifier key in force.");
  return signer;
}

}  // namespace tools
