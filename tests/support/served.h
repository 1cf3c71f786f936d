// A ledger of its own, served by a whole server on a free port of this machine, with a clock that
// the test moves. The office of the tests: two departments, an enterprise, and demo tokens for
// every role.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "engine/log/key_file.h"
#include "engine/log/log.h"
#include "engine/log/signing.h"
#include "schemas/calendar.h"
#include "server/app.h"
#include "tests/support/http_client.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"
#include "tools/ledger/access.h"

namespace support {

inline constexpr const char* kCompany = "91350100M000100Y43";

class Served {
 public:
  explicit Served(server::Options options = {}) : options_(std::move(options)) {
    make_ledger();
    options_.data = dir / "ledger";
    options_.port = 0;
    options_.demo_tokens = dir / "tokens.json";
    start();
  }

  void start() {
    auto started = server::App::start(options_, clock);
    REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().text));
    app = std::move(*started);
    std::ifstream in(options_.demo_tokens);
    tokens = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {})).as_object();
  }
  void stop() { app.reset(); }

  [[nodiscard]] std::string token(std::string_view role) const {
    return std::string(tokens.at(role).as_string());
  }
  [[nodiscard]] HttpClient as(std::string_view role) const {
    return HttpClient(app->port(), token(role));
  }
  [[nodiscard]] HttpClient nobody() const { return HttpClient(app->port()); }

  // One command by a role, its id made from a counter; the answer as it came.
  HttpReply ask(std::string_view role, const std::string& command, const std::string& stream,
                const std::string& data) {
    HttpClient client = as(role);
    return client.post("/v1/commands/" + command,
                       "{\"stream\":\"" + stream + "\",\"data\":" + data + "}",
                       {{"Idempotency-Key", "k" + std::to_string(++ids_)}});
  }
  // The same, and it must be accepted.
  void given(std::string_view role, const std::string& command, const std::string& stream,
             const std::string& data) {
    const HttpReply reply = ask(role, command, stream, data);
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
  }
  // Calendar, departments D01 and D02, and one enterprise.
  void given_office() {
    given(
        "office_lead", "PublishCalendar", "calendar/2021",
        R"({"year":2021,"notice":"国办发明电〔2020〕27号","holidays":["2021-10-01"],"makeup_workdays":["2021-10-09"]})");
    given("office_lead", "CreateDepartment", "department/D01", R"({"name":"住建局"})");
    given("office_lead", "CreateDepartment", "department/D02", R"({"name":"市场监管局"})");
    given("office_clerk", "RegisterEnterprise", std::string("enterprise/") + kCompany,
          R"({"name":"某某公司"})");
  }
  void given_appeal(const std::string& no = "SQ2021-000001") {
    given(
        "enterprise", "SubmitAppeal", "appeal/" + no,
        std::string(R"({"enterprise":")") + kCompany +
            R"(","channel":"web","category":"政务服务","title":"办理施工许可","text":"材料齐全，迟迟未批。"})");
  }

  TempDir dir;
  ManualClock clock{schemas::parse_time("2021-09-16T09:30:00+08:00").value()};
  std::unique_ptr<server::App> app;
  boost::json::object tokens;

 private:
  void make_ledger() {
    const std::string data = dir / "ledger", keys = dir / "ledger.keys";
    REQUIRE(std::filesystem::create_directory(keys));
    REQUIRE(engine::Signing(keys).create("").has_value());
    REQUIRE(engine::create_key_file(keys + "/keystore").has_value());
    REQUIRE(engine::Log::create(data, "试点区").has_value());
    REQUIRE(engine::Log::create(tools::access_of(data), "试点区").has_value());
  }

  server::Options options_;
  int ids_ = 0;
};

}  // namespace support
