// The closed-loop ledger: one row an assignment, from submission to closing.
#include <doctest/doctest.h>

#include "tests/support/history.h"

using support::cell;
using support::History;

namespace {

constexpr std::string_view kSubmit =
    R"(2021-09-16 08:30 | 91350100M000100Y43 | SubmitAppeal | appeal/SQ1 | {"enterprise":"91350100M000100Y43","channel":"web","category":"开办企业","title":"经营范围登记"})";
constexpr std::string_view kDispatch = R"(
  2021-09-16 09:00 | clerk | AcceptAppeal       | appeal/SQ1 | {}
  2021-09-16 09:10 | clerk | DecomposeAppeal    | appeal/SQ1 | {"matters":[{"matter":1,"text":"登记","lead":"D07","co":["D05"]}]}
  2021-09-16 09:30 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"standard"}
)";
constexpr std::string_view kHandle = R"(
  2021-09-16 14:00 | D07   | SignAssignment     | appeal/SQ1 | {"matter":1,"department":"D07"}
  2021-09-17 09:00 | D07   | RecordContact      | appeal/SQ1 | {"matter":1,"department":"D07","method":"phone"}
  2021-09-22 09:00 | D07   | ReportCompletion   | appeal/SQ1 | {"matter":1,"department":"D07","outcome":"solved","text":"已办理"}
  2021-09-22 10:00 | lead  | ConcludeAppeal     | appeal/SQ1 | {"outcome":"solved"}
  2021-09-22 11:00 | clerk | AnswerAppeal       | appeal/SQ1 | {"text":"已办结"}
)";

History submitted() {
  History history;
  history.tell(History::kFoundation).tell(kSubmit);
  return history;
}

boost::json::object rows(const History& history, std::string_view minute = {}) {
  return history.draw("closed-loop", history.ask(minute));
}

}  // namespace

TEST_CASE(
    "before the first dispatch an appeal has one row, without a matter and with the office's "
    "light") {
  const History history = submitted();
  const auto report = rows(history, "2021-09-17 09:00");
  CHECK(report.at("rows").as_array().size() == 1);
  CHECK(cell(report, "rows/SQ1/-/-/matter") == "null");
  CHECK(cell(report, "rows/SQ1/-/-/status") == "submitted");
  CHECK(cell(report, "rows/SQ1/-/-/light") == "yellow");  // acceptance is due 09-17 24:00
  CHECK(cell(rows(history, "2021-09-18 00:00"), "rows/SQ1/-/-/light") == "red");
}

TEST_CASE("a row shows every station of an assignment, in the order of the ledger's columns") {
  History history = submitted();
  history.tell(kDispatch).tell(kHandle);
  history.tell(R"(
    2021-09-23 11:00 | clerk | RecordCallback | appeal/SQ1 | {"reached":true,"solved":true,"satisfied":true}
    2021-09-23 12:00 | 91350100M000100Y43 | RateAppeal | appeal/SQ1 | {"level":4}
    2021-09-23 14:00 | lead  | CloseAppeal    | appeal/SQ1 | {}
  )");
  const auto report = rows(history);
  const boost::json::object& row = report.at("rows").as_array().at(0).as_object();
  std::vector<std::pair<std::string, std::string>> shown;
  for (const auto& [key, value] : row)
    shown.emplace_back(
        key, value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
  const auto t = [](std::string_view minute) { return schemas::time_text(support::at(minute)); };
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"no", "1"},
      {"appeal", "SQ1"},
      {"matter", "1"},
      {"department", "D07"},
      {"duty", "lead"},
      {"enterprise", "91350100M000100Y43"},
      {"category", "开办企业"},
      {"channel", "web"},
      {"title", "经营范围登记"},
      {"track", "standard"},
      {"submitted_at", t("2021-09-16 08:30")},
      {"accepted_at", t("2021-09-16 09:00")},
      {"dispatched_at", t("2021-09-16 09:30")},
      {"signed_at", t("2021-09-16 14:00")},
      {"contact_due", t("2021-09-18 00:00")},
      {"contacted_at", t("2021-09-17 09:00")},
      {"completion_due", t("2021-09-23 00:00")},
      {"completed_at", t("2021-09-22 09:00")},
      {"extensions", "0"},
      {"progress_last", "null"},
      {"status", "closed"},
      {"light", "null"},
      {"overdue_workdays", "0"},
      {"yellow_cards", "0"},
      {"red_cards", "0"},
      {"returns", "0"},
      {"reminders", "0"},
      {"reopens", "0"},
      {"concluded_at", t("2021-09-22 10:00")},
      {"outcome", "solved"},
      {"answered_at", t("2021-09-22 11:00")},
      {"callback", R"({"reached":true,"solved":true,"satisfied":true})"},
      {"rating", "4"},
      {"rectification", "null"},
      {"closed_at", t("2021-09-23 14:00")},
      {"last_seq", std::to_string(history.events().size())},
  };
  CHECK(shown == expected);
}

TEST_CASE("the status of a row follows its assignment, then its appeal") {
  History history = submitted();
  history.tell(kDispatch).tell(kHandle);
  struct Case {
    std::string_view minute, status;
  };
  const Case cases[] = {
      {"2021-09-16 09:30", "dispatched"}, {"2021-09-16 14:00", "signed"},
      {"2021-09-17 09:00", "contacted"},  {"2021-09-22 09:00", "completed"},
      {"2021-09-22 10:00", "concluded"},  {"2021-09-22 11:00", "answered"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.minute);
    CHECK(cell(rows(history, one.minute), "rows/SQ1/1/D07/status") == one.status);
  }
}

