// `bihuan why`: the events behind one figure, found by the predicate that counted it; `bihuan
// diff`: what changed between two moments, and which events changed it.
#include <fmt/format.h>

#include <memory>

#include "engine/proof/hash.h"
#include "tools/bihuan/events.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

namespace {

struct Asked {
  std::unique_ptr<engine::Log> log;
  std::unique_ptr<projections::Facts> facts;
  projections::Question question;
};

Result<Asked> ask(const Session& session, const QuestionOptions& options) {
  auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return std::unexpected(log.error());
  auto question = question_of(options, (*log)->name());
  if (!question) return std::unexpected(question.error());
  auto facts = facts_of(**log, /*keep=*/false);
  if (!facts) return std::unexpected(facts.error());
  return Asked{std::move(*log), std::move(*facts), std::move(*question)};
}

Result<json::array> events_at(const engine::Log& log, const std::vector<std::uint64_t>& seqs) {
  json::array events;
  for (const std::uint64_t seq : seqs) {
    const auto read = log.read(seq, seq, [&](const engine::RecordView& record) {
      events.push_back(event_with_leaf(log, record));
      return true;
    });
    if (!read) return std::unexpected(read.error());
  }
  return events;
}

// ---- why ----

struct WhyOptions {
  std::vector<std::string> words;  // REPORT [WEEK] CELL
  QuestionOptions question;
  MomentOptions moment;
};

int print_why(const Session& session, const Asked& asked, const std::string& name,
              const std::string& cell, const projections::Explained& found) {
  const auto& [figure, seqs] = found;
  auto events = events_at(*asked.log, seqs);
  if (!events) return complain(events.error());
  if (session.form() != Format::json) {
    if (session.form() == Format::table)
      print(fmt::format("{} {} = {}（{} 个事件）\n\n", name, cell, json::serialize(figure),
                        seqs.size()));
    print_events(*events, session.form());
    return kDone;
  }
  const projections::Moment& moment = asked.question.moment;
  print_json({{"report", name},
              {"cell", cell},
              {"value", figure},
              {"as_of", schemas::time_text(moment.as_of)},
              {"seq", moment.seq},
              {"root", engine::base64(moment.root)},
              {"seqs", json::value_from(seqs)},
              {"events", std::move(*events)}});
  return kDone;
}

int why(const Session& session, WhyOptions options) {
  if (options.words.size() < 2)
    return complain(kBadArguments, "请写明报表和单元格。", "Name the report and the cell.");
  const std::string name = options.words.front(), cell = options.words.back();
  if (options.words.size() == 3) {
    if (name != "weekly")
      return complain(kBadArguments, "只有周报要写周次。", "Only the weekly report takes a week.");
    options.question.week = options.words[1];
  }
  auto asked = ask(session, options.question);
  if (!asked) return complain(asked.error());
  const auto moment = moment_of(options.moment, *asked->log);
  if (!moment) return complain(moment.error());
  asked->question.moment = *moment;
  const auto found = projections::why(name, *asked->facts, asked->question, cell);
  if (!found) return complain(found.error());
  if (!*found)
    return complain(kRefused, "报表里没有这一格。",
                    fmt::format("The report {} has no cell {}.", name, cell));
  return print_why(session, *asked, name, cell, **found);
}

// ---- diff ----

struct DiffOptions {
  std::string name, first, second;
  QuestionOptions question;
};

int diff(const Session& session, const DiffOptions& options) {
  const auto asked = ask(session, options.question);
  if (!asked) return complain(asked.error());
  const auto first = moment_of({options.first, {}}, *asked->log);
  if (!first) return complain(first.error());
  const auto second = moment_of({options.second, {}}, *asked->log);
  if (!second) return complain(second.error());
  const auto changes =
      projections::diff(options.name, *asked->facts, asked->question, *first, *second);
  if (!changes) return complain(changes.error());
  if (session.form() != Format::json) {
    Cells rows;
    for (const projections::Change& change : *changes)
      rows.push_back({change.cell, json::serialize(change.before), json::serialize(change.after),
                      fmt::format("{}", fmt::join(change.seqs, " "))});
    const std::vector<std::string> headings = {"单元格", "之前", "之后", "事件号"};
    print_rows(session.form(), headings, rows);
    return kDone;
  }
  json::array list;
  for (const projections::Change& change : *changes)
    list.push_back({{"cell", change.cell},
                    {"before", change.before},
                    {"after", change.after},
                    {"seqs", json::value_from(change.seqs)}});
  const auto moment_json = [](const projections::Moment& moment) {
    return json::object{{"as_of", schemas::time_text(moment.as_of)},
                        {"seq", moment.seq},
                        {"root", engine::base64(moment.root)}};
  };
  print_json({{"report", options.name},
              {"from", moment_json(*first)},
              {"to", moment_json(*second)},
              {"changes", std::move(list)}});
  return kDone;
}

}  // namespace

void add_why(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "why",
                     "一个数背后的事件，如 why weekly 2021-W38 departments/D07/completed_late",
                     "The events behind one figure of a report: why REPORT [WEEK] CELL");
  const auto options = std::make_shared<WhyOptions>();
  sub->add_option("cell", options->words, both("报表 [周次] 单元格", "REPORT [WEEK] CELL"))
      ->expected(0, 3)  // counted by why(), so that --help may come after the first word
      ->type_name("WORDS");
  options->question.add_week(*sub);
  options->question.add_range(*sub, "--from", "--to");
  options->question.add_by(*sub);
  options->moment.add_to(*sub);
  sub->callback([options, &session] { session.exit_code = why(session, *options); });
}

void add_diff(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(app, session, "diff", "两个时刻之间报表的变化及其事件",
                                       "What changed between two moments, and which events did it");
  const auto options = std::make_shared<DiffOptions>();
  sub->add_option("report", options->name, both("报表", "the report"))
      ->required()
      ->type_name("REPORT");
  sub->add_option("--from", options->first, both("前一时刻", "the earlier moment"))
      ->required()
      ->type_name("T1");
  sub->add_option("--to", options->second, both("后一时刻", "the later moment"))
      ->required()
      ->type_name("T2");
  options->question.add_week(*sub);
  options->question.add_range(*sub, "--concluded-from", "--concluded-to");
  options->question.add_by(*sub);
  sub->callback([options, &session] { session.exit_code = diff(session, *options); });
}

}  // namespace tools
