// Reads: reports at a moment, histories, events, the feed, and the evidence; each by who may see
// it.
#include <doctest/doctest.h>

#include <thread>

#include "engine/proof/checkpoint.h"
#include "server/app.h"
#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

constexpr engine::Micros kSecond = 1'000'000;

std::size_t rows(const HttpReply& reply) { return reply.json().at("rows").as_array().size(); }

}  // namespace

TEST_CASE("a report names its moment, and a read sees what was written just before") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  const HttpReply now = lead.get("/v1/reports/closed-loop?min_seq=8");
  REQUIRE_MESSAGE(now.status == 200, now.body);
  CHECK(now.text("seq") == "8");
  CHECK(now.text("as_of") == "2021-09-16T09:30:00.000000+08:00");
  CHECK(rows(now) == 1);
  const HttpReply before = lead.get("/v1/reports/closed-loop?seq=4");
  CHECK(before.text("seq") == "4");
  CHECK(rows(before) == 0);
  served.clock.pass(90 * 24 * 3600 * kSecond);
  const HttpReply later = lead.get("/v1/reports/closed-loop?light=red");
  CHECK(rows(later) == 1);
  CHECK(lead.get("/v1/reports/closed-loop?min_seq=9").status == 404);
}

TEST_CASE("a report at a fixed moment has a strong tag, and is not sent twice") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  const HttpReply first = lead.get("/v1/reports/closed-loop?seq=8");
  const std::string tag = first.header("ETag");
  REQUIRE(tag.starts_with('"'));
  const HttpReply same = lead.get("/v1/reports/closed-loop?seq=8", {{"If-None-Match", tag}});
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(lead.get("/v1/reports/closed-loop?seq=7", {{"If-None-Match", tag}}).status == 200);
  CHECK(lead.get("/v1/reports/closed-loop?seq=8&format=csv", {{"If-None-Match", tag}}).status ==
        200);
  HttpClient officer = served.as("department_officer");
  CHECK(officer.get("/v1/reports/closed-loop?seq=8", {{"If-None-Match", tag}}).status == 200);
}

TEST_CASE("JSON or CSV, as it is asked for, and small when the client takes gzip") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  const HttpReply csv = lead.get("/v1/reports/closed-loop?seq=8", {{"Accept", "text/csv"}});
  CHECK(csv.header("Content-Type") == "text/csv; charset=utf-8");
  CHECK(csv.body.find("SQ2021-000001") != std::string::npos);
  CHECK(lead.get("/v1/reports/closed-loop", {{"Accept", "image/png"}}).status == 406);
  const HttpReply plain = lead.get("/v1/reports/weekly?week=2021-W37&seq=8");
  const HttpReply small =
      lead.get("/v1/reports/weekly?week=2021-W37&seq=8", {{"Accept-Encoding", "gzip"}});
  CHECK(small.header("Content-Encoding") == "gzip");
  CHECK(small.body.size() < plain.body.size());
  CHECK(small.body.starts_with("\x1f\x8b"));
  CHECK(small.header("ETag") != plain.header("ETag"));
  CHECK(
      lead.get("/v1/reports/weekly?week=2021-W37&seq=8", {{"If-None-Match", small.header("ETag")}})
          .status == 304);
}

TEST_CASE("a question that cannot be asked is one sentence with 400 or 404") {
  Served served;
  HttpClient lead = served.as("office_lead");
  for (const char* target :
       {"/v1/reports/weekly", "/v1/reports/weekly?week=2021-38",
        "/v1/reports/closed-loop?week=2021-W38", "/v1/reports/closed-loop?as_of=yesterday",
        "/v1/reports/closed-loop?seq=-1",
        "/v1/reports/closed-loop?seq=0&as_of=2021-09-16T00:00:00Z", "/v1/reports/plan?nothing=1",
        "/v1/reports/plan?seq=0&seq=0", "/v1/reports/ratings?by=weather", "/v1/events?limit=0",
        "/v1/events?kind=weather", "/v1/reports/closed-loop/why"}) {
    const HttpReply reply = lead.get(target);
    CHECK_MESSAGE(reply.status == 400, target, reply.body);
    CHECK(!reply.text("detail").empty());
  }
  CHECK(lead.get("/v1/reports/weather").status == 404);
  CHECK(lead.get("/v1/reports/plan?seq=7").status == 404);
}

