// Plays the text tables of tests/scenarios: acts with the answers they must get, and in between the
// closed-loop ledger and the lights as an official would read them. The tables explain themselves.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "projections/catalog.h"
#include "schemas/event.h"
#include "tests/support/office.h"

namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(trimmed(text.substr(at, end - at)));
    at = end + 1;
  }
  return parts;
}

std::string text_or_dash(const boost::json::value* value) {
  if (value == nullptr || value->is_null()) return "-";
  return value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
}

class Scenario {
 public:
  explicit Scenario(const std::filesystem::path& path) : path_(path) {}

  void play() {
    std::ifstream file(path_);
    REQUIRE(file.is_open());
    std::string line;
    while (std::getline(file, line)) {
      ++line_;
      const std::string text = trimmed(line);
      if (text.empty() || text.starts_with('#')) continue;
      INFO(path_.filename().string(), " line ", line_, ": ", text);
      step(text);
    }
    CHECK_MESSAGE(office_.audit().empty(), path_.filename().string(),
                  ": the audit finds no breach");
    CHECK(steps_ > 0);
  }

 private:
  void step(const std::string& text) {
    ++steps_;
    if (text.starts_with("日历 ")) return publish(text.substr(std::string("日历 ").size()));
    if (text == "重启") return office_.restart();
    const auto parts = split(text, '|');
    if (text.starts_with("台账 ")) {
      REQUIRE(parts.size() == 2);
      CHECK(ledger_at(trimmed(parts[0].substr(std::string("台账").size()))) == parts[1]);
    } else if (text.starts_with("灯 ")) {
      REQUIRE(parts.size() == 2);
      CHECK(lights_at(trimmed(parts[0].substr(std::string("灯").size()))) == parts[1]);
    } else if (text.starts_with("成效 ")) {
      REQUIRE(parts.size() == 2);
      CHECK(effect_at(trimmed(parts[0].substr(std::string("成效").size()))) == parts[1]);
    } else if (text.starts_with("依据 ")) {
      REQUIRE(parts.size() == 2);
      CHECK(pins_of(trimmed(parts[0].substr(std::string("依据").size()))) == parts[1]);
    } else if (text.starts_with("匹配 ")) {
      REQUIRE(parts.size() == 2);
      CHECK(match_of(trimmed(parts[0].substr(std::string("匹配").size()))) == parts[1]);
    } else {
      REQUIRE(parts.size() == 6);
      CHECK(office_.act(parts[0], parts[1], parts[2], parts[3], parts[4]) == parts[5]);
    }
  }

  void publish(const std::string& year) {
    std::ifstream file(std::string(TESTS_DIR) + "/golden/calendar/cn-workdays.json");
    REQUIRE(file.is_open());
    std::stringstream bytes;
    bytes << file.rdbuf();
    const auto days = boost::json::parse(bytes.str()).at("years").at(year);
    boost::json::array holidays, makeups;
    for (const auto& day : days.at("holidays").as_array()) holidays.push_back(day.at("date"));
    for (const auto& day : days.at("makeup_workdays").as_array())
      makeups.push_back(day.is_object() ? day.at("date") : day);
    const boost::json::object data{{"year", std::stoi(year)},
                                   {"notice", "国务院办公厅通知"},
                                   {"holidays", holidays},
                                   {"makeup_workdays", makeups}};
    CHECK(office_.act(year + "-01-01T00:00", "system:state-council", "PublishCalendar",
                      "calendar/" + year, boost::json::serialize(data)) == "ok");
  }

  boost::json::object draw(std::string_view report, std::string_view time) {
    for (std::uint64_t seq = facts_.seq() + 1; seq <= office_.source().size(); ++seq)
      facts_.apply(office_.source().at(seq));
    projections::Question question;
    question.district = "示例区";
    const auto at = schemas::parse_time(std::string(time) + ":00+08:00");
    REQUIRE(at.has_value());
    question.moment = projections::moment_of_time(facts_, *at);
    question.week = schemas::week_of(schemas::day_of(*at));
    const auto drawn = projections::draw(report, facts_, question);
    REQUIRE(drawn.has_value());
    return *drawn;
  }

