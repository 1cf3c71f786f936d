// `bihuan pack`: an inspection package of a report, a stream or a range, which bihuan-verify checks
// without us. The access log says who was given what before it is written.
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "engine/log/key_file.h"
#include "engine/log/signing_keys.h"
#include "schemas/event.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"
#include "tools/inspection/packer.h"
#include "tools/inspection/page.h"
#include "tools/ledger/access.h"
#include "tools/ledger/checkpoints.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

struct Options {
  std::string report, stream, range, out;
  std::vector<std::string> without;
  QuestionOptions question;
  MomentOptions moment;
};

bool is_stream(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash != 0 && slash + 1 != text.size();
}

// "A..B", both inclusive.
bool take_range(std::string_view text, About& about) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return false;
  const auto number = [](std::string_view digits, std::uint64_t& out) {
    const char* const end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, out);
    return error == std::errc{} && at == end;
  };
  return number(text.substr(0, dots), about.from) && number(text.substr(dots + 2), about.to);
}

Result<About> about_of(const Options& options, const std::string& district) {
  About about;
  const int subjects = (options.report.empty() ? 0 : 1) + (options.stream.empty() ? 0 : 1) +
                       (options.range.empty() ? 0 : 1);
  if (subjects != 1)
    return fail(ErrorCode::bad_input, "Give one of --report, --stream and --range.");
  for (const std::string& stream : options.without)
    if (!is_stream(stream))
      return fail(ErrorCode::bad_input, fmt::format("{} is no stream KIND/NO.", stream));
  if (!options.report.empty()) {
    auto question = question_of(options.question, district);
    if (!question) return std::unexpected(question.error());
    about.report = options.report;
    about.question = std::move(*question);
    return about;
  }
  if (!options.stream.empty()) {
    if (!is_stream(options.stream))
      return fail(ErrorCode::bad_input,
                  "A stream is written KIND/NO, such as appeal/SQ2021-000001.");
    about.subject = Subject::stream;
    about.stream = options.stream;
    return about;
  }
  about.subject = Subject::range;
  if (!take_range(options.range, about))
    return fail(ErrorCode::bad_input, "A range is written A..B, such as 1..256.");
  return about;
}

Result<engine::Signer> signer_of(const std::string& keys) {
  const auto known = engine::read_signing_keys(keys);
  if (!known) return std::unexpected(known.error());
  const auto pem = engine::read_signing_key(engine::private_key_file(keys));
  if (!pem) return std::unexpected(pem.error());
  auto signer = engine::Signer::from_pem(known->in_force.name, *pem);
  if (signer && signer->key() != known->in_force)
    return fail(ErrorCode::corrupt, "The private key is not that of the verifier key in force.");
  return signer;
}

// Without --as-of and --seq: all that the newest checkpoint covers.
Result<projections::Moment> moment_in(const SignedLedger& ledger, MomentOptions options) {
  if (options.as_of.empty() && !options.seq) options.seq = ledger.newest.checkpoint.size;
  return moment_of(options, *ledger.log);
}

Result<Packed> make(const SignedLedger& ledger, const std::string& data, const Options& options) {
  auto about = about_of(options, ledger.log->name());
  if (!about) return std::unexpected(about.error());
  const auto moment = moment_in(ledger, options.moment);
  if (!moment) return std::unexpected(moment.error());
  const auto signer = signer_of(keys_of(data));
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
  const auto losses = engine::read_losses(keys_of(data));
  if (!losses) return std::unexpected(losses.error());
  PackedLedger from{*ledger.log, ledger.log->nodes(), ledger.log->name(),
                    *signer,     ledger.newest.note,  ledger.newest.checkpoint,
                    {}};
  for (const engine::AcceptedLoss& one : *losses) from.losses.push_back(one.note);
  return make_package(from, {std::move(*about), *moment, options.without}, facts.get(),
                      options.out);
}

int pack(const Session& session, const Options& options) {
  const auto ledger = open_signed(session.data);
  if (!ledger) return complain(ledger.error());
  const auto packed = make(*ledger, session.data, options);
  if (!packed) return complain(packed.error());
  const auto signer = signer_of(keys_of(session.data));
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
  const auto options = std::make_shared<Options>();
  sub->add_option("--report", options->report,
                  both("报表：weekly、closed-loop、ratings、plan、supervision", "a report"))
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
