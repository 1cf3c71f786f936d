#include "tools/inspection/verdict_text.h"

#include <fmt/format.h>

#include <array>

namespace tools {

namespace json = boost::json;

namespace {

std::string_view state_of(const Check& check) {
  if (!check.wrong.empty()) return "wrong";
  return check.made ? "ok" : "not_checked";
}

// "file, seq N: " of what is wrong, as far as it is known.
std::string place_of(const Wrong& wrong) {
  std::string place = wrong.file;
  if (wrong.seq != 0) place += fmt::format("{}seq {}", place.empty() ? "" : " ", wrong.seq);
  return place.empty() ? place : place + ": ";
}

constexpr std::size_t kWrongShown = 20;  // a file that is wrong everywhere says no more with more

}  // namespace

std::string verdict_text(const Verdict& verdict) {
  std::string out;
  if (!verdict.origin.empty())
    out += fmt::format("检查包 package: {} / {}, {}, seq {}\n", verdict.about_chinese,
                       verdict.about_english, verdict.origin, verdict.seq);
  for (std::size_t i = 0; i < kChecks; ++i) {
    const Check& check = verdict.checks[i];
    const auto which = static_cast<Checked>(i);
    const bool wrong = !check.wrong.empty();
    const std::string_view mark = wrong        ? "[错 WRONG]"
                                  : check.made ? "[通过 ok]"
                                               : "[未核 not checked]";
    out += fmt::format("{} {} {}", mark, chinese_of(which), name_of(which));
    if (wrong)
      out += fmt::format("：{} 处 place(s)\n", check.wrong.size());
    else if (check.chinese.empty())
      out += "\n";
    else
      out += fmt::format("：{} / {}\n", check.chinese, check.english);
    for (std::size_t at = 0; at < check.wrong.size() && at < kWrongShown; ++at) {
      const Wrong& one = check.wrong[at];
      out += fmt::format("    {}{} / {}\n", place_of(one), one.chinese, one.english);
    }
    if (check.wrong.size() > kWrongShown)
      out += fmt::format("    另有 {} 处 and {} more\n", check.wrong.size() - kWrongShown,
                         check.wrong.size() - kWrongShown);
  }
  return out + (verdict.sound() ? "核对通过 The package is sound.\n"
                                : "核对不通过 The package is NOT sound.\n");
}

json::object verdict_json(const Verdict& verdict) {
  json::array checks;
  for (std::size_t i = 0; i < kChecks; ++i) {
    const Check& check = verdict.checks[i];
    json::array wrong;
    for (const Wrong& one : check.wrong)
      wrong.push_back({{"file", one.file},
                       {"seq", one.seq == 0 ? json::value(nullptr) : json::value(one.seq)},
                       {"chinese", one.chinese},
                       {"english", one.english}});
    checks.push_back({{"check", name_of(static_cast<Checked>(i))},
                      {"state", state_of(check)},
                      {"chinese", check.chinese},
                      {"english", check.english},
                      {"wrong", std::move(wrong)}});
  }
  return {{"ok", verdict.sound()},
          {"origin", verdict.origin},
          {"seq", verdict.seq},
          {"chinese", verdict.about_chinese},
          {"english", verdict.about_english},
          {"checks", std::move(checks)}};
}

}  // namespace tools
