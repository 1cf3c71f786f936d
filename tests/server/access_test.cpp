// S9: who looked at what is sealed, who was given a package, who was turned away: in the access log
// before the answer leaves, and no answer where it cannot be recorded.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/log/signing_keys.h"
#include "engine/proof/hash.h"
#include "schemas/json.h"
#include "server/identity/rights.h"
#include "tests/server/role_product.h"
#include "tests/support/served.h"
#include "tools/inspection/verifier.h"
#include "tools/ledger/access.h"
#include "tools/ledger/ledger.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

constexpr const char* kAppeal = R"({"stream":"appeal/SQ2021-000001","reason":"核实联系情况"})";
constexpr const char* kReport = R"({"stream":"supervisor-report/JB1","reason":"核实线索"})";

struct Told {
  std::string actor, role;
  boost::json::object act;
};

std::vector<Told> told(const Served& served, const std::string& kind) {
  const auto log =
      engine::Log::open(tools::access_of(served.dir / "ledger"), engine::OpenMode::read_only);
  REQUIRE(log.has_value());
  std::vector<Told> all;
  const auto read = (*log)->read_stream("access", kind, [&](const engine::RecordView& record) {
    all.push_back({std::string(record.actor), std::string(record.role),
                   schemas::event_json(record).at("data").as_object()});
    return true;
  });
  REQUIRE((read.has_value() || read.error().code == engine::ErrorCode::not_found));
  return all;
}

void given_sealed(Served& served) {
  served.given_dispatched();
  served.given("department_officer", "RecordContact", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","method":"phone","person":"林晓"})");
  served.given("office_lead", "AppointSupervisor", "supervisor/S1",
               R"({"name":"王芳","category":"人大代表","from":"2021-09-16"})");
  served.given("supervisor", "FileSupervisorReport", "supervisor-report/JB1",
               R"({"supervisor":"S1","kind":"clue","sealed":true,"title":"窗口","text":"推诿"})");
  served.sign();
}

// The access log is not to be had for as long as this lives.
class WithoutAccessLog {
 public:
  explicit WithoutAccessLog(const Served& served)
      : there_(tools::access_of(served.dir / "ledger")), away_(there_ + ".away") {
    std::filesystem::rename(there_, away_);
  }
  ~WithoutAccessLog() { std::filesystem::rename(away_, there_); }
  WithoutAccessLog(const WithoutAccessLog&) = delete;
  WithoutAccessLog& operator=(const WithoutAccessLog&) = delete;

 private:
  std::string there_, away_;
};

}  // namespace

TEST_CASE("a sealed identity is opened for a purpose, and who asked stands in both ledgers") {
  Served served;
  given_sealed(served);
  HttpClient lead = served.as("office_lead");
  const HttpReply contact = lead.post("/v1/sealed-reads", kAppeal);
  REQUIRE_MESSAGE(contact.status == 200, contact.body);
  CHECK(contact.json().at_pointer("/fields/0/value") == "林晓");
  CHECK(contact.json().at_pointer("/fields/0/event") == "EnterpriseContacted");
  const HttpReply report = served.as("inspector").post("/v1/sealed-reads", kReport);
  REQUIRE_MESSAGE(report.status == 200, report.body);
  CHECK(report.json().at_pointer("/fields/0/value") == "S1");
  const std::vector<Told> looked = told(served, "sealed");
  REQUIRE(looked.size() == 2);
  CHECK(looked[0].actor == "demo-office_lead");
  CHECK(looked[0].act.at("reason") == "核实联系情况");
  CHECK(looked[0].act.at("field") == "person#9");
  CHECK(looked[1].actor == "demo-inspector");
  CHECK(looked[1].act.at("stream") == "supervisor-report/JB1");
  const auto history = lead.get("/v1/streams/supervisor-report/JB1").json();
  CHECK(history.at_pointer("/events/1/event") == "IdentityAccessed");
  CHECK(history.at_pointer("/events/1/data/person") == "demo-inspector");
  CHECK(history.at_pointer("/events/1/data/reason") == "核实线索");
}

TEST_CASE("without a purpose, a right, or anything sealed, nothing is opened") {
  Served served;
  given_sealed(served);
  HttpClient lead = served.as("office_lead");
  CHECK(lead.post("/v1/sealed-reads", R"({"stream":"appeal/SQ2021-000001"})").status == 400);
  CHECK(lead.post("/v1/sealed-reads", R"({"stream":"appeal/SQ2021-000001","reason":""})").status ==
        400);
  CHECK(lead.post("/v1/sealed-reads", R"({"stream":"department/D01","reason":"看看"})").status ==
        404);
  for (const char* role : {"office_clerk", "department_officer", "supervisor", "district_leader"})
    CHECK_MESSAGE(served.as(role).post("/v1/sealed-reads", kReport).status == 403, role);
  CHECK(told(served, "sealed").empty());
}

