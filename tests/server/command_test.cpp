// One command over HTTP, from the token to the durable receipt.
#include <doctest/doctest.h>

#include <sstream>
#include <vector>

#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

TEST_CASE("the server says that it is alive and ready, without a token") {
  Served served;
  HttpClient client = served.nobody();
  CHECK(client.get("/healthz").status == 200);
  const HttpReply ready = client.get("/readyz");  // on the same connection
  CHECK(ready.status == 200);
  CHECK(ready.text("seq") == "0");
  CHECK(ready.header("X-Content-Type-Options") == "nosniff");
  CHECK(ready.header("Cache-Control") == "no-store");
}

TEST_CASE("an accepted command gives 201 and a receipt, and is in the log by then") {
  Served served;
  const HttpReply made =
      served.ask("office_lead", "CreateDepartment", "department/D01", R"({"name":"住建局"})");
  REQUIRE_MESSAGE(made.status == 201, made.body);
  CHECK(made.text("seq") == "1");
  CHECK(made.text("version") == "1");
  CHECK(made.text("stream") == "department/D01");
  CHECK(made.text("recorded_at") == "2021-09-16T09:30:00.000000+08:00");
  CHECK(made.text("leaf_hash").size() == 64);
  std::string actor, role;
  CHECK(served.log()
            .read(1, 1,
                  [&](const engine::RecordView& record) {
                    actor = record.actor;
                    role = record.role;
                    return true;
                  })
            .has_value());
  CHECK(actor == "demo-office_lead");
  CHECK(role == "office_lead");
}

TEST_CASE("the same key again gives the first receipt with 200, and other content is refused") {
  Served served;
  HttpClient client = served.as("office_lead");
  const std::string body = R"({"stream":"department/D01","data":{"name":"住建局"}})";
  const HttpReply first =
      client.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "\"one\""}});
  CHECK(first.status == 201);
  served.clock.pass(1'000'000);
  const HttpReply again =
      client.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "one"}});
  CHECK(again.status == 200);
  CHECK(again.json() == first.json());
  const HttpReply other = client.post("/v1/commands/CreateDepartment",
                                      R"({"stream":"department/D02","data":{"name":"住建局"}})",
                                      {{"Idempotency-Key", "one"}});
  CHECK(other.status == 422);
  CHECK(other.text("code") == "IdReused");
  CHECK(served.log().size() == 1);
}

TEST_CASE("what the rules refuse is 422 with the code, and another version than expected 409") {
  Served served;
  served.given_office();
  HttpClient client = served.as("office_lead");
  const HttpReply again =
      served.ask("office_lead", "CreateDepartment", "department/D01", R"({"name":"住建局"})");
  CHECK(again.status == 422);
  CHECK(again.text("code") == "AlreadyExists");
  CHECK(again.header("Content-Type") == "application/problem+json");
  const HttpReply conflict =
      client.post("/v1/commands/RenameDepartment",
                  R"({"stream":"department/D01","expected_version":7,"data":{"name":"城建局"}})",
                  {{"Idempotency-Key", "v"}});
  CHECK(conflict.status == 409);
  CHECK(conflict.text("code") == "VersionConflict");
}

TEST_CASE("a refusal for the state or version says which commands this role may give there now") {
  Served served;
  served.given_office();
  served.given_appeal();
  const std::string appeal = "appeal/SQ2021-000001";
  const auto allowed = [&](std::string_view role, const std::string& command,
                           const std::string& data) {
    const HttpReply reply = served.ask(role, command, appeal, data);
    CHECK_MESSAGE(reply.text("code") == "WrongState", reply.body);
    return boost::json::serialize(reply.json().at("allowed"));
  };
  const std::string matters = R"({"matters":[{"matter":1,"text":"许可","lead":"D01"}]})";
  CHECK(allowed("office_clerk", "DecomposeAppeal", matters).find(R"("AcceptAppeal")") !=
        std::string::npos);
  served.given("office_clerk", "AcceptAppeal", appeal, "{}");
  const std::string clerk = allowed("office_clerk", "AcceptAppeal", "{}");
  CHECK_MESSAGE(clerk.find(R"("DecomposeAppeal")") != std::string::npos, clerk);
  CHECK(clerk.find(R"("AcceptAppeal")") == std::string::npos);
  CHECK(clerk.find(R"("ConcludeAppeal")") == std::string::npos);  // the lead's to say
  const std::string lead = allowed("office_lead", "AcceptAppeal", "{}");
  CHECK_MESSAGE(lead.find(R"("ConcludeAppeal")") != std::string::npos, lead);
  HttpClient client = served.as("office_lead");
  const HttpReply conflict = client.post(
      "/v1/commands/ConcludeAppeal",
      R"({"stream":"appeal/SQ2021-000001","expected_version":9,"data":{"outcome":"solved"}})",
      {{"Idempotency-Key", "c"}});
  CHECK_MESSAGE(conflict.status == 409, conflict.body);
  CHECK(boost::json::serialize(conflict.json().at("allowed")) == lead);
}

TEST_CASE("time, actor, seq and pinned fields are not the asker's to say") {
  Served served;
  HttpClient client = served.as("office_lead");
  for (const char* extra :
       {R"("at":"2001-01-01T00:00:00Z")", R"("actor":{"id":"x","role":"system"})",
        R"("derived":true)", R"("seq":9)", R"("id":"k9")", R"("command":"CreateDepartment")",
        R"("recorded_at":"2001-01-01T00:00:00Z")", R"("flags":1)", R"("version":3)"}) {
    const HttpReply reply =
        client.post("/v1/commands/CreateDepartment",
                    std::string(R"({"stream":"department/D01","data":{"name":"a"},)") + extra + "}",
                    {{"Idempotency-Key", "x"}});
    CHECK_MESSAGE(reply.status == 422, extra, reply.body);
    CHECK(reply.text("code") == "UnknownField");
  }
  CHECK(served.log().size() == 0);
}

