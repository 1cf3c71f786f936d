// Supervisors 监督员: nine categories, terms of two years that never overlap, names that are only
// sealed.
#include "schemas/supervisor.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/cells.h"
#include "tests/support/subject.h"

namespace supervisor_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::lead;
using support::plain;
using E = EventType;
using S = SupervisorStatus;

SupervisorAppointedT appointment(std::string_view from, const std::string& category = "人大代表") {
  return {{}, plain("王芳"), category, day(from), 0};
}
SupervisorReappointedT renewal(std::string_view from) { return {{}, day(from), 0}; }
const SupervisorAssessedT kAssessment{{}, "称职", ""};

class OneSupervisor : public support::Subject<Supervisor> {
 public:
  explicit OneSupervisor(support::Neighbourhood& around) : Subject("supervisor", "S1", around) {}
};

void bring_to(OneSupervisor& one, S status) {
  if (status == S::none) return;
  if (status == S::nominated) {
    REQUIRE(one.act(clerk(), SupervisorNominatedT{{}, plain("王芳"), "政协委员", ""}) == "ok");
    return;
  }
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  REQUIRE(one.act(clerk(), kAssessment) == "ok");
  if (status == S::suspended) REQUIRE(one.act(lead(), SupervisorSuspendedT{{}, "核实中"}) == "ok");
  if (status == S::dismissed) REQUIRE(one.act(lead(), SupervisorDismissedT{{}, "辞任"}) == "ok");
}

std::string act(OneSupervisor& one, E event) {
  switch (event) {
    case E::SupervisorNominated:
      return one.act(clerk(), SupervisorNominatedT{{}, plain("王芳"), "政协委员", ""});
    case E::SupervisorAppointed:
      return one.act(lead(), appointment("2023-09-16"));
    case E::SupervisorReappointed:
      return one.act(lead(), renewal("2023-09-16"));
    case E::SupervisorAssessed:
      return one.act(clerk(), kAssessment);
    case E::SupervisorUpdated:
      return one.act(clerk(), SupervisorUpdatedT{{}, plain("王小芳"), ""});
    case E::SupervisorSuspended:
      return one.act(lead(), SupervisorSuspendedT{{}, "核实中"});
    case E::SupervisorReinstated:
      return one.act(lead(), SupervisorReinstatedT{{}, ""});
    case E::SupervisorDismissed:
      return one.act(lead(), SupervisorDismissedT{{}, "辞任"});
    case E::ActivityAttended:
      return one.act(clerk(), ActivityAttendedT{{}, "座谈会", day("2021-09-16")});
    case E::TermEndAnnounced:
      one.at("2023-08-17T09:00:00+08:00");
      return one.act(support::actor(schemas::Role::system, "clock"), TermEndAnnouncedT{});
    default:
      return "no command in this test";
  }
}

}  // namespace