TEST_CASE("a figure leads to its events, and two moments to what changed between them") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  const HttpReply why =
      lead.get("/v1/reports/weekly/why?week=2021-W37&cell=departments/D01/dispatched");
  REQUIRE_MESSAGE(why.status == 200, why.body);
  CHECK(why.text("value") == "1");
  CHECK(why.text("seqs") == "[8]");
  CHECK(lead.get("/v1/reports/weekly/why?week=2021-W37&cell=departments/D01/weather").status ==
        404);
  const HttpReply diff = lead.get(
      "/v1/reports/closed-loop/"
      "diff?since=2021-09-16T09:00:00%2B08:00&until=2021-09-16T10:00:00%2B08:00");
  REQUIRE_MESSAGE(diff.status == 200, diff.body);
  CHECK(!diff.json().at("changes").as_array().empty());
}

TEST_CASE("each role sees its own part of the reports and histories, and no more") {
  Served served;
  served.given_dispatched();
  struct Case {
    const char* role;
    const char* target;
    unsigned status;
  };
  const Case cases[] = {
      {"office_clerk", "/v1/reports/closed-loop", 200},
      {"inspector", "/v1/reports/closed-loop", 200},
      {"district_leader", "/v1/reports/weekly?week=2021-W37", 200},
      {"enterprise", "/v1/reports/closed-loop", 403},
      {"supervisor", "/v1/reports/closed-loop", 403},
      {"department_officer:D01", "/v1/reports/closed-loop", 200},
      {"department_officer:D01", "/v1/reports/closed-loop?department=D02", 403},
      {"department_officer:D01", "/v1/reports/weekly?week=2021-W37", 403},
      {"department_officer:D01", "/v1/reports/weekly?week=2021-W37&section=departments", 200},
      {"department_officer:D01", "/v1/reports/plan", 403},
      {"department_officer:D01", "/v1/streams/appeal/SQ2021-000001", 200},
      {"department_officer:D02", "/v1/streams/appeal/SQ2021-000001", 403},
      {"department_officer:D02", "/v1/streams/calendar/2021", 200},
      {"enterprise", "/v1/streams/appeal/SQ2021-000001", 200},
      {"enterprise", "/v1/streams/appeal/SQ2021-000002", 403},
      {"enterprise", "/v1/streams/enterprise/91350100M000100Y43", 200},
      {"office_lead", "/v1/streams/appeal/SQ2021-000002", 404},
      {"enterprise", "/v1/enterprises/91350100M000100Y43/appeals", 200},
      {"enterprise", "/v1/enterprises/91110000802100433B/appeals", 403},
      {"supervisor", "/v1/enterprises/91350100M000100Y43/appeals", 403},
      {"department_officer:D01", "/v1/enterprises/91350100M000100Y43/appeals", 403},
      {"office_clerk", "/v1/enterprises/91350100M000100Y43/appeals", 200},
      {"enterprise", "/v1/events", 403},
      {"department_officer:D01", "/v1/events", 403},
      {"department_officer:D01", "/v1/feed", 403},
      {"district_leader", "/v1/events", 200},
      {"office_clerk", "/tile/entries/000.p/8", 403},
  };
  served.stop();
  served.start();  // now the departments have tokens of their own
  for (const Case& one : cases) {
    const HttpReply reply = served.as(one.role).get(one.target);
    CHECK_MESSAGE(reply.status == one.status, one.role, one.target, reply.body);
  }
}

TEST_CASE("an enterprise reads its own appeals, newest first, as they stood at the moment") {
  Served served;
  served.given_dispatched();
  served.given_appeal("SQ2021-000002");
  HttpClient enterprise = served.as("enterprise");
  const std::string list = "/v1/enterprises/91350100M000100Y43/appeals";
  const HttpReply all = enterprise.get(list);
  REQUIRE_MESSAGE(all.status == 200, all.body);
  const auto rows = all.json().at("appeals").as_array();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("appeal") == "SQ2021-000002");
  CHECK(rows[0].at("status") == "submitted");
  CHECK(rows[1].at("appeal") == "SQ2021-000001");
  CHECK(rows[1].at("status") == "accepted");
  CHECK(rows[1].at("title") == "办理施工许可");
  const HttpReply history = enterprise.get("/v1/streams/appeal/SQ2021-000001");
  const auto filed = history.json().at("events").at(0);
  CHECK(rows[1].at("seq") == filed.at("seq"));
  CHECK(rows[1].at("leaf_hash") == filed.at("leaf_hash"));
  CHECK(rows[1].at("submitted_at") == filed.at("recorded_at"));
  const HttpReply then = enterprise.get(list + "?seq=5");
  REQUIRE(then.json().at("appeals").as_array().size() == 1);
  CHECK(then.json().at("appeals").at(0).at("status") == "submitted");
  const HttpReply second = enterprise.get(list + "?limit=1&offset=1");
  CHECK(second.text("total") == "2");
  CHECK(second.json().at("appeals").at(0).at("appeal") == "SQ2021-000001");
  CHECK(enterprise.get(list + "?limit=0").status == 400);
}

