// Reports do not depend on what is known of the activity of cases: settled or not, settled once or
// again and again while the ledger grew, they are the same bytes.
#include "projections/activity.h"

#include <doctest/doctest.h>

#include <random>

#include "tests/support/history.h"
#include "tools/workload/workload.h"

using projections::Activity;
using projections::Facts;
using projections::Question;
using projections::Subject;
using support::at;
using support::History;

namespace {

History district(int cases, std::uint64_t seed) {
  History history;
  tools::WorkloadOptions options;
  options.seed = seed;
  options.cases = cases;
  options.years = 1;
  tools::Workload workload(options);
  for (std::string line; workload.next(line);) REQUIRE_MESSAGE(history.send(line).empty(), line);
  return history;
}

std::string bytes_of(std::string_view report, const Facts& facts, const Question& question) {
  const auto drawn = projections::draw(report, facts, question);
  REQUIRE_MESSAGE(drawn.has_value(), (drawn ? "" : drawn.error().text));
  return boost::json::serialize(*drawn) + "\n";
}

// Every question that takes a way of its own through the cases.
std::vector<std::pair<std::string, Question>> questions_at(const projections::Moment& moment) {
  std::vector<std::pair<std::string, Question>> asked;
  Question plain;
  plain.moment = moment;
  const auto add = [&](std::string report, auto change) {
    Question question = plain;
    change(question);
    asked.emplace_back(std::move(report), std::move(question));
  };
  const schemas::Week week = schemas::week_of(schemas::day_of(moment.as_of));
  for (const int back : {0, 7, 70}) {
    add("weekly", [&](Question& q) { q.week = schemas::Week{week.monday - back}; });
    add("weekly", [&](Question& q) {
      q.week = schemas::Week{week.monday - back};
      q.section = "departments";
    });
  }
  const auto quarter = [&](Question& q) {
    q.to = schemas::day_of(moment.as_of);
    q.from = *q.to - 90;
  };
  add("ratings", quarter);
  add("ratings", [&](Question& q) {
    quarter(q);
    q.by = {"department", "channel"};
  });
  add("closed-loop", [](Question&) {});
  for (const char* light : {"red", "yellow", "green", "grey"})
    add("closed-loop", [&](Question& q) { q.light = light; });
  add("closed-loop", [](Question& q) { q.light = "red", q.limit = 3, q.offset = 1; });
  add("closed-loop", [](Question& q) { q.light = "yellow", q.department = "D07"; });
  add("closed-loop", [](Question& q) { q.limit = 10, q.offset = 37; });
  add("closed-loop", [](Question& q) { q.limit = 10, q.offset = 100'000; });
  add("closed-loop", [](Question& q) { q.department = "D07", q.limit = 5, q.offset = 2; });
  add("closed-loop", [](Question& q) { q.status = "closed", q.limit = 5, q.offset = 3; });
  add("supervision", [](Question&) {});
  add("plan", [](Question&) {});
  return asked;
}

}  // namespace

TEST_CASE("every report is the same whether cases at rest are known or not") {
  const History history = district(400, 7);
  const Facts& plain = history.facts();
  Facts settled = history.prefix(plain.seq()), growing;
  settled.settle(2);
  std::mt19937_64 random(99);
  std::vector<std::uint64_t> moments;
  for (int i = 0; i < 30; ++i) moments.push_back(1 + random() % plain.seq());
  std::ranges::sort(moments);
  for (const std::uint64_t seq : moments) {
    CAPTURE(seq);
    while (growing.seq() < seq)
      growing.apply(history.events()[growing.seq()].view(growing.seq() + 1));
    if (seq % 3 != 0) growing.settle(1);  // else some cases have moved since
    const Facts stopped = history.prefix(seq);
    for (const auto& [report, question] : questions_at(projections::moment_of_seq(plain, seq))) {
      CAPTURE(report);
      CAPTURE(question.light);
      CAPTURE(question.section);
      const std::string expected = bytes_of(report, stopped, question);
      CHECK(bytes_of(report, plain, question) == expected);
      CHECK(bytes_of(report, settled, question) == expected);
      CHECK(bytes_of(report, growing, question) == expected);
    }
  }
}

TEST_CASE("the reports drawn at once, from one fold of the cases, are those drawn one by one") {
  const History history = district(400, 11);
  const Facts& plain = history.facts();
  Facts settled = history.prefix(plain.seq());
  settled.settle(2);
  std::mt19937_64 random(5);
  for (int i = 0; i < 24; ++i) {
    Question question = history.ask();
    question.moment = projections::moment_of_seq(plain, 1 + random() % plain.seq());
    const schemas::Day today = schemas::day_of(question.moment.as_of);
    question.week = schemas::week_of(today - static_cast<schemas::Day>(random() % 3) * 35);
    if (i % 2 != 0) question.from = today - 90, question.to = today;
    if (i % 3 == 1) question.limit = 10, question.offset = random() % 50;
    if (i % 4 == 2) question.light = "red";
    if (i % 4 == 3) question.department = "D07";
    if (i % 6 == 4) question.status = "closed";
    CAPTURE(i);
    CAPTURE(question.moment.seq);
    for (const Facts* const facts : {&plain, static_cast<const Facts*>(&settled)}) {
      const auto at_once = projections::draw_all(*facts, question);
      REQUIRE(at_once.size() == projections::reports().size());
      for (std::size_t report = 0; report < at_once.size(); ++report) {
        const std::string_view name = projections::reports()[report].name;
        CAPTURE(name);
        REQUIRE(at_once[report].has_value());
        CHECK(boost::json::serialize(*at_once[report]) + "\n" == bytes_of(name, *facts, question));
      }
    }
  }
}

TEST_CASE("who asks for all reports with a moment that there is not gets each one's refusal") {
  const History history = district(20, 12);
  Question question = history.ask();
  question.week = schemas::week_of(schemas::day_of(question.moment.as_of));
  ++question.moment.seq;
  for (const auto& drawn : projections::draw_all(history.facts(), question)) {
    REQUIRE_FALSE(drawn.has_value());
    CHECK(drawn.error().code == engine::ErrorCode::not_found);
  }
}

TEST_CASE("the department table alone is that of the whole weekly report") {
  const History history = district(200, 8);
  Facts facts = history.prefix(history.facts().seq());
  facts.settle(2);
  Question question = history.ask();
  const schemas::Day last = schemas::day_of(question.moment.as_of);
  for (schemas::Day day = last - 300; day < last; day += 50) {
    question.week = schemas::week_of(day);
    question.section.clear();
    const auto whole = projections::draw("weekly", facts, question);
    question.section = "departments";
    const auto alone = projections::draw("weekly", facts, question);
    REQUIRE(whole.has_value());
    REQUIRE(alone.has_value());
    CHECK(whole->at("departments") == alone->at("departments"));
  }
  question.section = "headlines";
  CHECK_FALSE(projections::draw("weekly", facts, question).has_value());
}

TEST_CASE("the rows of one appeal are those that the whole ledger has of it") {
  const History history = district(60, 10);
  const Facts& facts = history.facts();
  Question question = history.ask();
  const auto whole = projections::draw("closed-loop", facts, question);
  REQUIRE(whole.has_value());
  for (const std::uint32_t item : facts.items_of(Subject::appeal)) {
    question.appeal = facts.text(facts.items()[item].no);
    const auto alone = projections::draw("closed-loop", facts, question);
    REQUIRE(alone.has_value());
    boost::json::array expected;
    for (const boost::json::value& row : whole->at("rows").as_array()) {
      if (row.at("appeal").as_string() != question.appeal) continue;
      expected.push_back(row);
      expected.back().as_object()["no"] = expected.size();
    }
    CHECK(alone->at("rows").as_array() == expected);
  }
  question.appeal = "SQ1999-000001";
  CHECK(projections::draw("closed-loop", facts, question)->at("rows").as_array().empty());
}

TEST_CASE("facts loaded from segments are the facts that were stored, and one byte more is not") {
  const History history = district(60, 11);
  Facts loaded;
  REQUIRE(loaded.load(history.facts().save(0, history.facts().seq())).has_value());
  CHECK(loaded == history.facts());
  CHECK_FALSE(loaded == history.prefix(history.facts().seq() - 1));
}

TEST_CASE("most cases are at rest most of the time, and most go straight") {
  const History history = district(400, 9);
  Facts facts = history.prefix(history.facts().seq());
  const std::uint64_t seq = facts.seq() / 2;
  const auto at_work = [&] {
    const auto now = facts.time_of(seq);
    return facts.activity().at_work(facts, Subject::appeal, now, now, seq).size();
  };
  const std::size_t begun = facts.begun(Subject::appeal, seq);
  CHECK(at_work() == begun);  // nothing is known yet
  facts.settle(1);
  CHECK(at_work() < begun / 4);
  std::size_t straight = 0;
  for (const std::uint32_t item : facts.items_of(Subject::appeal))
    if (facts.activity().straight(facts.items()[item], facts.seq())) ++straight;
  CHECK(straight > 300);
  CHECK(straight < 400);
}