TEST_CASE("every event of a supervisor does in every status what the reviewed table says") {
  support::compare_cells(
      kSupervisorLifecycle, TESTS_DIR "/golden/lifecycles/supervisor.txt",
      [](E event, unsigned status) {
        support::Neighbourhood around;
        OneSupervisor one(around);
        bring_to(one, static_cast<S>(status));
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(
            kSupervisorLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("there are nine categories, and each of them can be appointed") {
  CHECK(supervisor_categories().size() == 9);
  for (const std::string_view category : supervisor_categories()) {
    support::Neighbourhood around;
    OneSupervisor one(around);
    CHECK(one.act(lead(), appointment("2021-09-16", std::string(category))) == "ok");
    CHECK(one.state().category == category);
  }
}

TEST_CASE("a category that is none of the nine is refused wherever one is named") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  CHECK(one.act(clerk(), SupervisorNominatedT{{}, plain("王芳"), "网红", ""}) == "UnknownCategory");
  CHECK(one.act(lead(), appointment("2021-09-16", "网红")) == "UnknownCategory");
  CHECK(one.act(lead(), appointment("2021-09-16", "人大代表 ")) == "UnknownCategory");
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  CHECK(one.act(clerk(), SupervisorUpdatedT{{}, {}, "网红"}) == "UnknownCategory");
}

TEST_CASE("a term ends two years later, on the same month and day") {
  const auto until = [](std::string_view from) {
    support::Neighbourhood around;
    OneSupervisor one(around);
    REQUIRE(one.act(lead(), appointment(from)) == "ok");
    return date_text(one.last_as<SupervisorAppointed>().until());
  };
  CHECK(until("2021-09-16") == "2023-09-16");
  CHECK(until("2021-12-31") == "2023-12-31");
  CHECK(until("2022-02-28") == "2024-02-28");
  // 28 February is the last day of a term from a 29 February; the next may begin on 1 March.
  CHECK(until("2020-02-29") == "2022-03-01");
}

TEST_CASE("a supervisor is active from the first day of the term to the last, and not after") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-10-01")) == "ok");
  CHECK_FALSE(one.state().active_on(day("2021-09-30")));
  CHECK(one.state().active_on(day("2021-10-01")));
  CHECK(one.state().active_on(day("2023-09-30")));
  CHECK_FALSE(one.state().active_on(day("2023-10-01")));
}

TEST_CASE("terms never overlap: the next may begin on the day after the last and not before") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  CHECK(one.act(lead(), appointment("2022-01-01")) == "TermOverlaps");
  CHECK(one.act(lead(), appointment("2023-09-15")) == "TermOverlaps");
  CHECK(one.act(lead(), appointment("2020-01-01")) == "TermOverlaps");
  CHECK(one.act(lead(), appointment("2023-09-16")) == "ok");
  CHECK(one.state().terms.size() == 2);
}

TEST_CASE("a term is renewed only after an assessment in that very term") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  CHECK(one.act(lead(), renewal("2023-09-16")) == "NotAssessed");
  REQUIRE(one.act(clerk(), kAssessment) == "ok");
  CHECK(one.act(lead(), renewal("2023-09-15")) == "TermOverlaps");
  CHECK(one.act(lead(), renewal("2023-09-16")) == "ok");
  CHECK(date_text(one.last_as<SupervisorReappointed>().until()) == "2025-09-16");
  // The first term's assessment says nothing about the second.
  CHECK(one.act(lead(), renewal("2025-09-16")) == "NotAssessed");
  one.at("2023-09-15T23:59:59.999999+08:00");
  REQUIRE(one.act(clerk(), kAssessment) == "ok");
  CHECK(one.act(lead(), renewal("2025-09-16")) == "NotAssessed");
  one.at("2023-09-16T00:00:00+08:00");
  REQUIRE(one.act(clerk(), kAssessment) == "ok");
  CHECK(one.act(lead(), renewal("2025-09-16")) == "ok");
}

TEST_CASE("outside every term there is nothing to assess") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-09-17")) == "ok");
  CHECK(one.act(clerk(), kAssessment) == "SupervisorNotActive");
  one.at("2021-09-17T00:00:00+08:00");
  CHECK(one.act(clerk(), kAssessment) == "ok");
  one.at("2023-09-17T00:00:00+08:00");
  CHECK(one.act(clerk(), kAssessment) == "SupervisorNotActive");
}

TEST_CASE("a suspended supervisor is not active until reinstated") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  bring_to(one, S::suspended);
  CHECK_FALSE(one.state().active_on(day("2021-09-20")));
  REQUIRE(one.act(lead(), SupervisorReinstatedT{{}, ""}) == "ok");
  CHECK(one.state().active_on(day("2021-09-20")));
}

TEST_CASE("dismissal ends the term that day, and a new appointment may begin at once") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  one.at("2022-03-01T10:00:00+08:00");
  REQUIRE(one.act(lead(), SupervisorDismissedT{{}, "辞任"}) == "ok");
  CHECK_FALSE(one.state().active_on(day("2022-03-01")));
  CHECK(one.act(lead(), appointment("2022-02-28")) == "TermOverlaps");
  REQUIRE(one.act(lead(), appointment("2022-03-01")) == "ok");
  CHECK(one.state().active_on(day("2022-03-01")));
}

TEST_CASE("an activity is recorded for a day in the term that is not in the future") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-09-15")) == "ok");
  CHECK(one.act(clerk(), ActivityAttendedT{{}, "座谈会", day("2021-09-14")}) ==
        "SupervisorNotActive");
  CHECK(one.act(clerk(), ActivityAttendedT{{}, "座谈会", day("2021-09-15")}) == "ok");
  CHECK(one.act(clerk(), ActivityAttendedT{{}, "座谈会", day("2021-09-16")}) == "ok");
  CHECK(one.act(clerk(), ActivityAttendedT{{}, "座谈会", day("2021-09-17")}) == "OutOfRange");
}

