// `bihuan audit`: believes nothing that the ledger says of itself. Every header and payload is
// hashed again, the tree is built again, every command is decided again from its recorded event,
// and the reports drawn from stored facts are compared with reports drawn from facts folded from
// zero.
#include "tools/bihuan/audit.h"

#include <fmt/format.h>

#include <memory>

#include "engine/proof/hash.h"
#include "engine/proof/merkle.h"
#include "engine/proof/record.h"
#include "schemas/district.h"
#include "schemas/event.h"
#include "tools/bihuan/ledger.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

void Findings::add(std::uint64_t seq, std::string_view rule, std::string_view text) {
  for (auto finding = findings_.rbegin(); finding != findings_.rend(); ++finding)
    if (finding->rule == rule && finding->to + 1 == seq && finding->text == text) {
      finding->to = seq;
      return;
    }
  add_range(seq, seq, rule, text);
}

void Findings::add_range(std::uint64_t from, std::uint64_t to, std::string_view rule,
                         std::string_view text) {
  findings_.push_back({from, to, std::string(rule), std::string(text)});
}

namespace {

struct Options {
  std::uint64_t from = 1;
};

class Auditor {
 public:
  Auditor(engine::Log& log, const engine::Sealer& sealer, std::uint64_t from, Findings& findings)
      : log_(log), from_(from), findings_(findings), district_(nothing_, sealer) {}

  void run() {
    Progress progress("审计");
    const auto read = log_.read(1, log_.size(), [&](const engine::RecordView& record) {
      progress.update(record.seq, log_.size(), record.seq);
      check(record);
      return true;
    });
    if (!read)
      findings_.add_range(read.error().seq != 0 ? read.error().seq : seen_ + 1, log_.size(),
                          "stored_bytes", read.error().text);
    else if (seen_ != log_.size())
      findings_.add_range(seen_ + 1, log_.size(), "dense_seq", "Records are missing at the end.");
    check_root(read.has_value());
    if (read) check_facts();
  }

 private:
  void check(const engine::RecordView& record) {
    if (record.seq != seen_ + 1)
      findings_.add(record.seq, "dense_seq", fmt::format("Record {} was expected.", seen_ + 1));
    seen_ = record.seq;
    if (record.seq >= from_) check_bytes(record);
    if (record.recorded_at < last_recorded_at_)
      findings_.add(record.seq, "time_order", "recorded_at goes back.");
    last_recorded_at_ = record.recorded_at;
    const bool readable = check_payload(record);
    // What cannot be read cannot be decided again; later findings of its stream follow from it.
    if (!readable) {
      facts_complete_ = false;
      return;
    }
    if (std::string wrong = district_.check(record); !wrong.empty() && record.seq >= from_)
      findings_.add(record.seq, "rules", wrong);
    if (facts_complete_) facts_.apply(record);
  }

  // The leaf of the stored header and payload, against the leaf in the tree.
  void check_bytes(const engine::RecordView& record) {
    if (auto sane = engine::check_record(record); !sane)
      return findings_.add(record.seq, "header", sane.error().text);
    const engine::Hash leaf = engine::leaf_hash(engine::encode_entry(record));
    const auto stored = log_.leaf_at(record.seq);
    if (!stored)
      findings_.add(record.seq, "tree", stored.error().text);
    else if (*stored != leaf)
      findings_.add(record.seq, "leaf", "The stored record is not the one in the tree.");
    if (from_ == 1) frontier_.append(leaf);
  }

  bool check_payload(const engine::RecordView& record) {
    const schemas::EventInfo* const info = schemas::find_event(record.type);
    if (info == nullptr)
      findings_.add(record.seq, "event_type", fmt::format("Unknown event type {}.", record.type));
    else if (!schemas::verify(info->type, record.payload))
      findings_.add(record.seq, "payload", fmt::format("The payload is no {}.", info->name));
    else
      return true;
    return false;
  }

