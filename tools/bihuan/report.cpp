// `bihuan report NAME`: one report at one moment, as JSON, as tables or as CSV.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "engine/proof/hash.h"
#include "engine/replay/derived.h"
#include "projections/parts.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

void QuestionOptions::add_week(CLI::App& app) {
  app.add_option("--week", week, both("ISO 周，如 2021-W38", "ISO week, such as 2021-W38"))
      ->type_name("WEEK");
  app.add_option(
         "--section", section,
         both("只要其中一张表，如 departments", "only this table of it, such as departments"))
      ->type_name("NAME");
}

void QuestionOptions::add_range(CLI::App& app, const std::string& from_name,
                                const std::string& to_name) {
  app.add_option(
         from_name, from,
         both("办结（台账：提出）日期自（含）", "first date of conclusion (ledger: of submission)"))
      ->type_name("DATE");
  app.add_option(
         to_name, to,
         both("办结（台账：提出）日期至（含）", "last date of conclusion (ledger: of submission)"))
      ->type_name("DATE");
}

void QuestionOptions::add_by(CLI::App& app) {
  app.add_option("--by", by, both("分组", "groups: department,channel,category,week"))
      ->delimiter(',')
      ->check(CLI::IsMember({"department", "channel", "category", "week"}))
      ->type_name("KEYS");
}

void QuestionOptions::add_filters(CLI::App& app) {
  app.add_option("--appeal", appeal, both("只看这一件诉求", "only this appeal"))->type_name("NO");
  app.add_option("--department", department, both("只看该部门", "only this department"))
      ->type_name("ID");
  app.add_option("--light", light, both("只看该灯色", "only this light"))
      ->check(CLI::IsMember({"green", "yellow", "red", "grey"}))
      ->type_name("LIGHT");
  app.add_option("--status", status, both("只看该状态", "only this status"))->type_name("STATUS");
  app.add_option("--category", category, both("只看该类别", "only this category"))
      ->type_name("TEXT");
  app.add_option("--limit", limit, both("最多行数", "at most so many rows"))->type_name("N");
  app.add_option("--offset", offset, both("跳过行数", "rows to pass over"))->type_name("N");
}

Result<std::unique_ptr<projections::Facts>> facts_of(engine::Log& log, bool keep) {
  engine::Derived<projections::Facts> derived(log);
  const auto facts = derived.upto();
  if (!facts) return std::unexpected(facts.error());
  if (keep)
    if (auto stored = derived.flush(); !stored) return std::unexpected(stored.error());
  auto whole = std::make_unique<projections::Facts>(std::move(derived).take());
  whole->settle(projections::kThreads);
  return whole;
}

namespace {

std::string text_of(const json::object& report, const char* key) {
  std::string text = cell_of(report, key);
  return text.empty() ? "-" : text;
}

constexpr std::size_t kColumnsLyingDown = 16;  // a weekly report's department still lies down

// A table with one row and many figures reads better standing up: one figure a line.
std::string upright(const projections::Table& table, const std::vector<std::string>& cells) {
  Cells rows;
  for (std::size_t c = 0; c < cells.size() && c < table.columns.size(); ++c)
    rows.push_back({std::string(table.columns[c].heading), cells[c]});
  return render_table({"项目", "数"}, std::move(rows));
}

}  // namespace

void print_report(const std::string& name, const json::object& report, Format format) {
  if (format == Format::json) return print_json(report);
  const projections::ReportKind* const kind = projections::find_report(name);
  if (kind == nullptr || kind->tables.empty()) return print_json(report);
  if (format == Format::csv) return print(report_csv(*kind, report));
  print(fmt::format("{} {}\n", text_of(report, "district"), kind->chinese));
  if (report.contains("week"))
    print(fmt::format("{}（{} 至 {}）\n", text_of(report, "week"), text_of(report, "from"),
                      text_of(report, "to")));
  print(fmt::format("截至 {}，事件号 {}，规则集 {}\n树根 {}\n", text_of(report, "as_of"),
                    text_of(report, "seq"), text_of(report, "rules"), text_of(report, "root")));
  for (const projections::Table* const shown : projections::in_reading_order(*kind)) {
    const projections::Table& table = *shown;
    if (!has_table(report, table)) continue;
    const Cells cells = projections::table_cells(report, table);
    print(fmt::format("\n【{}】\n", table.title));
    if (cells.empty())
      print("（无）\n");
    else if (cells.size() == 1 && table.columns.size() > kColumnsLyingDown)
      print(upright(table, cells.front()));
    else
      print(render_table(table_headings(table), cells));
  }
}

namespace {

struct ReportOptions {
  QuestionOptions question;
  MomentOptions moment;
  bool summary = false;
};

// How many assignments of the ledger were completed by their due (met iff before it), late, or not
// yet.
void print_tally(const json::object& report, Format format) {
  std::int64_t on_time = 0, late = 0, open = 0;
  const json::array& rows = report.at("rows").as_array();
  for (const json::value& row : rows) {
    const json::value &done = row.at("completed_at"), &due = row.at("completion_due");
    if (done.is_null())
      ++open;
    else if (due.is_null() ||
             done.as_string() < due.as_string())  // one form, so text order is time order
      ++on_time;
    else
      ++late;
  }
  if (format == Format::json)
    return print_json(json::object{{"rows", rows.size()},
                                   {"completed_on_time", on_time},
                                   {"completed_late", late},
                                   {"not_completed", open}});
  const std::vector<std::string> headings = {"承办单", "按时完成", "超时完成", "未完成"};
  const Cells cells = {{fmt::to_string(rows.size()), fmt::to_string(on_time), fmt::to_string(late),
                        fmt::to_string(open)}};
  print_rows(format, headings, cells);
}

int report(const Session& session, const std::string& name, const ReportOptions& options) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  auto question = question_of(options.question, (*log)->name());
  if (!question) return complain(question.error());
  const auto moment = moment_of(options.moment, **log);
  if (!moment) return complain(moment.error());
  question->moment = *moment;
  const auto facts = facts_of(**log, /*keep=*/false);
  if (!facts) return complain(facts.error());
  const auto drawn = projections::draw(name, **facts, *question);
  if (!drawn) return complain(drawn.error());
  if (options.summary)
    print_tally(*drawn, session.form());
  else
    print_report(name, *drawn, session.form());
  return kDone;
}

}  // namespace

void add_report(CLI::App& app, Session& session) {
  CLI::App* const sub = app.add_subcommand(
      "report", "周报、闭环台账、好差评、攻坚任务、监督员反映\nThe reports, as of any moment");
  sub->require_subcommand(1);
  sub->fallthrough();
  sub->add_option("--data", session.data, both("台账目录", "the ledger's directory"))
      ->type_name("DIR");
  for (const projections::ReportKind& kind : projections::reports()) {
    const std::string name(kind.name);
    CLI::App* const one =
        add_subcommand(*sub, session, name, std::string(kind.chinese), "The report " + name);
    const auto options = std::make_shared<ReportOptions>();
    if (name == "weekly") options->question.add_week(*one);
    if (name == "ratings") {
      options->question.add_range(*one, "--from", "--to");
      options->question.add_by(*one);
    }
    if (name == "closed-loop") {
      options->question.add_filters(*one);
      options->question.add_range(*one, "--from", "--to");
      one->add_flag("--summary", options->summary,
                    both("只印按时与超时的件数", "only how many were on time and late"));
    }
    options->moment.add_to(*one);
    one->callback(
        [options, name, &session] { session.exit_code = report(session, name, *options); });
  }
}

}  // namespace tools
