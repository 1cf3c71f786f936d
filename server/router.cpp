#include "server/router.h"

#include <algorithm>
#include <string>

namespace server {
namespace {

// A route's path, taken apart once.
struct Pattern {
  const Route* route = nullptr;
  std::vector<std::string_view> pieces;  // of "/": none
  bool open_ended = false;               // the last piece is {name...}

  [[nodiscard]] bool fits(const std::vector<std::string>& segments) const {
    const bool root = segments.size() == 1 && segments[0].empty();
    const std::size_t count = root ? 0 : segments.size();
    if (open_ended ? count < pieces.size() : count != pieces.size()) return false;
    for (std::size_t i = pieces.size(); i-- > 0;) {
      const bool open = open_ended && i + 1 == pieces.size();
      const bool named = pieces[i].starts_with('{');
      if (named ? !open && segments[i].empty() : pieces[i] != segments[i]) return false;
    }
    return true;
  }

  // What stands in place of the names.
  [[nodiscard]] Fields parts(const std::vector<std::string>& segments) const {
    Fields parts;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (!pieces[i].starts_with('{')) continue;
      const std::size_t dots = open_ended && i + 1 == pieces.size() ? 3 : 0;
      std::string value = segments[i];
      if (dots != 0)
        for (std::size_t k = i + 1; k < segments.size(); ++k) value.append("/").append(segments[k]);
      parts.emplace_back(pieces[i].substr(1, pieces[i].size() - 2 - dots), std::move(value));
    }
    return parts;
  }
};

Pattern pattern_of(const Route* route) {
  Pattern pattern{route, {}, route->path.ends_with("...}")};
  for (std::string_view rest = route->path.substr(1); !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    pattern.pieces.push_back(rest.substr(0, slash));
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return pattern;
}

const std::vector<Pattern>& all_patterns() {
  static const std::vector<Pattern> all = [] {
    std::vector<Pattern> list;
    for (const Route* const route : all_routes()) list.push_back(pattern_of(route));
    return list;
  }();
  return all;
}

}  // namespace

const std::vector<const Route*>& all_routes() {
  static const std::vector<const Route*> all = [] {
    std::vector<const Route*> list;
    for (const std::span<const Route> some :
         {status_routes(), command_routes(), report_routes(), stream_routes(), reminder_routes(),
          evidence_routes(), package_routes(), sealed_routes(), attachment_routes(),
          deadline_routes(), policy_routes(), rehearsal_routes(), page_routes()})
      for (const Route& route : some) list.push_back(&route);
    return list;
  }();
  return all;
}

Found find_route(Request& request) {
  Found found;
  for (const Pattern& pattern : all_patterns()) {
    if (!pattern.fits(request.segments)) continue;
    const Route* const route = pattern.route;
    const bool right_method = route->method == request.method ||
                              (route->method == Method::get && request.method == Method::head);
    if (!right_method) {
      found.allowed.push_back(route->method);
      continue;
    }
    request.parts = pattern.parts(request.segments);
    found.route = route;
    return found;
  }
  return found;
}

Fields parts_of(const Route& route, const std::vector<std::string>& segments) {
  const Pattern pattern = pattern_of(&route);
  return pattern.fits(segments) ? pattern.parts(segments) : Fields();
}

std::vector<std::string_view> names_in(std::string_view names) {
  std::vector<std::string_view> list;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    list.push_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return list;
}

}  // namespace server
