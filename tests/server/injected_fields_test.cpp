// What is written to the server, field by field as the schemas' own table has them. S14: what would
// steer a terminal, split a line of a journal or end a header is refused in the name of the field,
// nothing of it is echoed, and nothing is recorded. S6: nor is what is the ledger's to say.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "schemas/event.h"
#include "tests/server/filled.h"
#include "tests/support/served.h"

using schemas::FieldForm;
using schemas::Shape;
using server_test::FieldPath;
using server_test::filled;
using support::HttpClient;
using support::HttpReply;
using support::Served;
namespace json = boost::json;

namespace {

bool is_text(const FieldForm& field) {
  const bool text =
      field.shape == Shape::text || field.shape == Shape::sealed || field.shape == Shape::texts;
  return text && !field.pinned;
}

// How each command is asked for with its `data`, and what was answered.
class Asker {
 public:
  HttpReply ask(const schemas::EventInfo& info, json::object data, json::object more = {}) {
    more["stream"] = std::string(info.kind) + "/2021";
    more["data"] = std::move(data);
    return lead_.post("/v1/commands/" + std::string(info.command), json::serialize(more),
                      {{"Idempotency-Key", "k" + std::to_string(++asked_)}});
  }
  [[nodiscard]] std::size_t asked() const { return asked_; }
  [[nodiscard]] const Served& served() const { return served_; }

 private:
  Served served_;
  HttpClient lead_ = served_.as("office_lead");
  std::size_t asked_ = 0;
};

}  // namespace

TEST_CASE("S14: no text of any command may steer a terminal, split a line or end a header") {
  const std::string hostile[] = {"text\r\nSet-Cookie: a=b", "text\x1b[31mred",
                                 "text\x1b]0;title\x07", "text\x08\x08\x08\x08",
                                 std::string("text\0", 5)};
  Asker asker;
  std::size_t fields = 0;
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.command.empty()) continue;
    for (const FieldPath& text : server_test::paths_in(schemas::form_of(info.type), is_text)) {
      ++fields;
      for (const std::string& attack : hostile) {
        CAPTURE(info.command);
        CAPTURE(text.back()->name);
        const HttpReply reply = asker.ask(info, filled(schemas::form_of(info.type), text, attack));
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
  MESSAGE(fmt::format("{} texts of the commands, {} cases", fields, asker.asked()));
  CHECK(fields > 100);
  CHECK(asker.served().log().size() == 0);
}

TEST_CASE("S6: no field that the ledger adds by itself is taken from outside, of any command") {
  Asker asker;
  std::size_t pinned = 0;
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.command.empty()) continue;
    const schemas::TableForm& form = schemas::form_of(info.type);
    CAPTURE(info.command);
    for (const FieldPath& field :
         server_test::paths_in(form, [](const FieldForm& one) { return one.pinned; })) {
      CAPTURE(field.back()->name);
      const HttpReply reply = asker.ask(info, filled(form, field, {}));
      CHECK_MESSAGE(reply.text("code") == "UnknownField", reply.body);
      ++pinned;
    }
    for (const json::object& said : {json::object{{"seq", 1}},
                                     {{"version", 1}},
                                     {{"actor", {{"id", "x"}, {"role", "system"}}}},
                                     {{"at", "2001-01-01T00:00:00Z"}},
                                     {{"recorded_at", "2001-01-01T00:00:00Z"}},
                                     {{"flags", 1}},
                                     {{"derived", true}},
                                     {{"status", "closed"}},
                                     {{"role", "system"}}}) {
      const HttpReply reply = asker.ask(info, filled(form, {}, {}), said);
      CHECK_MESSAGE(reply.text("code") == "UnknownField", said, " ", reply.body);
    }
  }
  MESSAGE(fmt::format("{} pinned fields, {} cases", pinned, asker.asked()));
  CHECK(pinned > 20);
  CHECK(asker.served().log().size() == 0);
}

TEST_CASE("S6: no header but Authorization says who asks, from where, or what") {
  server::Options options;
  options.of_address = {1, 20};
  Served served(options);
  served.given_office();
  served.clock.pass(60'000'000);
  const std::string lead = "Bearer " + served.token("office_lead");
  const std::string honest = served.as("enterprise").get("/v1/me").body;
  const std::pair<std::string, std::string> spoofs[] = {
      {"X-Forwarded-User", "demo-office_lead"},
      {"X-Remote-User", "demo-office_lead"},
      {"Remote-User", "demo-office_lead"},
      {"X-Authenticated-Userid", "demo-office_lead"},
      {"X-Role", "office_lead"},
      {"X-Forwarded-Authorization", lead},
      {"Proxy-Authorization", lead},
      {"Cookie", "token=" + served.token("office_lead")},
      {"X-Api-Key", served.token("office_lead")},
      {"X-Client-Cert", "CN=office_lead"},
      {"X-Original-URL", "/v1/outbox"},
      {"X-Rewrite-URL", "/v1/outbox"},
      {"X-HTTP-Method-Override", "POST"},
      {"X-Forwarded-Host", "elsewhere"}};
  for (const auto& [name, value] : spoofs) {
    served.clock.pass(60'000'000);  // ends every connection that rests
    HttpClient company = served.as("enterprise"), nobody = served.nobody();
    CHECK_MESSAGE(company.get("/v1/me", {{name, value}}).body == honest, name);
    CHECK_MESSAGE(company.get("/v1/outbox", {{name, value}}).status == 403, name);
    CHECK_MESSAGE(nobody.get("/v1/me", {{name, value}}).status == 401, name);
  }
  served.clock.pass(60'000'000);
  for (const char* name : {"X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"}) {
    // Each request from elsewhere, if it were believed; all from here, and too many.
    HttpClient company = served.as("enterprise");
    unsigned last = 0;
    for (int i = 0; i < 21; ++i)
      last = company.get("/healthz", {{name, fmt::format("192.0.2.{}", i)}}).status;
    CHECK_MESSAGE(last == 429, name);
    served.clock.pass(60'000'000);
  }
}
