// Whether the server lives and takes writes, and who asks.
#include <array>

#include "schemas/calendar.h"
#include "schemas/json.h"
#include "server/app.h"
#include "server/http/gzip.h"
#include "server/http/problem.h"
#include "server/openapi.h"
#include "server/router.h"

namespace server::status {
namespace {

namespace json = boost::json;

Task<Reply> healthz(Call&, Request&) { co_return json_reply(200, {{"status", "alive"}}); }

Task<Reply> readyz(Call& call, Request&) {
  const auto stopped = call.app.desk().stopped();
  if (stopped) co_return problem(*stopped);
  co_return json_reply(200, {{"status", "ready"}, {"seq", call.app.log().size()}});
}

Reply print_metrics(App& app, const Gauges& gauges) {
  Reply reply;
  reply.type = "text/plain; version=0.0.4; charset=utf-8";
  reply.body = app.metrics().text(gauges);
  return reply;
}

// The lights of this moment are folded from the cases at work: on a worker, as a report is.
Reply draw_metrics(App& app) {
  Gauges gauges = app.gauges();
  const engine::Micros now = app.clock().now();
  const auto done = app.facts().with(gauges.events, [&](const auto& facts) {
    gauges.standing = projections::standing_at(facts, gauges.events, now);
  });
  if (!done) gauges.standing.reset();
  return print_metrics(app, gauges);
}

Task<Reply> metrics(Call& call, Request&) {
  Reply reply =
      co_await call.app.workers().run(call.loop, [&app = call.app] { return draw_metrics(app); });
  // When the workers have too much to do, the rest is worth telling all the more.
  if (reply.status != 200) reply = print_metrics(call.app, call.app.gauges());
  co_return reply;
}

Task<Reply> description(Call&, Request&) {
  static const FixedBody text = fixed_body(openapi_document());
  Reply reply;
  reply.type = "application/json";
  reply.fixed = &text;
  co_return reply;
}

Task<Reply> me(Call& call, Request&) {
  json::array roles;
  for (const Acting& one : call.actings) {
    json::object role{{"id", one.actor.id}, {"role", schemas::role_name(one.actor.role)}};
    if (!one.actor.department.empty()) role["department"] = one.actor.department;
    json::object may;
    for (const Right& right : rights()) {
      const Scope scope = right.of_column.at(one.column);
      if (scope != Scope::none) may[right.name] = scope_name(scope);
    }
    role["may"] = std::move(may);
    roles.push_back(std::move(role));
  }
  // The first of them at the top, for programs that expect one.
  const schemas::Actor& first = call.actings.front().actor;
  json::object body{{"id", first.id}, {"role", schemas::role_name(first.role)}};
  if (!first.department.empty()) body["department"] = first.department;
  body["district"] = call.app.log().name();
  body["rehearsal"] = nullptr;  // or what time it is said to be
  if (call.app.rehearsal() != nullptr)
    body["rehearsal"] = schemas::time_text(call.app.clock().now());
  body["roles"] = std::move(roles);
  co_return json_reply(200, body);
}

constexpr std::array kRoutes{
    Route{Method::get, "/healthz", Action::read_alive, healthz, "服务是否在运行。",
          "Whether the server is alive."},
    Route{Method::get, "/readyz", Action::read_alive, readyz, "是否可以写入。",
          "Whether it takes writes."},
    Route{Method::get, "/metrics", Action::read_metrics, metrics, "运行指标（Prometheus）。",
          "What the server counts about itself (Prometheus text)."},
    Route{Method::get, "/openapi.json", Action::read_page, description, "接口说明（OpenAPI）。",
          "The description of the API (OpenAPI 3.1)."},
    Route{Method::get, "/v1/me", Action::read_self, me, "令牌代表谁，能做什么。",
          "Whom the token names, and what it may do.", "min_seq"},
};

}  // namespace
}  // namespace server::status

namespace server {

std::span<const Route> status_routes() { return status::kRoutes; }

}  // namespace server
