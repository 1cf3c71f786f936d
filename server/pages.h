// The built pages (server/web), read into memory at the start: what is not among them cannot be
// asked for.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "server/http/message.h"

namespace server {

struct Page {
  std::string type;
  FixedBody body;
  std::string etag;
  bool is_fixed = false;  // its name holds a hash of its content: it never changes
};

class Pages {
 public:
  // Every file of `directory`, by its path from there. bad_input: it has no index.html.
  static engine::Result<Pages> load(const std::string& directory);

  // nullptr: there is none. Any thread.
  [[nodiscard]] const Page* find(std::string_view path) const {
    const auto found = pages_.find(path);
    return found == pages_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Page, std::less<>> pages_;
};

}  // namespace server
