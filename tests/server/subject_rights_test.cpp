// S5, once more by what a thing is to who asks: his own, his department's, another's, closed,
// sealed. Through every door that leads to it, and at every moment, with the rights of today.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/log/signing_keys.h"
#include "engine/proof/hash.h"
#include "tests/support/served.h"
#include "tools/ledger/access.h"
#include "tools/ledger/token.h"

using support::HttpClient;
using support::HttpReply;
using support::kCompany;
using support::Served;

namespace {

constexpr const char* kOther = "91512081MA62K0260E";  // another enterprise
constexpr const char* kFile = "%PDF-1.4\n% 保密附件\n";

std::string hash_of_file() { return engine::hex(engine::sha256(engine::bytes_of(kFile))); }

// What became of the office, a line each: who, which command, on what, with which data. {E1} and
// {E2} are the two enterprises, {F} is the hash of a file.
constexpr const char* kHistory = R"(
office_lead|AppointSupervisor|supervisor/S1|{"name":"王芳","category":"人大代表","from":"2021-09-16"}
office_lead|AppointSupervisor|supervisor/S2|{"name":"周敏","category":"政协委员","from":"2021-09-16"}
office_lead|GrantRole|department/D01|{"person":"officer-1","role":"department_officer"}
office_lead|GrantRole|department/D02|{"person":"officer-2","role":"department_officer"}
office_clerk|RegisterEnterprise|enterprise/{E2}|{"name":"另一公司"}
enterprise|SubmitAppeal|appeal/WORK|{"enterprise":"{E1}","channel":"web","category":"政务","title":"许可","attachments":["{F}"]}
office_clerk|AcceptAppeal|appeal/WORK|{}
office_clerk|DecomposeAppeal|appeal/WORK|{"matters":[{"matter":1,"text":"许可","lead":"D01","co":[]}]}
office_clerk|DispatchAssignment|appeal/WORK|{"matter":1,"department":"D01","duty":"lead","track":"standard"}
office_clerk|SubmitAppeal|appeal/OTHERS|{"enterprise":"{E2}","channel":"phone","category":"用工","title":"招工","attachments":["{F}"]}
enterprise|SubmitAppeal|appeal/MOVED|{"enterprise":"{E1}","channel":"web","category":"用水","title":"接水","attachments":["{F}"]}
office_clerk|AcceptAppeal|appeal/MOVED|{}
office_clerk|DecomposeAppeal|appeal/MOVED|{"matters":[{"matter":1,"text":"接水","lead":"D01","co":[]}]}
office_clerk|DispatchAssignment|appeal/MOVED|{"matter":1,"department":"D01","duty":"lead","track":"standard"}
office_clerk|RedispatchAssignment|appeal/MOVED|{"matter":1,"department":"D01","to":"D02","track":"standard"}
enterprise|SubmitAppeal|appeal/CLOSED|{"enterprise":"{E1}","channel":"web","category":"用电","title":"接电","attachments":["{F}"]}
office_clerk|AcceptAppeal|appeal/CLOSED|{}
office_clerk|DecomposeAppeal|appeal/CLOSED|{"matters":[{"matter":1,"text":"接电","lead":"D01","co":[]}]}
office_clerk|DispatchAssignment|appeal/CLOSED|{"matter":1,"department":"D01","duty":"lead","track":"standard"}
department_officer|SignAssignment|appeal/CLOSED|{"matter":1,"department":"D01"}
department_officer|RecordContact|appeal/CLOSED|{"matter":1,"department":"D01","method":"phone","person":"林晓"}
department_officer|ReportCompletion|appeal/CLOSED|{"matter":1,"department":"D01","outcome":"solved","text":"已接"}
office_lead|ConcludeAppeal|appeal/CLOSED|{"outcome":"solved"}
office_clerk|AnswerAppeal|appeal/CLOSED|{"text":"已接"}
enterprise|RateAppeal|appeal/CLOSED|{"level":5}
office_clerk|RecordCallback|appeal/CLOSED|{"reached":true,"solved":true,"satisfied":true}
office_lead|CloseAppeal|appeal/CLOSED|{}
supervisor|FileSupervisorReport|supervisor-report/OPEN|{"supervisor":"S1","kind":"suggestion","sealed":false,"title":"窗口","text":"增设窗口"}
office_clerk|RegisterSupervisorReport|supervisor-report/OPEN|{}
office_clerk|GradeSupervisorReport|supervisor-report/OPEN|{"grade":"B"}
office_clerk|DispatchSupervisorReport|supervisor-report/OPEN|{"department":"D01"}
supervisor|FileSupervisorReport|supervisor-report/SEALED|{"supervisor":"S1","kind":"clue","sealed":true,"title":"推诿","text":"推诿"}
office_clerk|RegisterSupervisorReport|supervisor-report/SEALED|{}
office_clerk|GradeSupervisorReport|supervisor-report/SEALED|{"grade":"A"}
office_clerk|DispatchSupervisorReport|supervisor-report/SEALED|{"department":"D01"}
office_lead|PublishPlan|plan/2021|{"name":"行动计划","environments":[{"name":"政务","domains":["窗口"],"tasks":1}]}
office_clerk|CreateTask|task/T1|{"plan":"2021","environment":"政务","domain":"窗口","title":"一窗通办","due":"2021-12-31"}
office_clerk|SetTaskOwner|task/T1|{"lead":"D01"}
office_lead|PublishPolicy|policy/ZC1|{"title":"措施","number":"7号","issuer":"区政府","text":"补助。","from":"2021-09-01"}
office_clerk|ListItem|item/X1|{"policy":"ZC1","title":"补助","department":"D01","standard":"5%"}
office_clerk|SetItemConditions|item/X1|{"conditions":[{"node":1,"kind":"leaf","field":"people","comparison":"at_least","values":["1"]}]}
office_clerk|OpenItemWindow|item/X1|{"from":"2021-09-01","until":"2021-12-31"}
enterprise|StartApplication|application/A1|{"enterprise":"{E1}","item":"X1"}
)";

