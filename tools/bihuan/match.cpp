// `bihuan match`: an item against the enterprises, or an enterprise against the items; and
// `bihuan push`: telling each enterprise once of what it meets.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "projections/matches.h"
#include "tools/bihuan/import.h"
#include "tools/bihuan/made_source.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/session.h"
#include "tools/bihuan/table.h"

namespace tools {

namespace json = boost::json;
using engine::Result;
using projections::Moment;

namespace {

struct MatchOptions {
  std::string enterprise;
  projections::ItemQuestion item;
  MomentOptions moment;
};

struct PushOptions {
  std::string enterprise, item, actor = "matcher";
  bool dry_run = false;
};

// Why not: each condition that is not met or not known, with what was found and who says so.
std::string lacks_of(const json::object& row) {
  std::string all;
  for (const json::value& value : row.at("leaves").as_array()) {
    const json::object& leaf = value.as_object();
    if (leaf.at("verdict") == "met") continue;
    if (!all.empty()) all += "；";
    all += cell_of(leaf, "text");
    const std::string clause = cell_of(leaf, "clause"), found = cell_of(leaf, "value");
    if (!clause.empty()) all += "〔" + clause + "〕";
    all += found.empty() ? "：没有数据"
                         : fmt::format("：{}（{}，事件 {}）", found, cell_of(leaf, "source"),
                                       cell_of(leaf, "seq"));
    if (leaf.at("stale") == true) all += "，过期或来源不符";
  }
  return all;
}

Cells rows_of(const json::object& report, const std::vector<const char*>& keys) {
  Cells cells;
  for (const json::value& value : report.at("rows").as_array()) {
    const json::object& row = value.as_object();
    std::vector<std::string> cell;
    for (const char* const key : keys)
      cell.push_back(std::string_view(key) == "lacks" ? lacks_of(row) : cell_of(row, key));
    cells.push_back(std::move(cell));
  }
  return cells;
}

int match(const Session& session, const MatchOptions& options) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  const auto moment = moment_of(options.moment, **log);
  if (!moment) return complain(moment.error());
  const auto facts = facts_of(**log, /*keep=*/false);
  if (!facts) return complain(facts.error());
  const bool one = !options.enterprise.empty();
  const auto drawn =
      one ? projections::enterprise_matches(**facts, *moment, options.enterprise, /*own=*/false)
          : projections::item_matches(**facts, *moment, options.item);
  if (!drawn) return complain(drawn.error());
  if (session.form() == Format::json) {
    json::object body{{"as_of", projections::time_json(moment->as_of)}, {"seq", moment->seq}};
    for (const auto& [key, value] : *drawn) body.emplace(key, value);
    print_json(body);
    return kDone;
  }
  if (session.form() == Format::table)
    print(fmt::format("{} {}\n符合 {}，差 {}（差一项 {}），待补数据 {}\n",
                      cell_of(*drawn, one ? "enterprise" : "item"),
                      cell_of(*drawn, one ? "name" : "title"), cell_of(*drawn, "met"),
                      cell_of(*drawn, "lacking"), cell_of(*drawn, "lacking_one"),
                      cell_of(*drawn, "unknown")));
  if (one && drawn->at("consent").at("matching") == false)
    return complain(kDone, "该企业没有同意匹配。",
                    "The enterprise did not agree to being matched.");
  if (one)
    print_rows(session.form(), {"项目", "名称", "政策", "结论", "差什么"},
               rows_of(*drawn, {"item", "title", "policy", "text", "lacks"}));
  else
    print_rows(session.form(), {"企业", "名称", "镇街", "行业", "规模", "结论"},
               rows_of(*drawn, {"enterprise", "name", "town", "industry", "size", "text"}));
  return kDone;
}

// A match and the push that rests on it. The ids name the version of the conditions, so that a run
// that is repeated or goes on records nothing twice.
void add_lines(std::vector<json::object>& lines, const projections::DuePush& push,
               engine::Micros at, const std::string& actor) {
  const std::string application =
      fmt::format("PP-{}-{}-{}", push.enterprise, push.item, push.conditions);
  lines.push_back(made_line(at, actor, "ComputeMatch", "application/" + application,
                            "match-" + application,
                            {{"enterprise", push.enterprise}, {"item", push.item}}));
  lines.push_back(
      made_line(at, actor, "PushPolicy", "enterprise/" + push.enterprise, "push-" + application,
                {{"item", push.item}, {"application", application}, {"reason", push.reason}}));
}

Result<projections::DuePushes> plan(const Session& session, const PushOptions& options,
                                    engine::Micros at) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return std::unexpected(log.error());
  const auto facts = facts_of(**log, /*keep=*/false);
  if (!facts) return std::unexpected(facts.error());
  const Moment moment{.seq = (*facts)->seq(), .as_of = at};
  return projections::due_pushes(**facts, moment, options.item, options.enterprise);
}

