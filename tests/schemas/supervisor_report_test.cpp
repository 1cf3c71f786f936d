// What supervisors report 监督员反映事项: each is settled and answered, and a sealed reporter stays
// unknown.
#include "schemas/supervisor_report.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/cells.h"
#include "tests/support/subject.h"

namespace supervisor_report_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::lead;
using support::officer;
using E = EventType;
using S = ReportStatus;

Actor supervisor(std::string id) { return support::actor(Role::supervisor, std::move(id)); }

void publish_calendar_of_2021(Calendar& calendar) {
  CalendarPublishedT event;
  event.year = 2021;
  event.notice = "国办发明电〔2020〕27号";
  for (const std::string_view holiday :
       {"2021-09-19", "2021-09-20", "2021-09-21", "2021-10-01", "2021-10-02", "2021-10-03",
        "2021-10-04", "2021-10-05", "2021-10-06", "2021-10-07"})
    event.holidays.push_back(day(holiday));
  for (const std::string_view makeup : {"2021-09-18", "2021-09-26", "2021-10-09"})
    event.makeup_workdays.push_back(day(makeup));
  engine::NewEvent record;
  record.type = static_cast<std::uint16_t>(E::CalendarPublished);
  record.version = 1;
  record.kind = "calendar";
  record.no = "2021";
  record.payload = pack(event);
  calendar.apply(record.view(1));
}

// S1 and S2 are in their term; D01 exists, D09 is merged away. The year 2021 has its calendar.
class District : public support::Neighbourhood {
 public:
  District() {
    publish_calendar_of_2021(calendar);
    for (const char* id : {"S1", "S2"}) {
      supervisors[id].status = SupervisorStatus::appointed;
      supervisors[id].terms = {{day("2021-09-01"), day("2023-09-01"), false}};
    }
    add_department("D01");
    add_department("D09", DepartmentStatus::merged);
  }
};

ReportFiledT filing(ReportKind kind, bool sealed, const std::string& by = "S1") {
  ReportFiledT event;
  event.supervisor = by;
  event.kind = kind;
  event.sealed = sealed;
  event.title = "窗口排队过长";
  event.text = "上午十点后无人叫号";
  return event;
}
ReportFiledT suggestion() { return filing(ReportKind::suggestion, false); }
ReportFiledT sealed_clue() { return filing(ReportKind::clue, true); }
ReportDispatchedT dispatch_to(const std::string& department) {
  ReportDispatchedT event;
  event.department = department;
  return event;
}
ReportConcludedT conclusion(ResultClass result = ResultClass::A) {
  ReportConcludedT event;
  event.class_ = result;
  event.text = "已增设窗口";
  return event;
}
ReportReopenedT reopening() {
  ReportReopenedT event;
  event.reason = "又排长队";
  return event;
}
const ReportRegisteredT kRegistered{{}, ""};
const ReportAnsweredT kAnswered{{}, "已增设窗口"};
const ReportClosedT kClosed{{}, ""};
ReportGradedT grading(Grade grade) { return {{}, grade}; }
ReportRatedT rating(std::uint8_t level) { return {{}, level, ""}; }
const RetaliationReportedT kRetaliation{{}, "被约谈施压"};
const IdentityAccessedT kAccess{{}, "张主任", "核实线索"};

class OneReport : public support::Subject<SupervisorReport> {
 public:
  explicit OneReport(support::Neighbourhood& around)
      : Subject("supervisor-report", "FY2021-0001", around) {}

  // When an obligation now falls due; empty: its clock does not run.
  [[nodiscard]] std::string due(Obligation obligation) const {
    const Clock* clock = find_clock(state().clocks, obligation);
    return clock == nullptr || !clock->duty.running() ? "" : time_text(clock->duty.due);
  }
};

