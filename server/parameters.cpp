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
    Parameter{"category", kText},
    Parameter{"cell", kText},
    Parameter{"command", kText},
    Parameter{"department", kText},
    Parameter{"enterprise", kText},
    Parameter{"format", R"({"type":"string","enum":["json","csv"]})"},
    Parameter{"from", kDate},
    Parameter{"industry", kText},
    Parameter{"item", kText},
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
    Parameter{"policy", kText},
    Parameter{"range", R"({"type":"string","pattern":"^[0-9]+\\.\\.[0-9]+$"})"},
    Parameter{"reason", R"({"type":"string","minLength":1})"},
    Parameter{"report", ""},  // those of the catalogue
    Parameter{"section", kText},
    Parameter{"seq", kNumber},
    Parameter{"sha256", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})"},
    Parameter{"since", kTime},
    Parameter{"status", kText},
    Parameter{"stream", R"({"type":"string","pattern":"^[a-z-]+/.+$"})"},
    Parameter{"tag", kText},
    Parameter{"text", kText},
    Parameter{"to", kDate},
    Parameter{"track", R"({"type":"string","enum":["standard","same_day"]})"},
    Parameter{"until", kTime},
    Parameter{"verdict", R"({"type":"string","enum":["met","not_met","unknown"]})"},
    Parameter{"week", R"({"type":"string","pattern":"^[0-9]{4}-W[0-9]{1,2}$"})"},
    Parameter{"without", kText},
};

// A number where the schema has one, so that the example is of its type.
json::value example_of(const json::object& schema, std::string_view text) {
  if (schema.at("type") == "integer") return json::parse(text);
  return json::value(text);
}

// The values that a route's example has in place of {name} and {name...}.
Fields path_values(const Route& route) {
  if (route.example.empty()) return {};
  const auto url = boost::urls::parse_origin_form(route.example);
  CHECK(url.has_value());
  std::vector<std::string> segments;
  for (const auto segment : url->segments()) segments.push_back(segment);
  return parts_of(route, segments);
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
  for (const std::string_view name : names_in(route.query)) {
    const auto value = std::ranges::find(in_query, name, &Fields::value_type::first);
    add(name, "query", value == in_query.end() ? nullptr : &value->second);
  }
  return list;
}

json::object body_schema(const BodyForm& form) {
  json::object properties;
  for (const std::string_view names : {form.texts, form.numbers})
    for (const std::string_view name : names_in(names)) properties[name] = parameter_schema(name);
  for (const std::string_view name : names_in(form.lists))
    properties[name] = {{"type", "array"}, {"items", parameter_schema(name)}};
  json::array needed;
  for (const std::string_view name : names_in(form.needed)) needed.push_back(json::value(name));
  json::object schema{{"type", "object"}, {"additionalProperties", false}};
  schema["properties"] = std::move(properties);
  if (!needed.empty()) schema["required"] = std::move(needed);
  return schema;
}

}  // namespace server
