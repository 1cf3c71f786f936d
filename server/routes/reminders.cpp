// What the clock has done and found: the outbox of notices, and what is overdue and left to people.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "projections/reminders.h"
#include "schemas/calendar.h"
#include "server/app.h"
#include "server/cloud_event.h"
#include "server/http/problem.h"
#include "server/outbox.h"
#include "server/router.h"
#include "server/routes/asking.h"

namespace server::reminders {
namespace {

namespace json = boost::json;
using projections::DueAct;
using projections::Facts;

constexpr std::uint64_t kBatchDefault = 100, kBatchMax = 1000;

Reply draw_outbox(App& app, std::uint64_t after, std::uint64_t limit) {
  json::array events;
  std::uint64_t last = after;
  const auto read =
      read_notices(app.log(), app.facts(), after, limit, [&](const engine::RecordView& record) {
        last = record.seq;
        events.push_back(cloud_event(app.log(), app.source(), record));
      });
  if (!read) return problem(read.error());
  const bool more = events.size() == limit;
  Reply reply = json_reply(200, events);
  reply.type = "application/cloudevents-batch+json";
  if (more)
    reply.headers.emplace_back(
        "Link", fmt::format("</v1/outbox?after={}&limit={}>; rel=\"next\"", last, limit));
  return reply;
}

Task<Reply> outbox(Call& call, Request& request) {
  const auto after = number_parameter(request, "after"), limit = number_parameter(request, "limit");
  if (!after) co_return problem(after.error());
  if (!limit) co_return problem(limit.error());
  const std::uint64_t most = limit->value_or(kBatchDefault);
  if (most == 0 || most > kBatchMax)
    co_return problem(400, "BadRequest", "limit 应为 1 至 1000。", "limit is 1 to 1000.");
  Reply reply = co_await call.app.workers().run(
      call.loop, [&] { return draw_outbox(call.app, after->value_or(0), most); });
  co_return reply;
}

json::object duty_json(const Facts& facts, const DueAct& act) {
  json::object row{{"appeal", facts.text(facts.items()[act.item].no)},
                   {"matter", nullptr},
                   {"department", nullptr},
                   {"obligation", schemas::row_of(act.obligation).name},
                   {"due", schemas::time_text(act.due)}};
  if (act.assignment != projections::kNone) {
    const auto& assignment = facts.assignments()[act.assignment];
    row["matter"] = assignment.matter;
    row["department"] = facts.text(assignment.department);
  }
  return row;
}

Reply draw_backlog(App& app) {
  const auto live = app.went_live().since();
  if (!live) return problem(live.error());
  json::object body{{"live_since", nullptr}, {"live_seq", nullptr}};
  json::array before, call_in;
  const auto drawn = app.facts().with(app.log().size(), [&](const Facts& facts) {
    const engine::Micros now = facts.seq() == 0
                                   ? app.clock().now()
                                   : std::max(app.clock().now(), facts.time_of(facts.seq()));
    body["as_of"] = schemas::time_text(now);
    body["seq"] = facts.seq();
    for (const std::uint32_t item : projections::to_be_called_in(facts, now))
      call_in.push_back(json::value(facts.text(facts.items()[item].no)));
    if (!*live) return;
    body["live_since"] = schemas::time_text((*live)->at);
    body["live_seq"] = (*live)->seq;
    for (const DueAct& act : projections::overdue_before(facts, (*live)->seq - 1, (*live)->at))
      before.push_back(duty_json(facts, act));
  });
  if (!drawn) return problem(drawn.error());
  body["overdue_before_live"] = std::move(before);
  body["to_be_called_in"] = std::move(call_in);
  return json_reply(200, body);
}

Task<Reply> backlog(Call& call, Request&) {
  Reply reply = co_await call.app.workers().run(call.loop, [&] { return draw_backlog(call.app); });
  co_return reply;
}

constexpr std::array kRoutes{
    Route{Method::get, "/v1/outbox", Action::read_events, outbox,
          "发出的通知：催办、黄牌、红牌、督办、评价期满、任期将满（CloudEvents 批）。",
          "Notices given: reminders, cards, orders of supervision, rating windows and terms that "
          "end, as "
          "CloudEvents batches.",
          "after limit min_seq", "/v1/outbox?after=0&limit=10"},
    Route{Method::get, "/v1/backlog", Action::read_events, backlog,
          "上线前已逾期、由人处理的义务，以及应约谈的诉求。",
          "What was overdue before the ledger went live, left to people; and appeals whose "
          "department is to be called in.",
          "min_seq"},
};

}  // namespace
}  // namespace server::reminders

namespace server {

std::span<const Route> reminder_routes() { return reminders::kRoutes; }

}  // namespace server
