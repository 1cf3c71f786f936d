#include "server/http/gzip.h"

#include <zlib.h>

#include "engine/check.h"

namespace server {
namespace {

constexpr std::size_t kWorthBytes = 1024;  // below a packet or so nothing is won

// "gzip" among the codings, and not with q=0 (RFC 9110 section 12.5.3).
bool takes_gzip(std::string_view accepted) {
  while (!accepted.empty()) {
    const std::size_t comma = std::min(accepted.find(','), accepted.size());
    std::string_view one = accepted.substr(0, comma);
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const std::size_t end = std::min(one.find_first_of(" ;"), one.size());
    if (one.substr(0, end) != "gzip") continue;
    const std::size_t q = one.find("q=0");
    return q == std::string_view::npos || one.find_first_of("123456789", q + 3) < one.size();
  }
  return false;
}

std::string gzip_at(std::string_view text, int level) {
  constexpr int kGzipWindow = 15 + 16, kMemory = 8;
  z_stream stream{};
  CHECK(deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string gzip(std::string_view text) { return gzip_at(text, Z_BEST_SPEED); }

FixedBody fixed_body(std::string plain) {
  std::string gzipped = gzip_at(plain, Z_DEFAULT_COMPRESSION);
  return {std::move(plain), std::move(gzipped)};
}

std::string gzip_etag(std::string_view etag) {
  return std::string(etag.substr(0, etag.size() - 1)) + "-gzip\"";
}

void compress(const Request& request, Reply& reply) {
  if (reply.bytes().size() < kWorthBytes) return;
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  const std::string* const accepted = request.header("accept-encoding");
  if (accepted == nullptr || !takes_gzip(*accepted)) return;
  if (reply.fixed == nullptr) reply.body = gzip(reply.body);
  reply.compressed = true;
  for (auto& [name, value] : reply.headers)
    if (name == "ETag") value = gzip_etag(value);
  reply.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace server