TEST_CASE("asking for more of an accepted appeal changes nothing, of a submitted one it does") {
  History history = submitted();
  history.tell(R"(
    2021-09-16 08:40 | clerk | RequestSupplement | appeal/SQ1 | {"text":"请补充营业执照"}
    2021-09-16 08:50 | 91350100M000100Y43 | SupplementAppeal | appeal/SQ1 | {"text":"已补充"}
  )");
  CHECK(cell(rows(history, "2021-09-16 08:45"), "rows/SQ1/-/-/status") == "supplement_requested");
  CHECK(cell(rows(history), "rows/SQ1/-/-/status") == "submitted");
  history.tell(kDispatch).tell(R"(
    2021-09-16 10:00 | clerk | RequestSupplement | appeal/SQ1 | {"text":"请补充章程"}
  )");
  CHECK(cell(rows(history), "rows/SQ1/1/D07/status") == "dispatched");
}

TEST_CASE(
    "a merged appeal is answered without a conclusion, and its assignments have ended with it") {
  History history = submitted();
  history.tell(kDispatch).tell(R"(
    2021-09-16 11:00 | 91512081MA62K0260E | SubmitAppeal | appeal/SQ2 | {"enterprise":"91512081MA62K0260E","channel":"app","category":"开办企业","title":"同样的问题"}
    2021-09-16 12:00 | clerk | MergeAppeal  | appeal/SQ1 | {"into":"SQ2"}
    2021-09-17 09:00 | clerk | AnswerAppeal | appeal/SQ1 | {"text":"已并案办理"}
  )");
  const auto report = rows(history, "2021-10-11 00:00");
  CHECK(cell(report, "rows/SQ1/1/D07/status") == "merged");
  CHECK(cell(report, "rows/SQ1/1/D07/light") == "null");
  CHECK(cell(report, "rows/SQ1/1/D07/answered_at") == "2021-09-17T09:00:00.000000+08:00");
  CHECK(cell(report, "rows/SQ1/1/D07/concluded_at") == "null");
}

TEST_CASE("what was late is shown for good: overdue working days up to the day it was met") {
  History history = submitted();
  history.tell(kDispatch).tell(R"(
    2021-09-24 09:00 | D07 | ReportCompletion | appeal/SQ1 | {"matter":1,"department":"D07","outcome":"solved","text":"已办理"}
  )");
  CHECK(cell(rows(history, "2021-09-23 09:00"), "rows/SQ1/1/D07/light") == "red");
  CHECK(cell(rows(history, "2021-10-20 09:00"), "rows/SQ1/1/D07/overdue_workdays") == "2");
  CHECK(cell(rows(history, "2021-10-20 09:00"), "rows/SQ1/1/D07/light") == "null");
}

TEST_CASE("after a reopening the old row keeps its round's values and the matter has a new row") {
  History history = submitted();
  history.tell(kDispatch).tell(kHandle).tell(R"(
    2021-09-23 09:00 | lead  | ReopenAppeal       | appeal/SQ1 | {"reason":"企业不满意"}
    2021-09-23 10:00 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"standard"}
  )");
  const auto report = rows(history);
  CHECK(report.at("rows").as_array().size() == 2);
  CHECK(cell(report, "rows/SQ1/1/D07/status") == "answered");
  CHECK(cell(report, "rows/SQ1/1/D07/outcome") == "solved");
  CHECK(cell(report, "rows/SQ1/1/D07~2/status") == "dispatched");
  CHECK(cell(report, "rows/SQ1/1/D07~2/concluded_at") == "null");
  CHECK(cell(report, "rows/SQ1/1/D07~2/completion_due") == "2021-09-28T00:00:00.000000+08:00");
}

TEST_CASE(
    "rows can be filtered by department, light, status, category and day, and read page by page") {
  History history = submitted();
  history.tell(kDispatch).tell(R"(
    2021-09-16 09:40 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D05","duty":"co","track":"standard"}
    2021-09-16 10:00 | D07   | SignAssignment     | appeal/SQ1 | {"matter":1,"department":"D07"}
  )");
  const auto count = [&](auto set) {
    projections::Question question = history.ask("2021-09-17 09:00");
    set(question);
    return history.draw("closed-loop", question).at("rows").as_array().size();
  };
  CHECK(count([](auto&) {}) == 2);
  CHECK(count([](auto& q) { q.department = "D05"; }) == 1);
  CHECK(count([](auto& q) { q.light = "yellow"; }) == 1);  // D07's contact
  CHECK(count([](auto& q) { q.light = "green"; }) == 1);   // D05's opinion
  CHECK(count([](auto& q) { q.status = "signed"; }) == 1);
  CHECK(count([](auto& q) { q.category = "政策兑现"; }) == 0);
  CHECK(count([](auto& q) { q.category = "开办企业"; }) == 2);
  CHECK(count([](auto& q) { q.category = "开办企业", q.department = "D05"; }) == 1);
  CHECK(count([](auto& q) { q.from = q.to = schemas::parse_date("2021-09-16"); }) == 2);
  CHECK(count([](auto& q) { q.from = schemas::parse_date("2021-09-17"); }) == 0);
  CHECK(count([](auto& q) { q.to = schemas::parse_date("2021-09-15"); }) == 0);
  CHECK(count([](auto& q) { q.from = schemas::parse_date("2021-09-16"), q.light = "yellow"; }) ==
        1);
  CHECK(count([](auto& q) { q.limit = 1; }) == 1);
  CHECK(count([](auto& q) { q.limit = 5, q.offset = 1; }) == 1);
}
