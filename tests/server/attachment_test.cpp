// Attachments: kept under their own hash beside the log, told by their bytes, given only to be
// saved and only to who may see what names them.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/proof/hash.h"
#include "tests/support/served.h"
#include "tools/ledger/access.h"
#include "tools/ledger/attachments.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

const std::string kPdf = "%PDF-1.4\n% 施工许可\n";

std::string sha256_of(const std::string& bytes) {
  return engine::hex(engine::sha256(engine::bytes_of(bytes)));
}

void given_named(Served& served) {
  served.given_office();
  served.given("enterprise", "SubmitAppeal", "appeal/SQ2021-000001",
               std::string(R"({"enterprise":")") + support::kCompany +
                   R"(","channel":"web","category":"政务服务","title":"许可","attachments":[")" +
                   sha256_of(kPdf) + R"("]})");
}

std::vector<std::string> wrong_attachments(const Served& served) {
  const std::string data = served.dir / "ledger";
  const auto access = engine::Log::open(tools::access_of(data), engine::OpenMode::read_only);
  REQUIRE(access.has_value());
  std::vector<std::string> wrong;
  REQUIRE(tools::check_attachments(data, **access, [&](std::uint64_t, const std::string& what) {
            wrong.push_back(what);
          }).has_value());
  return wrong;
}

}  // namespace

TEST_CASE("a file is kept once under its hash, and comes back as it was, to be saved only") {
  Served served;
  given_named(served);
  HttpClient company = served.as("enterprise");
  const HttpReply first =
      company.post("/v1/attachments", kPdf, {{"Content-Type", "application/pdf"}});
  REQUIRE_MESSAGE(first.status == 201, first.body);
  CHECK(first.text("sha256") == sha256_of(kPdf));
  CHECK(first.text("type") == "application/pdf");
  CHECK(served.as("office_clerk").post("/v1/attachments", kPdf).status == 200);
  const HttpReply back = served.as("office_clerk").get("/v1/attachments/" + sha256_of(kPdf));
  REQUIRE(back.status == 200);
  CHECK(back.body == kPdf);
  CHECK(back.header("Content-Type") == "application/pdf");
  CHECK(back.header("Content-Disposition").starts_with("attachment; filename="));
  CHECK(back.header("X-Content-Type-Options") == "nosniff");
  CHECK(back.header("Content-Security-Policy") == "default-src 'none'; sandbox");
  const auto mode =
      std::filesystem::status(served.dir / ("ledger/attachments/" + sha256_of(kPdf))).permissions();
  CHECK((mode & std::filesystem::perms(0777)) == std::filesystem::perms(0600));
}

TEST_CASE("who sees only a part names a stream of its own that names the file") {
  Served served;
  given_named(served);
  HttpClient company = served.as("enterprise");
  REQUIRE(company.post("/v1/attachments", kPdf).status == 201);
  const std::string target = "/v1/attachments/" + sha256_of(kPdf);
  CHECK(company.get(target).status == 403);
  CHECK(company.get(target + "?stream=appeal/SQ2021-000001").status == 200);
  CHECK(company.get(target + "?stream=department/D01").status == 403);
  HttpClient officer = served.as("department_officer");
  CHECK(officer.get(target + "?stream=appeal/SQ2021-000001").status == 403);  // not dispatched yet
  CHECK(served.as("inspector").get(target).status == 200);
  CHECK(served.nobody().get(target).status == 401);
  CHECK(served.as("inspector").get("/v1/attachments/" + sha256_of("x")).status == 404);
  CHECK(served.as("inspector").get("/v1/attachments/..%2F..%2FHEAD").status == 404);
}

TEST_CASE("what is not a document or a picture is not taken, whatever it is called") {
  Served served;
  served.given_office();
  HttpClient clerk = served.as("office_clerk");
  const std::string png = "\x89PNG\r\n\x1a\n....";
  CHECK(clerk.post("/v1/attachments", png, {{"Content-Type", "image/png"}}).status == 201);
  CHECK(clerk.post("/v1/attachments", png, {{"Content-Type", "application/pdf"}}).status == 415);
  for (const std::string bytes :
       {"<html><script>alert(1)</script>", "MZ\x90", "#!/bin/sh\n",
        "<svg xmlns='http://www.w3.org/2000/svg'/>", "PK\x03\x04....", "GIF89a"})
    CHECK_MESSAGE(clerk.post("/v1/attachments", bytes).status == 415, bytes);
  CHECK(clerk.post("/v1/attachments", "").status == 413);
  for (const char* role : {"inspector", "district_leader"})
    CHECK(served.as(role).post("/v1/attachments", kPdf).status == 403);
}

TEST_CASE("the audit finds a file that was changed or is gone, and a backup has them all") {
  Served served;
  served.given_office();
  HttpClient clerk = served.as("office_clerk");
  REQUIRE(clerk.post("/v1/attachments", kPdf).status == 201);
  const std::string copy = served.dir / "copy";
  std::filesystem::create_directory(copy);
  REQUIRE(tools::copy_attachments(served.dir / "ledger", copy).has_value());
  CHECK(std::filesystem::exists(copy + "/attachments/" + sha256_of(kPdf)));
  CHECK(wrong_attachments(served).empty());
  const std::string path = served.dir / ("ledger/attachments/" + sha256_of(kPdf));
  std::ofstream(path, std::ios::app) << "!";
  CHECK(wrong_attachments(served).size() == 1);
  CHECK(clerk.get("/v1/attachments/" + sha256_of(kPdf)).status == 503);
  CHECK(!tools::copy_attachments(served.dir / "ledger", copy).has_value());
  std::filesystem::remove(path);
  CHECK(wrong_attachments(served).size() == 1);
  CHECK(clerk.post("/v1/attachments", kPdf).status == 201);  // brought again
  CHECK(wrong_attachments(served).empty());
}