TEST_CASE("an update must change something") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  CHECK(one.act(clerk(), SupervisorUpdatedT{{}, {}, ""}) == "NothingChanged");
  CHECK(one.act(clerk(), SupervisorUpdatedT{{}, {}, "人大代表"}) == "NothingChanged");
  CHECK(one.act(clerk(), SupervisorUpdatedT{{}, {}, "注册会计师"}) == "ok");
  CHECK(one.state().category == "注册会计师");
  CHECK(one.last_as<SupervisorUpdated>().name() == nullptr);
}

TEST_CASE("a name is recorded sealed under its place, never as plain text") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  REQUIRE(one.act(clerk(), SupervisorNominatedT{{}, plain("王芳"), "政协委员", ""}) == "ok");
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  REQUIRE(one.act(clerk(), SupervisorUpdatedT{{}, plain("王小芳"), ""}) == "ok");
  const auto name_of = [&](const engine::NewEvent& event, const auto* bytes) {
    return around.sealer.unseal(
        {.kind = "supervisor", .no = "S1", .version = event.version, .field = "name"},
        {bytes->data(), bytes->size()});
  };
  const auto& events = one.events();
  CHECK(name_of(events[0], payload_of<SupervisorNominated>(events[0].payload).name()) == "王芳");
  CHECK(name_of(events[1], payload_of<SupervisorAppointed>(events[1].payload).name()) == "王芳");
  CHECK(name_of(events[2], payload_of<SupervisorUpdated>(events[2].payload).name()) == "王小芳");
}

TEST_CASE("a name that an export brings sealed is kept byte for byte, with or without its key") {
  support::Neighbourhood around;
  const std::vector<std::uint8_t> stored{engine::kSealed, 9, 8, 7};
  for (const bool lost : {false, true}) {
    around.sealer.key_lost = lost;
    OneSupervisor one(around);
    SupervisorAppointedT exported = appointment("2021-09-16");
    exported.name = stored;
    REQUIRE(one.act(lead(), exported) == "ok");
    const auto* name = one.last_as<SupervisorAppointed>().name();
    CHECK(std::vector<std::uint8_t>(name->begin(), name->end()) == stored);
  }
}

TEST_CASE(
    "appointing is the office's, ending a term the lead's, an import's derived step may be the "
    "system's") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  const Actor system = support::actor(Role::system, "import");
  CHECK(one.act(support::officer("D01"), appointment("2021-09-16")) == "WrongRole");
  CHECK(one.act(system, appointment("2021-09-16")) == "WrongRole");
  one.flagged(engine::kImported | engine::kDerived);
  CHECK(one.act(system, appointment("2021-09-16")) == "ok");
  CHECK(one.act(clerk(), SupervisorSuspendedT{{}, "x"}) == "WrongRole");
  CHECK(one.act(clerk(), SupervisorDismissedT{{}, "x"}) == "WrongRole");
}

TEST_CASE("the end of a term is announced by the system, once a term, from thirty days before on") {
  support::Neighbourhood around;
  OneSupervisor one(around);
  const auto clock = support::actor(schemas::Role::system, "clock");
  REQUIRE(one.act(lead(), appointment("2021-09-16")) == "ok");
  one.at("2023-08-16T23:59:59+08:00");
  CHECK(one.act(clock, TermEndAnnouncedT{}) == "OutOfRange");
  one.at("2023-08-17T00:00:00+08:00");
  CHECK(one.act(lead(), TermEndAnnouncedT{}) == "WrongRole");
  REQUIRE(one.act(clock, TermEndAnnouncedT{}) == "ok");
  CHECK(date_text(one.last_as<TermEndAnnounced>().until()) == "2023-09-16");
  CHECK(one.act(clock, TermEndAnnouncedT{}) == "NothingChanged");
  REQUIRE(one.act(clerk(), kAssessment) == "ok");
  REQUIRE(one.act(lead(), renewal("2023-09-16")) == "ok");
  CHECK(one.act(clock, TermEndAnnouncedT{}) == "OutOfRange");
  one.at("2025-10-01T00:00:00+08:00");  // the clock stood still past the end
  CHECK(one.act(clock, TermEndAnnouncedT{}) == "ok");
}

}  // namespace supervisor_test
