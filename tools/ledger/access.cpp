#include "tools/ledger/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

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

Result<void> AccessLog::record(std::span<const Act> acts) {
  std::vector<engine::NewEvent> group;
  std::map<std::string_view, std::uint64_t> sizes;  // of the streams, with what is in the group
  for (const Act& act : acts) {
    if (!act.id.empty()) {
      const auto before = log_->find_id(act.id);
      if (!before) return std::unexpected(before.error());
      const auto same = [&](const engine::NewEvent& one) { return one.id == act.id; };
      if (*before || std::ranges::any_of(group, same)) continue;
    }
    if (!sizes.contains(act.kind)) {
      const auto recorded = log_->stream_size("access", act.kind);
      if (!recorded) return std::unexpected(recorded.error());
      sizes[act.kind] = *recorded;
    }
    engine::NewEvent event;
    event.version = static_cast<std::uint32_t>(++sizes[act.kind]);
    event.recorded_at = event.occurred_at = std::max(engine::now(), log_->last_recorded_at());
    if (!group.empty()) event.recorded_at = event.occurred_at = group.back().recorded_at;
    event.type = static_cast<std::uint16_t>(act.type);
    event.schema = schemas::kSchemaVersion;
    event.kind = "access";
    event.no = act.kind;
    event.actor = act.actor;
    event.role = act.role;
    event.department = act.department;
    event.id = act.id.empty() ? fmt::format("access/{}#{}", act.kind, event.version) : act.id;
    event.payload = act.payload;
    group.push_back(std::move(event));
  }
  if (group.empty()) return {};
  const auto appended = log_->append(group);
  if (!appended) return std::unexpected(appended.error());
  return {};
}

Result<void> record_act(const std::string& data, const Act& act) {
  auto log = AccessLog::open(data);
  if (!log) return std::unexpected(log.error());
  return log->record(act);
}

Result<void> record_act(const std::string& data, std::string_view kind, schemas::EventType type,
                        std::vector<std::uint8_t> payload) {
  return record_act(data, Act{std::string(kind), type, std::move(payload)});
}

}  // namespace tools
