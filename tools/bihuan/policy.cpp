// `bihuan policy`: the dictionary of policies from the command line: documents in, phrases found.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "engine/clock.h"
#include "schemas/event.h"
#include "tools/bihuan/import.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/policy_source.h"
#include "tools/bihuan/policy_tag.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace json = boost::json;
using engine::Result;
using schemas::payload_of;
using schemas::view;

namespace {

constexpr std::size_t kContext = 60;  // bytes of text shown on each side of what was found

struct ImportOptions {
  std::vector<std::string> files;
  PolicyFacts facts;
};

struct SearchOptions {
  std::string phrase;
  MomentOptions moment;
};

struct Text {
  std::string no, title, number, issuer, text;
};

// Every policy with the text that it had at the moment, in the order of its number.
Result<std::vector<Text>> policies_at(const engine::Log& log, std::uint64_t seq) {
  std::vector<std::string> nos;
  auto read = log.streams("policy", [&](std::string_view no, std::uint64_t) {
    nos.emplace_back(no);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  std::vector<Text> texts;
  for (const std::string& no : nos) {
    Text one;
    read = log.read_stream("policy", no, [&](const engine::RecordView& record) {
      if (record.seq > seq) return false;
      if (schemas::type_of(record) == schemas::EventType::PolicyPublished) {
        const auto& event = payload_of<schemas::PolicyPublished>(record);
        one = {no, std::string(view(event.title())), std::string(view(event.number())),
               std::string(view(event.issuer())), std::string(view(event.text()))};
      } else if (schemas::type_of(record) == schemas::EventType::PolicyAmended) {
        const auto& event = payload_of<schemas::PolicyAmended>(record);
        if (!view(event.title()).empty()) one.title = view(event.title());
        one.number = view(event.number());
        one.text = view(event.text());
      }
      return true;
    });
    if (!read) return std::unexpected(read.error());
    if (!one.no.empty()) texts.push_back(std::move(one));
  }
  return texts;
}

// The words around a place of the text, cut between characters, on one line.
std::string around(std::string_view text, std::size_t at, std::size_t length) {
  const auto inside = [&](std::size_t byte) {
    return byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xc0) == 0x80;
  };
  std::size_t from = at > kContext ? at - kContext : 0,
              to = std::min(text.size(), at + length + kContext);
  while (inside(from)) ++from;
  while (inside(to)) --to;
  std::string words(text.substr(from, to - from));
  std::ranges::replace(words, '\n', ' ');
  return words;
}

int import_policies(const Session& session, ImportOptions& options) {
  options.facts.at = engine::now();
  std::vector<std::unique_ptr<ItemSource>> sources;
  for (const std::string& file : options.files) {
    auto source = open_policies(file, options.facts);
    if (!source) return complain(source.error());
    sources.push_back(std::move(*source));
  }
  return import_sources(session, options.files, std::move(sources));
}

int search(const Session& session, const SearchOptions& options) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  const auto moment = moment_of(options.moment, **log);
  if (!moment) return complain(moment.error());
  const auto texts = policies_at(**log, moment->seq);
  if (!texts) return complain(texts.error());
  json::array found;
  Cells rows;
  for (const Text& one : *texts) {
    const std::size_t in_title = one.title.find(options.phrase), at = one.text.find(options.phrase);
    if (in_title == std::string::npos && at == std::string::npos) continue;
    const std::string words =
        at == std::string::npos ? one.title : around(one.text, at, options.phrase.size());
    rows.push_back({one.no, one.title, one.issuer, words});
    found.push_back({{"policy", one.no},
                     {"title", one.title},
                     {"number", one.number},
                     {"issuer", one.issuer},
                     {"words", words}});
  }
  if (session.form() == Format::json) {
    const std::size_t count = found.size();
    print_json({{"phrase", options.phrase},
                {"seq", moment->seq},
                {"policies", texts->size()},
                {"found", count},
                {"rows", std::move(found)}});
    return kDone;
  }
  const std::vector<std::string> headings{"编号", "标题", "发布机关", "原文"};
  print(session.form() == Format::csv ? render_csv(headings, rows) : render_table(headings, rows));
  return kDone;
}

void add_import_policies(CLI::App& policy, Session& session) {
  CLI::App* const sub =
      add_subcommand(policy, session, "import", "录入政策文件：.jsonl、.txt、.html、.docx、.pdf",
                     "Records policy documents: .jsonl, .txt, .html, .docx, .pdf");
  const auto options = std::make_shared<ImportOptions>();
  options->facts.actor = "policy-desk";
  sub->add_option("files", options->files, both("政策文件", "documents"))
      ->required()
      ->type_name("FILE");
  sub->add_option("--actor", options->facts.actor, both("录入人", "who records them"))
      ->type_name("ID");
  sub->add_option("--issuer", options->facts.issuer,
                  both("发布机关（文件未写明时）", "issuer, where the file does not say"))
      ->type_name("TEXT");
  sub->add_option("--number", options->facts.number,
                  both("文号（文件未写明时）", "document number, where the file does not say"))
      ->type_name("TEXT");
  sub->add_option("--title", options->facts.title,
                  both("标题（缺省取文首）", "title; default: the head of the text"))
      ->type_name("TEXT");
  sub->add_option("--from", options->facts.from, both("起效日期", "first day in force"))
      ->type_name("YYYY-MM-DD");
  sub->callback([options, &session] { session.exit_code = import_policies(session, *options); });
}

void add_search(CLI::App& policy, Session& session) {
  CLI::App* const sub = add_subcommand(policy, session, "search", "在政策标题和全文里找一句话",
                                       "Finds a phrase in titles and full texts");
  const auto options = std::make_shared<SearchOptions>();
  sub->add_option("phrase", options->phrase, both("要找的话", "phrase"))
      ->required()
      ->type_name("TEXT");
  options->moment.add_to(*sub);
  sub->callback([options, &session] { session.exit_code = search(session, *options); });
}

}  // namespace

void add_policy(CLI::App& app, Session& session) {
  CLI::App* const policy = add_subcommand(app, session, "policy", "惠企政策：录入、查找",
                                          "Policies: record documents, find phrases");
  policy->require_subcommand(1);
  add_import_policies(*policy, session);
  add_search(*policy, session);
  add_policy_tag(*policy, session);
}

}  // namespace tools
