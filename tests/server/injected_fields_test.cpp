// S14 for what is written: each text of each command, by the schemas' own table of fields, with
// what would steer a terminal, split a line of a journal or end a header. It is refused in the name
// of the field, nothing of it is echoed, and nothing is recorded.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "schemas/event.h"
#include "schemas/json_fields.h"
#include "tests/support/served.h"

using schemas::FieldForm;
using schemas::Shape;
using schemas::TableForm;
using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

namespace json = boost::json;

constexpr int kDepthMax = 3;  // of tables in tables; conditions hold conditions

// A field on its way from `data`: through lists of tables to a text.
using FieldPath = std::vector<const FieldForm*>;

bool is_text(const FieldForm& field) {
  return field.shape == Shape::text || field.shape == Shape::sealed || field.shape == Shape::texts;
}

void collect(const TableForm& form, FieldPath& path, std::vector<FieldPath>& into) {
  for (const FieldForm& field : form.fields) {
    if (field.pinned) continue;
    path.push_back(&field);
    if (is_text(field)) into.push_back(path);
    if (field.shape == Shape::tables && path.size() < kDepthMax) collect(*field.table, path, into);
    path.pop_back();
  }
}

json::object written(const TableForm& form, const FieldPath& path, std::size_t at,
                     const std::string& text);

// Something that the field may be.
json::value something(const FieldForm& field) {
  switch (field.shape) {
    case Shape::boolean:
      return true;
    case Shape::integer:
      return std::max<std::int64_t>(field.least, 1);
    case Shape::enumeration:
      return json::value(field.names.back());
    case Shape::time:
      return "2021-09-16T09:00:00+08:00";
    case Shape::date:
      return "2021-09-16";
    case Shape::dates:
      return json::array{"2021-09-16"};
    case Shape::texts:
      return json::array{"x"};
    case Shape::tables:
      return json::array{written(*field.table, {}, 0, {})};
    default:
      return "x";
  }
}

// What is needed, and the text where the path leads.
json::object written(const TableForm& form, const FieldPath& path, std::size_t at,
                     const std::string& text) {
  json::object object;
  for (const FieldForm& field : form.fields) {
    if (field.pinned) continue;
    if (at < path.size() && path[at] == &field) {
      json::value value = json::value(text);
      if (field.shape == Shape::tables)
        value = json::array{written(*field.table, path, at + 1, text)};
      else if (field.shape == Shape::texts)
        value = json::array{text};
      object[field.name] = std::move(value);
    } else if (!field.optional) {
      object[field.name] = something(field);
    }
  }
  return object;
}

}  // namespace

TEST_CASE("S14: no text of any command may steer a terminal, split a line or end a header") {
  const std::string hostile[] = {"text\r\nSet-Cookie: a=b", "text\x1b[31mred",
                                 "text\x1b]0;title\x07", "text\x08\x08\x08\x08",
                                 std::string("text\0", 5)};
  Served served;
  HttpClient lead = served.as("office_lead");
  std::size_t cases = 0, fields = 0;
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.command.empty()) continue;
    const TableForm& form = schemas::form_of(info.type);
    std::vector<FieldPath> texts;
    FieldPath path;
    collect(form, path, texts);
    for (const FieldPath& text : texts) {
      ++fields;
      for (const std::string& attack : hostile) {
        ++cases;
        const json::object body{{"stream", std::string(info.kind) + "/2021"},
                                {"data", written(form, text, 0, attack)}};
        CAPTURE(info.command);
        CAPTURE(text.back()->name);
        const HttpReply reply =
            lead.post("/v1/commands/" + std::string(info.command), json::serialize(body),
                      {{"Idempotency-Key", "k" + std::to_string(cases)}});
        CHECK_MESSAGE(reply.status == 400, reply.body);
        CHECK(reply.text("code") == "InvalidText");
        CHECK_MESSAGE(reply.text("detail").find(text.back()->name) != std::string::npos,
                      reply.body);
        CHECK(reply.body.find("Set-Cookie") == std::string::npos);
        CHECK(reply.header("Set-Cookie").empty());
        CHECK(reply.header("Content-Type") == "application/problem+json");
        CHECK(std::ranges::none_of(
            reply.body, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }));
      }
    }
  }
  MESSAGE(fmt::format("{} texts of the commands, {} cases", fields, cases));
  CHECK(fields > 100);
  CHECK(served.log().size() == 0);
}
