#include "tests/support/http_client.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace support {
namespace asio = boost::asio;
namespace http = boost::beast::http;

struct HttpClient::Wire {
  asio::io_context context;
  asio::ip::tcp::socket socket{context};
  boost::beast::flat_buffer buffer;
  std::string ahead;  // read and not yet given out by read_until()
};

std::string HttpReply::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (boost::beast::iequals(key, name)) return value;
  return {};
}

std::string HttpReply::text(std::string_view member) const {
  const boost::json::value value = json();
  const auto* found = value.as_object().if_contains(member);
  if (found == nullptr) return {};
  return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

HttpClient::HttpClient(std::uint16_t port, std::string token)
    : wire_(std::make_unique<Wire>()), token_(std::move(token)) {
  wire_->socket.connect({asio::ip::make_address("127.0.0.1"), port});
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

HttpReply HttpClient::send(std::string_view method, const std::string& target, std::string body,
                           Headers headers) {
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.set(http::field::host, "localhost");
  if (!token_.empty()) request.set(http::field::authorization, "Bearer " + token_);
  for (const auto& [name, value] : headers) request.insert(name, value);
  request.body() = std::move(body);
  request.prepare_payload();
  http::write(wire_->socket, request);
  return read(method == "HEAD");
}

HttpReply HttpClient::read(bool bodiless) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::uint64_t{64} << 20U);
  parser.skip(bodiless);
  http::read(wire_->socket, wire_->buffer, parser);
  auto& got = parser.get();
  HttpReply reply{got.result_int(), {}, std::move(got.body())};
  for (const auto& field : got) reply.headers.emplace_back(field.name_string(), field.value());
  return reply;
}

void HttpClient::write_raw(std::string_view bytes) {
  boost::system::error_code ignored;  // the server may have closed meanwhile: the test reads that
  asio::write(wire_->socket, asio::buffer(bytes.data(), bytes.size()), ignored);
}

std::string HttpClient::read_until(std::string_view mark) {
  boost::system::error_code ended;
  const std::size_t length =
      asio::read_until(wire_->socket, asio::dynamic_buffer(wire_->ahead), std::string(mark), ended);
  std::string got = wire_->ahead.substr(0, length);
  wire_->ahead.erase(0, length);
  return got;
}

std::string HttpClient::read_to_end() {
  std::string all = std::exchange(wire_->ahead, {});
  boost::system::error_code ended;
  asio::read(wire_->socket, asio::dynamic_buffer(all), ended);
  return all;
}

}  // namespace support
