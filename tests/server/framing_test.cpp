// What two parsers could read differently is refused at the door, and the connection ends (S3).
#include "server/http/framing.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/served.h"

namespace {

using namespace std::string_literals;  // one of the tricks holds a NUL

std::string head(std::string_view lines) {
  return "GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + std::string(lines) + "\r\n";
}

// Each as the bytes of one request.
std::vector<std::string> smuggled() {
  std::vector<std::string> list = {
      "GET /healthz HTTP/1.1\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
      "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n",
      "GET /healthz HTTP/1.1 \r\nHost: a\r\n\r\n",
      "GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /healthz\r\nHost: a\r\n\r\n",
      "GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET\t/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
      "G\x01T /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://other/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /healthz HTTP/1.1\nHost: a\n\n",
      "GET /healthz HTTP/1.1\r\nHost: a\n\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
      "\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"s,
      "POST /v1/commands/X HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: a\r\n" + std::string(9'000, 'X') + ": 1\r\n\r\n",
      "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  for (const char* lines : {"Content-Length: 0\r\nContent-Length: 0\r\n",
                            "Content-Length: 1\r\nContent-Length: 2\r\n",
                            "Content-Length: 0, 0\r\n",
                            "Content-Length: +0\r\n",
                            "Content-Length: -1\r\n",
                            "Content-Length: 0x0\r\n",
                            "Content-Length:\r\n",
                            "Content-Length: 1 1\r\n",
                            "Content-Length: 9999999999999999\r\n",
                            "Content-Length : 0\r\n",
                            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
                            "content-length: 0\r\nTRANSFER-ENCODING: chunked\r\n",
                            "Transfer-Encoding: gzip\r\n",
                            "Transfer-Encoding: identity\r\n",
                            "Transfer-Encoding: chunked, identity\r\n",
                            "Transfer-Encoding: gzip, chunked\r\n",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: xchunked\r\n",
                            "Transfer-Encoding: chunked;x\r\n",
                            "Transfer-Encoding: \"chunked\"\r\n",
                            "Transfer-Encoding : chunked\r\n",
                            "Transfer-Encoding: chun ked\r\n",
                            "Transfer-Encoding:\r\n",
                            "X: a\r\n folded: b\r\n",
                            "X: a\r\n\tfolded\r\n",
                            " X: a\r\n",
                            "X a\r\n",
                            ": a\r\n",
                            "X\r\n",
                            "X y: a\r\n",
                            "X(y): a\r\n",
                            "X\x7f: a\r\n",
                            "X: a\x7f\r\n",
                            "X: a\x08\r\n",
                            "X: a\x1b[31m\r\n",
                            "Transfer-Encoding: \x0b"
                            "chunked\r\n",
                            "\xd0\xa2ransfer-Encoding: chunked\r\n"})
    list.push_back(head(lines));
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X: 1\r\n";
  list.push_back(head(many));
  return list;
}

}  // namespace

TEST_CASE("a plain head passes, also with a length or with chunks") {
  CHECK(!server::check_head(head("")));
  CHECK(!server::check_head(head("Content-Length: 12\r\n")));
  CHECK(!server::check_head(head("Transfer-Encoding: Chunked\r\n")));
  CHECK(!server::check_head(head("X: \xe6\xb5\x8b\r\nY:\r\n")));
  CHECK(!server::check_head("GET / HTTP/1.0\r\n\r\n"));
}

TEST_CASE(
    "every trick with the framing is answered with 400, 431 or 505, and the connection ends") {
  const support::Served served;
  const std::vector<std::string> tricks = smuggled();
  CHECK(tricks.size() >= 59);
  for (const std::string& trick : tricks) {
    support::HttpClient client = served.nobody();
    // What follows must never be answered as a request of its own.
    client.write_raw(trick + "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.read_to_end();
    const std::string status = answer.substr(0, 12);
    const bool refused =
        status == "HTTP/1.1 400" || status == "HTTP/1.1 431" || status == "HTTP/1.1 505";
    CHECK_MESSAGE(refused, trick.substr(0, 120), " -> ", answer);
    CHECK(answer.find("}HTTP/1.1 ") == std::string::npos);
    CHECK(answer.find("Connection: close") != std::string::npos);
  }
}
