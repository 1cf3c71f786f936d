// `bihuan audit`: believes nothing that the ledger says of itself. Every header and payload is
// hashed again, the tree is built again, every command is decided again from its recorded event,
// and the reports drawn from stored facts are compared with reports drawn from facts folded from
// zero.
#include "tools/bihuan/audit.h"

#include <fmt/format.h>

#include <memory>

#include "engine/proof/hash.h"
#include "tools/bihuan/audit_access.h"
#include "tools/bihuan/audit_since.h"
#include "tools/bihuan/auditor.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/ledger.h"
#include "tools/ledger/loss.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

void Findings::add(std::uint64_t seq, std::string_view rule, std::string_view text) {
  std::erase_if(open_, [&](std::size_t at) { return findings_[at].to + 1 < seq; });
  for (const std::size_t at : open_) {
    Finding& finding = findings_[at];
    if (finding.rule != rule || finding.to + 1 != seq || finding.text != text) continue;
    finding.to = seq;
    return;
  }
  open_.push_back(findings_.size());
  add_range(seq, seq, rule, text);
}

void Findings::add_range(std::uint64_t from, std::uint64_t to, std::string_view rule,
                         std::string_view text) {
  findings_.push_back({from, to, std::string(rule), std::string(text)});
}

namespace {

struct AuditOptions {
  std::uint64_t from = 1;
  std::string since, key;
};

int print_findings(const Session& session, std::uint64_t size, const engine::Hash& root,
                   const std::vector<engine::AcceptedLoss>& losses, const Findings& findings) {
  const bool sound = findings.all().empty();
  if (session.form() == Format::json) {
    json::array list;
    for (const Finding& finding : findings.all())
      list.push_back({{"from", finding.from},
                      {"to", finding.to},
                      {"rule", finding.rule},
                      {"text", finding.text}});
    json::array lost;
    for (const engine::AcceptedLoss& one : losses)
      lost.push_back({{"from", one.loss.kept.size + 1},
                      {"to", one.loss.lost_to},
                      {"by", {one.loss.by[0].text(), one.loss.by[1].text()}}});
    print_json({{"ok", sound},
                {"seq", size},
                {"root", engine::base64(root)},
                {"wrong", std::move(list)},
                {"lost", std::move(lost)}});
  } else {
    for (const Finding& finding : findings.all())
      print(
          fmt::format("seq {}-{}: {}: {}\n", finding.from, finding.to, finding.rule, finding.text));
    for (const engine::AcceptedLoss& one : losses) print(told(one.loss) + "\n");
    if (sound)
      print(fmt::format(
          "{} 个事件全部核对无误。\nAll {} events are as they were recorded.\n树根 root {}\n", size,
          size, engine::base64(root)));
  }
  if (sound) return kDone;
  return complain(kDamaged, "审计发现问题。",
                  fmt::format("The audit found {} thing(s) wrong.", findings.all().size()));
}

int audit(const Session& session, const AuditOptions& options) {
  auto ledger = Ledger::open(session.data, engine::OpenMode::read_only);
  if (!ledger) return complain(ledger.error());
  Findings findings;
  auto losses = engine::read_losses(keys_of(session.data));
  if (!losses) {
    findings.add_range(0, 0, "access_loss", losses.error().text);
    losses.emplace();
  }
  std::uint64_t from = options.from;
  if (!options.since.empty()) {
    const auto since = read_checkpoint(session.data, options.since, options.key);
    if (!since) return complain(kRefused, "检查点不可信，没有据此审计。", since.error().text);
    check_continuation(*ledger->log, *since, *losses, findings);
    if (findings.all().empty()) from = since->size + 1;
  }
  Auditor(*ledger->log, ledger->keys, from, findings).run();
  check_access_log(session.data, *ledger->log, *losses, findings);
  const auto root = ledger->log->root_at(ledger->log->size());
  return print_findings(session, ledger->log->size(), root ? *root : engine::Hash{}, *losses,
                        findings);
}

}  // namespace

void add_audit(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "audit", "逐条重新核对：字节、树、规则、时限、报表；有问题退出码为 3",
      "Checks everything again: bytes, tree, rules, deadlines, reports; exit 3 if wrong");
  const auto options = std::make_shared<AuditOptions>();
  sub->add_option("--from", options->from,
                  both("从该事件号起核对字节（规则总是从头核对）",
                       "re-hash from this event on (rules are always replayed from the first)"))
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  CLI::Option* const since =
      sub->add_option(
             "--since", options->since,
             both("从该检查点起核对字节，并核对台账是它的延续",
                  "re-hash what came after this checkpoint, which the ledger must continue"))
          ->excludes("--from")
          ->type_name("NOTE");
  sub->add_option("--key", options->key,
                  both("检查点的验证公钥（缺省用 DIR.keys 中的）",
                       "verifier key of the checkpoint; default: those in DIR.keys"))
      ->needs(since)
      ->type_name("VKEY");
  sub->callback([options, &session] { session.exit_code = audit(session, *options); });
}

}  // namespace tools
