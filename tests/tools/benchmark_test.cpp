// The bench itself: its scans count what a plain loop counts, its small run has all its figures,
// and the command explains itself. No time is ever compared with anything.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/tools/run.h"
#include "tools/benchmark/columns.h"
#include "tools/benchmark/figures.h"

namespace {

using tools_test::read_file;
using tools_test::run;
using tools_test::TempDir;

tools::WeekTable plain_week(const tools::SyntheticCases& cases, std::int32_t from,
                            std::int32_t to) {
  tools::WeekTable table{};
  for (std::size_t row = 0; row < cases.rows(); ++row) {
    tools::WeekCounts& counts = table[static_cast<std::size_t>(cases.department[row])];
    if (cases.dispatched[row] >= to) continue;
    if (cases.dispatched[row] >= from) ++counts.dispatched;
    const bool done = cases.completed[row] != 0 && cases.completed[row] < to;
    if (done && cases.completed[row] >= from)
      ++(cases.completed[row] < cases.due[row] ? counts.on_time : counts.late);
    if (done) continue;
    ++counts.open;
    if (cases.due[row] <= to) ++counts.overdue;
  }
  return table;
}

tools::RatingCounts plain_ratings(const tools::SyntheticCases& cases, std::int32_t from,
                                  std::int32_t to, std::int32_t moment) {
  tools::RatingCounts counts;
  for (std::size_t row = 0; row < cases.rows(); ++row) {
    const std::int32_t concluded = cases.concluded[row];
    if (concluded == 0 || concluded < from || concluded >= to) continue;
    ++counts.invited;
    if (cases.rated[row] != 0 && cases.rated[row] < moment)
      ++counts.levels[static_cast<std::size_t>(cases.level[row])];
  }
  return counts;
}

tools::OverdueCases plain_overdue(const tools::SyntheticCases& cases, std::int32_t moment,
                                  std::size_t limit) {
  tools::OverdueCases found;
  for (std::size_t row = 0; row < cases.rows(); ++row) {
    const bool open = cases.dispatched[row] < moment &&
                      (cases.completed[row] == 0 || cases.completed[row] >= moment);
    if (!open || cases.due[row] > moment) continue;
    ++found.total;
    if (found.first.size() < limit) found.first.push_back(static_cast<std::uint32_t>(row));
  }
  return found;
}

}  // namespace

