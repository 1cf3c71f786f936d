// When something would be due, and which days are worked: asked before an act, so that nobody else
// has to know the calendar or the rules. What counts is what the ledger pins when it records.
#include <fmt/format.h>

#include <array>

#include "schemas/appeal.h"
#include "schemas/obligations.h"
#include "schemas/rules.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"

namespace server::deadlines {
namespace {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Micros;
using engine::Result;
using schemas::Calendar;
using schemas::Day;
using schemas::Obligation;

constexpr Day kDaysMax = 800;  // of one answer: two years and what lies around them

// Why a day is worked, or is not, where it is not as every week has it; empty: as every week.
std::string_view why(const Calendar& calendar, Day day) {
  constexpr int kFriday = 5;
  const bool of_the_week = schemas::weekday_of(day) <= kFriday;
  if (calendar.is_workday(day)) return of_the_week ? "" : "makeup";
  return of_the_week ? "holiday" : "weekend";
}

json::object deadline(const Calendar& calendar, const schemas::Due& due, Micros start) {
  const Day first = schemas::day_of(start) + 1, last = schemas::day_of(due.due() - 1);
  json::array skipped, makeup;
  for (Day day = first; day <= last; ++day) {
    const std::string_view reason = why(calendar, day);
    const std::string text = schemas::date_text(day);
    if (reason == "makeup") makeup.push_back(json::value(text));
    if (reason == "holiday" || reason == "weekend") skipped.push_back(json::value(text));
  }
  const schemas::ObligationRow& row = schemas::row_of(due.obligation());
  return {{"obligation", row.name},
          {"workdays", due.workdays()},
          {"due", schemas::time_text(due.due())},
          {"last_day", schemas::date_text(last)},
          {"provisional", due.provisional()},
          {"skipped", std::move(skipped)},
          {"makeup", std::move(makeup)},
          {"starts_at", row.starts_at},
          {"met_by", row.met_by}};
}

Reply draw_deadlines(App& app, const projections::Moment& moment, Micros at, schemas::Track track) {
  const auto rules = schemas::rules_in_force(app.log(), moment.seq);
  if (!rules) return problem(rules.error());
  json::array list;
  json::object body{{"at", schemas::time_text(at)},
                    {"track", schemas::EnumNameTrack(track)},
                    {"seq", moment.seq},
                    {"rules", rules->id}};
  const auto drawn = app.facts().with(moment.seq, [&](const projections::Facts& facts) {
    const Calendar& calendar = facts.calendar_at(moment.seq);
    body["calendar"] = calendar.version();
    for (const schemas::ObligationRow& row : schemas::obligations()) {
      if (row.limit == nullptr) continue;
      const auto due = row.obligation == Obligation::completion
                           ? schemas::completion_due(track, at, *rules, calendar)
                           : schemas::due_of(row.obligation, at, *rules, calendar);
      if (due) list.push_back(deadline(calendar, *due, at));
    }
  });
  if (!drawn) return problem(drawn.error());
  body["deadlines"] = std::move(list);
  return json_reply(200, body);
}

Task<Reply> deadlines(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  const std::string* const track = request.parameter("track");
  if (track != nullptr && *track != "standard" && *track != "same_day")
    co_return problem(400, "BadRequest", "track 应为 standard 或 same_day。",
                      "track is standard or same_day.");
  const std::string* const asked = request.parameter("at");
  const auto at = time_asked("at", asked == nullptr ? schemas::time_text(moment->as_of) : *asked);
  if (!at) co_return problem(at.error());
  const bool same_day = track != nullptr && *track == "same_day";
  Reply reply = co_await call.app.workers().run(call.loop, [&] {
    return draw_deadlines(call.app, *moment, *at,
                          same_day ? schemas::Track::same_day : schemas::Track::standard);
  });
  co_return reply;
}

Reply draw_workdays(App& app, const projections::Moment& moment, Day from, Day to) {
  json::array days;
  int workdays = 0;
  json::object body{
      {"from", schemas::date_text(from)}, {"to", schemas::date_text(to)}, {"seq", moment.seq}};
  const auto drawn = app.facts().with(moment.seq, [&](const projections::Facts& facts) {
    const Calendar& calendar = facts.calendar_at(moment.seq);
    body["calendar"] = calendar.version();
    workdays = calendar.workdays_between(from, to);
    for (Day day = from; day <= to; ++day)
      days.push_back({{"date", schemas::date_text(day)},
                      {"workday", calendar.is_workday(day)},
                      {"why", why(calendar, day)},
                      {"provisional", !calendar.published(schemas::year_of(day))}});
  });
  if (!drawn) return problem(drawn.error());
  body["workdays"] = workdays;
  body["days"] = std::move(days);
  return json_reply(200, body);
}

Result<Day> day_asked(const Request& request, std::string_view name) {
  const std::string* const text = request.parameter(name);
  const auto day = text == nullptr ? std::nullopt : schemas::parse_date(*text);
  if (!day)
    return fail(ErrorCode::bad_input, fmt::format("{} must be a date such as 2021-09-26.", name));
  return *day;
}

Task<Reply> workdays(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  const auto from = day_asked(request, "from"), to = day_asked(request, "to");
  if (!from) co_return problem(from.error());
  if (!to) co_return problem(to.error());
  if (*to < *from || *to - *from >= kDaysMax)
    co_return problem(400, "BadRequest", "from 至 to 应为 1 至 800 天。",
                      "from and to are 1 to 800 days apart.");
  Reply reply = co_await call.app.workers().run(
      call.loop, [&] { return draw_workdays(call.app, *moment, *from, *to); });
  co_return reply;
}

constexpr std::array kRoutes{
    Route{.method = Method::get,
          .path = "/v1/deadlines",
          .action = Action::read_calendar,
          .handler = deadlines,
          .chinese = "此刻（或 at 时）开始的义务各在何时到期，及其理由。",
          .english = "When duties that start now (or at `at`) would be due, and why.",
          .query = "track at as_of seq min_seq",
          .example = "/v1/deadlines?track=standard&at=2021-09-16T09:30:00%2B08:00"},
    Route{.method = Method::get,
          .path = "/v1/workdays",
          .action = Action::read_calendar,
          .handler = workdays,
          .chinese = "一段日子里哪些是工作日，及其理由。",
          .english = "Which days are worked, and why.",
          .query = "from to as_of seq min_seq",
          .example = "/v1/workdays?from=2021-09-16&to=2021-10-15"},
};

}  // namespace
}  // namespace server::deadlines

namespace server {

std::span<const Route> deadline_routes() { return deadlines::kRoutes; }

}  // namespace server
