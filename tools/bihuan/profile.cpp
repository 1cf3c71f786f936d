// Templates are JSON values whose strings may name columns: "appeal/LY-{message_no}".
#include "tools/bihuan/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

#include "schemas/calendar.h"
#include "tools/bihuan/csv_file.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

class Expansion {
 public:
  Expansion(const CsvFile& csv, std::string profile) : profile_(std::move(profile)) {
    for (std::size_t c = 0; c < csv.header.size(); ++c) columns_[csv.header[c]] = c;
  }

  void select(const CsvRow& row) { row_ = &row; }

  Result<std::string> text(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const std::size_t brace = text.find('{');
      out.append(text.substr(0, brace));
      if (brace == std::string_view::npos) break;
      const std::size_t end = text.find('}', brace);
      if (end == std::string_view::npos)
        return fail(ErrorCode::bad_input, fmt::format("{}: a brace is not closed.", profile_));
      const auto value = cell(text.substr(brace + 1, end - brace - 1));
      if (!value) return std::unexpected(value.error());
      out.append(*value);
      text.remove_prefix(end + 1);
    }
    return out;
  }

  Result<json::value> value(const json::value& pattern) const {
    if (pattern.is_string()) {
      auto expanded = text(pattern.get_string());
      if (!expanded) return std::unexpected(expanded.error());
      return json::value(*expanded);
    }
    if (pattern.is_array()) {
      json::array out;
      for (const json::value& item : pattern.get_array()) {
        auto expanded = value(item);
        if (!expanded) return expanded;
        out.push_back(std::move(*expanded));
      }
      return out;
    }
    if (!pattern.is_object()) return pattern;
    const json::object& object = pattern.get_object();
    if (object.contains("$number")) return number(object.at("$number"));
    if (object.contains("$map")) return mapped(object);
    json::object out;
    for (const auto& [key, item] : object) {
      auto expanded = value(item);
      if (!expanded) return expanded;
      out[key] = std::move(*expanded);
    }
    return out;
  }

  // Do all conditions hold for the row? {"column", "present"?, "is"?, "from"?, "before"?}
  Result<bool> holds(const json::value* conditions) const {
    if (conditions == nullptr) return true;
    if (!conditions->is_array()) return wrong("conditions must be a list");
    for (const json::value& condition : conditions->get_array()) {
      const json::object* const parts = condition.if_object();
      if (parts == nullptr || !parts->contains("column") || !parts->at("column").is_string())
        return wrong("a condition must name a column");
      const auto found = cell(std::string_view(parts->at("column").get_string()));
      if (!found) return std::unexpected(found.error());
      for (const auto& [key, wanted] : *parts) {
        if (key == "column") continue;
        if (key == "present" && wanted.is_bool()) {
          if (found->empty() == wanted.get_bool()) return false;
          continue;
        }
        if (!wanted.is_string()) return wrong("a condition must compare with a text");
        const std::string_view bound(wanted.get_string());
        if (key == "is" && *found != bound) return false;
        if (key == "from" && *found < bound) return false;
        if (key == "before" && *found >= bound) return false;
        if (key != "is" && key != "from" && key != "before")
          return wrong(fmt::format("unknown condition {}", std::string_view(key)));
      }
    }
    return true;
  }

 private:
  std::unexpected<engine::Error> wrong(const std::string& what) const {
    return fail(ErrorCode::bad_input, fmt::format("{}: {}.", profile_, what));
  }

  Result<std::string> cell(std::string_view column) const {
    const auto found = columns_.find(column);
    if (found == columns_.end()) return wrong(fmt::format("the CSV file has no column {}", column));
    return row_ == nullptr ? std::string() : row_->cells[found->second];
  }

  Result<json::value> number(const json::value& pattern) const {
    if (!pattern.is_string()) return wrong("$number needs a text");
    const auto expanded = text(pattern.get_string());
    if (!expanded) return std::unexpected(expanded.error());
    std::int64_t parsed = 0;
    const char* const end = expanded->data() + expanded->size();
    const auto [stop, error] = std::from_chars(expanded->data(), end, parsed);
    // What is no number stays text: the door refuses it with the line number.
    if (error != std::errc() || stop != end) return json::value(*expanded);
    return json::value(parsed);
  }

  Result<json::value> mapped(const json::object& object) const {
    const json::value* const values = object.if_contains("values");
    if (!object.at("$map").is_string() || values == nullptr || !values->is_object())
      return wrong("$map needs a text and values");
    const auto key = text(object.at("$map").get_string());
    if (!key) return std::unexpected(key.error());
    if (const json::value* const found = values->get_object().if_contains(*key)) return *found;
    if (const json::value* const otherwise = object.if_contains("otherwise")) return *otherwise;
    return json::value(*key);
  }

  std::string profile_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  const CsvRow* row_ = nullptr;
};