TEST_CASE("without a known token there is 401, and without the right 403, nothing is recorded") {
  Served served;
  const std::string body = R"({"stream":"department/D01","data":{"name":"a"}})";
  HttpClient nobody = served.nobody(), forged(served.port(), "forged");
  const HttpReply missing =
      nobody.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "x"}});
  CHECK(missing.status == 401);
  CHECK(missing.header("WWW-Authenticate").starts_with("Bearer"));
  CHECK(forged.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "x"}}).status ==
        401);
  for (const char* role : {"inspector", "district_leader", "enterprise", "supervisor"}) {
    const HttpReply denied =
        served.ask(role, "CreateDepartment", "department/D01", R"({"name":"a"})");
    CHECK_MESSAGE(denied.status == 403, role, denied.body);
  }
  CHECK(served.log().size() == 0);
}

TEST_CASE("a clock that steps back does not take recorded time back") {
  Served served;
  served.given("office_lead", "CreateDepartment", "department/D01", R"({"name":"a"})");
  served.clock.set(served.clock.now() - 3'600'000'000);
  const HttpReply later =
      served.ask("office_lead", "CreateDepartment", "department/D02", R"({"name":"b"})");
  CHECK(later.status == 201);
  CHECK(later.text("recorded_at") == "2021-09-16T09:30:00.000000+08:00");
}

TEST_CASE("an appeal goes through the hands of three roles, each as itself") {
  Served served;
  served.given_office();
  served.given_appeal();
  served.given("office_clerk", "AcceptAppeal", "appeal/SQ2021-000001", "{}");
  served.given("office_clerk", "DecomposeAppeal", "appeal/SQ2021-000001",
               R"({"matters":[{"matter":1,"text":"许可","lead":"D01","co":["D02"]}]})");
  served.given("office_clerk", "DispatchAssignment", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","duty":"lead","track":"standard"})");
  served.given("office_clerk", "DispatchAssignment", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D02","duty":"co","track":"standard"})");
  const HttpReply other = served.ask("department_officer", "SignAssignment", "appeal/SQ2021-000001",
                                     R"({"matter":1,"department":"D02"})");
  CHECK(other.status == 422);
  CHECK(other.text("code") == "WrongDepartment");
  served.given("department_officer", "SignAssignment", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01"})");
}

TEST_CASE("what was answered is there after a restart, and the same key still gives its receipt") {
  Served served;
  HttpClient client = served.as("office_lead");
  const std::string body = R"({"stream":"department/D01","data":{"name":"住建局"}})";
  const HttpReply first =
      client.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "one"}});
  served.stop();
  served.start();
  HttpClient anew = served.as("office_lead");
  const HttpReply again =
      anew.post("/v1/commands/CreateDepartment", body, {{"Idempotency-Key", "one"}});
  CHECK(again.status == 200);
  CHECK(again.json() == first.json());
}

TEST_CASE("a batch is decided line by line, in order, and repeated it gives the first receipts") {
  Served served;
  HttpClient lead = served.as("office_lead");
  const std::string batch =
      R"({"command":"CreateDepartment","stream":"department/D01","id":"b1","data":{"name":"住建局"}})"
      "\n"
      R"({"command":"CreateDepartment","stream":"department/D01","id":"b2","data":{"name":"再建"}})"
      "\n"
      R"({"command":"CreateDepartment","stream":"department/D02","data":{"name":"没有 id"}})"
      "\nnot json\n"
      R"({"command":"SubmitAppeal","stream":"appeal/SQ2021-000001","id":"b3","at":"2021-01-01"})"
      "\n"
      R"({"command":"CreateDepartment","stream":"department/D02","id":"b4","data":{"name":"人社局"}})"
      "\n";
  const auto statuses_of = [](const HttpReply& reply) {
    std::vector<std::string> statuses;
    std::istringstream lines(reply.body);
    for (std::string line; std::getline(lines, line);)
      statuses.push_back(boost::json::serialize(boost::json::parse(line).at("status")));
    return statuses;
  };
  const HttpReply first = lead.post("/v1/commands", batch);
  REQUIRE_MESSAGE(first.status == 200, first.body);
  using Statuses = std::vector<std::string>;
  CHECK((statuses_of(first) == Statuses{"201", "422", "422", "400", "422", "201"}));
  CHECK(served.log().size() == 2);
  const HttpReply again = lead.post("/v1/commands", batch);
  CHECK((statuses_of(again) == Statuses{"200", "422", "422", "400", "422", "200"}));
  CHECK(served.log().size() == 2);
}

TEST_CASE("a batch of nothing and one of more than a thousand lines are refused whole") {
  Served served;
  HttpClient lead = served.as("office_lead");
  CHECK(lead.post("/v1/commands", "").status == 400);
  std::string lines;
  for (int i = 0; i < 1000; ++i)
    lines += R"({"command":"CreateDepartment","stream":"department/D)" + std::to_string(100 + i) +
             R"(","id":"n)" + std::to_string(i) + R"(","data":{"name":"部门"}})" + "\n";
  CHECK(lead.post("/v1/commands", lines + "{}").status == 413);
  CHECK(served.log().size() == 0);
  CHECK(served.nobody().post("/v1/commands", lines).status == 401);
  CHECK(lead.post("/v1/commands", lines).status == 200);
  CHECK(served.log().size() == 1000);
}
