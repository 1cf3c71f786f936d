// Writes history lines (interfaces.md section 2).
#include "tools/workload/script.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "engine/check.h"
#include "schemas/calendar.h"

namespace tools {
namespace {

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_two(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

}  // namespace

void append_time(std::string& out, Micros at) {
  using namespace std::chrono;
  const schemas::Day day = schemas::day_of(at);
  const year_month_day date{sys_days{days{day}}};
  const auto second = static_cast<unsigned>((at - schemas::start_of(day)) / kSecond);
  append_number(out, static_cast<int>(date.year()));
  out += '-';
  append_two(out, static_cast<unsigned>(date.month()));
  out += '-';
  append_two(out, static_cast<unsigned>(date.day()));
  out += 'T';
  append_two(out, second / 3600);
  out += ':';
  append_two(out, second / 60 % 60);
  out += ':';
  append_two(out, second % 60);
  out += "+08:00";
}

void Fields::key(std::string_view name) {
  if (!text_.empty()) text_ += ',';
  text_ += '"';
  text_ += name;
  text_ += "\":";
}

Fields& Fields::text(std::string_view name, std::string_view value) {
  key(name);
  text_ += '"';
  text_ += value;
  text_ += '"';
  return *this;
}

Fields& Fields::number(std::string_view name, std::int64_t value) {
  key(name);
  append_number(text_, value);
  return *this;
}

Fields& Fields::flag(std::string_view name, bool value) {
  return json(name, value ? "true" : "false");
}

Fields& Fields::json(std::string_view name, std::string_view value) {
  key(name);
  text_ += value;
  return *this;
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    if (list.size() > 1) list += ',';
    list += '"';
    list += text;
    list += '"';
  }
  return list += ']';
}

void Script::add(Micros at, const Person& actor, std::string_view command, const Fields& data) {
  write(at, actor, command, data, false);
}

void Script::add_bad(Micros at, const Person& actor, std::string_view command, const Fields& data) {
  write(at, actor, command, data, true);
}

void Script::write(Micros at, const Person& actor, std::string_view command, const Fields& data,
                   bool bad) {
  std::string line;
  line.reserve(256 + data.inside().size());
  line += R"({"at":")";
  append_time(line, at);
  line += R"(","actor":{"id":")";
  line += actor.id;
  line += R"(","role":")";
  line += actor.role;
  if (!actor.department.empty()) {
    line += R"(","department":")";
    line += actor.department;
  }
  line += R"("},"command":")";
  line += command;
  line += R"(","stream":")";
  line += stream_;
  line += R"(","id":")";
  if (bad) line += "bad-";
  line += stream_;
  line += '#';
  append_number(line, bad ? ++bad_lines_ : ++lines_);
  line += R"(","data":{)";
  line += data.inside();
  line += "}}";
  steps_.push_back({at, lines_ + bad_lines_, bad, std::move(line)});
}

void Script::drop_after(Micros at) {
  std::erase_if(steps_, [at](const Step& step) { return step.at > at; });
}

void Script::sort() {
  std::ranges::sort(steps_, [](const Step& a, const Step& b) {
    return a.at != b.at ? a.at < b.at : a.order < b.order;
  });
}

}  // namespace tools
