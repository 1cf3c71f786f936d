// A script is the part that one stream plays in a generated history: its command lines with their
// times. Lines are written by hand into strings (no JSON library): our words hold nothing that
// needs escaping.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"

namespace tools {

using engine::Micros;
inline constexpr Micros kSecond = 1'000'000;
inline constexpr Micros kMinute = 60 * kSecond;

// The `data` object of a command.
class Fields {
 public:
  Fields& text(std::string_view name, std::string_view value);
  Fields& number(std::string_view name, std::int64_t value);
  Fields& flag(std::string_view name, bool value);
  Fields& json(std::string_view name, std::string_view value);     // as it is
  [[nodiscard]] std::string_view inside() const { return text_; }  // without the braces

 private:
  void key(std::string_view name);
  std::string text_;
};

[[nodiscard]] std::string json_list(const std::vector<std::string>& texts);  // ["a","b"]

struct Person {
  std::string id;
  std::string_view role;
  std::string department;  // of a department officer
};

struct Step {
  Micros at = 0;
  int order = 0;     // among lines of the same time: as they were added
  bool bad = false;  // must be refused
  std::string line;
};

class Script {
 public:
  explicit Script(std::string stream) : stream_(std::move(stream)) {}

  void add(Micros at, const Person& actor, std::string_view command, const Fields& data = {});
  // A command that the rules must refuse; its id begins with "bad-".
  void add_bad(Micros at, const Person& actor, std::string_view command, const Fields& data = {});
  void skip_number() { ++lines_; }  // the ids of a stream that another script began
  void drop_after(Micros at);       // the story ends here: later lines are not told
  void sort();  // by time; lines of the same time stay in the order they were added
  [[nodiscard]] std::vector<Step>& steps() { return steps_; }
  [[nodiscard]] const std::string& stream() const { return stream_; }

 private:
  void write(Micros at, const Person& actor, std::string_view command, const Fields& data,
             bool bad);
  std::string stream_;
  std::vector<Step> steps_;
  int lines_ = 0, bad_lines_ = 0;
};

void append_time(std::string& out, Micros at);  // "2021-09-16T09:30:00+08:00", whole seconds

}  // namespace tools
