#include "tools/inspection/manifest.h"

#include <algorithm>
#include <optional>

#include "schemas/calendar.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;

namespace {

std::optional<schemas::Day> parse_day(std::string_view text) { return schemas::parse_date(text); }

constexpr std::string_view kFormat = "bihuan-package 1";

json::array list(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

template <class Number>
std::optional<Number> number_of(const json::value& value) {
  boost::system::error_code error;
  const auto number = value.to_number<Number>(error);
  return error ? std::nullopt : std::optional(number);
}

// Only what was asked for: a question without a filter does not say so.
json::object question_json(const About& about) {
  const projections::Question& asked = about.question;
  json::object out{{"name", about.report}};
  if (asked.week) out["week"] = schemas::week_text(*asked.week);
  if (asked.from) out["from"] = schemas::date_text(*asked.from);
  if (asked.to) out["to"] = schemas::date_text(*asked.to);
  if (!asked.by.empty()) out["by"] = list(asked.by);
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  put("section", asked.section);
  put("department", asked.department);
  put("light", asked.light);
  put("status", asked.status);
  put("category", asked.category);
  put("appeal", asked.appeal);
  if (asked.limit != 0) out["limit"] = asked.limit;
  if (asked.offset != 0) out["offset"] = asked.offset;
  return out;
}

json::object about_json(const About& about) {
  switch (about.subject) {
    case Subject::report:
      return {{"report", question_json(about)}};
    case Subject::stream:
      return {{"stream", about.stream}};
    case Subject::range:
      return {{"range", {about.from, about.to}}};
  }
  return {};
}

// Reads fields one after the other; what is not of the asked form leaves its target alone, and
// comparing the texts at the end finds it.
class Fields {
 public:
  explicit Fields(const json::value& value) : object_(value.if_object()) {}

  void take(std::string_view key, std::string& out) const {
    if (const json::string* const text = as_text(key)) out = *text;
  }
  template <class Number>
  void take(std::string_view key, Number& out) const {
    if (const json::value* const value = find(key))
      if (const auto number = number_of<Number>(*value)) out = *number;
  }
  void take(std::string_view key, std::vector<std::string>& out) const {
    for (const json::value& value : items(key))
      if (value.is_string()) out.emplace_back(value.get_string());
  }
  template <class Parse, class Out>
  void take(std::string_view key, Parse parse, Out& out) const {
    if (const json::string* const text = as_text(key))
      if (const auto parsed = parse(std::string_view(*text))) out = *parsed;
  }
  [[nodiscard]] json::array items(std::string_view key) const {
    const json::value* const value = find(key);
    return value != nullptr && value->is_array() ? value->get_array() : json::array();
  }
  [[nodiscard]] const json::value* find(std::string_view key) const {
    return object_ == nullptr ? nullptr : object_->if_contains(key);
  }

 private:
  [[nodiscard]] const json::string* as_text(std::string_view key) const {
    const json::value* const value = find(key);
    return value == nullptr ? nullptr : value->if_string();
  }
  const json::object* object_;
};

std::optional<engine::Hash> hash_from_hex(std::string_view text) {
  const auto bytes = engine::from_hex(text);
  engine::Hash hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

void take_question(const json::value& value, About& about) {
  const Fields fields(value);
  projections::Question& asked = about.question;
  fields.take("name", about.report);
  fields.take("week", schemas::parse_week, asked.week);
  fields.take("from", parse_day, asked.from);
  fields.take("to", parse_day, asked.to);
  fields.take("by", asked.by);
  fields.take("section", asked.section);
  fields.take("department", asked.department);
  fields.take("light", asked.light);
  fields.take("status", asked.status);
  fields.take("category", asked.category);
  fields.take("appeal", asked.appeal);
  fields.take("limit", asked.limit);
  fields.take("offset", asked.offset);
}

void take_about(const Fields& fields, About& about) {
  if (const json::value* const report = fields.find("report")) {
    about.subject = Subject::report;
    take_question(*report, about);
  } else if (fields.find("stream") != nullptr) {
    about.subject = Subject::stream;
    fields.take("stream", about.stream);
  } else {
    about.subject = Subject::range;
    const json::array range = fields.items("range");
    if (range.size() == 2) {
      about.from = number_of<std::uint64_t>(range[0]).value_or(0);
      about.to = number_of<std::uint64_t>(range[1]).value_or(0);
    }
  }
}

bool is_sane(const Manifest& manifest) {
  const About& about = manifest.about;
  const auto ordered = [](const std::vector<std::string>& names) {
    return std::ranges::adjacent_find(names, std::ranges::greater_equal()) == names.end();
  };
  const bool files = std::ranges::adjacent_find(manifest.files, std::ranges::greater_equal(),
                                                &PackedFile::name) == manifest.files.end();
  const bool asked = about.subject == Subject::range
                         ? about.from >= 1 && about.from <= about.to && about.to <= manifest.seq
                     : about.subject == Subject::stream ? about.stream.contains('/')
                                                        : !about.report.empty();
  return manifest.seq >= 1 && manifest.seq <= kPackedSeqMax && files && asked &&
         ordered(manifest.whole) && ordered(manifest.withheld);
}

}  // namespace

std::string Manifest::text() const {
  json::array lines;
  for (const PackedFile& file : files)
    lines.push_back(
        {{"name", file.name}, {"size", file.size}, {"sha256", engine::hex(file.sha256)}});
  return json::serialize(json::object{{"format", kFormat},
                                      {"origin", origin},
                                      {"district", district},
                                      {"seq", seq},
                                      {"as_of", schemas::time_text(as_of)},
                                      {"root", engine::base64(root)},
                                      {"about", about_json(about)},
                                      {"whole", list(whole)},
                                      {"withheld", list(withheld)},
                                      {"files", std::move(lines)}}) +
         "\n";
}

engine::Result<Manifest> parse_manifest(std::string_view text) {
  const auto refused = [] {
    return fail(ErrorCode::bad_input, "MANIFEST.json is not of the form bihuan-package 1.");
  };
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  const json::value value =
      json::parse(text, error, json::make_shared_resource<json::monotonic_resource>(), options);
  if (error) return refused();
  Manifest manifest;
  const Fields fields(value);
  fields.take("origin", manifest.origin);
  fields.take("district", manifest.district);
  fields.take("seq", manifest.seq);
  fields.take("as_of", schemas::parse_time, manifest.as_of);
  fields.take("root", engine::hash_from_base64, manifest.root);
  if (const json::value* const about = fields.find("about"))
    take_about(Fields(*about), manifest.about);
  fields.take("whole", manifest.whole);
  fields.take("withheld", manifest.withheld);
  for (const json::value& line : fields.items("files")) {
    const Fields file(line);
    PackedFile& packed = manifest.files.emplace_back();
    file.take("name", packed.name);
    file.take("size", packed.size);
    file.take("sha256", hash_from_hex, packed.sha256);
  }
  if (!is_sane(manifest) || manifest.text() != text) return refused();
  return manifest;
}

bool Manifest::carries(const engine::RecordView& record) const {
  const auto named = [&](const std::vector<std::string>& names) {
    return !names.empty() && std::ranges::binary_search(names, stream_name(record));
  };
  if (named(withheld)) return false;
  if (record.kind == "calendar" || record.kind == "rules") return true;
  switch (about.subject) {
    case Subject::report:
      return projections::reads(about.report, record.kind);
    case Subject::stream:
      return stream_name(record) == about.stream || named(whole);
    case Subject::range:
      return (record.seq >= about.from && record.seq <= about.to) || named(whole);
  }
  return false;
}

const PackedFile* Manifest::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(
      files, name, {}, [](const PackedFile& file) { return std::string_view(file.name); });
  return at != files.end() && at->name == name ? &*at : nullptr;
}

std::string manifest_note_text(std::string_view origin, std::string_view manifest_text) {
  return std::string(kFormat) + "\n" + std::string(origin) + "\n" +
         engine::base64(engine::sha256(engine::bytes_of(manifest_text))) + "\n";
}

std::string stream_name(const engine::RecordView& record) {
  std::string name;
  name.reserve(record.kind.size() + 1 + record.no.size());
  name.append(record.kind).append("/").append(record.no);
  return name;
}

}  // namespace tools
