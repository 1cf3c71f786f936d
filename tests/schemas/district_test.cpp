// The district: commands over all subjects, ids, calendars that move running clocks, restart,
// re-check.
#include "schemas/district.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "schemas/calendar.h"
#include "tests/support/office.h"

namespace district_test {

namespace {

using engine::Micros;
constexpr const char* kCode = "91512081MA62K0260E";
constexpr const char* kAppeal = "appeal/SQ1";
constexpr const char* kClerk = "office_clerk:office-1";
constexpr const char* kLeadRole = "office_lead:lead-1";

// A key ring with a fixed master, so that sealed bytes are the same on every run.
const engine::KeyRing& keys() {
  static const engine::KeyRing kRing(engine::Hash{1, 2, 3});
  return kRing;
}

Micros time(std::string_view text) {
  return schemas::parse_time(std::string(text) + ":00+08:00").value();
}

// Spring Festival 2020 as announced first: 24 to 30 January off, 19 January and 1 February at work.
constexpr const char* kSpring2020 =
    R"({"year":2020,"notice":"国办发明电〔2019〕16号","holidays":["2020-01-01","2020-01-24",)"
    R"("2020-01-27","2020-01-28","2020-01-29","2020-01-30"],)"
    R"("makeup_workdays":["2020-01-19","2020-02-01"]})";
// As extended on 27 January, while the holiday was running.
constexpr const char* kSpring2020Extended =
    R"({"year":2020,"notice":"国办发明电〔2020〕1号","effective":"2020-01-27","holidays":["2020-01-01",)"
    R"("2020-01-24","2020-01-27","2020-01-28","2020-01-29","2020-01-30","2020-01-31"],)"
    R"("makeup_workdays":["2020-01-19"]})";

support::Office office_with_dispatch(std::size_t states_most = schemas::District::kStatesMost) {
  support::Office office(keys(), states_most);
  CHECK(office.act("2020-01-02T09:00", kLeadRole, "PublishCalendar", "calendar/2020",
                   kSpring2020) == "ok");
  CHECK(office.act("2020-01-02T09:10", kLeadRole, "CreateDepartment", "department/D07",
                   R"({"name":"住建局"})") == "ok");
  CHECK(office.act("2020-01-02T09:20", kClerk, "RegisterEnterprise",
                   std::string("enterprise/") + kCode, R"({"name":"示例公司"})") == "ok");
  CHECK(office.act("2020-01-22T09:00", kClerk, "SubmitAppeal", kAppeal,
                   R"({"enterprise":"91512081MA62K0260E","channel":"phone","category":"要素保障",)"
                   R"("title":"停电","text":"频繁停电"})") == "ok");
  CHECK(office.act("2020-01-22T09:10", kClerk, "AcceptAppeal", kAppeal) == "ok");
  CHECK(office.act("2020-01-22T09:20", kClerk, "DecomposeAppeal", kAppeal,
                   R"({"matters":[{"matter":1,"text":"恢复供电","lead":"D07"}]})") == "ok");
  CHECK(office.act("2020-01-22T10:00", kClerk, "DispatchAssignment", kAppeal,
                   R"({"matter":1,"department":"D07","duty":"lead","track":"standard"})") == "ok");
  return office;
}

// Records whose reading fails as often as it is told to, at the list of the tasks or at one of
// them; and how often the history was read, or an appeal.
class FailingSource final : public engine::Source {
 public:
  explicit FailingSource(const engine::Source& records) : records_(records) {}
  mutable int failing_lists = 0, failing_tasks = 0, failed = 0;
  mutable int histories_read = 0, appeals_read = 0;

  [[nodiscard]] std::uint64_t size() const override { return records_.size(); }
  engine::Result<void> read(std::uint64_t from, std::uint64_t to,
                            const Visit& visit) const override {
    ++histories_read;
    return records_.read(from, to, visit);
  }
  engine::Result<void> read_stream(std::string_view kind, std::string_view no,
                                   const Visit& visit) const override {
    if (kind == "task" && no == "T1" && failing_tasks > 0) return fail(failing_tasks);
    if (kind == "appeal") ++appeals_read;
    return records_.read_stream(kind, no, visit);
  }
  engine::Result<void> streams(std::string_view kind, const VisitStream& visit) const override {
    if (kind == "task" && failing_lists > 0) return fail(failing_lists);
    return records_.streams(kind, visit);
  }
  [[nodiscard]] engine::Result<std::optional<std::uint64_t>> find_id(
      std::string_view id) const override {
    return records_.find_id(id);
  }

