// `bihuan key rotate` and `bihuan key lost`: the ledger's signing key gives way to a new one
// (docs/KEYS.md has the drills). The note that says so is printed, for those who hold the old key.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "engine/log/signing.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"

namespace tools {

using engine::Result;

namespace {

struct LostOptions {
  std::string origin, key, checkpoint;
  bool compromised = false;
};

int print_succession(const Session& session, const engine::Log& log,
                     const Result<engine::Succeeded>& changed) {
  if (!changed) return complain(changed.error());
  // Brings the change and its first checkpoint into the access log.
  if (const auto recorded = sign_and_record(log, session.data); !recorded)
    return complain(recorded.error());
  if (session.form() == Format::json)
    print_json({{"from", changed->succession.from.text()},
                {"to", changed->succession.to.text()},
                {"note", changed->note},
                {"checkpoint", changed->issued.note}});
  else
    print(changed->note);
  return kDone;
}

int rotate(const Session& session) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_write);
  if (!log) return complain(log.error());
  return print_succession(session, **log, engine::Signing(keys_of(session.data)).rotate(**log));
}

// Given by hand, or as far as the access log still knows.
Result<engine::Remains> remains(const Session& session, const LostOptions& options) {
  engine::Remains out;
  if (options.key.empty() || options.checkpoint.empty()) {
    auto recorded = remains_of(session.data);
    if (!recorded) return recorded;
    out = std::move(*recorded);
  }
  if (!options.key.empty()) {
    auto key = engine::parse_verifier_key(options.key);
    if (!key) return std::unexpected(key.error());
    out.key = std::move(*key);
  }
  if (!options.checkpoint.empty()) {
    auto note = read_note_file(options.checkpoint);
    if (!note) return std::unexpected(note.error());
    out.last_signed = std::move(*note);
  }
  return out;
}

int lost(const Session& session, const LostOptions& options) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_write);
  if (!log) return complain(log.error());
  const auto left = remains(session, options);
  if (!left) return complain(left.error());
  return print_succession(session, **log,
                          engine::Signing(keys_of(session.data))
                              .replace_lost(**log, options.origin, *left, options.compromised));
}

void add_rotate(CLI::App& key, Session& session) {
  CLI::App* const sub =
      add_subcommand(key, session, "rotate", "更换签名密钥：新旧密钥共同签署一份更换说明",
                     "A new signing key for the ledger, by a note that both keys sign");
  sub->callback([&session] { session.exit_code = rotate(session); });
}

void add_lost(CLI::App& key, Session& session) {
  CLI::App* const sub = add_subcommand(
      key, session, "lost", "签名密钥遗失或泄露：启用新密钥和新名称，并承接旧名称的最后检查点",
      "After the loss of the key: a new key and origin that commit to the old last checkpoint");
  const auto options = std::make_shared<LostOptions>();
  sub->add_option("--origin", options->origin,
                  both("新的台账名称（缺省由新密钥得出）",
                       "the new origin; made from the new key by default"))
      ->type_name("NAME");
  sub->add_flag("--compromised", options->compromised,
                both("旧密钥还在，但已不可信", "the old key is there, and not ours alone"));
  sub->add_option("--key", options->key,
                  both("旧的验证公钥（DIR.keys 已不存在时）",
                       "the old verifier key, where DIR.keys is gone"))
      ->type_name("VKEY");
  sub->add_option("--checkpoint", options->checkpoint,
                  both("旧名称的最后检查点（DIR.keys 已不存在时）",
                       "file of the last checkpoint, where DIR.keys is gone"))
      ->type_name("NOTE");
  sub->callback([options, &session] { session.exit_code = lost(session, *options); });
}

}  // namespace

void add_key(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(app, session, "key", "更换台账的签名密钥（docs/KEYS.md）",
                                       "Changes the ledger's signing key (docs/KEYS.md)");
  sub->require_subcommand(1);
  add_rotate(*sub, session);
  add_lost(*sub, session);
}

}  // namespace tools
