// Every route has an example, and it works: what the description shows is what was sent here.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/proof/hash.h"
#include "server/router.h"
#include "tests/support/served.h"

using server::Method;
using server::Route;
using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

std::string pages_in(const support::TempDir& dir) {
  const std::string pages = dir / "pages";
  std::filesystem::create_directories(pages + "/assets");
  for (const char* name : {"index.html", "icon.svg", "manifest.json", "sw.js", "assets/index.js"})
    std::ofstream(pages + "/" + name) << "x";
  return pages;
}

server::Options rehearsal(const support::TempDir& dir) {
  server::Options options;
  options.rehearsal = true;
  options.pages = pages_in(dir);
  return options;
}

// Eight events, a sealed field in the ninth, and a policy.
void given_all(Served& served) {
  served.given_dispatched();
  served.given("department_officer", "RecordContact", "appeal/SQ2021-000001",
               R"({"matter":1,"department":"D01","method":"phone","person":"某某"})");
  served.given("office_lead", "PublishPolicy", "policy/ZC001",
               R"({"title":"支持企业研发的若干措施","number":"区政发〔2021〕7号","issuer":"区政府",)"
               R"("text":"对研发投入给予补助。","from":"2021-09-01"})");
  served.sign();
}

std::string target_of(const Route& route) {
  return std::string(route.example.empty() ? route.path : route.example);
}

}  // namespace

TEST_CASE("every route's example is answered, and names its rehearsal") {
  const support::TempDir dir;
  Served served(rehearsal(dir));
  given_all(served);
  std::size_t sent = 0;
  for (const Route* route : server::all_routes()) {
    const std::string target = target_of(*route);
    CAPTURE(target);
    REQUIRE(target.find('{') == std::string::npos);
    HttpClient lead = served.as("office_lead");
    ++sent;
    if (route->path == "/v1/feed") {  // without an end
      lead.write_raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                     served.token("office_lead") + "\r\n\r\n");
      CHECK(lead.read_until("id: 1\n").find("HTTP/1.1 200") == 0);
      continue;
    }
    const HttpReply reply =
        route->method == Method::post
            ? lead.post(target, std::string(route->body), {{"Idempotency-Key", target}})
            : lead.get(target);
    CHECK_MESSAGE((reply.status == 200 || reply.status == 201), reply.body);
    CHECK(reply.header("Bihuan-Rehearsal").starts_with("2021-09-"));
  }
  CHECK(sent == server::all_routes().size());
}
