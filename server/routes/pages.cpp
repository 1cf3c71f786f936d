// The pages that people work with. They hold no data: what they show they ask for, with the
// reader's own token.
#include "server/pages.h"

#include <array>

#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"

namespace server::pages {
namespace {

// Scripts and fonts are ours alone; the components set styles of their own on elements.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

Reply serve(const App& app, const Request& request, std::string_view path) {
  const Page* const page = app.pages().find(path);
  if (page == nullptr)
    return problem(404, "NoSuchPage", "没有这个网页。", "There is no such page.");
  Reply reply;
  if (auto same = unchanged(request, page->etag)) {
    reply = std::move(*same);
  } else {
    reply.type = page->type;
    reply.fixed = &page->body;
    mark(reply, page->etag);
  }
  for (auto& [name, value] : reply.headers)
    if (name == "Cache-Control")
      value = page->is_fixed ? "public, max-age=31536000, immutable" : "no-cache";
  reply.headers.emplace_back("Content-Security-Policy", kPolicy);
  return reply;
}

Task<Reply> index(Call& call, Request& request) {
  co_return serve(call.app, request, "index.html");
}
Task<Reply> icon(Call& call, Request& request) { co_return serve(call.app, request, "icon.svg"); }
Task<Reply> manifest(Call& call, Request& request) {
  co_return serve(call.app, request, "manifest.json");
}
Task<Reply> worker(Call& call, Request& request) { co_return serve(call.app, request, "sw.js"); }
Task<Reply> asset(Call& call, Request& request) {
  co_return serve(call.app, request, "assets/" + request.part("name"));
}

// The pages keep their own addresses after '#', so that one file is all of them.
constexpr std::array kRoutes{
    Route{Method::get, "/", Action::read_page, index, "办公网页。", "The pages to work with."},
    Route{Method::get, "/icon.svg", Action::read_page, icon, "网页的图标。", "Their icon."},
    Route{Method::get, "/manifest.json", Action::read_page, manifest, "装到手机上的说明。",
          "What a phone needs to install them."},
    Route{Method::get, "/sw.js", Action::read_page, worker, "离线时打开网页的程序。",
          "What opens them without a line."},
    Route{Method::get, "/assets/{name}", Action::read_page, asset, "网页的程序与样式。",
          "Their programs and styles.", "", "/assets/index.js"},
};

}  // namespace
}  // namespace server::pages

namespace server {

std::span<const Route> page_routes() { return pages::kRoutes; }

}  // namespace server