// What each sees of it: w whole, m masked (not who reported it), . nothing.
constexpr const char* kSight = R"(
thing                      E1 E2 D01 D02 S1 S2 clerk lead inspector leader
appeal/WORK                w  .  w   .   .  .  w     w    w         w
appeal/OTHERS              .  w  .   .   .  .  w     w    w         w
appeal/MOVED               w  .  .   w   .  .  w     w    w         w
appeal/CLOSED              w  .  w   .   .  .  w     w    w         w
supervisor-report/OPEN     .  .  m   .   w  .  w     w    w         w
supervisor-report/SEALED   .  .  m   .   w  .  w     w    w         w
enterprise/91350100M000100Y43 w . .  .   .  .  w     w    w         w
enterprise/91512081MA62K0260E . w .  .   .  .  w     w    w         w
supervisor/S1              .  .  .   .   w  .  w     w    w         w
supervisor/S2              .  .  .   .   .  w  w     w    w         w
task/T1                    .  .  w   .   .  .  w     w    w         w
application/A1             w  .  w   .   .  .  w     w    w         w
department/D02             w  w  w   w   w  w  w     w    w         w
plan/2021                  w  w  w   w   w  w  w     w    w         w
policy/ZC1                 w  w  w   w   w  w  w     w    w         w
item/X1                    w  w  w   w   w  w  w     w    w         w
calendar/2021              w  w  w   w   w  w  w     w    w         w
)";

// What nobody may do to what is not his, and what he is told: of what he may not see, nothing else
// than that it is not his.
constexpr const char* kRefused = R"(
E2  SupplementAppeal appeal/WORK {"text":"x"} NotPermitted
E2  WithdrawAppeal appeal/MOVED {} NotPermitted
E2  RateAppeal appeal/CLOSED {"level":1} NotPermitted
E2  SubmitAppeal appeal/WORK {"enterprise":"{E2}","channel":"web","category":"a","title":"b"} NotPermitted
E1  WithdrawAppeal appeal/CLOSED {} WrongState
E1  SubmitAppeal appeal/NEW {"enterprise":"{E2}","channel":"web","category":"a","title":"b"} NotTheSubmitter
E2  SubmitApplication application/A1 {"amount":1} NotPermitted
E2  SetContact enterprise/{E1} {"name":"x","phone":"1"} NotPermitted
E2  GiveConsent enterprise/{E1} {"purpose":"matching"} NotPermitted
E2  SupplementAppeal appeal/NEVER {"text":"x"} NotFound
D02 SignAssignment appeal/WORK {"matter":1,"department":"D01"} NotPermitted
D01 SignAssignment appeal/MOVED {"matter":1,"department":"D02"} NotPermitted
D01 SignAssignment appeal/MOVED {"matter":1,"department":"D01"} NotPermitted
D01 SignAssignment appeal/WORK {"matter":1,"department":"D02"} UnknownAssignment
D02 RecordContact appeal/CLOSED {"matter":1,"department":"D01","method":"phone"} NotPermitted
D02 RecordSupervisorReportProgress supervisor-report/SEALED {"text":"x"} NotPermitted
D02 StartTask task/T1 {} NotPermitted
D02 SetItemMode item/X1 {"mode":"fast"} WrongDepartment
S2  RateSupervisorReport supervisor-report/OPEN {"level":1} NotPermitted
S2  RateSupervisorReport supervisor-report/SEALED {"level":1} NotPermitted
S1  RateSupervisorReport supervisor-report/SEALED {"level":1} WrongState
S2  FileSupervisorReport supervisor-report/NEW {"supervisor":"S1","kind":"clue","sealed":false,"title":"a","text":"b"} NotTheReporter
)";