 private:
  engine::Result<void> fail(int& left) const {
    --left;
    ++failed;
    return engine::fail(engine::ErrorCode::io, "the disk does not answer");
  }
  const engine::Source& records_;
};

Micros due(const engine::RecordView& record, schemas::Obligation obligation) {
  const auto& event = schemas::payload_of<schemas::AssignmentDispatched>(record);
  for (const schemas::Due* one : *event.dues())
    if (one->obligation() == obligation) return one->due();
  return 0;
}

}  // namespace

TEST_CASE("district: a dispatch pins the dues of the calendar known then") {
  auto office = office_with_dispatch();
  const auto dispatched = office.source().at(office.source().size());
  CHECK(due(dispatched, schemas::Obligation::contact) == time("2020-01-24T00:00"));
  CHECK(due(dispatched, schemas::Obligation::completion) == time("2020-02-02T00:00"));
}

TEST_CASE(
    "district: amending the calendar moves running clocks in the same batch, with the old due") {
  auto office = office_with_dispatch();
  const std::uint64_t before = office.source().size();
  CHECK(office.act("2020-01-27T10:00", kLeadRole, "AmendCalendar", "calendar/2020",
                   kSpring2020Extended) == "ok");
  REQUIRE(office.source().size() == before + 2);
  const auto moved = office.source().at(before + 2);
  CHECK(schemas::type_of(moved) == schemas::EventType::DeadlineRecomputed);
  CHECK((moved.flags & engine::kFollows) != 0);
  const auto& event = schemas::payload_of<schemas::DeadlineRecomputed>(moved);
  CHECK(event.obligation() == schemas::Obligation::completion);
  CHECK(event.old_due() == time("2020-02-02T00:00"));
  CHECK(event.dues()->Get(0)->due() == time("2020-02-05T00:00"));
  CHECK(schemas::view(event.cause()) == "calendar/2020");
  CHECK(office.audit().empty());
}

TEST_CASE("district: a clerk's amendment never brings a deadline forward, a lead's may") {
  for (const bool lead : {false, true}) {
    auto office = office_with_dispatch();
    const std::uint64_t before = office.source().size();
    // 28 January becomes a working day: completion would fall due on the 31st instead of 1
    // February.
    const char* shorter =
        R"({"year":2020,"notice":"测试","effective":"2020-01-23","holidays":["2020-01-01",)"
        R"("2020-01-24","2020-01-27","2020-01-29","2020-01-30"],)"
        R"("makeup_workdays":["2020-01-19","2020-02-01"]})";
    CHECK(office.act("2020-01-23T10:00", lead ? kLeadRole : kClerk, "AmendCalendar",
                     "calendar/2020", shorter) == "ok");
    CHECK(office.source().size() == before + (lead ? 2 : 1));
  }
}

TEST_CASE("district: the same line again is a repeat, the id with other content is refused") {
  support::Office office(keys());
  const std::string line =
      R"({"at":"2021-01-04T09:00:00+08:00","actor":{"id":"lead-1","role":"office_lead"},)"
      R"("command":"CreateDepartment","stream":"department/D01","id":"k","data":{"name":"A"}})";
  CHECK(office.line(line) == "ok");
  CHECK(office.line(line) == "repeat");
  std::string other = line;
  other.replace(other.find("\"A\""), 3, "\"B\"");
  CHECK(office.line(other) == "IdReused");
  CHECK(office.source().size() == 1);
  office.restart();
  CHECK(office.line(line) == "repeat");
  CHECK(office.line(other) == "IdReused");
}

TEST_CASE("district: a repeat is known by what sealed fields say") {
  auto office = office_with_dispatch();
  const std::string line =
      R"({"at":"2020-01-23T09:00:00+08:00","actor":{"id":"d7","role":"department_officer",)"
      R"("department":"D07"},"command":"RecordContact","stream":"appeal/SQ1","id":"c1",)"
      R"("data":{"matter":1,"department":"D07","method":"电话","person":"张三"}})";
  CHECK(office.line(line) == "ok");
  CHECK(office.line(line) == "repeat");
  std::string other = line;
  other.replace(other.find("张三"), std::string("张三").size(), "李四");
  CHECK(office.line(other) == "IdReused");
  const auto record = office.source().at(office.source().size());
  const std::string_view bytes{reinterpret_cast<const char*>(record.payload.data()),
                               record.payload.size()};
  CHECK(bytes.find("张三") == std::string_view::npos);
}

TEST_CASE("district: a refused id stays free") {
  support::Office office(keys());
  const std::string line =
      R"({"at":"2021-01-04T09:00:00+08:00","actor":{"id":"x","role":"enterprise"},)"
      R"("command":"CreateDepartment","stream":"department/D01","id":"k","data":{"name":"A"}})";
  CHECK(office.line(line) == "WrongRole");
  std::string right = line;
  right.replace(right.find("\"enterprise\""), 12, "\"office_lead\"");
  CHECK(office.line(right) == "ok");
}

TEST_CASE("district: time never goes back, and nothing occurs after it is recorded") {
  auto office = office_with_dispatch();
  CHECK(office.act("2020-01-21T09:00", kClerk, "CloseAppeal", kAppeal) == "AtGoesBack");
  CHECK(office.line(
            R"({"at":"2020-01-23T09:00:00+08:00","occurred_at":"2020-01-23T09:00:00.000001+08:00",)"
            R"("actor":{"id":"d","role":"office_clerk"},"command":"RequestSupplement",)"
            R"("stream":"appeal/SQ1","id":"o1","data":{"text":"x"}})") == "OccurredAfterRecorded");
}

TEST_CASE("district: an expected version that is not the stream's is refused") {
  auto office = office_with_dispatch();
  const auto line = [](int version, std::string_view id) {
    return R"({"at":"2020-01-23T09:00:00+08:00","expected_version":)" + std::to_string(version) +
           R"(,"actor":{"id":"d7","role":"department_officer","department":"D07"},)"
           R"("command":"SignAssignment","stream":"appeal/SQ1","id":")" +
           std::string(id) + R"(","data":{"matter":1,"department":"D07"}})";
  };
  CHECK(office.line(line(3, "v1")) == "VersionConflict");
  CHECK(office.line(line(5, "v2")) == "VersionConflict");
  CHECK(office.line(line(4, "v3")) == "ok");
}

