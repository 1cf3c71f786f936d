// What would be due is what is pinned when it is recorded; and the clock of a rehearsal.
#include <doctest/doctest.h>

#include <string>

#include "server/app.h"
#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace json = boost::json;

namespace {

const json::object& of(const json::value& deadlines, std::string_view obligation) {
  for (const auto& one : deadlines.at("deadlines").as_array())
    if (std::string(one.at("obligation").as_string()) == obligation) return one.as_object();
  FAIL("no such obligation");
  return deadlines.as_object();
}

}  // namespace

TEST_CASE("a deadline is said beforehand as it is pinned afterwards, with the calendar's reasons") {
  Served served;
  served.given_dispatched();
  HttpClient lead = served.as("office_lead");
  const json::value said = lead.get("/v1/deadlines?track=standard").json();
  const json::value history = lead.get("/v1/streams/appeal/SQ2021-000001").json();
  std::size_t compared = 0;
  for (const auto& event : history.at("events").as_array()) {
    const auto* const dues = event.at("data").as_object().if_contains("dues");
    if (dues == nullptr) continue;
    for (const auto& due : dues->as_array()) {
      const std::string obligation(due.at("obligation").as_string());
      CHECK(of(said, obligation).at("due") == due.at("due"));
      CHECK(of(said, obligation).at("provisional") == due.at("provisional"));
      ++compared;
    }
  }
  CHECK(compared == 5);  // accept, dispatch, sign, contact, completion
  const json::object& completion = of(said, "completion");
  CHECK(completion.at("last_day") == "2021-09-21");
  CHECK(completion.at("skipped") == json::array{"2021-09-18", "2021-09-19"});
  CHECK(completion.at("makeup").as_array().empty());
  const json::value over =
      lead.get("/v1/deadlines?track=same_day&at=2021-10-08T17:00:00%2B08:00").json();
  CHECK(of(over, "completion").at("last_day") == "2021-10-09");  // past the cut-off; made up for
  CHECK(of(over, "completion").at("makeup") == json::array{"2021-10-09"});
  const json::value later = lead.get("/v1/deadlines?at=2022-01-04T09:00:00%2B08:00").json();
  CHECK(of(later, "completion").at("provisional") == true);
  CHECK(lead.get("/v1/deadlines?track=long_term").status == 400);
  CHECK(lead.get("/v1/deadlines?at=yesterday").status == 400);
  CHECK(lead.get("/v1/deadlines?at=2199-12-31T23:00:00Z").status == 400);
}

TEST_CASE("a rule set that is published moves what is said, and its retirement moves it back") {
  Served served;
  served.given_office();
  HttpClient lead = served.as("office_lead");
  served.given("office_lead", "PublishRuleSet", "rules/R1",
               R"({"completion_workdays":5,"contact_workdays":null})");
  const json::value said = lead.get("/v1/deadlines").json();
  CHECK(said.at("rules") == "R1");
  CHECK(of(said, "completion").at("workdays") == 5);
  for (const auto& one : said.at("deadlines").as_array()) CHECK(one.at("obligation") != "contact");
  served.given("office_lead", "RetireRuleSet", "rules/R1", R"({"reason":"试行结束"})");
  CHECK(lead.get("/v1/deadlines").json().at("rules") == "default");
  CHECK(lead.get("/v1/deadlines?seq=5").json().at("rules") == "R1");
}

TEST_CASE("the days of a stretch say whether they are worked, and why not") {
  Served served;
  served.given_office();
  HttpClient officer = served.as("department_officer");
  const json::value days = officer.get("/v1/workdays?from=2021-09-30&to=2021-10-10").json();
  CHECK(days.at("workdays") == 7);  // 30, 4 to 8, and 9 made up for
  CHECK(days.at_pointer("/days/1/why") == "holiday");
  CHECK(days.at_pointer("/days/2/why") == "weekend");
  CHECK(days.at_pointer("/days/9/why") == "makeup");
  CHECK(days.at_pointer("/days/9/workday") == true);
  CHECK(officer.get("/v1/workdays?from=2022-01-01&to=2022-01-02")
            .json()
            .at_pointer("/days/0/provisional") == true);
  CHECK(officer.get("/v1/workdays?from=2021-01-01").status == 400);
  CHECK(officer.get("/v1/workdays?from=2021-01-02&to=2021-01-01").status == 400);
  CHECK(officer.get("/v1/workdays?from=1971-01-01&to=2190-01-01").status == 400);
}

TEST_CASE("only a rehearsal's clock can be set, what falls due is done, and every answer says so") {
  server::Options options;
  options.rehearsal = true;
  Served served(options);
  served.given_dispatched();
  const std::uint64_t before = served.log().size();
  HttpClient lead = served.as("office_lead");
  CHECK(lead.get("/v1/me").json().at("rehearsal") == "2021-09-16T09:30:00.000000+08:00");
  const HttpReply set = lead.post("/v1/rehearsal/clock", R"({"now":"2021-09-21T08:00:00+08:00"})");
  REQUIRE_MESSAGE(set.status == 200, set.body);
  CHECK(set.header("Bihuan-Rehearsal") == "2021-09-21T08:00:00.000000+08:00");
  CHECK(served.log().size() > before);  // reminders and cards
  CHECK(served.nobody().get("/healthz").header("Bihuan-Rehearsal") ==
        "2021-09-21T08:00:00.000000+08:00");
  CHECK(served.as("office_clerk").post("/v1/rehearsal/clock", "{}").status == 403);
  CHECK(lead.post("/v1/rehearsal/clock", R"({"now":"soon"})").status == 400);
  // Such a ledger is never taken for a real one.
  served.stop();
  served.discard();
  server::Options real;
  real.data = served.dir / "ledger";
  real.port = 0;
  CHECK(!server::App::start(real, served.clock).has_value());
}

TEST_CASE("a ledger that is worked with is not rehearsed on, and its clock is not set") {
  Served served;
  served.given_office();
  HttpClient lead = served.as("office_lead");
  const HttpReply refused =
      lead.post("/v1/rehearsal/clock", R"({"now":"2021-09-21T08:00:00+08:00"})");
  CHECK(refused.status == 409);
  CHECK(refused.header("Bihuan-Rehearsal").empty());
  CHECK(lead.get("/v1/me").json().at("rehearsal").is_null());
  served.discard();
  server::Options rehearsal;
  rehearsal.data = served.dir / "ledger";
  rehearsal.port = 0;
  rehearsal.rehearsal = true;
  CHECK(!server::App::start(rehearsal, served.clock).has_value());
}
