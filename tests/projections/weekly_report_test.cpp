// The weekly report on small districts whose figures can be counted by hand. Week 2021-W37 is 09-13
// to 09-19, W38 is 09-20 to 09-26; 09-18 and 09-26 are make-up workdays, 09-19 to 09-21 the
// holiday.
#include <doctest/doctest.h>

#include "tests/support/history.h"

using support::cell;
using support::History;
using support::rate;

namespace {

// SQ1: dispatched on Thursday 09-16: contact due 09-17 24:00, completion due 09-22 24:00 (wd 17,
// 18, 22).
constexpr std::string_view kDispatched = R"(
  2021-09-16 08:30 | 91350100M000100Y43 | SubmitAppeal | appeal/SQ1 | {"enterprise":"91350100M000100Y43","channel":"web","category":"开办企业","title":"经营范围登记"}
  2021-09-16 09:00 | clerk | AcceptAppeal       | appeal/SQ1 | {}
  2021-09-16 09:10 | clerk | DecomposeAppeal    | appeal/SQ1 | {"matters":[{"matter":1,"text":"登记","lead":"D07"}]}
  2021-09-16 09:30 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D07","duty":"lead","track":"standard"}
)";
constexpr std::string_view kContact =
    R"( | D07 | RecordContact | appeal/SQ1 | {"matter":1,"department":"D07","method":"phone"})";
constexpr std::string_view kCompletion =
    R"( | D07 | ReportCompletion | appeal/SQ1 | {"matter":1,"department":"D07","outcome":"solved","text":"已办理"})";

History dispatched() {
  History history;
  history.tell(History::kFoundation).tell(kDispatched);
  return history;
}

std::string line(std::string_view minute, std::string_view rest) {
  return std::string(minute) + std::string(rest);
}

}  // namespace

TEST_CASE("the head names report, district, moment, seq, root and rule set, in that order") {
  History history;
  history.tell(History::kFoundation).tell(kDispatched);
  const auto report = history.weekly("2021-W37");
  std::vector<std::string> keys;
  for (const auto& [key, value] : report) keys.emplace_back(key);
  CHECK(keys == std::vector<std::string>{"report", "district", "as_of", "seq", "root", "rules",
                                         "week", "from", "to", "totals", "previous", "departments",
                                         "lights", "long_term", "supervision", "plan",
                                         "due_next_week", "ratings"});
  CHECK(cell(report, "as_of") == "2021-09-16T09:30:00.000000+08:00");
  CHECK(cell(report, "seq") == std::to_string(history.events().size()));
  CHECK(cell(report, "rules") == "default");
  CHECK(cell(report, "from") == "2021-09-13T00:00:00.000000+08:00");
  CHECK(cell(report, "to") == "2021-09-20T00:00:00.000000+08:00");
}

TEST_CASE("an empty ledger has a weekly report without a moment") {
  const projections::Facts facts;
  projections::Question question;
  question.week = schemas::parse_week("2021-W37");
  const auto report = projections::draw("weekly", facts, question);
  REQUIRE(report.has_value());
  CHECK(report->at("as_of").is_null());
  CHECK(report->at("seq") == 0);
  CHECK(cell(*report, "totals/open") == "0");
}

TEST_CASE("submissions, acceptances and what is open are counted in the week they happen") {
  History history = dispatched();
  history.tell(R"(
    2021-09-17 10:00 | 91512081MA62K0260E | SubmitAppeal | appeal/SQ2 | {"enterprise":"91512081MA62K0260E","channel":"app","category":"纳税服务","title":"退税"}
    2021-09-17 11:00 | clerk | RejectAppeal | appeal/SQ2 | {"reason":"已进入诉讼程序"}
    2021-09-22 10:00 | 91512081MA62K0260E | SubmitAppeal | appeal/SQ3 | {"enterprise":"91512081MA62K0260E","channel":"app","category":"纳税服务","title":"发票"}
  )");
  const auto first = history.weekly("2021-W37");
  CHECK(cell(first, "totals/submitted") == "2");
  CHECK(cell(first, "totals/accepted") == "1");
  CHECK(cell(first, "totals/rejected") == "1");
  CHECK(cell(first, "totals/open") == "1");
  const auto second = history.weekly("2021-W38");
  CHECK(cell(second, "totals/submitted") == "1");
  CHECK(cell(second, "totals/open") == "2");
  CHECK(cell(second, "previous/submitted") == "2");
  CHECK(cell(second, "previous/open") == "1");
}

