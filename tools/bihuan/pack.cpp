// `bihuan pack`: an inspection package of a report, a stream or a range, which bihuan-verify checks
// without us. The access log says who was given what before it is written.
#include <fmt/format.h>

#include <memory>

#include "schemas/event.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"
#include "tools/inspection/asked.h"
#include "tools/inspection/packer.h"
#include "tools/inspection/page.h"
#include "tools/ledger/access.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/loss.h"

namespace tools {

using engine::Result;

namespace {

struct PackOptions : AskedPackage {
  std::string out;
  QuestionOptions question;
  MomentOptions moment;
};

Result<About> about_of(const PackOptions& options, const std::string& district) {
  auto question = question_of(options.question, district);
  if (!question) return std::unexpected(question.error());
  return tools::about_of(options, std::move(*question));
}

// Without --as-of and --seq: all that the newest checkpoint covers.
Result<projections::Moment> moment_in(const SignedLedger& ledger, MomentOptions options) {
  if (options.as_of.empty() && !options.seq) options.seq = ledger.newest.checkpoint.size;
  return moment_of(options, *ledger.log);
}

Result<Packed> make(const SignedLedger& ledger, const std::string& data,
                    const PackOptions& options) {
  auto about = about_of(options, ledger.log->name());
  if (!about) return std::unexpected(about.error());
  const auto moment = moment_in(ledger, options.moment);
  if (!moment) return std::unexpected(moment.error());
  const auto signer = signer_in_force(keys_of(data));
  if (!signer) return std::unexpected(signer.error());
  std::unique_ptr<projections::Facts> facts;
  if (about->subject == Subject::report) {
    auto whole = facts_of(*ledger.log, /*keep=*/false);
    if (!whole) return std::unexpected(whole.error());
    facts = std::move(*whole);
  }
  schemas::PackageExportedT act;
  act.what = title_of(*about).english;
  act.seq = moment->seq;
  if (auto recorded =
          record_act(data, "export", schemas::EventType::PackageExported, schemas::pack(act));
      !recorded)
    return std::unexpected(recorded.error());
  auto losses = loss_notes(data);
  if (!losses) return std::unexpected(losses.error());
  const PackedLedger from{*ledger.log,        ledger.log->nodes(),      ledger.log->name(), *signer,
                          ledger.newest.note, ledger.newest.checkpoint, *std::move(losses)};
  return make_package(from, {std::move(*about), *moment, options.without}, facts.get(),
                      options.out);
}

int pack(const Session& session, const PackOptions& options) {
  const auto ledger = open_signed(session.data);
  if (!ledger) return complain(ledger.error());
  const auto packed = make(*ledger, session.data, options);
  if (!packed) return complain(packed.error());
  const auto signer = signer_in_force(keys_of(session.data));
  if (!signer) return complain(signer.error());
  const std::string key = signer->key().text();
  if (session.form() == Format::json) {
    print_json({{"out", options.out},
                {"bytes", packed->bytes},
                {"files", packed->files},
                {"headers", packed->records},
                {"payloads", packed->payloads},
                {"key", key}});
    return kDone;
  }
  print(
      fmt::format("已写出检查包 {}：{} 个文件，{} 个事件头，{} 个事件的内容，{} 字节\n"
                  "The package is written and verifies.\n核对 check: bihuan-verify {} --key '{}'\n",
                  options.out, packed->files, packed->records, packed->payloads, packed->bytes,
                  options.out, key));
  return kDone;
}

}  // namespace

void add_pack(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "pack", "检查包：报表、对象或区间，可离线核对，不必相信本单位",
      "An inspection package of a report, a stream or a range, to be checked without us");
  const auto options = std::make_shared<PackOptions>();
  sub->add_option(
         "--report", options->report,
         both("报表：weekly、closed-loop、ratings、plan、supervision、policies", "a report"))
      ->type_name("REPORT");
  sub->add_option("--stream", options->stream,
                  both("对象，如 appeal/SQ2021-000001", "a stream, such as appeal/SQ2021-000001"))
      ->type_name("STREAM");
  sub->add_option("--range", options->range,
                  both("事件号区间，如 1..256", "events A to B, such as 1..256"))
      ->type_name("A..B");
  options->question.add_week(*sub);
  options->question.add_range(*sub, "--from", "--to");
  options->question.add_by(*sub);
  options->question.add_filters(*sub);
  options->moment.add_to(*sub);
  sub->add_option("--without-payloads", options->without,
                  both("这些对象的内容不随包提供（仍可证明没有遗漏事件）",
                       "leave out what these streams say; that no event is missing still shows"))
      ->delimiter(',')
      ->type_name("STREAM");
  sub->add_option("--out", options->out, both("检查包文件", "the package's file"))
      ->required()
      ->type_name("P.zip");
  sub->callback([options, &session] { session.exit_code = pack(session, *options); });
}

}  // namespace tools
