// History lines: what the door takes, and every kind of line that it refuses.
#include <doctest/doctest.h>

#include <string>

#include "schemas/calendar.h"
#include "schemas/json.h"

namespace json_line_test {

namespace {

namespace bj = boost::json;
using namespace schemas;

bj::object without_key(const bj::object& object, std::string_view key) {
  bj::object copy = object;
  copy.erase(key);
  return copy;
}

bj::object with_key(const bj::object& object, std::string_view key, const bj::value& value) {
  bj::object copy = object;
  copy[key] = value;
  return copy;
}

bj::object accept_line() {
  return bj::parse(
             R"({"at":"2021-09-16T09:30:00+08:00","actor":{"id":"office-1","role":"office_clerk"},
      "command":"AcceptAppeal","stream":"appeal/SQ2021-000001","id":"k1","data":{}})")
      .as_object();
}

std::string refused_line(std::string_view line) {
  const auto command = parse_line(line);
  return command ? "ok" : std::string(code_name(command.error().code));
}

std::string refused_with(std::string_view key, const bj::value& value) {
  return refused_line(bj::serialize(with_key(accept_line(), key, value)));
}

}  // namespace

TEST_CASE("json: a history line in any order of keys is the same command") {
  const auto command = parse_line(bj::serialize(accept_line()));
  REQUIRE(command.has_value());
  CHECK(command->event == EventType::AppealAccepted);
  CHECK(time_text(command->at) == "2021-09-16T09:30:00.000000+08:00");
  CHECK(command->kind == "appeal");
  CHECK(command->no == "SQ2021-000001");
  CHECK(command->actor.id == "office-1");
  CHECK(command->actor.role == Role::office_clerk);
  CHECK(command->id == "k1");
  CHECK(command->flags == engine::kImported);
  CHECK_FALSE(command->occurred_at.has_value());
  CHECK_FALSE(command->expected_version.has_value());
  const auto other = parse_line(
      R"({"data":{},"id":"k1","expected_version":3,"derived":true,"stream":"appeal/SQ2021-000001",
          "command":"AcceptAppeal","occurred_at":"2021-09-16T01:00:00Z",
          "actor":{"department":"D01","role":"department_officer","id":"p"},
          "at":"2021-09-16T09:30:00+08:00"})");
  REQUIRE(other.has_value());
  CHECK(other->data == command->data);
  CHECK(other->flags == (engine::kImported | engine::kDerived));
  CHECK(other->expected_version == 3u);
  CHECK(other->actor.department == "D01");
  CHECK(time_text(*other->occurred_at) == "2021-09-16T09:00:00.000000+08:00");
}

TEST_CASE("json: what is not one JSON object of valid UTF-8 is refused") {
  for (const char* bad : {"",
                          " ",
                          "{",
                          "}",
                          "[]",
                          "1",
                          "null",
                          "\"x\"",
                          "{} {}",
                          "{},",
                          "{'a':1}",
                          "{\"a\":1,}",
                          "{\"a\":01}",
                          "{\"a\":NaN}",
                          "// comment\n{}",
                          "\xef\xbb\xbf{}",
                          "{\"a\":\"\\ud800\"}",
                          "{\"a\":\"\\udc00\\ud800\"}",
                          "{\"a\":\"\\x41\"}",
                          "{\"a\":\"line\nfeed\"}"}) {
    CAPTURE(std::string(bad));
    CHECK(refused_line(bad) == "BadJson");
  }
  CHECK(refused_line(std::string_view("{\"a\":\"\0\"}", 9)) == "BadJson");
  for (const char* bad : {"{\"a\":\"\xff\"}", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}",
                          "{\"a\":\"\xf4\x90\x80\x80\"}", "{\"a\":\"\xe4\xb8\"}", "{\"\x80\":1}",
                          "{\"a\":\"\xe0\x80\x80\"}", "{\"a\":\"\xf0\x80\x80\x80\"}"}) {
    CAPTURE(std::string(bad));
    CHECK(refused_line(bad) == "InvalidText");
  }
}

TEST_CASE("json: a key given twice is refused at every depth") {
  std::string line = bj::serialize(accept_line());
  CHECK(refused_line(line) == "ok");
  CHECK(refused_line("{\"id\":\"k1\"," + line.substr(1)) == "BadJson");
  std::string inner = line;
  inner.replace(inner.find("\"id\":\"office-1\""), 1, "\"id\":\"office-2\",\"");
  CHECK(refused_line(inner) == "BadJson");
  std::string escaped = line;
  escaped.replace(escaped.find("\"id\":\"k1\""), 1, "\"i\\u0064\":\"k1\",\"");
  CHECK(refused_line(escaped) == "BadJson");
}

