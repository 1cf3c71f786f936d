#include "server/router.h"

#include <algorithm>
#include <optional>

namespace server {
namespace {

std::optional<Fields> match(std::string_view pattern, const std::vector<std::string>& segments) {
  Fields parts;
  std::size_t at = 0;
  pattern.remove_prefix(1);
  if (pattern.empty()) {  // "/" itself: no segment, or one that is empty
    const bool is_root = segments.empty() || (segments.size() == 1 && segments[0].empty());
    return is_root ? std::optional(parts) : std::nullopt;
  }
  for (;;) {
    const std::size_t slash = std::min(pattern.find('/'), pattern.size());
    const std::string_view piece = pattern.substr(0, slash);
    if (at == segments.size()) return std::nullopt;
    if (piece.ends_with("...}")) {
      std::string rest = segments[at];
      while (++at < segments.size()) rest.append("/").append(segments[at]);
      parts.emplace_back(piece.substr(1, piece.size() - 5), std::move(rest));
      return parts;
    }
    if (piece.starts_with('{')) {
      if (segments[at].empty()) return std::nullopt;
      parts.emplace_back(piece.substr(1, piece.size() - 2), segments[at]);
    } else if (piece != segments[at]) {
      return std::nullopt;
    }
    ++at;
    if (slash == pattern.size()) break;
    pattern.remove_prefix(slash + 1);
  }
  if (at != segments.size()) return std::nullopt;
  return parts;
}

}  // namespace

const std::vector<const Route*>& all_routes() {
  static const std::vector<const Route*> all = [] {
    std::vector<const Route*> list;
    for (const std::span<const Route> some :
         {status_routes(), command_routes(), report_routes(), stream_routes(), reminder_routes(),
          evidence_routes(), page_routes()})
      for (const Route& route : some) list.push_back(&route);
    return list;
  }();
  return all;
}

Found find_route(Request& request) {
  Found found;
  for (const Route* const route : all_routes()) {
    auto parts = match(route->path, request.segments);
    if (!parts) continue;
    const bool fits = route->method == request.method ||
                      (route->method == Method::get && request.method == Method::head);
    if (!fits) {
      found.allowed.push_back(route->method);
      continue;
    }
    request.parts = std::move(*parts);
    found.route = route;
    return found;
  }
  return found;
}

}  // namespace server
