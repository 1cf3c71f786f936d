// A moment asks five things: the departments of a week, the ratings of a quarter, the first hundred
// red rows, one case's events, and (once) how many cases there are.
#include "tools/benchmark/answers.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <unordered_map>

#include "engine/check.h"
#include "schemas/event.h"
#include "tools/benchmark/asking.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/case_table.h"
#include "tools/benchmark/figures.h"
#include "tools/benchmark/measure.h"
#include "tools/benchmark/stopwatch.h"
#include "tools/bihuan/session.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

namespace {

std::string text_of(const json::value& value) {
  if (value.is_null()) return {};
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

// Cells of an object, by path; a rate gives n and d.
json::array cells_of(const json::object& object, std::initializer_list<const char*> keys) {
  json::array cells;
  for (const char* key : keys) {
    const json::value& value = object.at(key);
    if (value.is_object() && value.as_object().contains("n")) {
      cells.emplace_back(text_of(value.at("n")));
      cells.emplace_back(text_of(value.at("d")));
    } else {
      cells.emplace_back(text_of(value));
    }
  }
  return cells;
}

json::array weekly_rows(const json::object& report) {
  json::array rows;
  for (const json::value& department : report.at("departments").as_array())
    rows.push_back(cells_of(department.as_object(),
                            {"department", "dispatched", "returned", "completed_on_time",
                             "completed_late", "open", "overdue", "contact", "completion"}));
  return rows;
}

json::array rating_rows(const json::object& report) {
  json::array row = cells_of(report, {"invited", "rated"});
  for (const json::value& cell :
       cells_of(report.at("levels").as_object(), {"5", "4", "3", "2", "1"}))
    row.push_back(cell);
  for (const json::value& cell :
       cells_of(report, {"active", "good", "satisfied", "bad", "called_back", "verified_in_time",
                         "rectified", "rectified_in_time", "contested", "upheld", "invalidated"}))
    row.push_back(cell);
  json::array rows;
  rows.push_back(std::move(row));
  return rows;
}

json::array red_rows(const json::object& report) {
  json::array rows;
  for (const json::value& row : report.at("rows").as_array()) {
    json::array cells = {text_of(report.at("total"))};
    for (const json::value& cell : cells_of(row.as_object(), {"appeal", "matter", "department"}))
      cells.push_back(cell);
    rows.push_back(std::move(cells));
  }
  return rows;
}

class Answering {
 public:
  Answering(engine::Log& log, const Reports& reports, const AnswerOptions& options)
      : log_(log), reports_(reports), random_(options.seed) {}

  Result<json::object> at_random_moment(bool finished_week) {
    const std::uint64_t events = log_.size(), skipped = events / 50;
    const std::uint64_t seq =
        skipped + 1 +
        static_cast<std::uint64_t>(random_.below(static_cast<std::int64_t>(events - skipped)));
    json::object parameters, found, ms;
    if (auto done = ask_reports(seq, finished_week, parameters, found, ms); !done)
      return std::unexpected(done.error());
    if (auto done = ask_case(seq, parameters, found, ms); !done)
      return std::unexpected(done.error());
    return json::object{{"seq", seq},
                        {"parameters", std::move(parameters)},
                        {"answers", std::move(found)},
                        {"ms", std::move(ms)}};
  }

 private:
  Result<json::object> timed(const Asked& asked, json::object& ms, const char* name) {
    const Stopwatch watch;
    auto drawn = reports_.draw(asked);
    ms[name] = watch.milliseconds();
    return drawn;
  }

  Result<void> ask_reports(std::uint64_t seq, bool finished_week, json::object& parameters,
                           json::object& found, json::object& ms) {
    const engine::Micros as_of = reports_.time_of(seq);
    Asked asked = asked_at("departments", seq, as_of);
    if (finished_week) asked.week.monday -= 7;
    const auto in_week = log_.seq_at(asked.week.to() - 1);
    if (!in_week) return std::unexpected(in_week.error());
    const auto weekly = timed(asked, ms, "weekly");
    if (!weekly) return std::unexpected(weekly.error());
    found["weekly"] = weekly_rows(*weekly);
    parameters["weekly"] = {{"seq", std::min(seq, *in_week)},
                            {"week_from", asked.week.from()},
                            {"week_to", asked.week.to()},
                            {"lights_at", std::min(asked.week.to() - 1, as_of)},
                            {"judged_at", std::min(asked.week.to(), as_of)}};
    asked = asked_at("ratings", seq, as_of);
    const auto ratings = timed(asked, ms, "ratings");
    if (!ratings) return std::unexpected(ratings.error());
    found["ratings"] = rating_rows(*ratings);
    parameters["ratings"] = {{"seq", seq},
                             {"first", schemas::start_of(asked.from)},
                             {"end", schemas::start_of(asked.to + 1)},
                             {"judged_at", as_of}};
    const auto red = timed(asked_at("red", seq, as_of), ms, "red");
    if (!red) return std::unexpected(red.error());
    found["red"] = red_rows(*red);
    parameters["red"] = {{"seq", seq}, {"lights_at", as_of}};
    return {};
  }

  // The case of the moment's record, or of the next one before it that belongs to an appeal.
  Result<void> ask_case(std::uint64_t seq, json::object& parameters, json::object& found,
                        json::object& ms) {
    std::string no;
    for (std::uint64_t from = seq; no.empty() && from > 0; --from) {
      const auto read = log_.read(from, from, [&](const engine::RecordView& record) {
        if (record.kind == "appeal") no = record.no;
        return true;
      });
      if (!read) return read;
    }
    json::array rows;
    const Stopwatch watch;
    std::size_t version = 0;
    for (const auto& [at, type] : reports_.course(no, seq))
      rows.push_back({std::to_string(at), std::to_string(++version), schemas::info_of(type).name});
    ms["case"] = watch.milliseconds();
    found["case"] = std::move(rows);
    parameters["case"] = {{"seq", seq}, {"no", no}};
    return {};
  }

  engine::Log& log_;
  const Reports& reports_;
  Random random_;
};

constexpr int kTables = 5;  // how often the table of cases is built, as by the peers

// What one row a case comes to, by the records alone: cases, events, the newest seqs added up,
// conclusions.
Result<json::array> case_totals(const engine::Log& log) {
  std::unordered_map<std::string, std::uint64_t> last;
  std::uint64_t events = 0, concluded = 0, sum = 0;
  const auto read = log.read(1, 0, [&](const engine::RecordView& record) {
    if (record.kind != "appeal") return true;
    last[std::string(record.no)] = record.seq;
    ++events;
    if (schemas::type_of(record) == schemas::EventType::AppealConcluded) ++concluded;
    return true;
  });
  if (!read) return std::unexpected(read.error());
  for (const auto& [no, seq] : last) sum += seq;
  json::array rows;
  rows.push_back(json::array{std::to_string(last.size()), std::to_string(events),
                             std::to_string(sum), std::to_string(concluded)});
  return rows;
}

}  // namespace

int answers(const AnswerOptions& options) {
  auto ledger = open_ledger(options.ledger, engine::OpenMode::read_only);
  if (!ledger) return complain(ledger.error());
  const auto reports = Reports::open(*ledger->log, /*keep=*/false);
  if (!reports) return complain(reports.error());
  say(fmt::format("我们在 {} 个随机时刻的答案", options.moments),
      fmt::format("our answers at {} random moments", options.moments));
  Answering answering(*ledger->log, *reports, options);
  json::array moments;
  while (moments.size() < options.moments) {
    auto one = answering.at_random_moment(moments.size() % 2 == 1);
    if (!one) return complain(one.error());
    moments.push_back(std::move(*one));
  }
  const auto cases = case_totals(*ledger->log);
  if (!cases) return complain(cases.error());
  json::array rebuild_ms;
  for (int run = 0; run <= kTables; ++run) {
    const Stopwatch watch;
    const std::vector<CaseRow> table = case_table(reports->facts());
    if (run > 0) rebuild_ms.push_back(watch.milliseconds());  // the first one warms up
    CHECK(totals_of(table) == *cases);
  }
  std::ofstream file(options.out, std::ios::binary);
  file << json::serialize(json::object{{"events", ledger->log->size()},
                                       {"moments", std::move(moments)},
                                       {"rebuild", *cases},
                                       {"rebuild_ms", std::move(rebuild_ms)}})
       << '\n';
  if (!file.flush())
    return complain(kRefused, "文件没有写完。", options.out + " could not be written completely.");
  return kDone;
}

}  // namespace tools
