#include "server/http/framing.h"

#include <algorithm>
#include <string>

namespace server {
namespace {

constexpr HeadFault kBytes{400, "请求头含有不允许的字节。",
                           "The head holds bytes that are not allowed."};
constexpr HeadFault kLine{400, "请求行不合要求。", "The request line is malformed."};
constexpr HeadFault kVersion{505, "只支持 HTTP/1.1 与 HTTP/1.0。",
                             "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
constexpr HeadFault kField{400, "请求头的一行不合要求。", "A header line is malformed."};
constexpr HeadFault kLength{400, "Content-Length 不合要求或给了两次。",
                            "Content-Length is malformed or given twice."};
constexpr HeadFault kCoding{
    400, "Transfer-Encoding 只能是 chunked，且不能与 Content-Length 同时出现。",
    "Transfer-Encoding must be chunked and nothing else, without Content-Length."};
constexpr HeadFault kHost{400, "须有且只有一个 Host。", "There must be one Host, and only one."};
constexpr HeadFault kTooLarge{431, "请求头太大。", "The head is too large."};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || kMarks.contains(c);
  });
}

// Controls, and line ends that are not CR LF, are in no honest head.
bool bytes_hold(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if (c == '\r'   ? i + 1 == head.size() || head[i + 1] != '\n'
        : c == '\n' ? i == 0 || head[i - 1] != '\r'
                    : (c < 0x20 && c != '\t') || c == 0x7f)
      return false;
  }
  return true;
}

std::optional<HeadFault> check_request_line(std::string_view line, bool& old) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return kLine;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const bool plain = std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_token(line.substr(0, first)) || !target.starts_with('/') || !plain) return kLine;
  const std::string_view version = line.substr(last + 1);
  if (!version.starts_with("HTTP/") || version.size() != 8) return kLine;
  old = version == "HTTP/1.0";
  if (!old && version != "HTTP/1.1") return kVersion;
  return std::nullopt;
}

struct Seen {
  std::size_t fields = 0, hosts = 0, lengths = 0, codings = 0;
};

std::optional<HeadFault> check_field(std::string_view line, bool old, Seen& seen) {
  const std::size_t colon = line.find(':');
  // A line that begins with a blank would be a fold of the one before it; a blank before the colon
  // is read as part of the name by some.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return kField;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  const std::string_view name = line.substr(0, colon);
  if (++seen.fields > kFieldsMax) return kTooLarge;
  if (equal_ignoring_case(name, "host") && ++seen.hosts > 1) return kHost;
  if (equal_ignoring_case(name, "content-length")) {
    constexpr std::size_t kDigitsMax = 15;
    const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (++seen.lengths > 1 || value.empty() || value.size() > kDigitsMax || !digits) return kLength;
  }
  if (equal_ignoring_case(name, "transfer-encoding") &&
      (++seen.codings > 1 || old || !equal_ignoring_case(value, "chunked")))
    return kCoding;
  return std::nullopt;
}

}  // namespace

bool may_become_head(std::string_view begun) {
  if (begun.ends_with('\r')) begun.remove_suffix(1);
  return begun.size() <= kHeadBytesMax && bytes_hold(begun);
}

std::optional<HeadFault> check_head(std::string_view head) {
  if (head.size() > kHeadBytesMax) return kTooLarge;
  if (!bytes_hold(head)) return kBytes;
  bool old = false, first = true;
  Seen seen;
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    if (end == std::string_view::npos) return kBytes;
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.size() > kLineBytesMax) return kTooLarge;
    if (first) {
      if (const auto fault = check_request_line(line, old)) return fault;
      first = false;
    } else if (line.empty()) {
      break;
    } else if (const auto fault = check_field(line, old, seen)) {
      return fault;
    }
  }
  if (!head.empty()) return kBytes;
  if (seen.hosts == 0 && !old) return kHost;
  if (seen.codings != 0 && seen.lengths != 0) return kCoding;
  return std::nullopt;
}

}  // namespace server
