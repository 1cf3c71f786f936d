// `bihuan loss`: two people state that acknowledged events are lost, and the ledger goes on from
// what is proved (docs/OPERATIONS.md has the drill). Each signs with a key of their own, which
// openssl made and which is never in DIR.keys.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/log/key_file.h"
#include "engine/proof/note.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"
#include "tools/ledger/loss.h"

namespace tools {

namespace {

struct KeyOptions {
  std::string key, name, file;
};

std::string without_slash(std::string data) {
  while (data.size() > 1 && data.ends_with('/')) data.pop_back();
  return data;
}

int refused(const engine::Error& error) {
  if (error.code != engine::ErrorCode::bad_input) return complain(error);
  return complain(kRefused, "没有受理：缺失须由两人各自签署，与台账现状逐字相符。", error.text);
}

int state(const Session& session, const std::vector<std::string>& by) {
  auto loss = find_loss(without_slash(session.data));
  if (!loss) return complain(loss.error());
  for (std::size_t i = 0; i < loss->by.size(); ++i) {
    auto key = engine::parse_verifier_key(by.at(i));
    if (!key) return complain(key.error());
    loss->by.at(i) = std::move(*key);
  }
  if (const auto good = engine::parse_loss(loss->text()); !good) return refused(good.error());
  print(loss->text());
  return kDone;
}

engine::Result<engine::Signer> signer_of(const KeyOptions& options) {
  const auto pem = engine::read_signing_key(options.key);
  if (!pem) return std::unexpected(pem.error());
  return engine::Signer::from_pem(options.name, *pem);
}

int key(const KeyOptions& options) {
  const auto signer = signer_of(options);
  if (!signer) return complain(signer.error());
  print(signer->key().text() + "\n");
  return kDone;
}

// A statement, or a note of one that the other has signed.
int sign(const KeyOptions& options) {
  const auto signer = signer_of(options);
  if (!signer) return complain(signer.error());
  const auto text = read_note_file(options.file);
  if (!text) return complain(text.error());
  engine::Note note{*text, {}};
  if (auto parsed = engine::parse_note(*text)) note = std::move(*parsed);
  const auto loss = engine::parse_loss(note.text);
  if (!loss) return refused(loss.error());
  if (signer->key() != loss->by[0] && signer->key() != loss->by[1])
    return complain(kRefused, "这份说明没有写明由此人签署。",
                    "The statement does not name this key.");
  const auto mine = engine::parse_note(engine::sign_note(note.text, std::span(&*signer, 1)));
  if (!mine) return complain(mine.error());
  std::erase_if(note.signatures, [&](const engine::NoteSignature& one) {
    return one.name == signer->key().name && one.key_id == signer->key().id();
  });
  note.signatures.push_back(mine->signatures.front());
  print(note.bytes());
  return kDone;
}

int accept(const Session& session, const std::string& file) {
  const auto note = read_note_file(file);
  if (!note) return complain(note.error());
  Progress progress("重录");
  const auto done =
      accept_loss(without_slash(session.data), *note,
                  [&](std::uint64_t at, std::uint64_t total) { progress.update(at, total, at); });
  if (!done) return refused(done.error());
  print(told(done->loss) + "\n");
  if (!done->set_aside.empty())
    print(
        fmt::format("受损的台账原样移至 {0}，不要删除 / The damaged ledger is in {0}, as it was "
                    "found: keep it\n",
                    done->set_aside));
  return kDone;
}

void add_key_options(CLI::App& sub, KeyOptions& options) {
  sub.add_option("--key", options.key,
                 both("本人的私钥（PEM，Ed25519，权限 0600）",
                      "one's own private key: PEM, Ed25519, mode 0600"))
      ->required()
      ->type_name("FILE");
  sub.add_option("--name", options.name, both("本人的签署名", "the name one signs under"))
      ->required()
      ->type_name("NAME");
}

void add_signing(CLI::App& loss, Session& session) {
  const auto options = std::make_shared<KeyOptions>();
  CLI::App* const vkey =
      add_subcommand(loss, session, "key", "打印本人的验证公钥", "Prints one's own verifier key");
  add_key_options(*vkey, *options);
  vkey->callback([options, &session] { session.exit_code = key(*options); });
  CLI::App* const signs = add_subcommand(loss, session, "sign", "在说明上签署，打印签署后的全文",
                                         "Signs a statement, and prints it with the signature");
  add_key_options(*signs, *options);
  signs->add_option("statement", options->file, both("说明", "the statement"))
      ->required()
      ->type_name("FILE");
  signs->callback([options, &session] { session.exit_code = sign(*options); });
}

}  // namespace

void add_loss(CLI::App& app, Session& session) {
  CLI::App* const loss =
      app.add_subcommand("loss",
                         "已承诺的事件确已丢失：由两人说明、签署，台账才继续\n"
                         "Acknowledged events are lost: two people say so, and it goes on");
  loss->require_subcommand(1);
  CLI::App* const states =
      add_subcommand(*loss, session, "state", "打印缺失说明，写明由哪两人签署；不改动台账",
                     "Prints the statement of what is lost, to be signed by two; changes nothing");
  const auto by = std::make_shared<std::vector<std::string>>();
  states->add_option("--by", *by, both("两人的验证公钥", "the two verifier keys"))
      ->required()
      ->expected(2)
      ->type_name("VKEY");
  states->callback([by, &session] { session.exit_code = state(session, *by); });
  add_signing(*loss, session);
  CLI::App* const accepts = add_subcommand(
      *loss, session, "accept", "凭两人签署的说明继续台账：保留的事件重录，受损的原样移开",
      "With both signatures: goes on from what is kept; the damaged ledger is set aside");
  const auto file = std::make_shared<std::string>();
  accepts->add_option("note", *file, both("两人签署的说明", "the statement that both signed"))
      ->required()
      ->type_name("FILE");
  accepts->callback([file, &session] { session.exit_code = accept(session, *file); });
}

}  // namespace tools
