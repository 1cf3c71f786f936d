// Notices in TLS: only who can show that it is the receiver hears a word. The listener and the
// certificates are real.
#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "server/app.h"
#include "server/webhook.h"
#include "tests/support/certificate.h"
#include "tests/support/receiver.h"
#include "tests/support/served.h"

using support::Certificate;
using support::Receiver;
using support::Served;

namespace {

// One for all tests, with a key of its own.
const Certificate& authority() {
  static const Certificate made({});
  return made;
}

// An office with one notice to tell, and a receiver that shows a certificate.
class Vouched {
 public:
  explicit Vouched(const Certificate& shown) {
    authority().write(dir / "authority.pem", dir / "authority.key");
    shown.write(dir / "shown.pem", dir / "shown.key");
    std::ofstream(dir / "secret") << "a secret of some length\n";
    std::filesystem::permissions(dir / "secret", std::filesystem::perms::owner_read);
    receiver.emplace(dir / "shown.pem", dir / "shown.key");
    served.given_office();
    served.given_appeal();
    served.given("office_lead", "OrderSupervision", "appeal/SQ2021-000001",
                 R"({"reason":"群众反映强烈"})");
  }

  // Why the notices of a ledger from its beginning are not taken; empty: they are.
  std::string deliver(const std::string& host, bool by_authority = true) {
    server::WebhookOptions options;
    options.url = "https://" + host + ":" + std::to_string(receiver->port()) + "/hooks";
    options.secret_file = dir / "secret";
    if (by_authority) options.authorities = dir / "authority.pem";
    std::ofstream(dir / "place") << "0\n";
    const auto webhook = server::Webhook::open(options, dir / "place", "//x", served.log(),
                                               served.app().facts(), served.clock);
    REQUIRE_MESSAGE(webhook.has_value(), (webhook ? "" : webhook.error().text));
    const auto done = (*webhook)->deliver();
    CHECK((*webhook)->place() == (done ? served.log().size() : 0));
    CHECK((*webhook)->failures() == (done ? 0 : 1));
    return done ? std::string() : done.error().text;
  }

  support::TempDir dir;
  std::optional<Receiver> receiver;
  Served served;
};

std::string refusal_of(const Certificate& shown, bool by_authority = true,
                       const std::string& host = "127.0.0.1") {
  Vouched told(shown);
  const std::string why = told.deliver(host, by_authority);
  while (told.receiver->left() == 0) std::this_thread::yield();
  CHECK(told.receiver->got().empty());
  return why;
}

}  // namespace

TEST_CASE("a receiver whose certificate is for its address or name, by the authority, is told") {
  Vouched told(Certificate({"DNS:localhost,IP:127.0.0.1", &authority()}));
  CHECK(told.deliver("127.0.0.1") == "");
  CHECK(told.deliver("localhost") == "");
  const auto got = told.receiver->got();
  REQUIRE(got.size() == 2);
  CHECK(got[0].target == "/hooks");
  CHECK(boost::json::parse(got[0].body).at("type") == "bihuan.SupervisionOrdered");
  CHECK(got[1].body == got[0].body);
}

TEST_CASE("a certificate by itself, by a stranger, for another, or out of time hears nothing") {
  const Certificate stranger({});
  const std::string names = "DNS:localhost,IP:127.0.0.1";
  CHECK(refusal_of(Certificate({names})) ==
        "The receiver's certificate is not accepted: self-signed certificate.");
  // It calls itself by the authority's name.
  CHECK(refusal_of(Certificate({names, &stranger})) ==
        "The receiver's certificate is not accepted: certificate signature failure.");
  CHECK(refusal_of(Certificate({"IP:127.0.0.2", &authority()})) ==
        "The receiver's certificate is not accepted: IP address mismatch.");
  CHECK(refusal_of(Certificate({"DNS:example.cn", &authority()}), true, "localhost") ==
        "The receiver's certificate is not accepted: hostname mismatch.");
  CHECK(refusal_of(Certificate({"DNS:local*", &authority()}), true, "localhost") ==
        "The receiver's certificate is not accepted: hostname mismatch.");
  CHECK(refusal_of(Certificate({names, &authority(), -60})) ==
        "The receiver's certificate is not accepted: certificate has expired.");
}

TEST_CASE("without a file of authorities it is those of the machine that count") {
  CHECK(refusal_of(Certificate({"IP:127.0.0.1", &authority()}), false) ==
        "The receiver's certificate is not accepted: unable to get local issuer certificate.");
}

TEST_CASE(
    "a receiver that speaks no TLS gets no notice, and one behind http:// needs no authority") {
  Vouched told(Certificate({"IP:127.0.0.1", &authority()}));
  told.receiver.emplace();
  CHECK(told.deliver("127.0.0.1").starts_with("The receiver did not answer: "));
  CHECK(told.receiver->got().empty());
  for (const auto& [url, authorities] : {std::pair{"https://127.0.0.1:1/", "no such file"},
                                         {"https://127.0.0.1:1/", "secret"},
                                         {"http://127.0.0.1:1/", "authority.pem"}}) {
    server::WebhookOptions options;
    options.url = url;
    options.authorities = told.dir / authorities;
    options.secret_file = told.dir / "secret";
    const auto opened = server::Webhook::open(options, told.dir / "place", "//x", told.served.log(),
                                              told.served.app().facts(), told.served.clock);
    CHECK_MESSAGE(!opened.has_value(), authorities);
  }
}