TEST_CASE("district: a full plan stays full when the first reading of its tasks failed") {
  support::Office office(keys());
  CHECK(office.act("2021-01-04T09:00", kLeadRole, "PublishPlan", "plan/P1",
                   R"({"name":"三年行动","environments":[{"name":"市场环境",)"
                   R"("domains":["开办企业"],"tasks":2}]})") == "ok");
  const auto task = [](std::string_view no) {
    return R"({"at":"2021-01-05T09:00:00+08:00","actor":{"id":"office-1","role":"office_clerk"},)"
           R"("command":"CreateTask","stream":"task/)" +
           std::string(no) + R"(","id":")" + std::string(no) +
           R"(","data":{"plan":"P1","environment":"市场环境","domain":"开办企业",)"
           R"("title":"一网通办","due":"2021-12-31"}})";
  };
  CHECK(office.line(task("T1")) == "ok");
  CHECK(office.line(task("T2")) == "ok");
  for (const bool list : {true, false}) {
    FailingSource source(office.source());
    schemas::District district(source, keys());
    REQUIRE(district.load(office.source().at(office.source().size()).recorded_at).has_value());
    (list ? source.failing_lists : source.failing_tasks) = 1;
    const auto command = schemas::parse_line(task("T3"));
    REQUIRE(command.has_value());
    const auto first = district.decide(*command, source.size() + 1);
    CHECK_FALSE(first.has_value());
    CHECK(source.failed == 1);
    const auto second = district.decide(*command, source.size() + 1);
    REQUIRE(second.has_value());
    CHECK(second->refused == "PlanFull");
  }
}

TEST_CASE("district: after a restart it decides as if it had never stopped") {
  auto going_on = office_with_dispatch();
  auto restarted = office_with_dispatch();
  restarted.restart();
  for (auto* office : {&going_on, &restarted}) {
    CHECK(office->act("2020-01-23T09:00", "department_officer:d7@D07", "SignAssignment", kAppeal,
                      R"({"matter":1,"department":"D07"})") == "ok");
    CHECK(office->act("2020-01-27T10:00", kLeadRole, "AmendCalendar", "calendar/2020",
                      kSpring2020Extended) == "ok");
  }
  REQUIRE(going_on.source().size() == restarted.source().size());
  for (std::uint64_t seq = 1; seq <= going_on.source().size(); ++seq) {
    const auto a = going_on.source().at(seq), b = restarted.source().at(seq);
    CHECK(a.type == b.type);
    CHECK(std::ranges::equal(a.payload, b.payload));
  }
}

