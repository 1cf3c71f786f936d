// `bihuan policy`: the dictionary of policies from the command line: documents in, phrases found.
#include <memory>

#include "engine/clock.h"
#include "projections/dictionary.h"
#include "tools/bihuan/import.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/policy_source.h"
#include "tools/bihuan/policy_tag.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"

namespace tools {

namespace json = boost::json;

namespace {

struct PolicyImportOptions {
  std::vector<std::string> files;
  PolicyFacts facts;
};

struct SearchOptions {
  std::string phrase;
  MomentOptions moment;
};

int import_policies(const Session& session, PolicyImportOptions& options) {
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
  const auto facts = facts_of(**log, /*keep=*/false);
  if (!facts) return complain(facts.error());
  json::object drawn = projections::dictionary(**facts, *moment,
                                               {.text = options.phrase, .tag = {}, .industry = {}});
  if (session.form() == Format::json) {
    json::object body{{"phrase", options.phrase}, {"seq", moment->seq}};
    for (auto& [key, value] : drawn) body.emplace(key, std::move(value));
    print_json(body);
    return kDone;
  }
  const std::vector<std::string> headings{"编号", "标题", "发布机关", "原文"};
  Cells rows;
  for (const json::value& row : drawn.at("rows").as_array())
    rows.push_back({cell_of(row.as_object(), "policy"), cell_of(row.as_object(), "title"),
                    cell_of(row.as_object(), "issuer"), cell_of(row.as_object(), "words")});
  print_rows(session.form(), headings, rows);
  return kDone;
}

void add_import_policies(CLI::App& policy, Session& session) {
  CLI::App* const sub =
      add_subcommand(policy, session, "import", "录入政策文件：.jsonl、.txt、.html、.docx、.pdf",
                     "Records policy documents: .jsonl, .txt, .html, .docx, .pdf");
  const auto options = std::make_shared<PolicyImportOptions>();
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