  void check_root(bool complete) {
    if (!complete || from_ != 1) return;
    const auto root = log_.root_at(log_.size());
    if (!root)
      findings_.add_range(1, log_.size(), "tree", root.error().text);
    else if (*root != frontier_.root())
      findings_.add_range(1, log_.size(), "root",
                          "The tree built again has another root than the stored one.");
  }

  // Reports come from stored facts: they must say what a fold from zero says.
  void check_facts() {
    if (!facts_complete_) return;  // what could not be read is named already
    const auto stored = facts_of(log_, /*keep=*/false);
    if (!stored) return findings_.add_range(1, log_.size(), "facts", stored.error().text);
    if ((*stored)->save(0) != facts_.save(0))
      findings_.add_range(1, log_.size(), "facts", "Stored facts differ from a fold from zero.");
    projections::Question question;
    question.district = log_.name();
    question.moment.seq = log_.size();
    question.moment.as_of = log_.last_recorded_at();
    question.week = schemas::week_of(schemas::day_of(log_.last_recorded_at()));
    question.from = 0;
    question.to = schemas::day_of(log_.last_recorded_at());
    for (const projections::ReportKind& kind : projections::reports()) {
      const auto first = projections::draw(kind.name, **stored, question);
      const auto second = projections::draw(kind.name, facts_, question);
      if (!first || !second || *first != *second)
        findings_.add_range(1, log_.size(), "reports",
                            fmt::format("The report {} cannot be drawn again.", kind.name));
    }
  }

  engine::Log& log_;
  std::uint64_t from_;
  Findings& findings_;
  engine::EmptySource nothing_;
  schemas::District district_;
  engine::Frontier frontier_;
  projections::Facts facts_;
  bool facts_complete_ = true;  // every record so far could be read
  std::uint64_t seen_ = 0;
  engine::Micros last_recorded_at_ = 0;
};

int print_findings(const Session& session, std::uint64_t size, const engine::Hash& root,
                   const Findings& findings) {
  const bool sound = findings.all().empty();
  if (session.form() == Format::json) {
    json::array list;
    for (const Finding& finding : findings.all())
      list.push_back({{"from", finding.from},
                      {"to", finding.to},
                      {"rule", finding.rule},
                      {"text", finding.text}});
    print_json(
        {{"ok", sound}, {"seq", size}, {"root", engine::base64(root)}, {"wrong", std::move(list)}});
  } else {
    for (const Finding& finding : findings.all())
      print(
          fmt::format("seq {}-{}: {}: {}\n", finding.from, finding.to, finding.rule, finding.text));
    if (sound)
      print(fmt::format(
          "{} 个事件全部核对无误。\nAll {} events are as they were recorded.\n树根 root {}\n", size,
          size, engine::base64(root)));
  }
  if (sound) return kDone;
  return complain(kDamaged, "审计发现问题。",
                  fmt::format("The audit found {} thing(s) wrong.", findings.all().size()));
}

int audit(const Session& session, const Options& options) {
  auto ledger = Ledger::open(session.data, engine::OpenMode::read_only);
  if (!ledger) return complain(ledger.error());
  Findings findings;
  Auditor(*ledger->log, ledger->keys, options.from, findings).run();
  const auto root = ledger->log->root_at(ledger->log->size());
  return print_findings(session, ledger->log->size(), root ? *root : engine::Hash{}, findings);
}

}  // namespace

void add_audit(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "audit", "逐条重新核对：字节、树、规则、时限、报表；有问题退出码为 3",
      "Checks everything again: bytes, tree, rules, deadlines, reports; exit 3 if wrong");
  const auto options = std::make_shared<Options>();
  sub->add_option("--from", options->from,
                  both("从该事件号起核对字节（规则总是从头核对）",
                       "re-hash from this event on (rules are always replayed from the first)"))
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  sub->callback([options, &session] { session.exit_code = audit(session, *options); });
}

}  // namespace tools
