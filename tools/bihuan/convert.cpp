// `bihuan convert calendars|plan`: published facts (State Council notices, the three-year plan) as
// history files, each fact on the day of its publication. Tasks' texts were not published: they are
// samples.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <tuple>

#include "tools/bihuan/session.h"

namespace tools {

namespace json = boost::json;

namespace {

struct Event {
  std::string at;
  json::object line;
  std::size_t order = 0;
};

json::object line_of(const std::string& at, std::string_view role, std::string_view command,
                     const std::string& stream, const std::string& id, json::object data) {
  return {{"at", at},           {"actor", {{"id", "publication"}, {"role", role}}},
          {"command", command}, {"stream", stream},
          {"id", id},           {"data", std::move(data)}};
}

std::string midnight(std::string_view date) { return fmt::format("{}T00:00:00+08:00", date); }

json::array to_list(const std::set<std::string>& dates) {
  json::array list;
  for (const std::string& date : dates) list.emplace_back(date);
  return list;
}

std::set<std::string> dates_of(const json::value& days) {
  std::set<std::string> dates;
  for (const json::value& day : days.as_array())
    dates.insert(std::string(day.is_string() ? day.get_string() : day.at("date").as_string()));
  return dates;
}

struct YearDays {
  std::set<std::string> holidays, makeups;
};

// What was known before the amendment: its additions taken away, its removals put back.
YearDays before(YearDays days, const json::value& amendment) {
  for (const std::string& date : dates_of(amendment.at("added_holidays")))
    days.holidays.erase(date);
  for (const std::string& date : dates_of(amendment.at("added_makeup_workdays")))
    days.makeups.erase(date);
  for (const std::string& date : dates_of(amendment.at("removed_makeup_workdays")))
    days.makeups.insert(date);
  return days;
}

json::object year_fields(const std::string& year, std::string_view notice, const YearDays& days) {
  return {{"year", std::stoi(year)},
          {"notice", notice},
          {"holidays", to_list(days.holidays)},
          {"makeup_workdays", to_list(days.makeups)}};
}

std::vector<Event> calendars(const json::value& document) {
  std::vector<Event> events;
  for (const auto& [key, fields] : document.at("years").as_object()) {
    const std::string year(key);
    const std::string stream = "calendar/" + year;
    YearDays days{dates_of(fields.at("holidays")), dates_of(fields.at("makeup_workdays"))};
    const json::array& amendments = document.at("amendments").as_array();
    for (auto amendment = amendments.rbegin(); amendment != amendments.rend(); ++amendment) {
      const std::string published(amendment->at("published").as_string());
      if (!published.starts_with(year)) continue;
      json::object data = year_fields(year, amendment->at("notice").as_string(), days);
      data["effective"] = published;
      events.push_back(
          {midnight(published),
           line_of(midnight(published), "office_lead", "AmendCalendar", stream,
                   fmt::format("calendar-{}-amended-{}", year, published), std::move(data))});
      days = before(std::move(days), *amendment);
    }
    const json::value& notice = fields.at("notices").as_array().at(0);
    const std::string at = midnight(std::string_view(notice.at("published").as_string()));
    events.push_back({at, line_of(at, "office_lead", "PublishCalendar", stream, "calendar-" + year,
                                  year_fields(year, notice.at("url").as_string(), days))});
  }
  return events;
}

std::vector<Event> plan(const json::value& document) {
  const std::string at = "2021-09-15T09:00:00+08:00";  // the press conference named by the source
  std::vector<Event> events;
  json::array environments;
  for (const json::value& environment : document.at("environments").as_array()) {
    json::object fields;
    for (const char* const key : {"name", "domains", "tasks", "aim"})
      fields[key] = environment.at(key);
    environments.push_back(std::move(fields));
  }
  events.push_back({at, line_of(at, "office_lead", "PublishPlan", "plan/2021-2023", "plan-2021",
                                {{"name", document.at("name")}, {"environments", environments}})});
  int number = 0;
  for (const json::value& environment : document.at("environments").as_array()) {
    const json::array& domains = environment.at("domains").as_array();
    const std::int64_t tasks = environment.at("tasks").to_number<std::int64_t>();
    for (std::int64_t i = 0; i < tasks; ++i) {
      const std::string code = fmt::format("RW-{:03}", ++number);
      // Consecutive runs of almost equal length: how the tasks are split by domain is not
      // published.
      const std::size_t domain =
          static_cast<std::size_t>(i) * domains.size() / static_cast<std::size_t>(tasks);
      events.push_back({at, line_of(at, "office_lead", "CreateTask", "task/" + code, "task-" + code,
                                    {{"plan", "2021-2023"},
                                     {"environment", environment.at("name")},
                                     {"domain", domains[domain]},
                                     {"title", fmt::format("示例任务 {:03}", number)},
                                     {"due", "2023-12-31"}})});
    }
  }
  return events;
}

struct ConvertOptions {
  std::string what, file;
};

int convert(const ConvertOptions& options) {
  std::ifstream file(options.file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return complain(kBadArguments, "文件打不开。", options.file + " cannot be opened.");
  std::vector<Event> events;
  try {
    const json::value document = json::parse(text);
    events = options.what == "plan" ? plan(document) : calendars(document);
  } catch (const std::exception& wrong) {
    return complain(kBadArguments, "文件内容不合要求。",
                    fmt::format("{} is not of the expected form: {}.", options.file, wrong.what()));
  }
  for (std::size_t i = 0; i < events.size(); ++i) events[i].order = i;
  std::ranges::sort(events, {}, [](const Event& event) { return std::tie(event.at, event.order); });
  for (const Event& event : events) print(json::serialize(event.line) + "\n");
  return kDone;
}

}  // namespace

void add_convert(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "convert", "把公布的工作日历或行动计划转为历史文件（标准输出）",
      "Turns published calendars or the published plan into a history file (stdout)");
  const auto options = std::make_shared<ConvertOptions>();
  sub->add_option("what", options->what, both("calendars 或 plan", "calendars or plan"))
      ->required()
      ->check(CLI::IsMember({"calendars", "plan"}));
  sub->add_option("file", options->file, both("JSON 文件", "the JSON file"))->required();
  sub->callback([options, &session] { session.exit_code = convert(*options); });
}

}  // namespace tools
