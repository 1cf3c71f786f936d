// Bodies made smaller for clients that take gzip.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.h"

namespace server {

[[nodiscard]] std::string gzip(std::string_view text);
[[nodiscard]] FixedBody fixed_body(std::string plain);
// The ETag of the compressed form: other bytes, so another tag.
[[nodiscard]] std::string gzip_etag(std::string_view etag);
// Compresses the reply's body if the client takes it and it is worth it.
void compress(const Request& request, Reply& reply);

}  // namespace server
