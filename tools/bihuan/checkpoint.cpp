// `bihuan checkpoint`: what the ledger says of itself, signed, for others to keep. `bihuan cosign`:
// what witnesses said to it.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/log/signing.h"
#include "schemas/event.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace json = boost::json;

namespace {

struct CheckpointOptions {
  bool vkey = false, cosigned = false;
};

struct CosignOptions {
  std::string note;
  std::vector<std::string> witnesses;
};

json::value checkpoint_json(const engine::Issued& issued) {
  json::array by;
  for (const engine::Signed& one : issued.by) {
    json::object signature{{"name", one.key.name}, {"key", one.key.text()}};
    if (one.key.type == engine::kCosignature) signature["time"] = one.unix_seconds;
    by.push_back(std::move(signature));
  }
  return {{"origin", issued.checkpoint.origin},
          {"size", issued.checkpoint.size},
          {"root", engine::base64(issued.checkpoint.root)},
          {"signed_by", std::move(by)},
          {"note", issued.note}};
}

// The note as it is, byte for byte, for whoever keeps it; JSON where it is asked for.
int print_checkpoint(const Session& session, const engine::Issued& issued) {
  if (session.form() == Format::json)
    print_json(checkpoint_json(issued));
  else
    print(issued.note);
  return kDone;
}

int checkpoint(const Session& session, const CheckpointOptions& options) {
  if (session.data.empty())
    return complain(kBadArguments, "请用 --data 指明台账目录。",
                    "Name the ledger's directory with --data.");
  if (options.vkey) {
    const auto keys = engine::read_signing_keys(keys_of(session.data));
    if (!keys) return complain(keys.error());
    print(keys->in_force.text() + "\n");
    return kDone;
  }
  if (options.cosigned) {
    const auto cosigned = engine::newest_cosigned(keys_of(session.data));
    if (!cosigned) return complain(cosigned.error());
    if (!*cosigned)
      return complain(kRefused, "还没有见证人会签过的检查点。",
                      "No checkpoint has been cosigned by a witness yet.");
    return print_checkpoint(session, **cosigned);
  }
  const auto ledger = open_signed(session.data);
  if (!ledger) return complain(ledger.error());
  return print_checkpoint(session, ledger->newest);
}

int cosign(const Session& session, const CosignOptions& options) {
  std::vector<engine::VerifierKey> witnesses;
  for (const std::string& text : options.witnesses) {
    const auto key = engine::parse_verifier_key(text);
    if (!key) return complain(key.error());
    if (key->type != engine::kCosignature)
      return complain(kBadArguments, "见证人的密钥应为 4 型。", "A witness's key has type 4.");
    witnesses.push_back(*key);
  }
  const auto note = read_note_file(options.note);
  if (!note) return complain(note.error());
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  const auto kept = engine::Signing(keys_of(session.data)).cosign(**log, *note, witnesses);
  if (!kept && kept.error().code == engine::ErrorCode::bad_input)
    return complain(kRefused, "会签未被接受。", kept.error().text);
  if (!kept) return complain(kept.error());
  schemas::CheckpointCosignedT act;
  act.size = kept->checkpoint.size;
  act.root.assign(kept->checkpoint.root.begin(), kept->checkpoint.root.end());
  act.note = kept->note;
  if (const auto recorded = record_act(session.data, "checkpoint",
                                       schemas::EventType::CheckpointCosigned, schemas::pack(act));
      !recorded)
    return complain(recorded.error());
  return print_checkpoint(session, *kept);
}

}  // namespace

void add_checkpoint(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "checkpoint", "签署并输出台账的最新检查点（谁拿到都可据此核对）",
                     "Signs the ledger as it stands and prints the checkpoint, for others to keep");
  const auto options = std::make_shared<CheckpointOptions>();
  CLI::Option* const vkey =
      sub->add_flag("--vkey", options->vkey, both("只输出验证公钥", "only the verifier key"));
  sub->add_flag("--cosigned", options->cosigned,
                both("最近一个有见证人会签的检查点", "the newest one that a witness cosigned"))
      ->excludes(vkey);
  sub->callback([options, &session] { session.exit_code = checkpoint(session, *options); });
}

void add_cosign(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "cosign", "核对并保存见证人对检查点的会签；与台账不符的不收",
                     "Checks and keeps witnesses' cosignatures of a checkpoint");
  const auto options = std::make_shared<CosignOptions>();
  sub->add_option("note", options->note, both("检查点文件", "file of the cosigned checkpoint"))
      ->required()
      ->type_name("NOTE");
  sub->add_option(
         "--witness", options->witnesses,
         both("见证人的验证公钥（记入已知见证人）", "a witness's verifier key, known from now on"))
      ->type_name("VKEY");
  sub->callback([options, &session] { session.exit_code = cosign(session, *options); });
}

}  // namespace tools
