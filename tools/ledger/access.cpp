#include "tools/ledger/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/clock.h"
#include "schemas/event.h"
#include "schemas/json.h"

namespace tools {

using engine::Result;

std::string access_of(const std::string& data) {
  return data.ends_with('/') ? data + "access" : data + "/access";
}

Result<AccessLog> AccessLog::open(const std::string& data) {
  static std::mutex turns;
  AccessLog access{std::unique_lock(turns)};
  auto log = engine::Log::open(access_of(data), engine::OpenMode::read_write);
  if (!log) return std::unexpected(log.error());
  access.log_ = std::move(*log);
  if (auto told = access.record_damage_of(*access.log_, "access"); !told)
    return std::unexpected(told.error());
  return access;
}

Result<void> AccessLog::record_damage_of(engine::Log& of, std::string_view name) {
  const auto dropped = of.accepted_damage();
  if (!dropped) return std::unexpected(dropped.error());
  const std::uint64_t seq = of.size();
  for (const engine::AcceptedDamage& one : *dropped) {
    schemas::DamageAcceptedT act;
    act.what = fmt::format("{}: {}", name, one.text);
    act.seq = seq;
    // Once, also where the last start ended between the two.
    const std::string id = fmt::format("damage/{}/{}/{}", name, one.generation, seq);
    if (auto told = record("damage", schemas::EventType::DamageAccepted, schemas::pack(act), id);
        !told)
      return told;
    if (auto done = of.set_recorded(one); !done) return done;
  }
  return {};
}

Result<void> record_damage(const std::string& data, engine::Log& log) {
  const auto dropped = log.accepted_damage();
  if (!dropped) return std::unexpected(dropped.error());
  if (dropped->empty()) return {};
  auto access = AccessLog::open(data);
  if (!access) return std::unexpected(access.error());
  return access->record_damage_of(log, "ledger");
}

Result<void> AccessLog::record(std::string_view kind, schemas::EventType type,
                               std::vector<std::uint8_t> payload, std::string id) {
  if (!id.empty()) {
    const auto before = log_->find_id(id);
    if (!before) return std::unexpected(before.error());
    if (*before) return {};
  }
  const auto recorded = log_->stream_size("access", kind);
  if (!recorded) return std::unexpected(recorded.error());
  engine::NewEvent act;
  act.version = static_cast<std::uint32_t>(*recorded + 1);
  act.recorded_at = act.occurred_at = std::max(engine::now(), log_->last_recorded_at());
  act.type = static_cast<std::uint16_t>(type);
  act.schema = schemas::kSchemaVersion;
  act.kind = "access";
  act.no = kind;
  act.actor = "bihuan";
  act.role = schemas::role_name(schemas::Role::system);
  act.id = id.empty() ? fmt::format("access/{}#{}", kind, act.version) : std::move(id);
  act.payload = std::move(payload);
  const std::array<engine::NewEvent, 1> group{std::move(act)};
  const auto appended = log_->append(group);
  if (!appended) return std::unexpected(appended.error());
  return {};
}

Result<void> record_act(const std::string& data, std::string_view kind, schemas::EventType type,
                        std::vector<std::uint8_t> payload) {
  auto log = AccessLog::open(data);
  if (!log) return std::unexpected(log.error());
  return log->record(kind, type, std::move(payload));
}

}  // namespace tools
