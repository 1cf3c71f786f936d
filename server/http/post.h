// One POST to another system, blocking, over plain HTTP/1.1: for a thread that may be kept.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "server/http/message.h"

namespace server {

// http://HOST:PORT/PATH, taken apart.
struct Target {
  std::string host, port, path;
};
// nullopt: not such an address. https is refused: a relay on this machine does TLS better than a
// second client would (docs/OPERATIONS.md).
[[nodiscard]] std::optional<Target> parse_target(std::string_view url);

// The status of the reply; io: it could not be reached, or gave no whole reply in that time.
// Redirects are not followed.
[[nodiscard]] engine::Result<unsigned> post(const Target& to, const Fields& headers,
                                            const std::string& body,
                                            std::chrono::milliseconds within);

}  // namespace server
