// Notices on their way to another system: every one, in order, signed, also after failures and
// restarts. The receiver is a real listener; the clock is the test's.
#include "server/webhook.h"

#include <doctest/doctest.h>

#include <fstream>

#include "schemas/calendar.h"
#include "server/app.h"
#include "tests/support/receiver.h"
#include "tests/support/served.h"

using support::Receiver;
using support::Served;

namespace {

constexpr engine::Micros kSecond = 1'000'000;
constexpr const char* kSecret = "a secret of some length";

class Told {
 public:
  Told() : served(options()) {}
  Receiver receiver;
  support::TempDir dir;
  Served served;

  // Orders of supervision: a notice each, without waiting for any due.
  void given_notices(int count) {
    for (int i = 0; i < count; ++i)
      served.given("office_lead", "OrderSupervision", "appeal/SQ2021-000001",
                   R"({"reason":"群众反映强烈"})");
  }
  [[nodiscard]] std::string ids() const {
    std::string text;
    for (const Receiver::Got& got : receiver.got()) text += got.id + " ";
    return text;
  }
  server::Webhook& webhook() { return *served.app().webhook(); }

 private:
  server::Options options() {
    const std::string secret = dir / "secret";
    std::ofstream(secret) << kSecret << "\n";
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    server::Options options;
    options.webhook.url = "http://127.0.0.1:" + std::to_string(receiver.port()) + "/hooks/bihuan";
    options.webhook.secret_file = secret;
    return options;
  }
};

// The office and its appeal are records 1 to 5; each order after them is one record.
void given_appeal(Told& told) {
  told.served.given_office();
  told.served.given_appeal();
  REQUIRE(told.served.log().size() == 5);
}

}  // namespace

TEST_CASE("a notice goes out as a signed CloudEvent, what is none does not") {
  Told told;
  given_appeal(told);
  told.given_notices(1);
  REQUIRE(told.webhook().deliver().has_value());
  const auto got = told.receiver.got();
  REQUIRE(got.size() == 1);
  CHECK(got[0].target == "/hooks/bihuan");
  CHECK(got[0].type == "application/cloudevents+json");
  const boost::json::value event = boost::json::parse(got[0].body);
  CHECK(event.at("id") == "6");
  CHECK(event.at("type") == "bihuan.SupervisionOrdered");
  CHECK(event.at("subject") == "appeal/SQ2021-000001");
  CHECK(got[0].seconds == std::to_string(told.served.clock.now() / kSecond));
  CHECK(got[0].signature == server::Webhook::signature(kSecret, "6", got[0].seconds, got[0].body));
  CHECK(told.webhook().place() == 6);
  CHECK(!told.webhook().is_due());
}

TEST_CASE("the signature is the one of the specification, as openssl computes it") {
  // HMAC-SHA256 of "msg_1.1614265330.{}" under "secret", worked out with openssl.
  CHECK(server::Webhook::signature("secret", "msg_1", "1614265330", "{}") ==
        "v1,3/iD+UC/cFPl3PtRMPUcvEULlwun6jyVUEMvdX3yW5g=");
}

TEST_CASE("a notice that is not taken holds back those behind it, and waits grow") {
  Told told;
  given_appeal(told);
  told.given_notices(3);
  told.receiver.answer({204, 500, 0, 302});
  for (const engine::Micros wait : {1, 2, 4}) {
    CHECK(told.webhook().is_due());
    CHECK(!told.webhook().deliver().has_value());
    CHECK(told.webhook().place() == 6);
    told.served.clock.pass(wait * kSecond - 1);
    CHECK(!told.webhook().is_due());
    told.served.clock.pass(1);
  }
  CHECK(told.webhook().failures() == 3);
  REQUIRE(told.webhook().deliver().has_value());
  CHECK(told.ids() == "6 7 7 7 7 8 ");
  CHECK(told.webhook().failures() == 0);
}

TEST_CASE("the longest wait is five minutes, however often it failed") {
  Told told;
  given_appeal(told);
  told.given_notices(1);
  for (int i = 0; i < 40; ++i) {
    told.receiver.answer({503});
    CHECK(!told.webhook().deliver().has_value());
    told.served.clock.pass(300 * kSecond);
    CHECK(told.webhook().is_due());
  }
}

TEST_CASE("a restart goes on at the place it had reached: nothing lost, nothing again") {
  Told told;
  given_appeal(told);
  told.given_notices(2);
  told.receiver.answer({204, 500});
  CHECK(!told.webhook().deliver().has_value());
  told.served.stop();
  told.served.start();
  told.given_notices(1);
  REQUIRE(told.webhook().deliver().has_value());
  CHECK(told.ids() == "6 7 7 8 ");
}

TEST_CASE(
    "a secret that others may read, a short one, and an address that is none are refused at the "
    "start") {
  Told told;
  server::WebhookOptions options;
  options.url = "http://127.0.0.1:1/";
  options.secret_file = told.dir / "open";
  const auto opened = [&] {
    return server::Webhook::open(options, told.dir / "place", "//x", told.served.log(),
                                 told.served.app().facts(), told.served.clock)
        .has_value();
  };
  std::ofstream(options.secret_file) << "a secret of some length";
  std::filesystem::permissions(
      options.secret_file, std::filesystem::perms::group_read | std::filesystem::perms::owner_read);
  CHECK(!opened());
  std::filesystem::permissions(options.secret_file, std::filesystem::perms::owner_read);
  CHECK(opened());
  for (const char* url : {"ftp://127.0.0.1:1/", "127.0.0.1:1", "http://u:p@127.0.0.1/", ""}) {
    options.url = url;
    CHECK_MESSAGE(!opened(), url);
  }
  options.url = "http://127.0.0.1:1/";
  options.secret_file = told.dir / "short";
  std::ofstream(options.secret_file) << "short";
  std::filesystem::permissions(options.secret_file, std::filesystem::perms::owner_read);
  CHECK(!opened());
}
