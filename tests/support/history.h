// A whole district in a test: lines of a table go through the JSON door and the rules, what they
// record goes into facts. The table is what an official would write down:
//
//   2021-09-16 09:30 | clerk | AcceptAppeal | appeal/SQ1 | {}
//
// Actors: clerk, lead, leader, inspector, a department (D07), a supervisor (S1), or an enterprise
// by its code.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/source.h"
#include "projections/catalog.h"
#include "projections/facts.h"
#include "schemas/district.h"
#include "schemas/json.h"
#include "tests/support/subject.h"

namespace support {

inline constexpr std::string_view kEnterprise = "91350100M000100Y43";
inline constexpr std::string_view kOther = "91512081MA62K0260E";

// "2021-09-16 09:30", in Shanghai, as an instant.
[[nodiscard]] inline engine::Micros at(std::string_view minute) {
  std::string text(minute);
  text[10] = 'T';
  const auto parsed = schemas::parse_time(text + (text.size() == 16 ? ":00+08:00" : "+08:00"));
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

class History {
 public:
  History() { REQUIRE(office_->district.load(0).has_value()); }

  // The calendar of 2021's autumn, departments D05 住建 and D07 市场监管, two enterprises.
  static constexpr std::string_view kFoundation = R"(
    2021-01-02 09:00 | lead  | PublishCalendar    | calendar/2021 | {"year":2021,"notice":"国办发明电〔2020〕27号","holidays":["2021-09-19","2021-09-20","2021-09-21","2021-10-01","2021-10-02","2021-10-03","2021-10-04","2021-10-05","2021-10-06","2021-10-07"],"makeup_workdays":["2021-09-18","2021-09-26","2021-10-09"]}
    2021-01-02 09:01 | lead  | CreateDepartment   | department/D07 | {"name":"区市场监督管理局"}
    2021-01-02 09:02 | lead  | CreateDepartment   | department/D05 | {"name":"区住房和城乡建设局"}
    2021-01-02 09:03 | clerk | RegisterEnterprise | enterprise/91350100M000100Y43 | {"name":"示例制造有限公司"}
    2021-01-02 09:04 | clerk | RegisterEnterprise | enterprise/91512081MA62K0260E | {"name":"示例商贸有限公司"}
  )";

  // Every line must be accepted.
  History& tell(std::string_view table) {
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
      if (line.find_first_not_of(' ') == std::string::npos) continue;
      const std::string refused = say(line);
      REQUIRE_MESSAGE(refused.empty(), line << " -> " << refused);
    }
    return *this;
  }

  // One line of the table; the refusal code, or "".
  std::string say(std::string_view line) {
    std::vector<std::string> cells;
    while (cells.size() < 4) {
      const std::size_t bar = line.find('|');
      REQUIRE(bar != std::string_view::npos);
      cells.push_back(trimmed(line.substr(0, bar)));
      line.remove_prefix(bar + 1);
    }
    boost::json::object json;
    json["at"] = schemas::time_text(at(cells[0]));
    json["actor"] = actor(cells[1]);
    json["command"] = cells[2];
    json["stream"] = cells[3];
    json["id"] = "k" + std::to_string(++ids_);
    json["data"] = boost::json::parse(trimmed(line));
    return send(boost::json::serialize(json));
  }

  // A line of a history file; the refusal code, or "".
  std::string send(std::string_view line) {
    const auto command = schemas::parse_line(line);
    if (!command) return std::string(schemas::code_name(command.error().code));
    const auto ruling = office_->district.decide(*command, events_.size() + 1);
    REQUIRE(ruling.has_value());
    if (!ruling->refused.empty()) return ruling->refused;
    for (const engine::NewEvent& event : ruling->events) {
      events_.push_back(event);
      facts_.apply(event.view(events_.size()));
    }
    return {};
  }

  [[nodiscard]] const projections::Facts& facts() const { return facts_; }
  [[nodiscard]] const std::vector<engine::NewEvent>& events() const { return events_; }
  // Facts that have seen the first `count` records only.
  [[nodiscard]] projections::Facts prefix(std::uint64_t count) const {
    projections::Facts facts;
    for (std::uint64_t seq = 1; seq <= count; ++seq) facts.apply(events_[seq - 1].view(seq));
    return facts;
  }

  [[nodiscard]] projections::Question ask(std::string_view minute = {}) const {
    projections::Question question;
    question.district = "示例区";
    question.moment = minute.empty() ? projections::moment_of_seq(facts_, facts_.seq())
                                     : projections::moment_of_time(facts_, at(minute));
    return question;
  }
  [[nodiscard]] boost::json::object draw(std::string_view report,
                                         const projections::Question& question,
                                         projections::Trace* trace = nullptr) const {
    auto drawn = projections::draw(report, facts_, question, trace);
    REQUIRE_MESSAGE(drawn.has_value(), (drawn ? "" : drawn.error().text));
    return *std::move(drawn);
  }
  [[nodiscard]] boost::json::object weekly(std::string_view week,
                                           std::string_view minute = {}) const {
    projections::Question question = ask(minute);
    question.week = schemas::parse_week(week);
    REQUIRE(question.week.has_value());
    return draw("weekly", question);
  }

 private:
  static std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    const std::size_t last = text.find_last_not_of(' ');
    return first == std::string_view::npos ? std::string()
                                           : std::string(text.substr(first, last - first + 1));
  }
  static boost::json::object actor(const std::string& name) {
    if (name == "clerk") return {{"id", "office-1"}, {"role", "office_clerk"}};
    if (name == "lead") return {{"id", "office-9"}, {"role", "office_lead"}};
    if (name == "leader") return {{"id", "leader-1"}, {"role", "district_leader"}};
    if (name == "inspector") return {{"id", "inspector-1"}, {"role", "inspector"}};
    if (name.starts_with('D'))
      return {{"id", name + "-officer"}, {"role", "department_officer"}, {"department", name}};
    if (name.starts_with('S')) return {{"id", name}, {"role", "supervisor"}};
    return {{"id", name}, {"role", "enterprise"}};
  }

  // Apart, because the rules keep references to what they ask and a history can be moved.
  struct Office {
    engine::EmptySource nothing;
    FakeSealer sealer;
    schemas::District district{nothing, sealer};
  };
  std::unique_ptr<Office> office_ = std::make_unique<Office>();
  std::vector<engine::NewEvent> events_;
  projections::Facts facts_;
  int ids_ = 0;
};

// A cell of a drawn report by its path, printed; "(no such cell)" where there is none.
[[nodiscard]] inline std::string cell(const boost::json::object& report, std::string_view path) {
  for (const auto& [name, value] : projections::cells_of(report))
    if (name == path)
      return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
  return "(no such cell)";
}

// "departments/D07/contact" of rates: "n/d".
[[nodiscard]] inline std::string rate(const boost::json::object& report, std::string_view path) {
  const std::string name(path);
  return cell(report, name + "/n") + "/" + cell(report, name + "/d");
}

}  // namespace support
