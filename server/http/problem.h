// Errors as RFC 9457 says: application/problem+json with a Chinese and an English sentence and a
// code that programs may rely on.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "server/http/message.h"

namespace server {

// `more`: further members, such as what would be allowed now.
[[nodiscard]] Reply problem(unsigned status, std::string_view code, std::string_view chinese,
                            std::string_view english, boost::json::object more = {});
// What reading or writing the ledger could not do: 404, 400, 507 or 503.
[[nodiscard]] Reply problem(const engine::Error& error);
[[nodiscard]] Reply json_reply(unsigned status, const boost::json::value& body);

}  // namespace server
