// `bihuan prove SEQ`: a file that shows, to whoever has the ledger's verifier key, that this event
// is in the signed tree (C2SP tlog-proof). `--consistency OLD`: that the signed tree continues the
// one of OLD events (the body of C2SP tlog-witness add-checkpoint, which a witness asks for).
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "engine/log/file.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/proofs.h"

namespace tools {

using engine::Result;

namespace {

struct ProveOptions {
  std::uint64_t seq = 0;
  std::optional<std::uint64_t> size, consistency;
  bool with_entry = false;
  std::string out;
};

int prove(const Session& session, const ProveOptions& options) {
  if ((options.seq == 0) == !options.consistency)
    return complain(kBadArguments, "请给出事件号，或用 --consistency 给出较早的事件数。",
                    "Give an event's number, or an older size with --consistency.");
  const auto ledger = open_signed(session.data);
  if (!ledger) return complain(ledger.error());
  Result<engine::Issued> tree = ledger->newest;
  if (options.size && *options.size != tree->checkpoint.size)
    tree = checkpoint_at(session.data, *options.size);
  if (!tree) return complain(tree.error());
  const auto text = options.consistency
                        ? consistency_text(*ledger->log, *tree, *options.consistency)
                        : inclusion_text(*ledger->log, *tree, options.seq, options.with_entry);
  if (!text) return complain(text.error());
  if (options.out.empty()) {
    print(*text);
    return kDone;
  }
  if (const auto put = engine::write_file(options.out, *text, 0644, /*replace=*/true); !put)
    return complain(put.error());
  return kDone;
}

}  // namespace

void add_prove(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "prove", "某一事件在已签署的台账之中的证明文件（tlog-proof）",
                     "A proof file: this event is in the signed ledger (tlog-proof)");
  const auto options = std::make_shared<ProveOptions>();
  sub->add_option("seq", options->seq, both("事件号", "number of the event"))->type_name("SEQ");
  sub->add_option("--size", options->size,
                  both("用当时签署过的、恰含 N 个事件的检查点",
                       "under the checkpoint over N events that was signed then"))
      ->type_name("N");
  sub->add_option("--consistency", options->consistency,
                  both("证明现在的台账延续了当时的前 OLD 个事件",
                       "instead: that the ledger continues its first OLD events"))
      ->type_name("OLD");
  sub->add_flag("--with-entry", options->with_entry,
                both("附上事件的头部字节", "with the header's bytes as extra data"));
  sub->add_option("--out", options->out, both("输出文件，缺省为标准输出", "file; default: stdout"))
      ->type_name("FILE");
  sub->callback([options, &session] { session.exit_code = prove(session, *options); });
}

}  // namespace tools