std::string with_names(std::string text) {
  for (const auto& [mark, name] : {std::pair<std::string, std::string>{"{E1}", kCompany},
                                   {"{E2}", kOther},
                                   {"{F}", hash_of_file()}})
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
      text.replace(at, mark.size(), name);
  return text;
}

std::vector<std::string> lines_of(const char* table) {
  std::vector<std::string> lines;
  std::istringstream in(with_names(table));
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

// The office with this history, and who is who in it.
class District {
 public:
  District() {
    served_.given_office();
    REQUIRE(served_.as("office_clerk").post("/v1/attachments", kFile).status == 201);
    for (const std::string& line : lines_of(kHistory)) {
      std::istringstream in(line);
      std::array<std::string, 4> part;
      for (std::string& one : part) std::getline(in, one, '|');
      served_.given(part[0], part[1], part[2], part[3]);
    }
    const std::string keys = served_.dir / "ledger.keys";
    const auto name = engine::read_signing_keys(keys);
    REQUIRE(name.has_value());
    const engine::Micros now = served_.clock.now(), day = 86'400'000'000;
    for (const auto& [who, person] : {std::pair<std::string, std::string>{"E1", kCompany},
                                      {"E2", kOther},
                                      {"D01", "officer-1"},
                                      {"D02", "officer-2"},
                                      {"S1", "S1"},
                                      {"S2", "S2"}}) {
      const auto token = tools::mint_token(keys, {person, name->in_force.name, now, now + day});
      REQUIRE(token.has_value());
      tokens_[who] = *token;
    }
    served_.stop();
    served_.start();  // knows the key of the tokens from now on
    for (const auto& [who, role] : {std::pair<std::string, std::string>{"clerk", "office_clerk"},
                                    {"lead", "office_lead"},
                                    {"inspector", "inspector"},
                                    {"leader", "district_leader"}})
      tokens_[who] = served_.token(role);
    served_.sign();
  }

  [[nodiscard]] HttpClient as(const std::string& who) const {
    return HttpClient(served_.port(), tokens_.at(who));
  }
  // The events of a thing, as the lead sees them.
  [[nodiscard]] std::vector<std::uint64_t> seqs_of(const std::string& thing) const {
    std::vector<std::uint64_t> seqs;
    const auto history = as("lead").get("/v1/streams/" + thing).json();
    for (const auto& event : history.at("events").as_array())
      seqs.push_back(event.at("seq").to_number<std::uint64_t>());
    return seqs;
  }
  [[nodiscard]] Served& served() { return served_; }

 private:
  Served served_;
  std::map<std::string, std::string> tokens_;
};

// w, m or . of a history as it was answered; ? is anything else.
char sight_of(const HttpReply& reply) {
  if (reply.status == 403) return '.';
  if (reply.status != 200) return '?';
  for (const auto& event : reply.json().at("events").as_array())
    if (event.at("event") == "ReportFiled")
      return event.at_pointer("/actor/id").is_null() ? 'm' : 'w';
  return 'w';
}

}  // namespace

TEST_CASE("S5: own, another's, given away, closed, sealed: each sees what is his, by every door") {
  District district;
  const std::vector<std::string> table = lines_of(kSight);
  std::istringstream head(table.front());
  std::vector<std::string> people;
  for (std::string word; head >> word;) people.push_back(word);
  people.erase(people.begin());
  std::size_t asked = 0;
  for (auto line = table.begin() + 1; line != table.end(); ++line) {
    std::istringstream in(*line);
    std::string thing, expected;
    in >> thing;
    const std::vector<std::uint64_t> seqs = district.seqs_of(thing);
    for (const std::string& who : people) {
      in >> expected;
      CAPTURE(thing);
      CAPTURE(who);
      HttpClient client = district.as(who);
      const std::string history = "/v1/streams/" + thing;
      CHECK(std::string(1, sight_of(client.get(history))) == expected);
      for (const std::uint64_t seq : seqs) {  // at every moment, and each event by its proof
        CHECK(std::string(1, sight_of(client.get(fmt::format("{}?seq={}", history, seq)))) ==
              expected);
        const HttpReply proof = client.get(fmt::format("/v1/proofs/{}", seq));
        CHECK(proof.status == (expected == "." ? 403 : 200));
        asked += 2;
      }
      if (thing.starts_with("enterprise/"))
        CHECK(client.get("/v1/enterprises/" + thing.substr(11) + "/appeals").status ==
              (expected == "." ? 403 : 200));
      if (thing.starts_with("appeal/"))
        CHECK(client.get("/v1/attachments/" + hash_of_file() + "?stream=" + thing).status ==
              (expected == "." ? 403 : 200));
    }
  }
  MESSAGE(fmt::format("{} things, {} people, {} questions at moments", table.size() - 1,
                      people.size(), asked));
  CHECK(asked > 900);
}

