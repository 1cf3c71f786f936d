#include "tests/support/served.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "engine/log/key_file.h"
#include "engine/log/signing.h"
#include "schemas/calendar.h"
#include "server/app.h"
#include "tools/ledger/access.h"

namespace support {

Served::Served(server::Options options)
    : clock(schemas::parse_time("2021-09-16T09:30:00+08:00").value()),
      options_(std::move(options)) {
  make_ledger();
  options_.data = dir / "ledger";
  options_.port = 0;
  options_.chores = false;
  options_.demo_tokens = dir / "tokens.json";
  start();
}
Served::~Served() = default;

void Served::make_ledger() {
  const std::string data = dir / "ledger", keys = dir / "ledger.keys";
  REQUIRE(std::filesystem::create_directory(keys));
  REQUIRE(engine::Signing(keys).create("").has_value());
  REQUIRE(engine::create_key_file(keys + "/keystore").has_value());
  REQUIRE(engine::Log::create(data, "试点区").has_value());
  REQUIRE(engine::Log::create(tools::access_of(data), "试点区").has_value());
}

void Served::start() {
  app_.reset();  // only one may have the ledger open
  auto started = server::App::start(options_, clock);
  REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().text));
  app_ = std::move(*started);
  std::ifstream in(options_.demo_tokens);
  tokens = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {})).as_object();
}
void Served::stop() { app_->stop(); }
void Served::discard() { app_.reset(); }

std::uint16_t Served::port() const { return app_->port(); }
const engine::Log& Served::log() const { return app_->log(); }
std::size_t Served::connections() const {
  std::size_t watched = 0;
  for (const auto& loop : app_->listener().loops()) watched += loop->watched();
  return watched;
}
void Served::sweep() { app_->listener().sweep(); }
void Served::imported(std::span<const engine::NewEvent> events) {
  app_.reset();
  {
    auto log = engine::Log::open(options_.data, engine::OpenMode::read_write);
    REQUIRE(log.has_value());
    REQUIRE((*log)->append(events).has_value());
  }
  start();
}
void Served::tick() { REQUIRE(app_->ticker().tick().has_value()); }
bool Served::is_tick_due() const { return app_->ticker().is_due(); }
bool Served::is_signing_due() const { return app_->signer().is_due(); }
void Served::sign() { REQUIRE(app_->signer().sign().has_value()); }

HttpReply Served::ask(std::string_view role, const std::string& command, const std::string& stream,
                      const std::string& data) {
  HttpClient client = as(role);
  return client.post("/v1/commands/" + command,
                     "{\"stream\":\"" + stream + "\",\"data\":" + data + "}",
                     {{"Idempotency-Key", "k" + std::to_string(++ids_)}});
}

void Served::given(std::string_view role, const std::string& command, const std::string& stream,
                   const std::string& data) {
  const HttpReply reply = ask(role, command, stream, data);
  REQUIRE_MESSAGE(reply.status == 201, reply.body);
}

void Served::given_office() {
  given(
      "office_lead", "PublishCalendar", "calendar/2021",
      R"({"year":2021,"notice":"国办发明电〔2020〕27号","holidays":["2021-10-01"],"makeup_workdays":["2021-10-09"]})");
  given("office_lead", "CreateDepartment", "department/D01", R"({"name":"住建局"})");
  given("office_lead", "CreateDepartment", "department/D02", R"({"name":"市场监管局"})");
  given("office_clerk", "RegisterEnterprise", std::string("enterprise/") + kCompany,
        R"({"name":"某某公司"})");
}

void Served::given_appeal(const std::string& no) {
  given(
      "enterprise", "SubmitAppeal", "appeal/" + no,
      std::string(R"({"enterprise":")") + kCompany +
          R"(","channel":"web","category":"政务服务","title":"办理施工许可","text":"材料齐全，迟迟未批。"})");
}

void Served::given_dispatched() {
  given_office();
  given_appeal();
  given("office_clerk", "AcceptAppeal", "appeal/SQ2021-000001", "{}");
  given("office_clerk", "DecomposeAppeal", "appeal/SQ2021-000001",
        R"({"matters":[{"matter":1,"text":"许可","lead":"D01","co":[]}]})");
  given("office_clerk", "DispatchAssignment", "appeal/SQ2021-000001",
        R"({"matter":1,"department":"D01","duty":"lead","track":"standard"})");
}

}  // namespace support
