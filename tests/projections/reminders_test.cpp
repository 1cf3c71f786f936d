// What the clock has to do about duties, and when: from facts and an instant, without a clock.
#include "projections/reminders.h"

#include <doctest/doctest.h>

#include "schemas/obligations.h"
#include "tests/support/history.h"

using projections::DueAct;
using projections::kNone;
using projections::Step;
using support::at;
using support::History;

namespace {

constexpr std::string_view kSubmitted = R"(
  2021-09-16 08:30 | 91350100M000100Y43 | SubmitAppeal | appeal/SQ1 | {"enterprise":"91350100M000100Y43","channel":"web","category":"开办企业","title":"经营范围登记","text":"窗口未受理"}
)";
// Contact is due 09-18 00:00; completion after 09-17, 09-18 (make-up) and 09-22: 09-23 00:00.
constexpr std::string_view kDispatched = R"(
  2021-09-16 09:00 | clerk | AcceptAppeal       | appeal/SQ1 | {}
  2021-09-16 09:20 | clerk | DecomposeAppeal    | appeal/SQ1 | {"matters":[{"matter":1,"text":"登记","lead":"D07","co":[]}]}
  2021-09-16 09:30 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"standard"}
  2021-09-16 10:00 | D07   | SignAssignment     | appeal/SQ1 | {"matter":1,"department":"D07"}
)";
constexpr std::string_view kContacted =
    R"(2021-09-16 11:00 | D07 | RecordContact | appeal/SQ1 | {"matter":1,"department":"D07","method":"phone","person":"某某"})";

History dispatched(bool contacted) {
  History history;
  history.tell(History::kFoundation).tell(kSubmitted).tell(kDispatched);
  if (contacted) history.tell(kContacted);
  return history;
}

// "yellow contact 1, ..." : what is due at a minute, in order, with the assignment's matter or "-".
std::string due(const History& history, std::string_view minute,
                std::string_view live_since = "2021-01-01 00:00") {
  constexpr std::string_view kSteps[] = {"yellow", "red", "supervise", "circulate"};
  std::string text;
  for (const DueAct& act : projections::acts_due(history.facts(), at(minute), at(live_since))) {
    if (!text.empty()) text += ", ";
    text += std::string(kSteps[static_cast<std::size_t>(act.step)]) + " " +
            std::string(schemas::row_of(act.obligation).name);
    text += act.assignment == kNone ? " -" : " 1";
  }
  return text;
}

}  // namespace

TEST_CASE("a duty is reminded of from the first instant of its last day, and not before") {
  const History history = dispatched(true);
  CHECK(due(history, "2021-09-16 23:59").empty());
  CHECK(due(history, "2021-09-21 23:59").empty());
  CHECK(due(history, "2021-09-22 00:00") == "yellow completion 1");
  CHECK(due(history, "2021-09-22 23:59") == "yellow completion 1");
}

TEST_CASE("red at once, under supervision after two working days, in the circular after five") {
  const History history = dispatched(true);
  CHECK(due(history, "2021-09-23 00:00") == "red completion 1");
  // Working days after 09-22: 23, 24, 26 (a Sunday that is worked), 27, 28.
  CHECK(due(history, "2021-09-23 23:59") == "red completion 1");
  CHECK(due(history, "2021-09-24 00:00") == "red completion 1, supervise completion 1");
  CHECK(due(history, "2021-09-27 23:59") == "red completion 1, supervise completion 1");
  CHECK(due(history, "2021-09-28 00:00") ==
        "red completion 1, supervise completion 1, circulate completion 1");
}

TEST_CASE("the office is reminded of its own duties, without a matter") {
  History history;
  history.tell(History::kFoundation).tell(kSubmitted);
  CHECK(due(history, "2021-09-17 09:00") == "yellow accept -");
  CHECK(due(history, "2021-09-18 00:00") == "red accept -");
}

TEST_CASE("after a pause of any length everything stands in the order in which it fell due") {
  const History history = dispatched(false);
  CHECK(due(history, "2022-03-01 09:00") ==
        "red contact 1, supervise contact 1, red completion 1, supervise completion 1, "
        "circulate contact 1, circulate completion 1");
  const auto acts = projections::acts_due(history.facts(), at("2022-03-01 09:00"), 0);
  for (std::size_t i = 1; i < acts.size(); ++i) CHECK(acts[i - 1].since <= acts[i].since);
}

