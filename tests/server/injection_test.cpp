// S14: what somebody wrote stays what it is: no formula in a table, no header of a reply, no page.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/csv_cells.h"
#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

std::vector<std::string> formulas() {
  std::vector<std::string> texts;
  for (const char* const start : {"=", "+", "-", "@", "\t=", "=+-@"})
    for (const char* const rest :
         {"1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x\",\"y\")", "SUM(A1:A9)", "x,\"=1+1"})
      texts.push_back(std::string(start) + rest);
  return texts;
}

}  // namespace

TEST_CASE(
    "S14: no cell of a table is a formula, whatever was written, and the text is still there") {
  Served served;
  served.given_office();
  std::size_t number = 0;
  for (const std::string& text : formulas()) {
    const boost::json::object data{{"enterprise", support::kCompany},
                                   {"channel", "web"},
                                   {"category", "政务服务"},
                                   {"title", text}};
    served.given("enterprise", "SubmitAppeal", "appeal/F" + std::to_string(++number),
                 boost::json::serialize(data));
  }
  const HttpReply csv = served.as("office_lead").get("/v1/reports/closed-loop?format=csv");
  REQUIRE(csv.status == 200);
  const std::vector<std::string> cells = support::csv_cells(csv.body);
  for (const std::string& cell : cells) {
    const bool digits = cell.find_first_not_of("0123456789", 1) == std::string::npos;
    if (cell.starts_with('-') && digits) continue;  // or nothing at all
    CHECK_MESSAGE(std::string("=+-@\t").find(cell.empty() ? 'x' : cell[0]) == std::string::npos,
                  cell);
  }
  for (const std::string& text : formulas())
    CHECK_MESSAGE(
        std::ranges::any_of(cells, [&](const std::string& cell) { return cell.ends_with(text); }),
        text);
}

TEST_CASE("S14: nothing that is asked for becomes a header, and what is answered is no page") {
  Served served;
  served.given_office();
  HttpClient lead = served.as("office_lead");
  for (const char* const target :
       {"/v1/streams/appeal/x%0d%0aSet-Cookie:%20a=b", "/v1/reports/%0d%0aSet-Cookie:%20a=b",
        "/v1/events?kind=%0d%0aSet-Cookie:%20a=b", "/v1/attachments/%0d%0aSet-Cookie:%20a=b",
        "/v1/reports/weekly?week=%3Cscript%3Ealert(1)%3C/script%3E",
        "/%3Cscript%3Ealert(1)%3C/script%3E"}) {
    CAPTURE(target);
    const HttpReply reply = lead.get(target);
    CHECK(reply.status >= 400);
    CHECK(reply.header("Set-Cookie").empty());
    CHECK(reply.header("Content-Type") == "application/problem+json");
    CHECK(reply.header("X-Content-Type-Options") == "nosniff");
    CHECK(reply.header("Content-Security-Policy").starts_with("default-src 'none'"));
  }
}