Result<json::object> read_profile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::bad_input, fmt::format("{} cannot be opened.", path));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  boost::system::error_code error;
  json::value document = json::parse(text, error);
  if (error || !document.is_object())
    return fail(ErrorCode::bad_input, fmt::format("{} is not a JSON object.", path));
  for (const auto& [key, value] : document.get_object()) {
    const std::string_view name(key);
    if (name != "profile" && name != "about" && name != "zone" && name != "actor" &&
        name != "where" && name != "before" && name != "rows")
      return fail(ErrorCode::bad_input, fmt::format("{}: unknown key {}.", path, name));
  }
  if (!document.get_object().contains("rows") || !document.at("rows").is_array())
    return fail(ErrorCode::bad_input, fmt::format("{}: rows must be a list.", path));
  return std::move(document.get_object());
}

bool has_offset(std::string_view time) {
  return time.ends_with('Z') || time.ends_with('z') ||
         (time.size() > 6 && (time[time.size() - 6] == '+' || time[time.size() - 6] == '-') &&
          time[time.size() - 3] == ':');
}

Result<ProfileLine> expand_line(const Expansion& expansion, const json::object& profile,
                                const json::object& pattern, std::uint64_t line) {
  json::object command;
  for (const auto& [key, item] : pattern) {
    if (key == "when") continue;
    auto expanded = expansion.value(item);
    if (!expanded) return std::unexpected(expanded.error());
    command[key] = std::move(*expanded);
  }
  if (!command.contains("actor") && profile.contains("actor"))
    command["actor"] = profile.at("actor");
  ProfileLine out;
  out.line = line;
  if (json::value* const at = command.if_contains("at"); at != nullptr && at->is_string()) {
    std::string time(at->get_string());
    if (profile.contains("zone") && profile.at("zone").is_string() && !has_offset(time))
      time += std::string_view(profile.at("zone").get_string());
    out.at = schemas::parse_time(time).value_or(0);
    *at = time;
  }
  out.text = json::serialize(command);
  return out;
}

Result<void> expand_list(Expansion& expansion, const json::object& profile,
                         const json::value& patterns, std::uint64_t line,
                         std::vector<ProfileLine>& out) {
  if (!patterns.is_array()) return fail(ErrorCode::bad_input, "The profile's lists are no lists.");
  for (const json::value& pattern : patterns.get_array()) {
    if (!pattern.is_object())
      return fail(ErrorCode::bad_input, "A command of the profile is not a JSON object.");
    const auto holds = expansion.holds(pattern.get_object().if_contains("when"));
    if (!holds) return std::unexpected(holds.error());
    if (!*holds) continue;
    auto expanded = expand_line(expansion, profile, pattern.get_object(), line);
    if (!expanded) return std::unexpected(expanded.error());
    expanded->order = out.size();
    out.push_back(std::move(*expanded));
  }
  return {};
}

}  // namespace

Result<std::vector<ProfileLine>> expand_profile(const std::string& profile_path,
                                                const std::string& csv_path) {
  const auto profile = read_profile(profile_path);
  if (!profile) return std::unexpected(profile.error());
  const auto csv = read_csv(csv_path);
  if (!csv) return std::unexpected(csv.error());
  std::vector<ProfileLine> out;
  Expansion expansion(*csv, profile_path);
  if (const json::value* const before = profile->if_contains("before"))
    if (auto done = expand_list(expansion, *profile, *before, 0, out); !done)
      return std::unexpected(done.error());
  for (const CsvRow& row : csv->rows) {
    expansion.select(row);
    const auto wanted = expansion.holds(profile->if_contains("where"));
    if (!wanted) return std::unexpected(wanted.error());
    if (!*wanted) continue;
    if (auto done = expand_list(expansion, *profile, profile->at("rows"), row.line, out); !done)
      return std::unexpected(done.error());
  }
  std::ranges::sort(out, {}, [](const ProfileLine& line) { return std::tie(line.at, line.order); });
  return out;
}

}  // namespace tools
