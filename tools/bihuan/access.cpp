#include "tools/bihuan/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/clock.h"
#include "engine/log/log.h"
#include "schemas/event.h"
#include "schemas/json.h"

namespace tools {

std::string access_of(const std::string& data) {
  return data.ends_with('/') ? data + "access" : data + "/access";
}

engine::Result<void> record_act(const std::string& data, std::string_view kind,
                                schemas::EventType type, std::vector<std::uint8_t> payload) {
  const auto log = engine::Log::open(access_of(data), engine::OpenMode::read_write);
  if (!log) return std::unexpected(log.error());
  engine::NewEvent act;
  const auto counted = (*log)->read_stream("access", kind, [&](const engine::RecordView& record) {
    act.version = record.version;
    return true;
  });
  if (!counted && counted.error().code != engine::ErrorCode::not_found) return counted;
  act.version += 1;
  act.recorded_at = act.occurred_at = std::max(engine::now(), (*log)->last_recorded_at());
  act.type = static_cast<std::uint16_t>(type);
  act.schema = schemas::kSchemaVersion;
  act.kind = "access";
  act.no = kind;
  act.actor = "bihuan";
  act.role = schemas::role_name(schemas::Role::system);
  act.id = fmt::format("access/{}#{}", kind, act.version);
  act.payload = std::move(payload);
  const std::array<engine::NewEvent, 1> group{std::move(act)};
  const auto appended = (*log)->append(group);
  if (!appended) return std::unexpected(appended.error());
  return {};
}

}  // namespace tools