void bring_to(OneReport& one, S status, const ReportFiledT& filed = sealed_clue()) {
  if (status == S::none) return;
  REQUIRE(one.act(supervisor("S1"), filed) == "ok");
  if (status == S::filed) return;
  REQUIRE(one.act(clerk(), kRegistered) == "ok");
  if (status == S::registered) return;
  if (status == S::declined) {
    REQUIRE(one.act(clerk(), ReportDeclinedT{{}, "不属本区", "已告知途径"}) == "ok");
    return;
  }
  REQUIRE(one.act(clerk(), grading(Grade::C)) == "ok");
  if (status == S::graded) return;
  if (status == S::transferred) {
    REQUIRE(one.act(lead(), ClueTransferredT{{}, "区纪委监委", "移送〔2021〕3号"}) == "ok");
    return;
  }
  REQUIRE(one.act(clerk(), dispatch_to("D01")) == "ok");
  if (status == S::dispatched) return;
  REQUIRE(one.act(officer("D01"), conclusion()) == "ok");
  if (status == S::concluded) return;
  REQUIRE(one.act(clerk(), kAnswered) == "ok");
  if (status == S::answered) return;
  REQUIRE(one.act(lead(), kClosed) == "ok");
}

std::string act(OneReport& one, E event) {
  switch (event) {
    case E::ReportFiled:
      return one.act(supervisor("S1"), sealed_clue());
    case E::ReportRegistered:
      return one.act(clerk(), kRegistered);
    case E::ReportDeclined:
      return one.act(clerk(), ReportDeclinedT{{}, "不属本区", "已告知途径"});
    case E::ReportGraded:
      return one.act(clerk(), grading(Grade::B));
    case E::ReportDispatched:
      return one.act(clerk(), dispatch_to("D01"));
    case E::ReportProgressed:
      return one.act(officer("D01"), ReportProgressedT{{}, "正在核查"});
    case E::ClueTransferred:
      return one.act(lead(), ClueTransferredT{{}, "区纪委监委", "移送〔2021〕3号"});
    // The office concludes here, so that no cell is decided by the missing department.
    case E::ReportConcluded:
      return one.act(clerk(), conclusion());
    case E::ReportAnswered:
      return one.act(clerk(), kAnswered);
    case E::ReportRated:
      return one.act(supervisor("S1"), rating(5));
    case E::ReportReopened:
      return one.act(clerk(), reopening());
    case E::ReportClosed:
      return one.act(lead(), kClosed);
    case E::IdentityAccessed:
      return one.act(lead(), kAccess);
    case E::RetaliationReported:
      return one.act(supervisor("S1"), kRetaliation);
    default:
      return "no command in this test";
  }
}

}  // namespace

