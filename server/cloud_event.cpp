#include "server/cloud_event.h"

#include <fmt/format.h>

#include <string>

#include "schemas/calendar.h"
#include "schemas/event.h"
#include "tools/ledger/events.h"

namespace server {

boost::json::object cloud_event(const engine::Log& log, std::string_view source,
                                const engine::RecordView& record) {
  boost::json::object data = tools::event_with_leaf(log, record);
  return {{"specversion", "1.0"},
          {"id", std::to_string(record.seq)},
          {"source", source},
          {"type", fmt::format("bihuan.{}", schemas::info_of(schemas::type_of(record)).name)},
          {"subject", fmt::format("{}/{}", record.kind, record.no)},
          {"time", schemas::time_text(record.recorded_at)},
          {"datacontenttype", "application/json"},
          {"data", std::move(data)}};
}

}  // namespace server