TEST_CASE(
    "a department that gave its assignment back no longer sees the appeal, and rights are "
    "today's") {
  Served served;
  served.given_dispatched();
  CHECK(served.as("department_officer").get("/v1/streams/appeal/SQ2021-000001").status == 200);
  served.given("department_officer", "RequestReturn", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","reason":"不属本部门","proposed":"D02"})");
  served.given("office_clerk", "ApproveReturn", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01"})");
  CHECK(served.as("department_officer").get("/v1/streams/appeal/SQ2021-000001?seq=8").status ==
        403);
}

TEST_CASE("events come as CloudEvents in order, a batch leading to the next") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  const HttpReply first = lead.get("/v1/events?limit=5");
  CHECK(first.header("Content-Type") == "application/cloudevents-batch+json");
  CHECK(first.header("Link") == "</v1/events?after=5&limit=5>; rel=\"next\"");
  const auto batch = first.json().as_array();
  REQUIRE(batch.size() == 5);
  CHECK(batch[4].at("id").as_string() == "5");
  CHECK(batch[4].at("type").as_string() == "bihuan.AppealSubmitted");
  CHECK(batch[4].at("subject").as_string() == "appeal/SQ2021-000001");
  const HttpReply rest = lead.get("/v1/events?after=5&limit=5");
  CHECK(rest.json().as_array().size() == 3);
  CHECK(rest.header("Link").empty());
  CHECK(lead.get("/v1/events?kind=department").json().as_array().size() == 2);
}

TEST_CASE(
    "the feed goes on from where the client was, follows what is written, and ends at the stop") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  lead.write_raw("GET /v1/feed HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 6\r\nAuthorization: Bearer " +
                 served.token("office_lead") + "\r\n\r\n");
  std::string got = lead.read_until("id: 8\n");
  CHECK(got.find("id: 7\nevent: AppealDecomposed\n") != std::string::npos);
  CHECK(got.find("id: 6\n") == std::string::npos);
  CHECK(got.find("text/event-stream") != std::string::npos);
  served.given("department_officer", "SignAssignment", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01"})");
  got = lead.read_until("id: 9\n");
  CHECK(got.find("event: AssignmentSigned") == std::string::npos);  // it follows the id
  while (served.app().tip().waiting() == 0)
    std::this_thread::yield();  // its patience counts from now
  served.clock.pass(16 * kSecond);
  served.sweep();
  lead.read_until(": alive\n");
  served.stop();
  CHECK(lead.read_to_end().ends_with("0\r\n\r\n"));
}

TEST_CASE("a checkpoint is signed within a minute of growth, tiles and proofs stand on it") {
  Served served;
  served.given_dispatched();
  HttpClient nobody = served.nobody(), lead = served.as("office_lead");
  CHECK(lead.get("/v1/proofs/3").status == 404);  // only the checkpoint of nothing is signed
  CHECK(!served.is_signing_due());
  served.clock.pass(60 * kSecond);
  CHECK(served.is_signing_due());
  served.sign();
  CHECK(!served.is_signing_due());
  const HttpReply signed_now = nobody.get("/checkpoint");
  CHECK(signed_now.status == 200);
  CHECK(signed_now.body.find("\n8\n") != std::string::npos);
  const HttpReply tile = nobody.get("/tile/0/000.p/8");
  CHECK(tile.status == 200);
  CHECK(tile.body.size() == 8 * sizeof(engine::Hash));
  CHECK(nobody.get("/tile/0/000").status == 404);
  CHECK(nobody.get("/tile/0/000.p/9").status == 404);
  const HttpReply proof = lead.get("/v1/proofs/3");
  REQUIRE_MESSAGE(proof.status == 200, proof.body);
  CHECK(proof.body.starts_with("c2sp.org/tlog-proof@v1\nextra "));  // with its header
  CHECK(proof.body.find(signed_now.body) != std::string::npos);
  CHECK(nobody.get("/v1/proofs/3").status == 401);
  CHECK(served.as("supervisor").get("/v1/proofs/5").status == 403);
  CHECK(served.as("enterprise").get("/v1/proofs/5").status == 200);
  const HttpReply continued = nobody.get("/v1/proofs/consistency?old=3&min_seq=8");
  CHECK(continued.status == 200);
  CHECK(continued.body.starts_with("old 3\n"));
  CHECK(continued.body.find(signed_now.body) != std::string::npos);
  CHECK(nobody.get("/v1/proofs/consistency").status == 400);
  CHECK(nobody.get("/v1/proofs/consistency?old=9").status == 404);
  CHECK(served.as("inspector").get("/tile/entries/000.p/8").status == 200);
}
