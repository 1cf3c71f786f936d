#include "server/parameters.h"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <string>

#include "engine/check.h"
#include "projections/catalog.h"

namespace server {
namespace {

namespace json = boost::json;

struct Parameter {
  std::string_view name, schema;
};

constexpr std::string_view kText = R"({"type":"string"})",
                           kNumber = R"({"type":"integer","minimum":0})",
                           kTime = R"({"type":"string","format":"date-time"})",
                           kDate = R"({"type":"string","format":"date"})";

constexpr std::array kParameters{
    Parameter{"after", kNumber},
    Parameter{"appeal", kText},
    Parameter{"as_of", kTime},
    Parameter{"at", kTime},
    Parameter{"by", kText},
    Parameter{"cell", kText},
    Parameter{"command", kText},
    Parameter{"department", kText},
    Parameter{"format", R"({"type":"string","enum":["json","csv"]})"},
    Parameter{"from", kDate},
    Parameter{"kind", kText},
    Parameter{"light", R"({"type":"string","enum":["green","yellow","red","grey"]})"},
    Parameter{"limit", kNumber},
    Parameter{"min_seq", kNumber},
    Parameter{"name", kText},
    Parameter{"no", kText},
    Parameter{"now", kTime},
    Parameter{"offset", kNumber},
    Parameter{"old", kNumber},
    Parameter{"path", kText},
    Parameter{"range", R"({"type":"string","pattern":"^[0-9]+\\.\\.[0-9]+$"})"},
    Parameter{"reason", R"({"type":"string","minLength":1})"},
    Parameter{"report", ""},  // those of the catalogue
    Parameter{"section", kText},
    Parameter{"seq", kNumber},
    Parameter{"sha256", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})"},
    Parameter{"since", kTime},
    Parameter{"status", kText},
    Parameter{"stream", R"({"type":"string","pattern":"^[a-z-]+/.+$"})"},
    Parameter{"to", kDate},
    Parameter{"track", R"({"type":"string","enum":["standard","same_day"]})"},
    Parameter{"until", kTime},
    Parameter{"week", R"({"type":"string","pattern":"^[0-9]{4}-W[0-9]{1,2}$"})"},
    Parameter{"without", kText},
};

template <class Visit>
void each_name(std::string_view names, Visit visit) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    visit(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

// A number where the schema has one, so that the example is of its type.
json::value example_of(const json::object& schema, std::string_view text) {
  if (schema.at("type") == "integer") return json::parse(text);
  return json::value(text);
}

// The values that a route's example has in place of {name} and {name...}.
Fields path_values(const Route& route) {
  Fields values;
  if (route.example.empty()) return values;
  const auto url = boost::urls::parse_origin_form(route.example);
  CHECK(url.has_value());
  std::vector<std::string> segments;
  for (const auto segment : url->segments()) segments.push_back(segment);
  std::string_view pattern = route.path.substr(1);
  for (std::size_t at = 0; at < segments.size(); ++at) {
    const std::size_t slash = std::min(pattern.find('/'), pattern.size());
    const std::string_view piece = pattern.substr(0, slash);
    if (piece.ends_with("...}")) {
      std::string rest = segments[at];
      while (++at < segments.size()) rest.append("/").append(segments[at]);
      values.emplace_back(piece.substr(1, piece.size() - 5), std::move(rest));
      break;
    }
    if (piece.starts_with('{'))
      values.emplace_back(piece.substr(1, piece.size() - 2), segments[at]);
    pattern.remove_prefix(std::min(slash + 1, pattern.size()));
  }
  return values;
}

}  // namespace

json::object parameter_schema(std::string_view name) {
  const auto* const row = std::ranges::find(kParameters, name, &Parameter::name);
  CHECK(row != kParameters.end());
  if (name != "report") return json::parse(row->schema).as_object();
  json::array names;
  for (const projections::ReportKind& report : projections::reports())
    names.push_back(json::value(report.name));
  return {{"type", "string"}, {"enum", std::move(names)}};
}

json::array parameters_of(const Route& route) {
  json::array list;
  const Fields in_path = path_values(route);
  const auto add = [&](std::string_view name, std::string_view in, const std::string* example) {
    json::object schema = parameter_schema(name);
    json::object parameter{{"name", name}, {"in", in}};
    if (in == "path") parameter["required"] = true;
    if (example != nullptr) parameter["example"] = example_of(schema, *example);
    parameter["schema"] = std::move(schema);
    list.push_back(std::move(parameter));
  };
  for (std::size_t at = route.path.find('{'); at != std::string_view::npos;
       at = route.path.find('{', at + 1)) {
    std::string_view name = route.path.substr(at + 1, route.path.find('}', at) - at - 1);
    if (name.ends_with("...")) name.remove_suffix(3);
    const auto value = std::ranges::find(in_path, name, &Fields::value_type::first);
    add(name, "path", value == in_path.end() ? nullptr : &value->second);
  }
  Fields in_query;
  if (const auto url = boost::urls::parse_origin_form(route.example))
    for (const auto& one : url->params()) in_query.emplace_back(one.key, one.value);
  each_name(route.query, [&](std::string_view name) {
    const auto value = std::ranges::find(in_query, name, &Fields::value_type::first);
    add(name, "query", value == in_query.end() ? nullptr : &value->second);
  });
  return list;
}

json::object body_schema(const BodyForm& form) {
  json::object properties;
  for (const std::string_view names : {form.texts, form.numbers})
    each_name(names, [&](std::string_view name) { properties[name] = parameter_schema(name); });
  each_name(form.lists, [&](std::string_view name) {
    properties[name] = {{"type", "array"}, {"items", parameter_schema(name)}};
  });
  json::array needed;
  each_name(form.needed, [&](std::string_view name) { needed.push_back(json::value(name)); });
  json::object schema{{"type", "object"}, {"additionalProperties", false}};
  schema["properties"] = std::move(properties);
  if (!needed.empty()) schema["required"] = std::move(needed);
  return schema;
}

}  // namespace server
