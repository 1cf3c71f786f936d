// A request and a reply as plain values: what handlers see of HTTP. They include neither Beast nor
// a socket.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

// What runs on one loop: resumed only by that loop's thread.
template <class T>
using Task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

using Fields = std::vector<std::pair<std::string, std::string>>;

enum class Method : std::uint8_t { get, head, post, other };

struct Request {
  Method method = Method::other;
  std::vector<std::string> segments;  // of the path, decoded one by one
  Fields query;                       // decoded, in order
  Fields headers;                     // names in lower case
  std::string body;
  std::string address;  // of the peer
  Fields parts;         // what stood in place of {name} in the route's pattern

  // The value of a header that came once; nullptr: not given. (A name given twice is joined by
  // ", " as RFC 9110 says, unless that is refused at the door.)
  [[nodiscard]] const std::string* header(std::string_view name) const {
    return find(headers, name);
  }
  [[nodiscard]] const std::string* parameter(std::string_view name) const {
    return find(query, name);
  }
  [[nodiscard]] const std::string& part(std::string_view name) const { return *find(parts, name); }

 private:
  [[nodiscard]] static const std::string* find(const Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields)
      if (key == name) return &value;
    return nullptr;
  }
};

// A body that is everybody's: it outlives each reply, so that who reads slowly holds no copy of it,
// and is compressed once.
struct FixedBody {
  std::string plain, gzipped;
};

struct Reply {
  unsigned status = 200;
  std::string type;  // of the body; empty: there is none
  Fields headers;
  std::string body;
  const FixedBody* fixed = nullptr;  // instead of `body`
  bool compressed = false;           // by compress()
  bool close = false;                // the connection, after this reply
  // A body without an end (the feed): called again and again for its next piece until it gives
  // nothing; an empty piece is only a sign of life.
  std::function<Task<std::optional<std::string>>()> next_piece;

  [[nodiscard]] std::string_view bytes() const {
    if (fixed == nullptr) return body;
    return compressed ? fixed->gzipped : fixed->plain;
  }
};

}  // namespace server
