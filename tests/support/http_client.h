// A client that speaks HTTP through Beast, not through our own code, and raw bytes where a test
// must say what no client would. Blocking: every wait ends with a byte or with the connection.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

struct HttpReply {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Of any case; empty: it did not come.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] boost::json::value json() const { return boost::json::parse(body); }
  // A member of the body as text; empty: there is none.
  [[nodiscard]] std::string text(std::string_view member) const;
};

class HttpClient {
 public:
  using Headers = std::initializer_list<std::pair<std::string, std::string>>;

  explicit HttpClient(std::uint16_t port, std::string token = {});
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;

  HttpReply get(const std::string& target, Headers headers = {}) {
    return send("GET", target, {}, headers);
  }
  HttpReply post(const std::string& target, std::string body, Headers headers = {}) {
    return send("POST", target, std::move(body), headers);
  }
  HttpReply send(std::string_view method, const std::string& target, std::string body,
                 Headers headers);
  HttpReply read(bool bodiless = false);

  void write_raw(std::string_view bytes);
  // Up to the next place where `mark` stands, that place included.
  std::string read_until(std::string_view mark);
  // Everything until the server closes the connection.
  std::string read_to_end();

 private:
  struct Wire;
  std::unique_ptr<Wire> wire_;
  std::string token_;
};

}  // namespace support