TEST_CASE("who was turned away is recorded: from a read, a command, and a line of a batch") {
  Served served;
  served.given_office();
  CHECK(served.as("department_officer").get("/v1/outbox").status == 403);
  HttpClient inspector = served.as("inspector");
  CHECK(inspector
            .post("/v1/commands/CreateDepartment",
                  R"({"stream":"department/D09","data":{"name":"越权"}})",
                  {{"Idempotency-Key", "x"}})
            .status == 403);
  CHECK(inspector
            .post("/v1/commands",
                  R"({"command":"CreateDepartment","stream":"department/D09","id":"y",)"
                  R"("data":{"name":"越权"}})")
            .status == 200);
  const std::vector<Told> denied = told(served, "denied");
  REQUIRE(denied.size() == 3);
  CHECK(denied[0].actor == "demo-department_officer");
  CHECK(denied[0].role == "department_officer");
  CHECK(denied[0].act.at("action") == "GET /v1/outbox");
  CHECK(denied[1].act.at("action") == "POST /v1/commands/{command} CreateDepartment");
  CHECK(denied[2].actor == "demo-inspector");
}

TEST_CASE("a package is drawn as bihuan pack draws it, verifies, and is known to have been given") {
  Served served;
  given_sealed(served);
  const auto keys = engine::read_signing_keys(tools::keys_of(served.dir / "ledger"));
  REQUIRE(keys.has_value());
  HttpClient other = served.as("office_lead");
  for (const char* body :
       {R"({"stream":"appeal/SQ2021-000001"})", R"({"range":"1..8"})",
        R"({"report":"weekly","week":"2021-W37"})",
        R"({"report":"closed-loop","without":["appeal/SQ2021-000001"],"seq":9})"}) {
    CAPTURE(body);
    const HttpReply reply = served.as("inspector").post("/v1/packages", body);
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    CHECK(reply.header("Content-Type") == "application/zip");
    CHECK(reply.header("X-Content-Type-Options") == "nosniff");
    const auto verdict = tools::verify_package(engine::bytes_of(reply.body), keys->in_force);
    CHECK(verdict.sound());
  }
  const std::vector<Told> given = told(served, "export");
  REQUIRE(given.size() == 4);
  CHECK(given[0].actor == "demo-inspector");
  CHECK(std::filesystem::is_empty(served.dir / "ledger/outgoing"));
  for (const char* body : {"{}", "[]", R"({"stream":"x"})", R"({"range":"1..8","report":"plan"})",
                           R"({"range":"1..8","colour":"red"})", R"({"range":1})"})
    CHECK_MESSAGE(other.post("/v1/packages", body).status == 400, body);
  CHECK(other.post("/v1/packages", R"({"range":"1..8","seq":99})").status == 404);
  for (const char* role : {"office_clerk", "enterprise", "department_officer", "district_leader"})
    CHECK_MESSAGE(served.as(role).post("/v1/packages", R"({"range":"1..8"})").status == 403, role);
}

TEST_CASE("what cannot be recorded is not shown, not given, and not answered") {
  Served served;
  given_sealed(served);
  {
    const WithoutAccessLog away(served);
    HttpClient lead = served.as("office_lead");
    for (const char* body : {kAppeal, kReport}) {
      const HttpReply sealed = lead.post("/v1/sealed-reads", body);
      CHECK(sealed.status == 503);
      CHECK(sealed.body.find("林晓") == std::string::npos);
      CHECK(sealed.body.find("S1") == std::string::npos);
    }
    const HttpReply package = lead.post("/v1/packages", R"({"range":"1..8"})");
    CHECK(package.status == 503);
    CHECK(served.as("enterprise").get("/v1/outbox").status == 503);
    CHECK(lead.get("/v1/me").status == 200);  // what nobody has to know of
  }
  CHECK(served.as("office_lead").post("/v1/sealed-reads", kAppeal).status == 200);
  CHECK(told(served, "sealed").size() == 1);
  CHECK(told(served, "denied").empty());
}

TEST_CASE("S9: at no route is anybody turned away unless it can be recorded") {
  Served served;
  role_product::given_everybody(served);
  std::size_t unrecorded = 0, denied = 0;
  const auto each = [&](const auto& tell) {
    for (const server::Route* const route : server::all_routes()) {
      if (!route->action || server::right_of(*route->action).open) continue;
      for (const schemas::Role role : role_product::people()) {
        const auto scope = server::scope_of(*route->action, static_cast<std::size_t>(role));
        if (scope != server::Scope::none) continue;
        CAPTURE(route->path);
        CAPTURE(schemas::role_name(role));
        tell(role_product::ask(served, *route, schemas::role_name(role)));
      }
    }
  };
  {
    const WithoutAccessLog away(served);
    each([&](unsigned status) {
      CHECK(status == 503);
      ++unrecorded;
    });
    for (const schemas::Role role : role_product::people()) {  // each is denied one of the two
      const HttpReply batch =
          served.as(schemas::role_name(role))
              .post("/v1/commands", R"({"command":"PublishCalendar","stream":"calendar/2022",)"
                                    R"("id":"a","data":{"year":2022,"notice":"n",)"
                                    R"("holidays":[],"makeup_workdays":[]}})"
                                    "\n"
                                    R"({"command":"RateAppeal","stream":"appeal/X","id":"b",)"
                                    R"("data":{"level":5}})");
      CHECK_MESSAGE(batch.status == 503, std::string(schemas::role_name(role)));
    }
  }
  CHECK(told(served, "denied").empty());
  each([&](unsigned status) {
    CHECK(status == 403);
    ++denied;
  });
  CHECK(unrecorded == denied);
  CHECK(denied > 40);
  CHECK(told(served, "denied").size() == denied);
}
