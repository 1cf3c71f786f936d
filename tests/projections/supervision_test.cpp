// The supervisor ledger: what was reported, by whom, and how it was settled.
#include <doctest/doctest.h>

#include "tests/support/sample_history.h"

using support::cell;
using support::History;

TEST_CASE("a sealed reporter prints as 保密 in every form of the report") {
  const History history = support::sample_history();
  const auto report = history.draw("supervision", history.ask());
  CHECK(cell(report, "rows/FY1/supervisor") == "S1");
  CHECK(cell(report, "rows/FY2/supervisor") == "保密");
  CHECK(cell(report, "rows/FY2/kind") == "clue");
  const std::string sealed_row = boost::json::serialize(report.at("rows").as_array().at(1));
  CHECK(sealed_row.find("S1") == std::string::npos);
}

TEST_CASE("a row shows every station of a report") {
  const History history = support::sample_history();
  const auto report = history.draw("supervision", history.ask());
  CHECK(cell(report, "rows/FY1/status") == "closed");
  CHECK(cell(report, "rows/FY1/grade") == "C");
  CHECK(cell(report, "rows/FY1/department") == "D07");
  CHECK(cell(report, "rows/FY1/class") == "A");
  CHECK(cell(report, "rows/FY1/progress") == "正在增设");
  CHECK(cell(report, "rows/FY1/due") == "null");
  CHECK(cell(report, "rows/FY1/light") == "null");
  CHECK(cell(report, "rows/FY1/closed_at") == "2021-09-28T10:00:00.000000+08:00");
}

TEST_CASE("an unregistered report is yellow on its last day and red after it") {
  const History history = support::sample_history();
  const auto light = [&](std::string_view minute) {
    return cell(history.draw("supervision", history.ask(minute)), "rows/FY2/light");
  };
  // Filed 09-14: to be registered by 09-15 24:00.
  CHECK(light("2021-09-14 12:00") == "green");
  CHECK(light("2021-09-15 00:00") == "yellow");
  CHECK(light("2021-09-16 00:00") == "red");
}

TEST_CASE("the weekly report counts the events of the week and the stock at its end") {
  const History history = support::sample_history();
  struct Case {
    std::string_view week, filed, registered, answered, closed, open, overdue;
  };
  const Case cases[] = {{"2021-W36", "0", "0", "0", "0", "0", "0"},
                        {"2021-W37", "2", "1", "0", "0", "2", "1"},
                        {"2021-W39", "0", "0", "1", "1", "1", "1"}};
  for (const Case& one : cases) {
    CAPTURE(one.week);
    const auto report = history.weekly(one.week);
    CHECK(cell(report, "supervision/filed") == one.filed);
    CHECK(cell(report, "supervision/registered") == one.registered);
    CHECK(cell(report, "supervision/answered") == one.answered);
    CHECK(cell(report, "supervision/closed") == one.closed);
    CHECK(cell(report, "supervision/open") == one.open);
    CHECK(cell(report, "supervision/overdue") == one.overdue);
  }
}
