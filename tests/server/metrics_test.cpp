// What the server counts about itself, from what was asked of it.
#include <doctest/doctest.h>

#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

bool has_line(const HttpReply& reply, const std::string& line) {
  return reply.body.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("commands are counted by what they came to, and replies by route and status") {
  Served served;
  served.given("office_lead", "CreateDepartment", "department/D01", R"({"name":"住建局"})");
  HttpClient lead = served.as("office_lead");
  const std::string body = R"({"stream":"department/D02","data":{"name":"人社局"}})";
  for (const unsigned status : {201U, 200U})
    CHECK(lead.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "one"}}).status ==
          status);
  CHECK(served.ask("enterprise", "CreateDepartment", "department/D03", R"({"name":"x"})").status ==
        403);
  CHECK(served.nobody().get("/v1/me").status == 401);
  CHECK(lead.get("/nowhere").status == 404);
  const HttpReply metrics = lead.get("/metrics");
  REQUIRE(metrics.status == 200);
  CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK_MESSAGE(has_line(metrics, "bihuan_commands_total{result=\"accepted\"} 2"), metrics.body);
  CHECK(has_line(metrics, "bihuan_commands_total{result=\"repeated\"} 1"));
  CHECK(has_line(metrics, "bihuan_commands_total{result=\"NotPermitted\"} 1"));
  CHECK(has_line(metrics, "bihuan_events 2"));
  CHECK(has_line(metrics, "bihuan_projection_lag_events 2"));
  CHECK(has_line(metrics, "bihuan_takes_writes 1"));
  CHECK(has_line(metrics, "bihuan_unauthenticated_total 1"));
  CHECK(has_line(metrics, "bihuan_forbidden_total 1"));
  CHECK(has_line(metrics,
                 R"(bihuan_http_replies_total{method="GET",route="/v1/me",status="4xx"} 1)"));
  CHECK(
      has_line(metrics, R"(bihuan_http_replies_total{method="none",route="none",status="4xx"} 1)"));
}

TEST_CASE("groups and their syncs are counted, and the open duties by the colour of their light") {
  Served served;
  served.given_office();
  served.given_appeal();  // the office now owes an acceptance
  HttpClient lead = served.as("office_lead");
  const HttpReply fresh = lead.get("/metrics");
  CHECK_MESSAGE(has_line(fresh, "bihuan_group_commands_count 5"), fresh.body);
  CHECK(has_line(fresh, "bihuan_group_commands_sum 5"));
  CHECK(has_line(fresh, R"(bihuan_group_commands_bucket{le="1"} 5)"));
  CHECK(has_line(fresh, R"(bihuan_sync_seconds_bucket{le="+Inf"} 5)"));
  CHECK(has_line(fresh, "bihuan_open_obligations 1"));
  CHECK(has_line(fresh, R"(bihuan_lights{light="red"} 0)"));
  CHECK(has_line(fresh, "bihuan_projection_lag_events 5"));  // as it was before these were drawn
  served.clock.pass(engine::Micros{90} * 24 * 3600 * 1'000'000);
  const HttpReply late = lead.get("/metrics");
  CHECK_MESSAGE(has_line(late, R"(bihuan_lights{light="red"} 1)"), late.body);
  CHECK(has_line(late, "bihuan_open_obligations 1"));
}

TEST_CASE("who has no business with the server's state may not read its metrics") {
  Served served;
  CHECK(served.nobody().get("/metrics").status == 401);
  for (const char* role : {"enterprise", "supervisor", "office_clerk", "district_leader"})
    CHECK_MESSAGE(served.as(role).get("/metrics").status == 403, role);
}
