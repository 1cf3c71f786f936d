// The clock of the office ticks: what is due is recorded as the system's acts, each once.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/log/log.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "tests/support/history.h"
#include "tests/support/served.h"
#include "tools/ledger/access.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

// Dispatched on Thursday 09-16; contact by 09-17, made; completion by Tuesday 09-21.
void given_contacted(Served& served) {
  served.given_dispatched();
  served.given("department_officer", "RecordContact", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","method":"phone","person":"某某"})");
}

void set(Served& served, const char* time) { served.clock.set(schemas::parse_time(time).value()); }

// The names of the events after `seq`, oldest first; each must be the system's and derived.
std::vector<std::string> acts_after(const Served& served, std::uint64_t seq) {
  std::vector<std::string> names;
  if (served.log().size() == seq) return names;
  const auto read = served.log().read(seq + 1, 0, [&](const engine::RecordView& record) {
    CHECK(record.actor == "clock");
    CHECK(record.role == "system");
    CHECK((record.flags & engine::kDerived) != 0);
    CHECK(record.id.starts_with("clock/"));
    names.emplace_back(schemas::info_of(schemas::type_of(record)).name);
    return true;
  });
  CHECK(read.has_value());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("on the last day of a duty the clock reminds and shows a yellow card, once") {
  Served served;
  given_contacted(served);
  const std::uint64_t before = served.log().size();
  set(served, "2021-09-20T23:59:00+08:00");
  served.tick();
  CHECK(served.log().size() == before);
  set(served, "2021-09-21T00:00:00+08:00");
  served.tick();
  CHECK((acts_after(served, before) == Names{"ReminderIssued", "YellowCardIssued"}));
  served.tick();
  served.stop();
  served.start();
  served.tick();
  CHECK(served.log().size() == before + 2);
}

TEST_CASE("after a long pause everything that fell due is recorded in order, also by halves") {
  Served served;
  given_contacted(served);
  const std::uint64_t before = served.log().size();
  served.stop();
  set(served, "2021-09-23T08:00:00+08:00");
  served.start();
  served.tick();
  const Names two_days{"ReminderIssued", "RedCardIssued", "SupervisionOrdered"};
  CHECK((acts_after(served, before) == two_days));
  set(served, "2022-03-01T08:00:00+08:00");
  served.tick();
  CHECK((acts_after(served, before + 3) == Names{"ReminderIssued"}));  // the circular
}

TEST_CASE("a duty that was met in time gives the clock nothing to do") {
  Served served;
  given_contacted(served);
  set(served, "2021-09-21T10:00:00+08:00");
  served.given("department_officer", "ReportCompletion", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","outcome":"solved","text":"已办"})");
  const std::uint64_t before = served.log().size();
  set(served, "2021-10-12T10:00:00+08:00");
  served.tick();
  CHECK(served.log().size() == before);
}

TEST_CASE("a card that somebody has shown already is not shown again") {
  Served served;
  given_contacted(served);
  set(served, "2021-09-21T09:00:00+08:00");
  served.given("office_clerk", "IssueYellowCard", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","obligation":"completion"})");
  const std::uint64_t before = served.log().size();
  served.tick();
  CHECK((acts_after(served, before) == Names{"ReminderIssued"}));
}

TEST_CASE("nobody else takes the clock's keys: a card cannot be kept from coming that way") {
  Served served;
  given_contacted(served);
  const std::uint64_t before = served.log().size();
  for (const char* role : {"office_lead", "office_clerk"}) {
    HttpClient client = served.as(role);
    const HttpReply taken = client.post("/v1/commands/CreateDepartment",
                                        R"({"stream":"department/D09","data":{"name":"占号"}})",
                                        {{"Idempotency-Key", "clock/red/completion/8"}});
    CHECK_MESSAGE(taken.status == 403, role, taken.body);
  }
  CHECK(served.log().size() == before);
}

TEST_CASE("a minute after its last look the clock is due again, by itself") {
  Served served;
  given_contacted(served);
  const std::uint64_t before = served.log().size();
  CHECK(!served.is_tick_due());
  set(served, "2021-09-21T00:00:00+08:00");
  served.clock.pass(59'000'000);
  CHECK(!served.is_tick_due());
  served.clock.pass(1'000'000);
  CHECK(served.is_tick_due());
  served.tick();
  CHECK(!served.is_tick_due());
  CHECK(served.log().size() == before + 2);
}

TEST_CASE("the outbox shows the notices in order, a place in it is a seq") {
  Served served;
  given_contacted(served);
  HttpClient lead = served.as("office_lead");
  CHECK(lead.get("/v1/outbox").json().as_array().empty());
  set(served, "2021-09-23T08:00:00+08:00");
  served.tick();
  const boost::json::value all = lead.get("/v1/outbox").json();
  REQUIRE(all.as_array().size() == 3);
  CHECK(all.at_pointer("/0/type") == "bihuan.ReminderIssued");
  CHECK(all.at_pointer("/0/subject") == "appeal/SQ2021-000001");
  CHECK(all.at_pointer("/0/data/data/obligation") == "completion");
  CHECK(all.at_pointer("/2/type") == "bihuan.SupervisionOrdered");
  const HttpReply first = lead.get("/v1/outbox?limit=1");
  const std::string seq(all.at_pointer("/0/id").as_string());
  CHECK(first.header("Link") == "</v1/outbox?after=" + seq + "&limit=1>; rel=\"next\"");
  const boost::json::value rest = lead.get("/v1/outbox?after=" + seq).json();
  REQUIRE(rest.as_array().size() == 2);
  CHECK(rest.at(0) == all.at(1));
  CHECK(served.as("department_officer").get("/v1/outbox").status == 403);
}

TEST_CASE("an imported past gets no cards of today, what was overdue in it is listed") {
  support::History past;
  past.tell(support::History::kFoundation).tell(R"(
    2021-09-01 08:30 | 91350100M000100Y43 | SubmitAppeal | appeal/SQ1 | {"enterprise":"91350100M000100Y43","channel":"web","category":"开办企业","title":"经营范围登记","text":"窗口未受理"}
    2021-09-15 08:30 | 91350100M000100Y43 | SubmitAppeal | appeal/SQ2 | {"enterprise":"91350100M000100Y43","channel":"web","category":"开办企业","title":"经营范围登记","text":"窗口未受理"}
  )");
  Served served;
  served.imported(past.events());
  const std::uint64_t imported = served.log().size();
  HttpClient lead = served.as("office_lead");
  CHECK(lead.get("/v1/backlog").json().at("live_since").is_null());
  set(served, "2021-09-16T09:30:00+08:00");
  served.tick();
  CHECK(served.log().size() == imported);  // nothing was done here yet
  // The imported ids are k1, k2, ...: this one is none of them.
  CHECK(lead.post("/v1/commands/CreateDepartment",
                  R"({"stream":"department/D01","data":{"name":"住建局"}})",
                  {{"Idempotency-Key", "first"}})
            .status == 201);
  served.tick();  // SQ2 is to be accepted today; SQ1 was to be two weeks ago
  CHECK((acts_after(served, imported + 1) == Names{"ReminderIssued", "YellowCardIssued"}));
  set(served, "2021-09-30T09:30:00+08:00");
  const boost::json::value backlog = lead.get("/v1/backlog").json();
  CHECK(backlog.at("live_since") == "2021-09-16T09:30:00.000000+08:00");
  CHECK(backlog.at("live_seq").to_number<std::uint64_t>() == imported + 1);
  REQUIRE(backlog.at("overdue_before_live").as_array().size() == 1);
  CHECK(backlog.at_pointer("/overdue_before_live/0/appeal") == "SQ1");
  CHECK(backlog.at_pointer("/overdue_before_live/0/obligation") == "accept");
}

TEST_CASE("a rating window that nobody rated in is said to have closed, once a conclusion") {
  Served served;
  given_contacted(served);
  served.given("department_officer", "ReportCompletion", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","outcome":"solved","text":"已办"})");
  served.given("office_lead", "ConcludeAppeal", "appeal/SQ2021-000001", R"({"outcome":"solved"})");
  const std::uint64_t before = served.log().size();
  const auto closed = [&] {
    return std::ranges::count(acts_after(served, before), "RatingWindowClosed");
  };
  set(served, "2021-09-23T23:59:59+08:00");  // D(5) ends with the 23rd
  served.tick();
  CHECK(closed() == 0);
  set(served, "2021-09-24T00:00:00+08:00");
  served.tick();
  served.tick();
  served.stop();
  served.start();
  served.tick();
  CHECK(closed() == 1);
  const auto notices = served.as("office_lead").get("/v1/outbox?limit=1000").json();
  CHECK(std::ranges::any_of(notices.as_array(), [](const auto& one) {
    return one.at("type") == "bihuan.RatingWindowClosed" &&
           one.at_pointer("/data/data/until") == "2021-09-24T00:00:00.000000+08:00";
  }));
}

TEST_CASE("a window in which somebody rated closes silently") {
  Served served;
  given_contacted(served);
  served.given("department_officer", "ReportCompletion", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","outcome":"solved","text":"已办"})");
  served.given("office_lead", "ConcludeAppeal", "appeal/SQ2021-000001", R"({"outcome":"solved"})");
  served.given("enterprise", "RateAppeal", "appeal/SQ2021-000001", R"({"level":5})");
  const std::uint64_t before = served.log().size();
  set(served, "2021-10-24T00:00:00+08:00");
  served.tick();
  CHECK(std::ranges::count(acts_after(served, before), "RatingWindowClosed") == 0);
}

TEST_CASE("thirty days before a supervisor's term ends it is said, once a term") {
  Served served;
  served.given_office();
  served.given("office_lead", "AppointSupervisor", "supervisor/S1",
               R"({"name":"王芳","category":"人大代表","from":"2021-09-16"})");
  const std::uint64_t before = served.log().size();
  set(served, "2023-08-16T12:00:00+08:00");
  served.tick();
  CHECK(served.log().size() == before);
  set(served, "2023-08-17T00:00:00+08:00");
  served.tick();
  served.tick();
  served.stop();
  served.start();
  served.tick();
  CHECK((acts_after(served, before) == Names{"TermEndAnnounced"}));
}

TEST_CASE("since when the ledger is worked with is an act that was recorded once") {
  Served served;
  given_contacted(served);
  for (int start = 0; start < 2; ++start) {
    served.tick();
    served.stop();
    served.start();
  }
  const auto access =
      engine::Log::open(tools::access_of(served.dir / "ledger"), engine::OpenMode::read_only);
  REQUIRE(access.has_value());
  std::size_t acts = 0;
  REQUIRE((*access)->read_stream("access", "live", [&](const engine::RecordView& record) {
    const auto& act = schemas::payload_of<schemas::LedgerWentLive>(record);
    CHECK(act.seq() == 1);
    CHECK(schemas::time_text(act.since()) == "2021-09-16T09:30:00.000000+08:00");
    ++acts;
    return true;
  }));
  CHECK(acts == 1);
}
