// Limits of a connection: sizes, times, methods, and its end.
#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "tests/support/certificate.h"
#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

constexpr engine::Micros kSecond = 1'000'000;

// Until the server has seen the bytes: it answers on another loop or the same, in order of arrival,
// so a few whole requests later it has.
void let_the_server_read(const Served& served) {
  for (int i = 0; i < 4; ++i) CHECK(served.nobody().get("/healthz").status == 200);
}

}  // namespace

TEST_CASE("unknown paths are 404 and wrong methods 405 with what is allowed") {
  Served served;
  HttpClient client = served.nobody();
  CHECK(client.get("/").status == 404);
  CHECK(client.get("/healthz/x").status == 404);
  CHECK(client.get("/v1/commands/").status == 404);
  const HttpReply wrong = client.post("/healthz", "x");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("Allow") == "GET, HEAD");
  CHECK(client.get("/v1/commands/AcceptAppeal").header("Allow") == "POST");
  const HttpReply head = client.send("HEAD", "/healthz", {}, {});
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(client.send("TRACE", "/healthz", {}, {}).status == 405);
}

TEST_CASE("a body over the limit is 413 before it is read, and a line over a megabyte as well") {
  server::Options options;
  options.http.body_bytes = 2U << 20U;
  Served served(options);
  HttpClient client = served.as("office_lead");
  client.write_raw("POST /v1/commands/X HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
  CHECK(client.read_to_end().starts_with("HTTP/1.1 413"));
  HttpClient second = served.as("office_lead");
  const HttpReply long_line =
      second.post("/v1/commands/CreateDepartment", std::string((1U << 20U) + 1, ' '),
                  {{"Idempotency-Key", "x"}});
  CHECK(long_line.status == 413);
}

TEST_CASE("chunks are put together, and what a trailer says is nobody's header") {
  Served served;
  HttpClient client = served.nobody();
  const std::string token = served.token("office_lead");
  client.write_raw(
      "POST /v1/commands/CreateDepartment HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
      "Idempotency-Key: t\r\nTrailer: Authorization\r\nConnection: close\r\n\r\n"
      "10\r\n{\"stream\":\"depar\r\n24\r\ntment/D01\",\"data\":{\"name\":\"office\"}}\r\n0\r\n"
      "Authorization: Bearer " +
      token + "\r\n\r\n");
  const std::string denied = client.read_to_end();
  CHECK_MESSAGE(denied.starts_with("HTTP/1.1 401"), denied);
  HttpClient honest = served.nobody();
  honest.write_raw(
      "POST /v1/commands/CreateDepartment HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
      "Idempotency-Key: t\r\nConnection: close\r\nAuthorization: Bearer " +
      token +
      "\r\n\r\n"
      "10\r\n{\"stream\":\"depar\r\n24\r\ntment/"
      "D01\",\"data\":{\"name\":\"office\"}}\r\n0\r\n\r\n");
  const std::string taken = honest.read_to_end();
  CHECK_MESSAGE(taken.starts_with("HTTP/1.1 201"), taken);
}

TEST_CASE("requests that were sent ahead are answered in their order") {
  Served served;
  HttpClient client = served.nobody();
  client.write_raw(
      "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(client.read().status == 200);
  CHECK(client.read().status == 404);
  CHECK(client.read().status == 200);
}

TEST_CASE("a client that is slow with its head, its body or its next request is let go") {
  Served served;
  const std::string slow_heads[] = {
      "", "GET /healthz HT",
      "POST /v1/commands/X HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"};
  for (const std::string& begun : slow_heads) {
    HttpClient client = served.nobody();
    if (!begun.empty()) client.write_raw(begun);
    let_the_server_read(served);
    served.clock.pass(9 * kSecond);
    served.sweep();
    HttpClient patient = served.nobody();
    CHECK(patient.get("/healthz").status == 200);
    served.clock.pass(7 * kSecond);
    served.sweep();
    CHECK(client.read_to_end().empty());  // returns: the connection was closed
  }
}

TEST_CASE("a client that does not finish its TLS handshake is let go") {
  const support::TempDir dir;
  server::Options options;
  options.tls_certificate = dir / "cert.pem";
  options.tls_key = dir / "key.pem";
  support::Certificate({}).write(options.tls_certificate, options.tls_key);
  Served served(options);
  HttpClient silent = served.nobody(), begun = served.nobody();
  begun.write_raw(std::string_view("\x16\x03\x01\x00", 4));  // half the head of a first record
  while (served.connections() < 2) std::this_thread::yield();
  served.clock.pass(9 * kSecond);
  served.sweep();
  CHECK(served.connections() == 2);
  served.clock.pass(2 * kSecond);
  served.sweep();
  CHECK(silent.read_to_end().empty());  // returns: the connection was closed
  CHECK(begun.read_to_end().empty());
}

TEST_CASE(
    "more connections than the limit are closed at once, and a place that is free again is used") {
  server::Options options;
  options.http.connections = 2;
  Served served(options);
  auto first = std::make_unique<HttpClient>(served.port());
  HttpClient second = served.nobody();
  CHECK(first->get("/healthz").status == 200);
  CHECK(second.get("/healthz").status == 200);
  HttpClient third = served.nobody();
  CHECK(third.read_to_end().empty());
  CHECK(second.get("/healthz").status == 200);
}

TEST_CASE("a stop lets go of idle connections and leaves nothing behind") {
  Served served;
  HttpClient client = served.nobody();
  CHECK(client.get("/healthz").status == 200);
  served.stop();
  CHECK(client.read_to_end().empty());
  CHECK(served.connections() == 0);
}
