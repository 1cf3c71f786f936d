#include "server/pages.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/log/file.h"
#include "server/http/gzip.h"
#include "server/routes/asking.h"

namespace server {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

std::string_view type_of(std::string_view path) {
  constexpr std::array kTypes{
      std::pair{".html", "text/html; charset=utf-8"},
      std::pair{".js", "text/javascript"},
      std::pair{".css", "text/css; charset=utf-8"},
      std::pair{".svg", "image/svg+xml"},
      std::pair{".woff2", "font/woff2"},
      std::pair{".json", "application/json"},
      std::pair{".png", "image/png"},
  };
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

}  // namespace

Result<Pages> Pages::load(const std::string& directory) {
  namespace fs = std::filesystem;
  Pages pages;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file()) continue;
    const std::string path = at->path().lexically_relative(directory).generic_string();
    auto body = engine::read_file(at->path().string());
    if (!body) return std::unexpected(body.error());
    std::string etag = etag_of({path, *body});
    pages.pages_[path] = {std::string(type_of(path)), fixed_body(std::move(*body)), std::move(etag),
                          path.starts_with("assets/")};
  }
  if (error)
    return fail(ErrorCode::bad_input,
                fmt::format("The pages in {} cannot be read: {}.", directory, error.message()));
  if (pages.find("index.html") == nullptr)
    return fail(ErrorCode::bad_input,
                fmt::format("There is no index.html in {}; tools/web build makes it.", directory));
  return pages;
}

}  // namespace server
