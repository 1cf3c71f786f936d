// Reports, the events behind a figure, and what changed between two moments: the same bytes that
// `bihuan report`, `why` and `diff` print.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/proof/hash.h"
#include "projections/catalog.h"
#include "schemas/calendar.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"
#include "tools/ledger/events.h"
#include "tools/ledger/question.h"

namespace server::reports {
namespace {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

constexpr std::size_t kEventsMax = 10'000;  // behind one figure

struct Drawing {
  const projections::ReportKind* kind = nullptr;
  projections::Question question;
  Form form = Form::json;
  std::string etag;
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// The parameters of a question, each of which only some reports take.
Result<tools::AskedQuestion> question_asked(const Request& request, std::string_view report) {
  using tools::AskedQuestion;
  struct Parameter {
    std::string_view name, report;
    std::string AskedQuestion::* place;
    std::string_view also = {};  // another report that takes it
  };
  constexpr std::array kParameters{
      Parameter{"week", "weekly", &AskedQuestion::week},
      Parameter{"section", "weekly", &AskedQuestion::section},
      Parameter{"from", "ratings", &AskedQuestion::from, "closed-loop"},
      Parameter{"to", "ratings", &AskedQuestion::to, "closed-loop"},
      Parameter{"appeal", "closed-loop", &AskedQuestion::appeal},
      Parameter{"department", "closed-loop", &AskedQuestion::department},
      Parameter{"light", "closed-loop", &AskedQuestion::light},
      Parameter{"status", "closed-loop", &AskedQuestion::status},
      Parameter{"category", "closed-loop", &AskedQuestion::category},
  };
  AskedQuestion asked;
  const auto refused = [&](std::string_view name) {
    return fail(ErrorCode::bad_input, fmt::format("The report {} takes no {}.", report, name));
  };
  for (const Parameter& one : kParameters) {
    const std::string* const given = request.parameter(one.name);
    if (given == nullptr) continue;
    if (report != one.report && report != one.also) return refused(one.name);
    asked.*one.place = *given;
  }
  if (const std::string* const by = request.parameter("by")) {
    if (report != "ratings") return refused("by");
    asked.by = split(*by);
  }
  for (const auto& [name, place] :
       {std::pair{"limit", &AskedQuestion::limit}, std::pair{"offset", &AskedQuestion::offset}}) {
    const auto number = number_parameter(request, name);
    if (!number) return std::unexpected(number.error());
    if (*number && report != "closed-loop") return refused(name);
    asked.*place = number->value_or(0);
  }
  return asked;
}

// What a department officer may ask: its own rows of the ledger, and the table of departments that
// every department is shown. False: more than that.
bool narrow(tools::AskedQuestion& asked, std::string_view report, const Call& call) {
  if (scope_of(Action::read_report, widest(call, Action::read_report).column) == Scope::all)
    return true;
  if (report == "weekly") return asked.section == "departments";
  if (report != "closed-loop") return false;
  if (asked.department.empty()) asked.department = call.actings.front().actor.department;
  return std::ranges::any_of(
      call.actings, [&](const Acting& one) { return one.actor.department == asked.department; });
}

// Everything but the moment; a reply: why not.
std::expected<Drawing, Reply> drawing_of(Call& call, const Request& request) {
  const std::string& name = request.part("report");
  Drawing drawing;
  drawing.kind = projections::find_report(name);
  if (drawing.kind == nullptr)
    return std::unexpected(
        problem(404, "NoSuchReport", "没有这种报表。", "There is no such report."));
  auto asked = question_asked(request, name);
  if (!asked) return std::unexpected(problem(asked.error()));
  if (!narrow(*asked, name, call))
    return std::unexpected(problem(403, kNotPermitted, "只能查看本部门的部分。",
                                   "You may see your own department's part only."));
  auto question = tools::question_of(*asked, call.app.log().name());
  if (!question) return std::unexpected(problem(question.error()));
  drawing.question = std::move(*question);
  const auto form = form_asked(request);
  if (!form)
    return std::unexpected(
        problem(406, "NotOffered", "只提供 JSON 与 CSV。", "Only JSON and CSV are offered."));
  drawing.form = *form;
  return drawing;
}

std::string etag_of(const Call& call, const Request& request, const Drawing& drawing) {
  const Acting& acting = widest(call, Action::read_report);
  std::string query;
  for (const auto& [name, value] : request.query)
    if (name != "min_seq") query.append(fmt::format("{}={};{}&", name, value.size(), value));
  const projections::Moment& moment = drawing.question.moment;
  return server::etag_of({drawing.kind->name, query, std::to_string(moment.seq),
                          std::to_string(moment.as_of), std::to_string(acting.column),
                          acting.actor.department, drawing.form == Form::csv ? "csv" : "json"});
}

Reply draw(App& app, const Drawing& drawing) {
  Result<json::object> drawn = fail(ErrorCode::io, "The report was not drawn.");
  Reply reply;
  const auto done = app.facts().with(drawing.question.moment.seq, [&](const auto& facts) {
    drawn = projections::draw(drawing.kind->name, facts, drawing.question);
  });
  if (!done) return problem(done.error());
  if (!drawn) return problem(drawn.error());
  if (drawing.form == Form::csv) {
    reply.type = "text/csv; charset=utf-8";
    reply.body = tools::report_csv(*drawing.kind, *drawn);
  } else {
    reply.type = "application/json";
    reply.body = json::serialize(*drawn) + "\n";
  }
  mark(reply, drawing.etag);
  return reply;
}

Task<Reply> report(Call& call, Request& request) {
  auto drawing = drawing_of(call, request);
  if (!drawing) co_return std::move(drawing.error());
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  drawing->question.moment = *moment;
  drawing->etag = etag_of(call, request, *drawing);
  if (auto same = unchanged(request, drawing->etag)) co_return std::move(*same);
  Reply reply = co_await call.app.workers().run(
      call.loop, [&app = call.app, &drawing] { return draw(app, *drawing); });
  co_return reply;
}

Reply explain(App& app, const Drawing& drawing, const std::string& cell) {
  Result<std::optional<projections::Explained>> found =
      fail(ErrorCode::io, "The report was not drawn.");
  const auto done = app.facts().with(drawing.question.moment.seq, [&](const auto& facts) {
    found = projections::why(drawing.kind->name, facts, drawing.question, cell);
  });
  if (!done) return problem(done.error());
  if (!found) return problem(found.error());
  if (!*found)
    return problem(404, "NoSuchCell", "报表里没有这一格。", "The report has no such cell.");
  const auto& [figure, seqs] = **found;
  if (seqs.size() > kEventsMax)
    return problem(413, "TooManyEvents", "这一格背后的事件太多，请缩小范围。",
                   "Too many events stand behind this figure; ask for less.");
  json::array events;
  for (const std::uint64_t seq : seqs) {
    const auto read = app.log().read(seq, seq, [&](const engine::RecordView& record) {
      events.push_back(tools::event_with_leaf(app.log(), record));
      return true;
    });
    if (!read) return problem(read.error());
  }
  const projections::Moment& moment = drawing.question.moment;
  return json_reply(200, {{"report", drawing.kind->name},
                          {"cell", cell},
                          {"value", figure},
                          {"as_of", schemas::time_text(moment.as_of)},
                          {"seq", moment.seq},
                          {"root", engine::base64(moment.root)},
                          {"seqs", json::value_from(seqs)},
                          {"events", std::move(events)}});
}

Task<Reply> why(Call& call, Request& request) {
  auto drawing = drawing_of(call, request);
  if (!drawing) co_return std::move(drawing.error());
  const std::string* const cell = request.parameter("cell");
  if (cell == nullptr) co_return problem(400, "CellNeeded", "请写明单元格。", "Name the cell.");
  const Acting& acting = widest(call, Action::read_report);
  if (scope_of(Action::read_report, acting.column) != Scope::all &&
      drawing->kind->name != "closed-loop")
    co_return problem(403, kNotPermitted, "只能查看本部门的部分。",
                      "You may see your own department's part only.");
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  drawing->question.moment = *moment;
  Reply reply = co_await call.app.workers().run(call.loop,
                                                [&] { return explain(call.app, *drawing, *cell); });
  co_return reply;
}

Reply compare(App& app, const Drawing& drawing, const projections::Moment& first,
              const projections::Moment& second) {
  Result<std::vector<projections::Change>> changes = fail(ErrorCode::io, "Nothing was compared.");
  const auto done = app.facts().with(std::max(first.seq, second.seq), [&](const auto& facts) {
    changes = projections::diff(drawing.kind->name, facts, drawing.question, first, second);
  });
  if (!done) return problem(done.error());
  if (!changes) return problem(changes.error());
  json::array list;
  for (const projections::Change& change : *changes)
    list.push_back({{"cell", change.cell},
                    {"before", change.before},
                    {"after", change.after},
                    {"seqs", json::value_from(change.seqs)}});
  return json_reply(200, {{"report", drawing.kind->name},
                          {"from", moment_json(first)},
                          {"to", moment_json(second)},
                          {"changes", std::move(list)}});
}

Task<Reply> diff(Call& call, Request& request) {
  auto drawing = drawing_of(call, request);
  if (!drawing) co_return std::move(drawing.error());
  const std::string* const since = request.parameter("since");
  const std::string* const until = request.parameter("until");
  if (since == nullptr || until == nullptr)
    co_return problem(400, "MomentsNeeded", "请写明 since 与 until 两个时刻。",
                      "Name two moments, since and until.");
  const auto first = tools::moment_of({*since, {}}, call.app.log());
  const auto second = tools::moment_of({*until, {}}, call.app.log());
  if (!first) co_return problem(first.error());
  if (!second) co_return problem(second.error());
  Reply reply = co_await call.app.workers().run(
      call.loop, [&] { return compare(call.app, *drawing, *first, *second); });
  co_return reply;
}

// Parameters that only some reports take are refused by the others (question_asked).
constexpr std::string_view kQuestion =
    "week section from to by department light status category appeal limit offset format as_of seq "
    "min_seq";
constexpr std::string_view kCell =
    "cell week section from to by department light status category appeal limit offset format "
    "as_of seq min_seq";
constexpr std::string_view kBetween =
    "since until week section from to by department light status category appeal limit offset "
    "format as_of seq min_seq";

constexpr std::array kRoutes{
    Route{Method::get, "/v1/reports/{report}", Action::read_report, report,
          "一份报表，截至任一时刻。", "A report, as of any moment.", kQuestion,
          "/v1/reports/weekly?week=2021-W37"},
    Route{Method::get, "/v1/reports/{report}/why", Action::read_report, why, "一个数背后的事件。",
          "The events behind one figure.", kCell,
          "/v1/reports/weekly/why?week=2021-W37&cell=departments/D01/dispatched"},
    Route{Method::get, "/v1/reports/{report}/diff", Action::read_report, diff,
          "两个时刻之间的变化。", "What changed between two moments.", kBetween,
          "/v1/reports/closed-loop/diff?since=2021-09-16T09:00:00%2B08:00"
          "&until=2021-09-16T10:00:00%2B08:00"},
};

}  // namespace
}  // namespace server::reports

namespace server {

std::span<const Route> report_routes() { return reports::kRoutes; }

}  // namespace server