int push(const Session& session, const PushOptions& options) {
  const engine::Micros at = engine::now();
  const auto due = plan(session, options, at);
  if (!due) return complain(due.error());
  if (options.dry_run) {
    Cells cells;
    json::array rows;
    for (const projections::DuePush& one : due->pushes) {
      cells.push_back({one.enterprise, one.item, one.reason});
      rows.push_back({{"enterprise", one.enterprise}, {"item", one.item}, {"reason", one.reason}});
    }
    if (session.form() == Format::json)
      print_json({{"due", rows.size()},
                  {"told", due->told},
                  {"quiet", due->quiet},
                  {"rows", std::move(rows)}});
    else
      print_rows(session.form(), {"企业", "项目", "理由"}, cells);
    return kDone;
  }
  std::vector<json::object> lines;
  for (const projections::DuePush& one : due->pushes) add_lines(lines, one, at, options.actor);
  if (session.form() == Format::table)
    print(fmt::format("应推送 due       {}\n已告知 told      {}\n免打扰 quiet     {}\n",
                      due->pushes.size(), due->told, due->quiet));
  std::vector<std::unique_ptr<ItemSource>> sources;
  sources.push_back(made_source(std::move(lines)));
  return import_sources(session, {"push"}, std::move(sources));
}

}  // namespace

void add_match(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "match", "政策匹配：一家企业符合什么、差什么，或一个项目适合谁",
                     "What an enterprise gets and lacks, or whom an item fits");
  const auto options = std::make_shared<MatchOptions>();
  CLI::Option_group* const one = sub->add_option_group("which");
  one->add_option("--enterprise", options->enterprise, both("统一社会信用代码", "its code"))
      ->type_name("CODE");
  one->add_option("--item", options->item.item, both("可申报项目", "the item"))->type_name("NO");
  one->require_option(1);
  sub->add_option("--verdict", options->item.verdict,
                  both("只看这一结论（按项目时）", "only this verdict (with --item)"))
      ->check(CLI::IsMember({"met", "not_met", "unknown"}))
      ->type_name("VERDICT");
  sub->add_option("--limit", options->item.limit, both("最多行数", "at most so many rows"))
      ->type_name("N");
  sub->add_option("--offset", options->item.offset, both("跳过行数", "rows to pass over"))
      ->type_name("N");
  options->moment.add_to(*sub);
  sub->callback([options, &session] { session.exit_code = match(session, *options); });
}

void add_push(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "push", "精准推送：告知每家同意并订阅的企业它符合的项目，每版条件一次",
      "Tells each enterprise that agreed and subscribed of what it meets, once a version");
  const auto options = std::make_shared<PushOptions>();
  sub->add_option("--enterprise", options->enterprise, both("只推送给它", "only to this one"))
      ->type_name("CODE");
  sub->add_option("--item", options->item, both("只推送这个项目", "only of this item"))
      ->type_name("NO");
  sub->add_option("--actor", options->actor, both("推送者", "who pushes"))->type_name("ID");
  sub->add_flag("--dry-run", options->dry_run,
                both("只列出，不记录", "only lists them, records nothing"));
  sub->callback([options, &session] { session.exit_code = push(session, *options); });
}

}  // namespace tools