TEST_CASE("json: depth over 16 and lines over the limit are refused") {
  const auto nested = [](std::size_t depth) {
    return "{\"x\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  CHECK(refused_line(nested(16)) == "UnknownField");  // well-formed, but nobody knows x
  CHECK(refused_line(nested(17)) == "BadJson");
  CHECK(refused_line(nested(100'000)) == "BadJson");
  CHECK(refused_line(std::string(kLineBytesMax, ' ')) == "BadJson");
  CHECK(refused_line(std::string(kLineBytesMax + 1, ' ')) == "LineTooLong");
  CHECK(refused_line(std::string(10'000'000, 'x')) == "LineTooLong");
}

TEST_CASE("json: every member of a line is checked") {
  for (const char* needed : {"at", "actor", "command", "stream", "id", "data"}) {
    CAPTURE(needed);
    CHECK(refused_line(bj::serialize(without_key(accept_line(), needed))) == "MissingField");
    CHECK(refused_with(needed, 7) == "WrongType");
    CHECK(refused_with(needed, nullptr) == "WrongType");
  }
  CHECK(refused_with("colour", "red") == "UnknownField");
  CHECK(refused_with("seq", 1) == "UnknownField");
  CHECK(refused_with("imported", 1) == "WrongType");
  CHECK(refused_with("command", "DoWhatIWant") == "UnknownCommand");
  CHECK(refused_with("command", "AppealAccepted") == "UnknownCommand");
  CHECK(refused_with("command", "RatingInvited") == "UnknownCommand");
  CHECK(refused_with("at", "yesterday") == "WrongType");
  CHECK(refused_with("occurred_at", "2021-09-16") == "WrongType");
  CHECK(refused_with("occurred_at", nullptr) == "ok");
  CHECK(refused_with("derived", "yes") == "WrongType");
  CHECK(refused_with("derived", false) == "ok");
  CHECK(refused_with("expected_version", -1) == "OutOfRange");
  CHECK(refused_with("expected_version", 0) == "ok");
  CHECK(refused_with("expected_version", 4'294'967'295) == "ok");
  CHECK(refused_with("expected_version", 4'294'967'296) == "OutOfRange");
  CHECK(refused_with("expected_version", "1") == "WrongType");
  CHECK(refused_with("data", bj::array{}) == "WrongType");
  CHECK(refused_with("id", "") == "MissingField");
  CHECK(refused_with("id", bj::string(64, 'k')) == "ok");
  CHECK(refused_with("id", bj::string(65, 'k')) == "OutOfRange");
  CHECK(refused_with("id", "a\nb") == "InvalidText");
}

TEST_CASE("json: streams have the command's kind and a number without spaces and slashes") {
  const auto stream = [](const std::string& text) {
    return refused_with("stream", bj::string(text));
  };
  CHECK(stream("appeal/" + std::string(120, 'n')) == "ok");
  CHECK(stream("appeal/诉求-1") == "ok");
  for (const char* bad : {"appeal", "appeal/", "/1", "task/1", "appeals/1", "appeal/1/2",
                          "appeal/a b", "appeal/a\tb", "appeal/a\x7f", "Appeal/1", ""}) {
    CAPTURE(std::string(bad));
    CHECK(stream(bad) == "WrongStream");
  }
  CHECK(stream("appeal/" + std::string(121, 'n')) == "WrongStream");
}

TEST_CASE("json: actors have an id and a known role, officers a department") {
  const auto actor = [](const char* text) { return refused_with("actor", bj::parse(text)); };
  CHECK(actor(R"({"id":"a","role":"system"})") == "ok");
  CHECK(actor(R"({"id":"a","role":"king"})") == "OutOfRange");
  CHECK(actor(R"({"id":"a","role":7})") == "WrongType");
  CHECK(actor(R"({"id":"a"})") == "MissingField");
  CHECK(actor(R"({"role":"system"})") == "MissingField");
  CHECK(actor(R"({"id":"","role":"system"})") == "MissingField");
  CHECK(actor(R"({"id":"a","role":"system","name":"x"})") == "UnknownField");
  CHECK(actor(R"({"id":"a","role":"department_officer"})") == "MissingField");
  CHECK(actor(R"({"id":"a","role":"department_officer","department":"D01"})") == "ok");
  CHECK(actor(R"({"id":"a\u0000","role":"system"})") == "InvalidText");
  CHECK(refused_with("actor", {{"id", bj::string(121, 'a')}, {"role", "system"}}) == "OutOfRange");
  for (const Role role : EnumValuesRole()) CHECK(parse_role(role_name(role)) == role);
  CHECK_FALSE(parse_role("").has_value());
}

TEST_CASE("json: mutated lines are refused or read, and never anything else") {
  // A seeded walk: every byte of a line changed to some others, and every prefix of it.
  const std::string line = bj::serialize(accept_line());
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (const char c : {'"', '{', '}', '\\', ',', '0', '\0', '\x80', '\xff'}) {
      std::string changed = line;
      changed[i] = c;
      const auto command = parse_line(changed);
      if (command) CHECK(verify(command->event, command->data));
    }
    CHECK(refused_line(line.substr(0, i)) == "BadJson");
  }
}

}  // namespace json_line_test