TEST_CASE(
    "district: the first calendar after a start reads the history, a later one only if too many "
    "run") {
  auto office = office_with_dispatch();
  CHECK(office.act("2020-01-22T11:00", kClerk, "SubmitAppeal", "appeal/SQ2",
                   R"({"enterprise":"91512081MA62K0260E","channel":"phone","category":"要素保障",)"
                   R"("title":"停水","text":"频繁停水"})") == "ok");
  CHECK(office.act("2020-01-22T11:10", kClerk, "RejectAppeal", "appeal/SQ2",
                   R"({"reason":"不属于营商环境诉求"})") == "ok");
  std::size_t states_most = 1;
  int read_by_the_second = 0;
  SUBCASE("one clock runs, and one state may stay") {}
  SUBCASE("none may stay") {
    states_most = 0;
    read_by_the_second = 1;
  }
  FailingSource source(office.source());
  schemas::District district(source, keys(), states_most);
  REQUIRE(district.load(office.source().at(office.source().size()).recorded_at).has_value());
  std::uint64_t next_seq = source.size() + 1;
  const auto amend = [&](const std::string& at, const std::string& calendar) {
    const auto command = schemas::parse_line(
        R"({"at":")" + at + R"(:00+08:00","actor":{"id":"l1","role":"office_lead"},"id":"a)" + at +
        R"(","command":"AmendCalendar","stream":"calendar/2020","data":)" + calendar + "}");
    REQUIRE(command.has_value());
    const auto ruling = district.decide(*command, next_seq);
    REQUIRE(ruling.has_value());
    REQUIRE(ruling->refused == "");
    next_seq += ruling->events.size();
    REQUIRE(ruling->events.size() == 2);
    CHECK(ruling->events.back().no == "SQ1");
    return schemas::payload_of<schemas::DeadlineRecomputed>(ruling->events.back().view(1))
        .dues()
        ->Get(0)
        ->due();
  };
  CHECK(amend("2020-01-27T10:00", kSpring2020Extended) == time("2020-02-05T00:00"));
  CHECK(source.histories_read == 1);
  const std::string as_before = R"({"effective":"2020-01-27",)" + std::string(kSpring2020 + 1);
  CHECK(amend("2020-01-27T11:00", as_before) == time("2020-02-02T00:00"));
  CHECK(source.histories_read == 1 + read_by_the_second);
  CHECK(source.appeals_read == 0);
}

TEST_CASE(
    "district: the re-check finds a moved deadline, a missing consequence and a broken lifecycle") {
  SUBCASE("a pinned due was changed") {
    auto office = office_with_dispatch();
    engine::NewEvent& event = office.source().change(office.source().size());
    schemas::AssignmentDispatchedT changed;
    schemas::payload_of<schemas::AssignmentDispatched>(event.view(1)).UnPackTo(&changed);
    const schemas::Due due = changed.dues.front();
    changed.dues.front() =
        schemas::Due(due.due() + 1, due.obligation(), due.provisional(), due.workdays());
    event.payload = schemas::pack(changed);
    const auto found = office.audit();
    REQUIRE(found.size() == 1);
    CHECK(found.front().find("dues should be") != std::string::npos);
  }
  SUBCASE("the batch of a command was cut") {
    auto office = office_with_dispatch();
    CHECK(office.act("2020-01-27T10:00", kLeadRole, "AmendCalendar", "calendar/2020",
                     kSpring2020Extended) == "ok");
    office.source().change(office.source().size()).flags = engine::kImported;
    CHECK(!office.audit().empty());
  }
  SUBCASE("an event came that the lifecycle does not admit") {
    auto office = office_with_dispatch();
    engine::NewEvent closed = office.source().change(office.source().size());
    closed.type = static_cast<std::uint16_t>(schemas::EventType::AppealClosed);
    closed.payload = schemas::pack(schemas::AppealClosedT{});
    closed.role = "office_lead";
    closed.version += 1;
    closed.id = "forged";
    office.source().add({closed});
    const auto found = office.audit();
    REQUIRE(found.size() == 1);
    CHECK(found.front().find("AppealClosed in appeal/SQ1") != std::string::npos);
    CHECK(found.front().find("WrongState") != std::string::npos);
  }
}

TEST_CASE("district: one that keeps no state longer than it must decides as one that keeps all") {
  support::Office all = office_with_dispatch(), none = office_with_dispatch(0);
  constexpr const char* kOfficer = "department_officer:d7-1@D07";
  const auto both = [&](std::string_view time, const char* by, const char* command,
                        const char* data) {
    const std::string told = all.act(time, by, command, kAppeal, data);
    CHECK_MESSAGE(none.act(time, by, command, kAppeal, data) == told, command);
    return told;
  };
  CHECK(both("2020-01-22T10:10", kOfficer, "SignAssignment",
             R"({"matter":1,"department":"D07"})") == "ok");
  CHECK(both("2020-01-22T10:11", kClerk, "AcceptAppeal", "{}") == "WrongState");
  CHECK(both("2020-01-22T10:20", kOfficer, "RecordContact",
             R"({"matter":1,"department":"D07","method":"phone"})") == "ok");
  CHECK(both("2020-01-22T10:30", kLeadRole, "ConcludeAppeal", R"({"outcome":"solved"})") ==
        "AssignmentsOpen");
  REQUIRE(all.source().size() == none.source().size());
  for (std::uint64_t seq = 1; seq <= all.source().size(); ++seq) {
    const engine::RecordView one = all.source().at(seq), other = none.source().at(seq);
    CHECK(std::ranges::equal(one.payload, other.payload));
  }
  CHECK(none.audit().empty());
}

}  // namespace district_test