TEST_CASE("what fell due before the ledger went live gets no card, and is listed") {
  const History history = dispatched(false);
  CHECK(due(history, "2021-10-11 09:00", "2021-09-18 00:00") ==
        "red completion 1, supervise completion 1, circulate completion 1");
  CHECK(due(history, "2021-10-11 09:00", "2021-10-10 09:00").empty());
  const std::uint64_t all = history.facts().seq();
  const auto listed = projections::overdue_before(history.facts(), all, at("2021-09-20 09:00"));
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].obligation == schemas::Obligation::contact);
  CHECK(projections::overdue_before(history.facts(), all, at("2021-10-10 09:00")).size() == 2);
  CHECK(projections::overdue_before(history.facts(), all, at("2021-09-17 23:59")).empty());
}

TEST_CASE("a duty that is met, or whose clock stands still, is left alone") {
  History met = dispatched(true);
  met.tell(
      R"(2021-09-22 10:00 | D07 | ReportCompletion | appeal/SQ1 | {"matter":1,"department":"D07","outcome":"solved","text":"已办"})");
  CHECK(due(met, "2021-09-30 09:00").empty());
  History still = dispatched(true);
  still.tell(
      R"(2021-09-17 10:00 | clerk | SuspendClock | appeal/SQ1 | {"matter":1,"department":"D07","reason":"待企业补件"})");
  CHECK(due(still, "2021-09-30 09:00").empty());
}

TEST_CASE("an extended duty keeps its clock: the same name, a later due") {
  History history = dispatched(true);
  const auto before = projections::acts_due(history.facts(), at("2021-09-22 09:00"), 0);
  history.tell(R"(
    2021-09-17 10:00 | D07  | RequestExtension | appeal/SQ1 | {"matter":1,"department":"D07","workdays":2,"reason":"待会商"}
    2021-09-17 11:00 | lead | ApproveExtension | appeal/SQ1 | {"matter":1,"department":"D07"}
  )");
  CHECK(due(history, "2021-09-22 09:00").empty());
  const auto after = projections::acts_due(history.facts(), at("2021-09-24 09:00"), 0);
  REQUIRE(before.size() == 1);
  REQUIRE(after.size() == 1);
  CHECK(after[0].start_seq == before[0].start_seq);
  CHECK(after[0].obligation == before[0].obligation);
  CHECK(after[0].due > before[0].due);
}

TEST_CASE("each week without progress is a clock of its own, until it is filed") {
  History history = dispatched(true);
  history.tell(R"(
    2021-09-17 10:00 | D07  | RequestLongTerm | appeal/SQ1 | {"matter":1,"department":"D07","plan":"分三步","until":"2021-11-30"}
    2021-09-17 11:00 | lead | ApproveLongTerm | appeal/SQ1 | {"matter":1,"department":"D07"}
  )");
  // Week 38 (from 09-20): its last working day is Sunday 09-26. Week 39 ends on Thursday 09-30.
  CHECK(due(history, "2021-09-25 23:59").empty());
  CHECK(due(history, "2021-09-26 09:00") == "yellow progress 1");
  CHECK(due(history, "2021-09-27 00:00") == "red progress 1");
  const auto both = projections::acts_due(history.facts(), at("2021-09-30 09:00"), 0);
  REQUIRE(both.size() == 3);  // red and under supervision for week 38, yellow for week 39
  CHECK(both[0].due == at("2021-09-27 00:00"));
  CHECK(both[2].due == at("2021-10-01 00:00"));
  history.tell(
      R"(2021-09-30 10:00 | D07 | ReportProgress | appeal/SQ1 | {"matter":1,"department":"D07","week":"2021-W38","text":"第一步完成","percent":30})");
  CHECK(due(history, "2021-09-30 10:01") == "yellow progress 1");
}

TEST_CASE("a same-day assignment is reminded of from its dispatch on") {
  History history;
  history.tell(History::kFoundation).tell(kSubmitted).tell(R"(
    2021-09-16 09:00 | clerk | AcceptAppeal       | appeal/SQ1 | {}
    2021-09-16 09:20 | clerk | DecomposeAppeal    | appeal/SQ1 | {"matters":[{"matter":1,"text":"登记","lead":"D07","co":[]}]}
    2021-09-16 09:30 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"same_day"}
  )");
  CHECK(due(history, "2021-09-16 09:30") == "yellow completion 1");
}

TEST_CASE("an appeal with two red lights is on the list of those to be called in") {
  const History history = dispatched(false);
  CHECK(projections::to_be_called_in(history.facts(), at("2021-09-22 23:59")).empty());
  CHECK(projections::to_be_called_in(history.facts(), at("2021-09-23 00:00")).size() == 1);
}

TEST_CASE("what is due does not depend on what was settled") {
  History history = dispatched(false);
  projections::Facts settled = history.prefix(history.facts().seq());
  settled.settle(1);
  for (const char* minute : {"2021-09-17 09:00", "2021-09-22 09:00", "2022-03-01 09:00"})
    CHECK((projections::acts_due(settled, at(minute), 0) ==
           projections::acts_due(history.facts(), at(minute), 0)));
}
