// The pages as a browser fetches them from a whole server.
#include "server/pages.h"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

void write(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

server::Options with_pages(const std::string& directory) {
  server::Options options;
  options.pages = directory;
  return options;
}

}  // namespace

TEST_CASE("the pages come without a token, and only what was built is there") {
  support::TempDir dir;
  write(dir / "pages/index.html", "<!doctype html><title>闭环</title>");
  write(dir / "pages/assets/desk-1a2b.js", "export const desk = 1");
  write(dir / "secret.txt", "not a page");
  Served served(with_pages(dir / "pages"));
  HttpClient reader = served.nobody();
  const HttpReply index = reader.get("/");
  CHECK(index.status == 200);
  CHECK(index.header("Content-Type") == "text/html; charset=utf-8");
  CHECK(index.body.find("闭环") != std::string::npos);
  CHECK(index.header("Cache-Control") == "no-cache");
  const HttpReply script = reader.get("/assets/desk-1a2b.js");
  CHECK(script.status == 200);
  CHECK(script.header("Content-Type") == "text/javascript");
  CHECK(script.header("Cache-Control") == "public, max-age=31536000, immutable");
  for (const char* target : {"/assets/none.js", "/assets/..%2F..%2Fsecret.txt", "/icon.svg",
                             "/assets/%2E%2E", "/secret.txt", "/assets/"})
    CHECK_MESSAGE(reader.get(target).status == 404, target);
  CHECK(reader.post("/", "{}").status == 405);
}

TEST_CASE("a phone finds what it needs to keep the pages, and asks for it anew each time") {
  support::TempDir dir;
  write(dir / "pages/index.html", "<!doctype html>");
  write(dir / "pages/manifest.json", R"({"name":"闭环"})");
  write(dir / "pages/sw.js", "self.skipWaiting()");
  Served served(with_pages(dir / "pages"));
  HttpClient reader = served.nobody();
  for (const auto& [target, type] :
       {std::pair{"/manifest.json", "application/json"}, std::pair{"/sw.js", "text/javascript"}}) {
    const HttpReply reply = reader.get(target);
    CHECK_MESSAGE(reply.status == 200, target);
    CHECK_MESSAGE(reply.header("Content-Type") == type, target);
    CHECK_MESSAGE(reply.header("Cache-Control") == "no-cache", target);
  }
  const std::string policy = reader.get("/").header("Content-Security-Policy");
  CHECK(policy.find("manifest-src 'self'; worker-src 'self'") != std::string::npos);
}

TEST_CASE("a page may run the server's own scripts and nothing else, answers of the API nothing") {
  support::TempDir dir;
  write(dir / "pages/index.html", "<!doctype html>");
  Served served(with_pages(dir / "pages"));
  HttpClient reader = served.nobody();
  const std::string of_page = reader.get("/").header("Content-Security-Policy");
  CHECK(of_page.find("default-src 'none'; script-src 'self';") != std::string::npos);
  CHECK(of_page.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(reader.get("/healthz").header("Content-Security-Policy") ==
        "default-src 'none'; frame-ancestors 'none'");
}

TEST_CASE("a page that has not changed is not sent again") {
  support::TempDir dir;
  write(dir / "pages/index.html", "<!doctype html>");
  Served served(with_pages(dir / "pages"));
  HttpClient reader = served.nobody();
  const std::string tag = reader.get("/").header("ETag");
  const HttpReply again = reader.get("/", {{"If-None-Match", tag}});
  CHECK(again.status == 304);
  CHECK(again.header("Content-Security-Policy").find("script-src") != std::string::npos);
  CHECK(reader.get("/", {{"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE("without pages the API is all there is, and a folder without them is refused") {
  Served served;
  CHECK(served.nobody().get("/").status == 404);
  support::TempDir empty;
  const auto refused = server::Pages::load(empty / "none");
  REQUIRE(!refused.has_value());
  CHECK(refused.error().code == engine::ErrorCode::bad_input);
  write(empty / "some/other.html", "<!doctype html>");
  CHECK(!server::Pages::load(empty / "some").has_value());
}