  // "matter department status light ; ..." for every row, in order.
  std::string ledger_at(std::string_view time) {
    std::string all;
    const auto report = draw("closed-loop", time);
    for (const auto& value : report.at("rows").as_array()) {
      const auto& row = value.as_object();
      if (!all.empty()) all += " ; ";
      all += text_or_dash(row.if_contains("matter")) + ' ' +
             text_or_dash(row.if_contains("department")) + ' ' +
             text_or_dash(row.if_contains("status")) + ' ' + text_or_dash(row.if_contains("light"));
    }
    return all;
  }

  // "obligation department light ; ..." for every yellow and red light; 无 for none.
  std::string lights_at(std::string_view time) {
    std::string all;
    const auto report = draw("weekly", time);
    for (const auto& value : report.at("lights").as_array()) {
      const auto& light = value.as_object();
      if (!all.empty()) all += " ; ";
      all += text_or_dash(light.if_contains("obligation")) + ' ' +
             text_or_dash(light.if_contains("department")) + ' ' +
             text_or_dash(light.if_contains("light"));
    }
    return all.empty() ? "无" : all;
  }

  // The totals of the policies' effect, as their headings name them.
  std::string effect_at(std::string_view time) {
    const auto report = draw("policies", time);
    std::string all;
    for (const auto& [name, key] :
         {std::pair{"推送", "pushed"}, std::pair{"已读", "read"}, std::pair{"申报", "applied"},
          std::pair{"批准", "granted"}, std::pair{"金额", "amount"}, std::pair{"符合", "eligible"},
          std::pair{"已告知", "told"}})
      all += (all.empty() ? "" : " ") + std::string(name) + ' ' +
             boost::json::serialize(report.at("totals").at(key));
    return all;
  }

  // What the newest match of an application, and the newest push that rests on it, pin.
  std::string pins_of(std::string_view no) {
    std::string found = "没有", pushed = "没有";
    for (std::uint64_t seq = 1; seq <= office_.source().size(); ++seq) {
      const engine::RecordView record = office_.source().at(seq);
      if (schemas::type_of(record) == schemas::EventType::MatchComputed && record.no == no) {
        const auto& match = schemas::payload_of<schemas::MatchComputed>(record);
        found = "政策 @" + std::to_string(match.policy_version()) + " 条件 @" +
                std::to_string(match.conditions_version()) + " 画像 @" +
                std::to_string(match.profile_version());
      } else if (schemas::type_of(record) == schemas::EventType::PolicyPushed) {
        const auto& push = schemas::payload_of<schemas::PolicyPushed>(record);
        if (schemas::view(push.application()) == no)
          pushed = "条件 @" + std::to_string(push.conditions());
      }
    }
    return found + " ; 推送 " + pushed;
  }

  // The newest match of an application: verdict, how many conditions lack or miss, then for each
  // leaf "node value
  // @version of the enterprise's stream"; "-" for a value that is not known.
  std::string match_of(std::string_view no) {
    std::string found = "没有";
    for (std::uint64_t seq = 1; seq <= office_.source().size(); ++seq) {
      const engine::RecordView record = office_.source().at(seq);
      if (schemas::type_of(record) != schemas::EventType::MatchComputed || record.no != no)
        continue;
      const auto& match = schemas::payload_of<schemas::MatchComputed>(record);
      found = schemas::EnumNameVerdict(match.verdict());
      if (match.lacking() + match.missing() > 0)
        found += " " + std::to_string(match.lacking()) + "+" + std::to_string(match.missing());
      for (const schemas::LeafVerdict* leaf : *match.leaves()) {
        const std::string_view value = schemas::view(leaf->value());
        found += " ; " + std::to_string(leaf->node()) + " " +
                 (value.empty() ? "-" : std::string(value)) + " @" +
                 std::to_string(leaf->version());
      }
    }
    return found;
  }

  std::filesystem::path path_;
  engine::KeyRing keys_{engine::Hash{7}};
  support::Office office_{keys_};
  projections::Facts facts_;
  int line_ = 0, steps_ = 0;
};

}  // namespace

TEST_CASE("scenarios: every table of tests/scenarios plays as it is written") {
  std::vector<std::filesystem::path> tables;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TESTS_DIR) + "/scenarios"))
    if (entry.path().extension() == ".txt") tables.push_back(entry.path());
  std::ranges::sort(tables);
  REQUIRE(!tables.empty());
  for (const auto& table : tables) Scenario(table).play();
}