TEST_CASE(
    "every event of a supervisor's report does in every status what the reviewed table says") {
  support::compare_cells(
      kReportLifecycle, TESTS_DIR "/golden/lifecycles/supervisor_report.txt",
      [](E event, unsigned status) {
        District around;
        OneReport one(around);
        bring_to(one, static_cast<S>(status));
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(kReportLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("a suggestion goes from filing to closing, and can be taken up again") {
  District around;
  OneReport one(around);
  CHECK(one.act(supervisor("S1"), suggestion()) == "ok");
  CHECK(one.act(clerk(), kRegistered) == "ok");
  CHECK(one.act(clerk(), grading(Grade::B)) == "ok");
  CHECK(one.act(clerk(), dispatch_to("D01")) == "ok");
  CHECK(one.act(officer("D01"), ReportProgressedT{{}, "正在核查"}) == "ok");
  CHECK(one.act(clerk(), conclusion(ResultClass::B)) == "ok");
  CHECK(one.act(clerk(), kAnswered) == "ok");
  CHECK(one.act(supervisor("S1"), rating(4)) == "ok");
  CHECK(one.act(officer("D01"), kClosed) == "WrongRole");
  CHECK(one.act(clerk(), kClosed) == "ok");
  CHECK(one.act(clerk(), reopening()) == "ok");
  CHECK(one.state().status == S::dispatched);
  CHECK(one.state().department == "D01");
}

TEST_CASE("a report names the supervisor whose it is, who must be active on that day") {
  District around;
  around.supervisors["S3"].status = SupervisorStatus::suspended;
  around.supervisors["S3"].terms = around.supervisors["S1"].terms;
  const auto file = [&](std::string_view time, const std::string& by, const Actor& actor) {
    OneReport one(around);
    one.at(time);
    return one.act(actor, filing(ReportKind::suggestion, false, by));
  };
  CHECK(file("2021-09-01T00:00:00+08:00", "S1", supervisor("S1")) == "ok");
  CHECK(file("2021-08-31T23:59:59.999999+08:00", "S1", supervisor("S1")) == "SupervisorNotActive");
  CHECK(file("2023-08-31T23:59:59.999999+08:00", "S1", supervisor("S1")) == "ok");
  CHECK(file("2023-09-01T00:00:00+08:00", "S1", supervisor("S1")) == "SupervisorNotActive");
  CHECK(file("2021-09-16T09:00:00+08:00", "S3", supervisor("S3")) == "SupervisorNotActive");
  CHECK(file("2021-09-16T09:00:00+08:00", "S9", supervisor("S9")) == "SupervisorNotActive");
  CHECK(file("2021-09-16T09:00:00+08:00", "S1", supervisor("S2")) == "NotTheReporter");
  CHECK(file("2021-09-16T09:00:00+08:00", "S1", clerk()) == "ok");
  CHECK(file("2021-09-16T09:00:00+08:00", "", supervisor("S1")) == "SupervisorNeeded");
  CHECK(file("2021-09-16T09:00:00+08:00", "S1", officer("D01")) == "WrongRole");
}

TEST_CASE("a sealed reporter is in no plain field, and files under a pseudonym") {
  District around;
  OneReport one(around);
  REQUIRE(one.act(supervisor("S1"), sealed_clue()) == "ok");
  const auto& event = one.last_as<ReportFiled>();
  CHECK(event.supervisor() == nullptr);
  REQUIRE(event.reporter() != nullptr);
  CHECK(around.sealer.unseal(
            {.kind = "supervisor-report", .no = "FY2021-0001", .version = 1, .field = "reporter"},
            {event.reporter()->data(), event.reporter()->size()}) == "S1");
  CHECK(one.last().actor == around.sealer.pseudonym("supervisor-report", "FY2021-0001", 1));
  CHECK(one.state().supervisor.empty());
}

TEST_CASE("the later acts of a sealed reporter have a fresh pseudonym each") {
  District around;
  OneReport one(around);
  bring_to(one, S::answered);
  REQUIRE(one.act(supervisor("S1"), rating(5)) == "ok");
  const std::string first = one.last().actor;
  CHECK(first == around.sealer.pseudonym("supervisor-report", "FY2021-0001", one.state().version));
  REQUIRE(one.act(supervisor("S1"), kRetaliation) == "ok");
  CHECK(one.last().actor != first);
  CHECK(one.last().actor != "S1");
  // What the office records of it is the office's own act.
  REQUIRE(one.act(clerk(), kRetaliation) == "ok");
  CHECK(one.last().actor == "clerk-1");
}

TEST_CASE("an open report carries the supervisor's own name through") {
  District around;
  OneReport one(around);
  REQUIRE(one.act(supervisor("S1"), suggestion()) == "ok");
  CHECK(view(one.last_as<ReportFiled>().supervisor()) == "S1");
  CHECK(one.last_as<ReportFiled>().reporter() == nullptr);
  CHECK(one.last().actor == "S1");
}

TEST_CASE(
    "a sealed report filed by the office for a supervisor hides the supervisor, not the clerk") {
  District around;
  OneReport one(around);
  REQUIRE(one.act(clerk(), sealed_clue()) == "ok");
  CHECK(one.last_as<ReportFiled>().supervisor() == nullptr);
  CHECK(one.last().actor == "clerk-1");
}

TEST_CASE("an exported sealed report is recorded again byte for byte, with its key and without") {
  District around;
  OneReport original(around);
  bring_to(original, S::answered);
  REQUIRE(original.act(supervisor("S1"), rating(5)) == "ok");
  const engine::NewEvent& filed = original.events().front();
  for (const bool lost : {false, true}) {
    around.sealer.key_lost = lost;
    OneReport again(around);
    ReportFiledT exported;
    payload_of<ReportFiled>(filed.payload).UnPackTo(&exported);
    REQUIRE(again.act(supervisor(filed.actor), exported) == "ok");
    CHECK(again.last().payload == filed.payload);
    CHECK(again.last().actor == filed.actor);
    REQUIRE(again.act(clerk(), kRegistered) == "ok");
    REQUIRE(again.act(clerk(), grading(Grade::C)) == "ok");
    REQUIRE(again.act(clerk(), dispatch_to("D01")) == "ok");
    REQUIRE(again.act(officer("D01"), conclusion()) == "ok");
    REQUIRE(again.act(clerk(), kAnswered) == "ok");
    REQUIRE(again.act(supervisor(original.last().actor), rating(5)) == "ok");
    CHECK(again.last().actor == original.last().actor);
  }
}

TEST_CASE("sealed bytes of somebody else do not let a supervisor file in another's name") {
  District around;
  OneReport one(around);
  ReportFiledT forged = sealed_clue();
  forged.supervisor.clear();
  forged.reporter = around.sealer.seal(
      {.kind = "supervisor-report", .no = "FY2021-0001", .version = 1, .field = "reporter"}, "S2");
  CHECK(one.act(supervisor("S1"), forged) == "NotTheReporter");
  forged.sealed = false;
  CHECK(one.act(supervisor("S1"), forged) == "NotSealed");
}

TEST_CASE("only the reporter rates and complains of retaliation, sealed or not") {
  District around;
  for (const bool sealed : {false, true}) {
    OneReport one(around);
    bring_to(one, S::answered, filing(ReportKind::clue, sealed));
    CHECK(one.act(supervisor("S2"), rating(5)) == "NotTheReporter");
    CHECK(one.act(supervisor("S2"), kRetaliation) == "NotTheReporter");
    CHECK(one.act(clerk(), rating(5)) == "WrongRole");
    CHECK(one.act(supervisor("S1"), rating(0)) == "BadLevel");
    CHECK(one.act(supervisor("S1"), rating(6)) == "BadLevel");
    CHECK(one.act(supervisor("S1"), rating(1)) == "ok");
    CHECK(one.act(supervisor("S1"), rating(5)) == "AlreadyRated");
    CHECK(one.act(supervisor("S1"), kRetaliation) == "ok");
  }
}

TEST_CASE("after a report is reopened and answered anew it can be rated anew") {
  District around;
  OneReport one(around);
  bring_to(one, S::answered);
  REQUIRE(one.act(supervisor("S1"), rating(1)) == "ok");
  REQUIRE(one.act(clerk(), reopening()) == "ok");
  REQUIRE(one.act(officer("D01"), conclusion()) == "ok");
  REQUIRE(one.act(clerk(), kAnswered) == "ok");
  CHECK(one.act(supervisor("S1"), rating(4)) == "ok");
}

TEST_CASE("from filing the office has one working day to register and five to dispatch") {
  District around;
  OneReport one(around);
  one.at("2021-09-16T09:00:00+08:00");
  REQUIRE(one.act(supervisor("S1"), suggestion()) == "ok");
  CHECK(one.due(Obligation::report_register) == "2021-09-18T00:00:00.000000+08:00");
  // 09-17, 09-18 (make-up), 09-22, 09-23, 09-24.
  CHECK(one.due(Obligation::report_dispatch) == "2021-09-25T00:00:00.000000+08:00");
  CHECK(one.last_as<ReportFiled>().dues()->size() == 2);
  CHECK(view(one.last_as<ReportFiled>().rules()) == "default");
  CHECK(one.last_as<ReportFiled>().calendar() == 1);
  REQUIRE(one.act(clerk(), kRegistered) == "ok");
  CHECK(one.due(Obligation::report_register).empty());
  REQUIRE(one.act(clerk(), dispatch_to("D01")) == "ok");
  CHECK(one.due(Obligation::report_dispatch).empty());
}

TEST_CASE("declining and transferring end every clock") {
  District around;
  OneReport declined(around);
  bring_to(declined, S::declined);
  OneReport transferred(around);
  bring_to(transferred, S::transferred);
  for (const OneReport* one : {&declined, &transferred})
    for (const Clock& clock : one->state().clocks) CHECK_FALSE(clock.duty.running());
}

TEST_CASE("how long the handling may take follows the grade") {
  const auto due_when = [](std::optional<Grade> grade, std::string_view time) {
    District around;
    OneReport one(around);
    one.at(time);
    bring_to(one, S::registered, suggestion());
    if (grade) REQUIRE(one.act(clerk(), grading(*grade)) == "ok");
    REQUIRE(one.act(clerk(), dispatch_to("D01")) == "ok");
    return one.due(Obligation::report_conclude);
  };
  const std::string_view thursday = "2021-09-16T09:00:00+08:00";
  CHECK(due_when(Grade::C, thursday) == "2021-09-25T00:00:00.000000+08:00");
  CHECK(due_when(std::nullopt, thursday) == "2021-09-25T00:00:00.000000+08:00");
  // 15 working days: 09-17 18 22 23 24 26 27 28 29 30, 10-08 09 11 12 13.
  CHECK(due_when(Grade::B, thursday) == "2021-10-14T00:00:00.000000+08:00");
  CHECK(due_when(Grade::A, thursday) == "2021-10-17T00:00:00.000000+08:00");
  // The same day of next month, or the month's last.
  CHECK(due_when(Grade::A, "2021-10-31T09:00:00+08:00") == "2021-12-01T00:00:00.000000+08:00");
  CHECK(due_when(Grade::A, "2021-12-15T23:59:59+08:00") == "2022-01-16T00:00:00.000000+08:00");
  CHECK(due_when(Grade::A, "2022-01-31T09:00:00+08:00") == "2022-03-01T00:00:00.000000+08:00");
}

TEST_CASE("a limit that the rule set switches off starts no clock") {
  District around;
  around.rules.report_register_workdays = kOff;
  around.rules.report_conclude_c_workdays = kOff;
  around.rules.report_conclude_a_months = kOff;
  around.rules.report_reply_workdays = kOff;
  for (const Grade grade : {Grade::A, Grade::C}) {
    OneReport one(around);
    bring_to(one, S::registered, suggestion());
    CHECK(find_clock(one.state().clocks, Obligation::report_register) == nullptr);
    REQUIRE(one.act(clerk(), grading(grade)) == "ok");
    REQUIRE(one.act(clerk(), dispatch_to("D01")) == "ok");
    CHECK(one.due(Obligation::report_conclude).empty());
    REQUIRE(one.act(clerk(), conclusion()) == "ok");
    CHECK(one.due(Obligation::report_reply).empty());
  }
}

TEST_CASE("the reply is due three working days after the conclusion, and reopening starts again") {
  District around;
  OneReport one(around);
  bring_to(one, S::dispatched);
  one.at("2021-09-29T10:00:00+08:00");
  REQUIRE(one.act(officer("D01"), conclusion()) == "ok");
  CHECK(one.due(Obligation::report_conclude).empty());
  CHECK(one.due(Obligation::report_reply) == "2021-10-10T00:00:00.000000+08:00");
  one.at("2021-10-08T10:00:00+08:00");
  REQUIRE(one.act(clerk(), reopening()) == "ok");
  CHECK(one.due(Obligation::report_reply).empty());
  // 10-09 (make-up), 10-11, 10-12, 10-13, 10-14.
  CHECK(one.due(Obligation::report_conclude) == "2021-10-15T00:00:00.000000+08:00");
  REQUIRE(one.act(officer("D01"), conclusion()) == "ok");
  CHECK(one.due(Obligation::report_reply) == "2021-10-13T00:00:00.000000+08:00");
  REQUIRE(one.act(clerk(), kAnswered) == "ok");
  CHECK(one.due(Obligation::report_reply).empty());
}

TEST_CASE("only an active department gets a report, and only that department works on it") {
  District around;
  around.add_department("D02");
  OneReport one(around);
  bring_to(one, S::graded);
  CHECK(one.act(clerk(), dispatch_to("D77")) == "UnknownDepartment");
  CHECK(one.act(clerk(), dispatch_to("D09")) == "UnknownDepartment");
  REQUIRE(one.act(clerk(), dispatch_to("D01")) == "ok");
  CHECK(one.act(officer("D02"), ReportProgressedT{{}, "x"}) == "WrongDepartment");
  CHECK(one.act(officer("D02"), conclusion()) == "WrongDepartment");
  CHECK(one.act(clerk(), ReportProgressedT{{}, "x"}) == "ok");
  CHECK(one.act(officer("D01"), ReportProgressedT{{}, "x"}) == "ok");
  CHECK(one.act(officer("D01"), conclusion()) == "ok");
}

TEST_CASE("a clue needs its grade before it is dispatched, a suggestion does not") {
  District around;
  OneReport clue(around);
  bring_to(clue, S::registered, filing(ReportKind::clue, false));
  CHECK(clue.act(clerk(), dispatch_to("D01")) == "NotGraded");
  OneReport idea(around);
  bring_to(idea, S::registered, suggestion());
  CHECK(idea.act(clerk(), dispatch_to("D01")) == "ok");
}

TEST_CASE("only clues are transferred, and only sealed identities are looked up") {
  District around;
  OneReport one(around);
  bring_to(one, S::registered, suggestion());
  CHECK(one.act(lead(), ClueTransferredT{{}, "区纪委监委", "x"}) == "NotAClue");
  CHECK(one.act(lead(), kAccess) == "NotSealed");
  OneReport sealed(around);
  bring_to(sealed, S::registered);
  CHECK(sealed.act(clerk(), kAccess) == "WrongRole");
  CHECK(sealed.act(support::actor(Role::inspector), kAccess) == "ok");
  CHECK(sealed.act(clerk(), ClueTransferredT{{}, "区纪委监委", "x"}) == "WrongRole");
  CHECK(sealed.act(lead(), ClueTransferredT{{}, "区纪委监委", "x"}) == "ok");
  CHECK(sealed.act(support::actor(Role::inspector), kAccess) == "ok");
}

TEST_CASE("an amended calendar moves the clocks that run, and only those counted in working days") {
  District around;
  OneReport one(around);
  bring_to(one, S::registered, suggestion());
  Calendar amended = around.calendar;
  LocalClosureDeclaredT typhoon;
  typhoon.days = {day("2021-09-17"), day("2021-09-18")};
  typhoon.reason = "台风";
  engine::NewEvent record;
  record.type = static_cast<std::uint16_t>(E::LocalClosureDeclared);
  record.kind = "calendar";
  record.no = "2021";
  record.version = 2;
  record.payload = pack(typhoon);
  amended.apply(record.view(2));
  CHECK(recompute(one.state(), around.calendar).empty());
  const auto moved = recompute(one.state(), amended);
  REQUIRE(moved.size() == 1);  // registered already: that clock stands
  CHECK(moved[0].obligation == Obligation::report_dispatch);
  CHECK(time_text(moved[0].old_due) == "2021-09-25T00:00:00.000000+08:00");
  // 09-22, 09-23, 09-24, 09-26 (make-up), 09-27.
  CHECK(time_text(moved[0].now.due) == "2021-09-28T00:00:00.000000+08:00");

  DeadlineRecomputedT recomputed;
  recomputed.obligation = Obligation::report_dispatch;
  recomputed.old_due = moved[0].old_due;
  recomputed.cause = "calendar/2021";
  recomputed.dues.emplace_back(moved[0].now.due, Obligation::report_dispatch,
                               moved[0].now.provisional, moved[0].workdays);
  recomputed.calendar = amended.version();
  one.record(recomputed);
  CHECK(one.due(Obligation::report_dispatch) == "2021-09-28T00:00:00.000000+08:00");
  CHECK(recompute(one.state(), amended).empty());

  OneReport complex(around);
  bring_to(complex, S::registered, suggestion());
  REQUIRE(complex.act(clerk(), grading(Grade::A)) == "ok");
  REQUIRE(complex.act(clerk(), dispatch_to("D01")) == "ok");
  CHECK(recompute(complex.state(), amended).empty());
}

}  // namespace supervisor_report_test