TEST_CASE(
    "an appeal concluded before it was excluded stays out of the open ones, else it stays in") {
  History history = dispatched();
  history.tell(line("2021-09-16 11:00", kCompletion));
  History unconcluded = dispatched();
  unconcluded.tell("2021-09-16 12:00 | lead | ExcludeAppeal | appeal/SQ1 | {\"code\":\"1\"}");
  CHECK(cell(unconcluded.weekly("2021-W37"), "totals/open") == "1");
  history.tell("2021-09-16 12:00 | lead | ConcludeAppeal | appeal/SQ1 | {\"outcome\":\"solved\"}");
  history.tell("2021-09-16 13:00 | lead | ExcludeAppeal | appeal/SQ1 | {\"code\":\"1\"}");
  CHECK(cell(history.weekly("2021-W37"), "totals/open") == "0");
}

TEST_CASE("a duty counts in the week of its due, or in the earlier one in which it was met") {
  struct Case {
    std::string_view what, contacted, completed, w37_contact, w38_contact, w37_completion,
        w38_completion, on_time, late;
  };
  // The last two columns: completions of week 38.
  const Case cases[] = {
      {"both in time", "2021-09-17 23:59", "2021-09-22 23:59", "1/1", "0/0", "0/0", "1/1", "1",
       "0"},
      {"contact late by a minute", "2021-09-18 00:00", "2021-09-22 12:00", "0/1", "0/0", "0/0",
       "1/1", "1", "0"},
      {"completion late by a minute", "2021-09-17 12:00", "2021-09-23 00:00", "1/1", "0/0", "0/0",
       "0/1", "0", "1"},
      {"completed within the first week", "2021-09-17 09:00", "2021-09-18 09:00", "1/1", "0/0",
       "1/1", "0/0", "0", "0"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    History history = dispatched();
    history.tell(line(one.contacted, kContact)).tell(line(one.completed, kCompletion));
    const auto w37 = history.weekly("2021-W37", "2021-10-11 00:00");
    const auto w38 = history.weekly("2021-W38", "2021-10-11 00:00");
    CHECK(rate(w37, "departments/D07/contact") == one.w37_contact);
    CHECK(rate(w38, "departments/D07/contact") == one.w38_contact);
    CHECK(rate(w37, "departments/D07/completion") == one.w37_completion);
    CHECK(rate(w38, "departments/D07/completion") == one.w38_completion);
    CHECK(cell(w38, "departments/D07/completed_on_time") == one.on_time);
    CHECK(cell(w38, "departments/D07/completed_late") == one.late);
  }
}

TEST_CASE("in a week still running only duties met or fallen due are counted") {
  const History history = dispatched();
  CHECK(rate(history.weekly("2021-W37", "2021-09-17 23:59"), "departments/D07/contact") == "0/0");
  CHECK(rate(history.weekly("2021-W37", "2021-09-18 00:00"), "departments/D07/contact") == "0/1");
}

TEST_CASE("a contact skipped by an early completion counts as missed in the week of its due") {
  History history = dispatched();
  history.tell(line("2021-09-16 15:00", kCompletion));
  CHECK(rate(history.weekly("2021-W37", "2021-09-17 10:00"), "departments/D07/contact") == "0/0");
  CHECK(rate(history.weekly("2021-W37", "2021-09-19 10:00"), "departments/D07/contact") == "0/1");
}

TEST_CASE("lights: yellow on the last day, red after it, out when met or completed") {
  const History history = dispatched();
  const auto light = [&](std::string_view minute) {
    return cell(history.weekly("2021-W37", minute), "lights/SQ1/1/D07/contact/2021-09-17/light");
  };
  CHECK(light("2021-09-16 23:59") == "(no such cell)");
  CHECK(light("2021-09-17 00:00") == "yellow");
  CHECK(light("2021-09-18 00:00") == "red");
  // The finished week stands as in its last microsecond; completion is due in the next.
  const auto finished = history.weekly("2021-W37", "2021-10-11 00:00");
  CHECK(cell(finished, "lights/SQ1/1/D07/contact/2021-09-17/overdue_workdays") == "1");  // 09-18
  CHECK(cell(finished, "lights/SQ1/1/D07/completion/2021-09-22/light") == "(no such cell)");
  CHECK(cell(finished, "due_next_week/SQ1/1/D07/completion/2021-09-22/due") ==
        "2021-09-23T00:00:00.000000+08:00");
  const auto next = history.weekly("2021-W38", "2021-10-11 00:00");
  CHECK(cell(next, "lights/SQ1/1/D07/completion/2021-09-22/light") == "red");
  CHECK(cell(next, "lights/SQ1/1/D07/completion/2021-09-22/overdue_workdays") == "3");
  CHECK(cell(next, "departments/D07/overdue") == "1");
  CHECK(cell(next, "departments/D07/red") == "1");
  CHECK(cell(next, "totals/overdue_open") == "1");
}

TEST_CASE("an approved return leaves dispatched, n and d, and is counted as returned only") {
  History history = dispatched();
  history.tell(R"(
    2021-09-16 10:00 | D07   | RequestReturn | appeal/SQ1 | {"matter":1,"department":"D07","reason":"不属本部门职责","proposed":"D05"}
    2021-09-17 10:00 | clerk | ApproveReturn | appeal/SQ1 | {"matter":1,"department":"D07"}
    2021-09-17 11:00 | clerk | DispatchAssignment | appeal/SQ1 | {"matter":1,"department":"D05","duty":"lead","track":"standard"}
  )");
  const auto before = history.weekly("2021-W37", "2021-09-17 09:00");
  CHECK(cell(before, "departments/D07/dispatched") == "1");
  // The ruling is the office's duty: due the same working day, so red on the next.
  CHECK(cell(before, "lights/SQ1/-/-/return_ruling/2021-09-16/light") == "red");
  const auto after = history.weekly("2021-W37", "2021-09-19 09:00");
  CHECK(cell(after, "departments/D07/dispatched") == "0");
  CHECK(cell(after, "departments/D07/returned") == "1");
  CHECK(cell(after, "departments/D07/open") == "0");
  CHECK(rate(after, "departments/D07/contact") == "0/0");
  CHECK(cell(after, "departments/D05/dispatched") == "1");
  CHECK(cell(after, "departments/D05/open") == "1");
}

TEST_CASE("a completion that was sent back is no completion, and is open with the same due") {
  History history = dispatched();
  history.tell(line("2021-09-17 09:00", kContact)).tell(line("2021-09-18 09:00", kCompletion));
  history.tell(R"(
    2021-09-22 09:00 | clerk | SendBackCompletion | appeal/SQ1 | {"matter":1,"department":"D07","text":"材料不全"}
  )");
  // Week 37 is over before it was sent back: its report stands.
  const auto w37 = history.weekly("2021-W37", "2021-10-11 00:00");
  CHECK(cell(w37, "departments/D07/completed_on_time") == "1");
  const auto w38 = history.weekly("2021-W38", "2021-09-23 09:00");
  CHECK(cell(w38, "departments/D07/open") == "1");
  CHECK(rate(w38, "departments/D07/completion") == "0/1");
  CHECK(cell(w38, "lights/SQ1/1/D07/completion/2021-09-22/light") == "red");
}

TEST_CASE(
    "a long-term matter owes progress every week after the approval, each missed week stays red") {
  History history = dispatched();
  history.tell(line("2021-09-17 09:00", kContact));
  history.tell(R"(
    2021-09-17 10:00 | D07  | RequestLongTerm | appeal/SQ1 | {"matter":1,"department":"D07","plan":"分三步推进","until":"2021-12-31"}
    2021-09-17 11:00 | lead | ApproveLongTerm | appeal/SQ1 | {"matter":1,"department":"D07"}
    2021-10-08 16:00 | D07  | ReportProgress  | appeal/SQ1 | {"matter":1,"department":"D07","week":"2021-W40","text":"已完成第一步","percent":30}
  )");
  struct Case {
    std::string_view week, due, filed;
  };
  const Case cases[] = {{"2021-W37", "0", "0"},
                        {"2021-W38", "1", "0"},
                        {"2021-W39", "1", "0"},
                        {"2021-W40", "1", "1"}};
  for (const Case& one : cases) {
    CAPTURE(one.week);
    const auto report = history.weekly(one.week, "2021-10-11 00:00");
    CHECK(cell(report, "departments/D07/progress_due") == one.due);
    CHECK(cell(report, "departments/D07/progress_filed") == one.filed);
  }
  const auto w40 = history.weekly("2021-W40", "2021-10-11 00:00");
  // W38's last working day is Sunday 09-26 (make-up), W39's Thursday 09-30.
  CHECK(cell(w40, "lights/SQ1/1/D07/progress/2021-09-26/light") == "red");
  CHECK(cell(w40, "lights/SQ1/1/D07/progress/2021-09-30/light") == "red");
  CHECK(cell(w40, "lights/SQ1/1/D07/progress/2021-10-09/light") == "(no such cell)");
  CHECK(cell(w40, "long_term/SQ1/1/D07/week_text") == "已完成第一步");
  CHECK(cell(w40, "long_term/SQ1/1/D07/percent") == "30");
  CHECK(cell(w40, "long_term/SQ1/1/D07/filed") == "true");
  const auto w39 = history.weekly("2021-W39", "2021-10-11 00:00");
  CHECK(cell(w39, "long_term/SQ1/1/D07/filed") == "false");
}

TEST_CASE("an enterprise found not satisfied at callback counts for each lead department") {
  History history = dispatched();
  history.tell(line("2021-09-17 09:00", kContact)).tell(line("2021-09-18 09:00", kCompletion));
  history.tell(R"(
    2021-09-22 10:00 | lead  | ConcludeAppeal | appeal/SQ1 | {"outcome":"solved"}
    2021-09-22 11:00 | clerk | AnswerAppeal   | appeal/SQ1 | {"text":"已办结"}
    2021-09-23 11:00 | clerk | RecordCallback | appeal/SQ1 | {"reached":true,"solved":true,"satisfied":false}
    2021-09-23 12:00 | 91350100M000100Y43 | RateAppeal | appeal/SQ1 | {"level":2,"reasons":["效率低"]}
  )");
  const auto w38 = history.weekly("2021-W38");
  CHECK(cell(w38, "departments/D07/dissatisfied") == "1");
  CHECK(cell(w38, "departments/D05/dissatisfied") == "0");
  CHECK(cell(w38, "totals/concluded") == "1");
  CHECK(cell(w38, "totals/rated") == "1");
  CHECK(cell(w38, "totals/bad_rated") == "1");
  CHECK(cell(w38, "totals/open") == "0");
  CHECK(rate(w38, "ratings/bad") == "1/1");
  CHECK(rate(w38, "ratings/good") == "0/1");
}

TEST_CASE("why names the events behind a figure, by the predicate that counts it") {
  History history = dispatched();
  history.tell(line("2021-09-18 00:00", kContact)).tell(line("2021-09-23 00:00", kCompletion));
  projections::Question question = history.ask();
  question.week = schemas::parse_week("2021-W38");
  const auto behind = [&](std::string cell_path) {
    projections::Trace trace(std::move(cell_path));
    static_cast<void>(history.draw("weekly", question, &trace));
    CHECK(trace.known());
    std::vector<std::string> names;
    for (const std::uint64_t seq : trace.seqs())
      names.emplace_back(schemas::EnumNameEventType(history.facts().type_of(seq)));
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(behind("departments/D07/completed_late") == Names{"CompletionReported"});
  CHECK(behind("departments/D07/completion/d") == Names{"AssignmentDispatched"});
  CHECK(behind("departments/D07/completion/n") == Names{});
  CHECK(behind("previous/submitted") == Names{"AppealSubmitted"});
  CHECK(behind("totals/open") == Names{"AppealSubmitted"});
  projections::Trace nonsense("departments/D99/open");
  static_cast<void>(history.draw("weekly", question, &nonsense));
  CHECK_FALSE(nonsense.known());
}
