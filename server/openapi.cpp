#include "server/openapi.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "schemas/event.h"
#include "schemas/json_fields.h"
#include "server/parameters.h"
#include "server/router.h"

namespace server {
namespace {

namespace json = boost::json;
using schemas::FieldForm;
using schemas::Shape;

json::object schema_of(const schemas::TableForm& form);

json::object typed(std::string_view type) { return {{"type", type}}; }
json::object of_format(std::string_view format) { return {{"type", "string"}, {"format", format}}; }
json::object list_of(json::object items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

json::object schema_of(const FieldForm& field) {
  switch (field.shape) {
    case Shape::boolean:
      return typed("boolean");
    case Shape::integer: {
      json::object schema = typed("integer");
      if (field.base == reflection::UByte || field.base == reflection::Short) {
        schema["minimum"] = field.off ? 0 : field.least;
        schema["maximum"] = field.most;
      }
      return schema;
    }
    case Shape::enumeration: {
      json::array names;
      for (const std::string_view name : field.names) names.push_back(json::value(name));
      return {{"type", "string"}, {"enum", std::move(names)}};
    }
    case Shape::time:
      return of_format("date-time");
    case Shape::date:
      return of_format("date");
    case Shape::text:
    case Shape::digest:
      return typed("string");
    case Shape::sealed:
      return {{"oneOf", json::array{typed("string"),
                                    {{"type", "object"},
                                     {"required", json::array{"sealed"}},
                                     {"properties", {{"sealed", typed("string")}}}}}}};
    case Shape::dates:
      return list_of(of_format("date"));
    case Shape::texts:
      return list_of(typed("string"));
    case Shape::tables:
    case Shape::structs:
      return list_of(schema_of(*field.table));
  }
  return {};
}

// What a client writes: what the ledger adds by itself is left out, and refused.
json::object schema_of(const schemas::TableForm& form) {
  json::object properties;
  json::array needed;
  for (const FieldForm& field : form.fields) {
    if (field.pinned) continue;
    json::object schema = schema_of(field);
    if (field.optional) schema = {{"oneOf", json::array{std::move(schema), typed("null")}}};
    properties[field.name] = std::move(schema);
    if (!field.optional) needed.push_back(json::value(field.name));
  }
  json::object schema{{"type", "object"}, {"additionalProperties", false}};
  schema["properties"] = std::move(properties);
  if (!needed.empty()) schema["required"] = std::move(needed);
  return schema;
}

json::object schema_of_command(const schemas::EventInfo& info) {
  json::object stream{{"type", "string"}, {"pattern", fmt::format("^{}/", info.kind)}};
  return {{"type", "object"},
          {"required", json::array{"stream"}},
          {"properties",
           {{"stream", std::move(stream)},
            {"data", schema_of(schemas::form_of(info.type))},
            {"expected_version", {{"type", "integer"}, {"minimum", 0}}},
            {"occurred_at", of_format("date-time")}}}};
}

json::object reference(std::string_view to) {
  return {{"$ref", fmt::format("#/components/{}", to)}};
}

json::object content(std::string_view type, json::object schema) {
  return {{type, {{"schema", std::move(schema)}}}};
}

// What a POST sends: JSON of a form, lines of JSON, or a file.
json::object body_of(const Route& route) {
  json::object schema = typed("string"), type;
  std::string_view name = "application/octet-stream";
  if (route.form != nullptr) {
    name = "application/json";
    schema = body_schema(*route.form);
    type["example"] = json::parse(route.body);
  } else if (route.body.starts_with('{')) {
    name = "application/jsonl";
    type["example"] = json::value(route.body);
  } else {
    schema["contentEncoding"] = "binary";
  }
  type["schema"] = std::move(schema);
  return {{"required", true}, {"content", {{name, std::move(type)}}}};
}

std::string path_of(const Route& route) {
  std::string path(route.path);
  if (const std::size_t dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

// "get_v1_reports_report": letters that stand in any address.
std::string name_of(const Route& route) {
  std::string name = route.method == Method::post ? "post" : "get";
  bool apart = true;
  for (const char c : route.path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter && std::exchange(apart, false)) name += '_';
    if (letter) name += c;
    apart = apart || !letter;
  }
  return name;
}

json::object operation_of(const Route& route) {
  const bool open = route.action && right_of(*route.action).open;
  json::object operation{{"summary", fmt::format("{} {}", route.chinese, route.english)},
                         {"operationId", name_of(route)}};
  if (route.action)
    operation["description"] = fmt::format("Action: {}.", right_of(*route.action).name);
  if (json::array parameters = parameters_of(route); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  if (route.method == Method::post) operation["requestBody"] = body_of(route);
  operation["security"] = open ? json::array{} : json::array{{{"bearer", json::array{}}}};
  operation["responses"] = {{"200", {{"description", route.english}}},
                            {"4XX", reference("responses/Problem")},
                            {"5XX", reference("responses/Problem")}};
  return operation;
}

// Each command has an address and a body of its own.
void add_commands(json::object& paths, const Route& route) {
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.command.empty()) continue;
    const auto action = action_of(info.type);
    json::object operation{
        {"summary", fmt::format("Asks for {} in a stream {}/...", info.name, info.kind)},
        {"operationId", info.command},
        {"description",
         fmt::format("Action: {}. docs/COMMANDS.md says who may ask in which status.",
                     action ? right_of(*action).name : "none")},
        {"parameters", json::array{reference("parameters/Key")}},
        {"requestBody",
         {{"required", true}, {"content", content("application/json", schema_of_command(info))}}},
        {"security", json::array{{{"bearer", json::array{}}}}},
        {"responses",
         {{"200", reference("responses/Receipt")},
          {"201", reference("responses/Receipt")},
          {"4XX", reference("responses/Problem")},
          {"5XX", reference("responses/Problem")}}}};
    std::string path(route.path.substr(0, route.path.find('{')));
    paths[path.append(info.command)] = {{"post", std::move(operation)}};
  }
}

json::object components() {
  const json::object receipt{
      {"type", "object"},
      {"required", json::array{"seq", "version", "recorded_at", "leaf_hash", "stream"}},
      {"properties",
       {{"seq", typed("integer")},
        {"version", typed("integer")},
        {"recorded_at", of_format("date-time")},
        {"leaf_hash", typed("string")},
        {"stream", typed("string")}}}};
  json::object allowed = list_of(typed("string"));
  allowed["description"] =
      "After VersionConflict or WrongState of a single command, where the asker may see the "
      "stream: "
      "the commands that its roles may give there now, as the lifecycle tables have it.";
  const json::object problem{{"type", "object"},
                             {"required", json::array{"type", "title", "status", "detail", "code"}},
                             {"properties",
                              {{"type", typed("string")},
                               {"title", typed("string")},
                               {"status", typed("integer")},
                               {"detail", typed("string")},
                               {"code", typed("string")},
                               {"refused", typed("string")},
                               {"allowed", std::move(allowed)}}}};
  return {
      {"securitySchemes",
       {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}},
      {"parameters",
       {{"Key",
         {{"name", "Idempotency-Key"},
          {"in", "header"},
          {"required", true},
          {"description", "A retry with the same key gives the first receipt."},
          {"schema", typed("string")}}}}},
      {"schemas", {{"Receipt", receipt}, {"Problem", problem}}},
      {"responses",
       {{"Receipt",
         {{"description", "Durable; 200: it was recorded before."},
          {"content", content("application/json", reference("schemas/Receipt"))}}},
        {"Problem",
         {{"description", "What is not so (RFC 9457): a code, a Chinese and an English sentence."},
          {"content", content("application/problem+json", reference("schemas/Problem"))}}}}}};
}

// Indented by two, members in their order: a change of one line is a line of the difference.
void print(const json::value& value, std::string& out, std::size_t depth) {
  const auto line = [&](std::size_t at) { out.append("\n").append(2 * at, ' '); };
  if (value.is_object() && !value.get_object().empty()) {
    out += '{';
    bool first = true;
    for (const auto& member : value.get_object()) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      out.append(json::serialize(json::string(member.key()))).append(": ");
      print(member.value(), out, depth + 1);
    }
    line(depth);
    out += '}';
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

json::object openapi() {
  json::object paths;
  for (const Route* route : all_routes()) {
    if (route->path == "/v1/commands/{command}") {
      add_commands(paths, *route);
      continue;
    }
    const std::string path = path_of(*route);
    if (!paths.contains(path)) paths[path] = json::object();
    paths[path].get_object()[route->method == Method::post ? "post" : "get"] = operation_of(*route);
  }
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Bihuan 闭环"},
            {"version", "1"},
            {"description", "The ledger of a district's business-environment office."},
            {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", json::array{{{"url", "/"}}}},
          {"paths", std::move(paths)},
          {"components", components()}};
}

std::string openapi_document() {
  std::string text;
  print(openapi(), text, 0);
  return text + "\n";
}

}  // namespace server