TEST_CASE("bench: the column scans count what a plain loop over the rows counts") {
  for (const std::int64_t rows : {0, 1, 7, 4095, 4097, 30'001}) {
    const tools::SyntheticCases cases(rows);
    tools::ColumnScan scan(cases);
    for (const std::int32_t moment : {1, 90, 500, cases.days() + 20}) {
      CAPTURE(rows);
      CAPTURE(moment);
      CHECK(scan.week(moment - 7, moment) == plain_week(cases, moment - 7, moment));
      CHECK(scan.ratings(moment - 91, moment, moment) ==
            plain_ratings(cases, moment - 91, moment, moment));
      CHECK(scan.overdue(moment, 100) == plain_overdue(cases, moment, 100));
    }
  }
}

TEST_CASE("bench: medians, goals and ratios are what they say") {
  CHECK(tools::median({3, 1, 2}) == 2);
  CHECK(tools::median({4, 1, 2, 3}) == 2.5);
  CHECK(tools::median({}) == 0);
  CHECK(tools::number_text(1234567.0) == "1,234,567");
  CHECK(tools::number_text(123.0) == "123");
  tools::Figures figures;
  figures.add({.name = "limit", .chinese = "", .unit = "ms", .runs = {2, 2, 2}});
  figures.add({.name = "good",
               .chinese = "",
               .unit = "ms",
               .runs = {1, 8, 9},
               .limit = "limit",
               .goal = {.ratio_max = 4}});
  figures.add({.name = "bad",
               .chinese = "",
               .unit = "ms",
               .runs = {9},
               .limit = "limit",
               .goal = {.ratio_max = 4}});
  figures.add({.name = "either",
               .chinese = "",
               .unit = "ms",
               .runs = {9},
               .limit = "limit",
               .goal = {.ratio_min = 90, .value_min = 9}});
  const boost::json::array list = figures.to_json();
  CHECK(list[1].at("ratio").as_double() == 4);
  CHECK(list[1].at("goal_met").as_bool());
  CHECK(!list[2].at("goal_met").as_bool());
  CHECK(list[3].at("goal_met").as_bool());
}

TEST_CASE("bench: a tiny run measures every figure and writes it all down") {
  const TempDir dir;
  const std::string out = dir / "out.json";
  const auto ran =
      run("measure --cases 30 --runs 1 --moments 2 --check --limit-seconds 0.05 --dir " +
              dir.path() + " --out " + out + " --commit abc",
          "bihuan-bench");
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  CHECK(ran.out.find("fdatasync") != std::string::npos);
  const boost::json::value document = boost::json::parse(read_file(out));
  CHECK(document.at("versions").at("commit").as_string() == "abc");
  CHECK(!document.at("machine").at("kernel").as_string().empty());
  CHECK(!document.at("durability").as_string().empty());
  const boost::json::object& size = document.at("sizes").as_array().at(0).as_object();
  CHECK(size.at("events").to_number<int>() > 400);
  CHECK(size.at("reports_compared").to_number<int>() == 12);
  CHECK(size.at("reports_different").to_number<int>() == 0);
  std::set<std::string> names;
  for (const boost::json::value& figure : size.at("figures").as_array()) {
    names.insert(std::string(figure.at("name").as_string()));
    CHECK(figure.at("median").to_number<double>() > 0);
    CHECK(figure.at("min").to_number<double>() <= figure.at("max").to_number<double>());
  }
  for (const char* name : {"limit.fdatasync",
                           "limit.write_bandwidth",
                           "limit.memory_bandwidth",
                           "limit.sha256",
                           "limit.columns_weekly",
                           "append.clients_1",
                           "append.clients_8",
                           "append.clients_64",
                           "append.batch_1000",
                           "storage.record_bytes",
                           "storage.disk_bytes",
                           "rebuild.cold",
                           "report.weekly",
                           "report.weekly.cold",
                           "report.ratings",
                           "report.closed_loop",
                           "report.closed_loop_red",
                           "report.plan",
                           "report.supervision",
                           "report.why",
                           "report.diff",
                           "case.state",
                           "case.history",
                           "memory.resident",
                           "proof.make",
                           "audit.full",
                           "package.make",
                           "package.verify",
                           "package.bytes",
                           "open.clean",
                           "open.killed"})
    CHECK_MESSAGE(names.contains(name), std::string(name));
  CHECK(!std::filesystem::exists(dir / "ledger-30"));  // not asked to keep it
}

TEST_CASE("bench: the command explains itself and refuses what it does not know") {
  const std::string command = std::string(PROJECT_DIR) + "/tools/bench";
  const TempDir dir;
  CHECK(std::system((command + " --help >" + (dir / "out")).c_str()) == 0);
  const std::string help = read_file(dir / "out");
  for (const char* option : {"--full", "--peers", "--commit-plots", "--cases"})
    CHECK_MESSAGE(help.find(option) != std::string::npos, std::string(option));
  const int status = std::system((command + " --nonsense >/dev/null 2>&1").c_str());
  CHECK(WEXITSTATUS(status) == 2);
}

TEST_CASE("bench: what the peers load is the same bytes every time, and holds every event") {
  const TempDir dir;
  const std::string ledger = dir / "ledger-40";
  const auto made = run(
      "measure --cases 40 --only appends --runs 1 --limit-seconds 0.02 --keep --dir " + dir.path(),
      "bihuan-bench");
  REQUIRE_MESSAGE(made.exit_code == 0, made.err);
  for (const char* out : {"one", "two"})
    REQUIRE(run("export-peers --ledger " + ledger + " --out " + (dir / out), "bihuan-bench")
                .exit_code == 0);
  for (const std::string name : {"events.csv", "assignments.csv", "rounds.csv", "departments.csv",
                                 "weeks.csv", "appends.bin"}) {
    const std::string bytes = read_file(dir / ("one/" + name));
    CHECK_MESSAGE(bytes == read_file(dir / ("two/" + name)), name);
    CHECK_MESSAGE(std::ranges::count(bytes, '\n') > 2, name);
  }
  const std::string head = "history appeal/SQ2021-000001 --data " + ledger;
  const auto history = run(head);
  REQUIRE(history.exit_code == 0);
  const std::string events = read_file(dir / "one/events.csv");
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = events.find(",\"SQ2021-000001\",", at)) != std::string::npos; ++at)
    ++lines;
  CHECK(lines == history.json().at("events").as_array().size());
}
