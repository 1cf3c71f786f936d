// An event of the ledger as CloudEvents 1.0 has it, in its JSON form.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "engine/log/log.h"
#include "engine/record.h"

namespace server {

// `source`: the ledger's name (App::source). The seq is the id, so a receiver knows a repetition.
[[nodiscard]] boost::json::object cloud_event(const engine::Log& log, std::string_view source,
                                              const engine::RecordView& record);

}  // namespace server
