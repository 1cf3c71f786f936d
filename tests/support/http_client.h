// A client that speaks HTTP through Beast, not through our own code, and raw bytes where a test
// must say what no client would. Blocking: every wait ends with a byte or with the connection.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace support {

struct HttpReply {
  unsigned status = 0;
  boost::beast::http::fields headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const {
    const auto found = headers.find(boost::beast::string_view(name.data(), name.size()));
    return found == headers.end() ? std::string() : std::string(found->value());
  }
  [[nodiscard]] boost::json::value json() const { return boost::json::parse(body); }
  [[nodiscard]] std::string text(std::string_view member) const {
    const boost::json::value value = json();
    const auto* found = value.as_object().if_contains(member);
    if (found == nullptr) return {};
    return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
  }
};

class HttpClient {
 public:
  using Headers = std::initializer_list<std::pair<std::string, std::string>>;

  explicit HttpClient(std::uint16_t port, std::string token = {})
      : socket_(context_), token_(std::move(token)) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  HttpReply get(const std::string& target, Headers headers = {}) {
    return send(boost::beast::http::verb::get, target, {}, headers);
  }
  HttpReply post(const std::string& target, std::string body, Headers headers = {}) {
    return send(boost::beast::http::verb::post, target, std::move(body), headers);
  }
  HttpReply send(boost::beast::http::verb verb, const std::string& target, std::string body,
                 Headers headers) {
    namespace http = boost::beast::http;
    http::request<http::string_body> request(verb, target, 11);
    request.set(http::field::host, "localhost");
    if (!token_.empty()) request.set(http::field::authorization, "Bearer " + token_);
    for (const auto& [name, value] : headers) request.insert(name, value);
    request.body() = std::move(body);
    request.prepare_payload();
    http::write(socket_, request);
    return read(verb == http::verb::head);
  }
  HttpReply read(bool bodiless = false) {
    namespace http = boost::beast::http;
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} << 20U);
    parser.skip(bodiless);
    http::read(socket_, buffer_, parser);
    auto& got = parser.get();
    return {got.result_int(), got.base(), std::move(got.body())};
  }

  void write_raw(std::string_view bytes) {
    boost::system::error_code ignored;  // the server may have closed meanwhile: the test reads that
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
  }
  // Up to the next place where `mark` stands, that place included.
  std::string read_until(std::string_view mark) {
    std::size_t length = 0;
    boost::system::error_code ended;
    length = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(ahead_),
                                     std::string(mark), ended);
    std::string got = ahead_.substr(0, length);
    ahead_.erase(0, length);
    return got;
  }
  // Everything until the server closes the connection.
  std::string read_to_end() {
    std::string all = std::exchange(ahead_, {});
    boost::system::error_code ended;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(all), ended);
    return all;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  std::string ahead_;  // read and not yet given out by read_until()
  std::string token_;
};

}  // namespace support
