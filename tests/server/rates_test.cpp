// Floods: by one person, by one address, by many commands at once, and into a full disk.
#include "server/rates.h"

#include <doctest/doctest.h>

#include "tests/support/served.h"

using server::Rates;
using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

constexpr engine::Micros kSecond = 1'000'000;

int taken_of(Rates& rates, std::string_view key, int asked) {
  int taken = 0;
  for (int i = 0; i < asked; ++i) taken += rates.take(key) ? 1 : 0;
  return taken;
}

}  // namespace

TEST_CASE("a bucket gives its burst at once, then its rate, and never more than its burst") {
  support::ManualClock clock(0);
  Rates rates(clock, {10, 30});
  CHECK(taken_of(rates, "a", 100) == 30);
  CHECK(taken_of(rates, "b", 1) == 1);  // unaffected
  clock.pass(kSecond / 10);
  CHECK(taken_of(rates, "a", 100) == 1);
  clock.pass(kSecond);
  CHECK(taken_of(rates, "a", 100) == 10);
  clock.pass(1000 * kSecond);
  CHECK(taken_of(rates, "a", 100) == 30);
  CHECK(rates.size() == 2);
  rates.sweep();
  CHECK(rates.size() == 1);  // b's is full again
  clock.pass(3 * kSecond);
  rates.sweep();
  CHECK(rates.size() == 0);
}

TEST_CASE("a rate of 0 is no limit and remembers nobody") {
  support::ManualClock clock(0);
  Rates rates(clock, {0, 0});
  CHECK(taken_of(rates, "a", 1000) == 1000);
  CHECK(rates.size() == 0);
}

TEST_CASE("a host is its IPv4 address, or the first half of its IPv6 address") {
  CHECK(server::host_of("192.0.2.7") == "192.0.2.7");
  CHECK(server::host_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(server::host_of("2001:db8:1:2::9") == "2001:db8:1:2::");
  CHECK(server::host_of("::ffff:192.0.2.7") == "::ffff:192.0.2.7");
}

TEST_CASE("who asks too often gets 429 with Retry-After, others of the same address do not") {
  server::Options options;
  options.of_person = {2, 4};
  Served served(options);
  HttpClient lead = served.as("office_lead");
  for (int i = 0; i < 4; ++i) CHECK(lead.get("/v1/me").status == 200);
  const HttpReply refused = lead.get("/v1/me");
  CHECK(refused.status == 429);
  CHECK(refused.header("Retry-After") == "1");
  CHECK(refused.text("code") == "TooManyRequests");
  CHECK(lead.get("/healthz").status == 200);                    // names nobody
  CHECK(served.as("office_lead").get("/v1/me").status == 429);  // another connection is no way out
  CHECK(served.as("office_clerk").get("/v1/me").status == 200);
  CHECK(served.ask("office_lead", "CreateDepartment", "department/D01", R"({"name":"a"})").status ==
        429);
  CHECK(served.log().size() == 0);
  served.clock.pass(kSecond);  // as Retry-After says
  CHECK(lead.get("/v1/me").status == 200);
}

TEST_CASE("an address that asks too often gets 429 before any token is looked at") {
  server::Options options;
  options.of_address = {1, 3};
  Served served(options);
  HttpClient forged(served.port(), "forged");
  for (int i = 0; i < 3; ++i) CHECK(forged.get("/v1/me").status == 401);
  CHECK(forged.get("/v1/me").status == 429);
  CHECK(served.as("office_lead").get("/v1/me").status == 429);
  served.clock.pass(kSecond);
  CHECK(served.as("office_lead").get("/v1/me").status == 200);
}

TEST_CASE("a full queue is 503 with Retry-After at once, and nothing of it is recorded") {
  server::Options options;
  options.writer.waiting = 0;
  Served served(options);
  const HttpReply full =
      served.ask("office_lead", "CreateDepartment", "department/D01", R"({"name":"a"})");
  CHECK(full.status == 503);
  CHECK(full.text("code") == "Busy");
  CHECK(full.header("Retry-After") == "1");
  CHECK(served.as("office_lead").get("/v1/me").status == 200);  // reads go on
  CHECK(served.log().size() == 0);
}

TEST_CASE("of a batch beyond the room of the queue each line says for itself what became of it") {
  server::Options options;
  options.writer.waiting = 3;
  Served served(options);
  std::string lines;
  for (int i = 0; i < 10; ++i)
    lines += R"({"command":"CreateDepartment","stream":"department/D)" + std::to_string(100 + i) +
             R"(","id":"n)" + std::to_string(i) + R"(","data":{"name":"部门"}})" + "\n";
  const HttpReply reply = served.as("office_lead").post("/v1/commands", lines);
  REQUIRE(reply.status == 200);
  const auto count = [&](const std::string& text) {
    int found = 0;
    for (std::size_t at = reply.body.find(text); at != std::string::npos;
         at = reply.body.find(text, at + 1))
      ++found;
    return found;
  };
  CHECK(count(R"("status":201)") == 3);
  CHECK(count(R"("status":503)") == 7);
  CHECK(served.log().size() == 3);
}
