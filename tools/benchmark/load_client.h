// Many connections of one thread that each send a request, wait for its reply, and only then send
// the next: what a server is measured with. Written on sockets alone, so that the measurer takes as
// little as may be of the processors that it shares with what it measures.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/result.h"

namespace tools {

struct LoadOrder {
  std::uint16_t port = 0;  // of 127.0.0.1
  std::size_t connections = 64;
  double seconds = 0;  // after which no more requests are sent; 0: until there are none
  // The next request of any connection, whole; empty: there is none any more.
  std::function<std::string()> next;
  // Looks at every reply's status and body; false: the load is broken off.
  std::function<bool(unsigned status, std::string_view body)> replied;
};

struct Loaded {
  double seconds = 0;
  std::vector<double> waits_ms;  // from sending a request to its reply's last byte
  std::map<unsigned, std::uint64_t> statuses;
  [[nodiscard]] double requests_a_second() const {
    return static_cast<double>(waits_ms.size()) / seconds;
  }
};

// io: a connection was lost, or a reply was not HTTP with a Content-Length.
[[nodiscard]] engine::Result<Loaded> load(const LoadOrder& order);

// A whole request on a connection that stays open. `token`: empty for none.
[[nodiscard]] std::string http_request(std::string_view method, std::string_view target,
                                       std::string_view token, std::string_view headers,
                                       std::string_view body);

}  // namespace tools