TEST_CASE(
    "S5: a department's ledger, and what is exported of it, holds its own rows, now and then") {
  District district;
  const std::uint64_t size = district.served().log().size();
  const std::uint64_t moved = district.seqs_of("appeal/MOVED").back();
  HttpClient first = district.as("D01"), second = district.as("D02");
  const auto ledger = [&](HttpClient& client, std::uint64_t seq) {
    const std::string target = fmt::format("/v1/reports/closed-loop?seq={}", seq);
    const HttpReply rows = client.get(target);
    REQUIRE(rows.status == 200);
    std::string found;
    for (const auto& row : rows.json().at("rows").as_array())
      found += std::string(row.at("appeal").as_string()) + " ";
    const std::string csv = client.get(target + "&format=csv").body;
    for (const char* no : {"WORK", "OTHERS", "MOVED", "CLOSED"})
      CHECK_MESSAGE((csv.find(no) != std::string::npos) == (found.find(no) != std::string::npos),
                    no, csv);
    return found;
  };
  CHECK(ledger(first, size).find("OTHERS") == std::string::npos);
  CHECK(ledger(first, size).find("WORK") != std::string::npos);
  CHECK(ledger(second, size) == "MOVED ");
  CHECK(ledger(second, moved - 1).empty());
  for (const char* other : {"/v1/reports/closed-loop?department=D02", "/v1/reports/ratings",
                            "/v1/reports/supervision", "/v1/reports/plan", "/v1/reports/policies"})
    CHECK_MESSAGE(first.get(other).status == 403, other);
}

TEST_CASE("S5: what is another's is not acted on, and who tries is told why") {
  District district;
  const std::uint64_t size = district.served().log().size();
  int tried = 0;
  for (const std::string& line : lines_of(kRefused)) {
    std::istringstream in(line);
    std::string who, command, thing, data, code;
    in >> who >> command >> thing >> data >> code;
    CAPTURE(line);
    const HttpReply reply = district.as(who).post(
        "/v1/commands/" + command, fmt::format(R"({{"stream":"{}","data":{}}})", thing, data),
        {{"Idempotency-Key", fmt::format("s5-{}", ++tried)}});
    CHECK_MESSAGE(reply.text("code") == code, reply.body);
    CHECK(reply.status == (code == "NotPermitted" ? 403 : 422));
    const HttpReply batch = district.as(who).post(
        "/v1/commands", fmt::format(R"({{"command":"{}","stream":"{}","id":"b-{}","data":{}}})",
                                    command, thing, tried, data));
    CHECK_MESSAGE(batch.text("code") == code, batch.body);
  }
  CHECK(tried > 15);
  CHECK(district.served().log().size() == size);
}

TEST_CASE("S7: whoever is moved to another department sees its things from the next request on") {
  District district;
  HttpClient officer = district.as("D01");
  const auto sees = [&](const char* thing) {
    return officer.get(std::string("/v1/streams/appeal/") + thing).status == 200;
  };
  const std::string role = R"({"person":"officer-1","role":"department_officer"})";
  std::size_t denied = 0;
  for (int turn = 0; turn < 100; ++turn) {
    const bool back = turn % 2 != 0;
    const std::string from = back ? "department/D02" : "department/D01";
    const std::string to = back ? "department/D01" : "department/D02";
    CAPTURE(turn);
    district.served().given("office_lead", "RevokeRole", from, role);
    CHECK(!sees("WORK"));
    CHECK(!sees("MOVED"));
    district.served().given("office_lead", "GrantRole", to, role);
    CHECK(sees("WORK") == back);
    CHECK(sees("MOVED") == !back);
    denied += 3;
  }
  const std::string access = tools::access_of(district.served().dir / "ledger");
  const auto acts = engine::Log::open(access, engine::OpenMode::read_only);
  REQUIRE(acts.has_value());
  std::size_t told = 0;
  REQUIRE((*acts)->read_stream("access", "denied", [&](const engine::RecordView& record) {
    told += record.actor == "officer-1" ? 1 : 0;
    return true;
  }));
  CHECK(told == denied);
  district.served().given("office_lead", "MergeDepartment", "department/D01", R"({"into":"D02"})");
  CHECK(officer.get("/v1/reports/closed-loop").status == 403);
}
