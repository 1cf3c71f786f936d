#include "server/went_live.h"

#include "schemas/event.h"

namespace server {

using engine::RecordView;
using engine::Result;

namespace {

constexpr std::string_view kKind = "live";

}  // namespace

Result<std::optional<LiveSince>> WentLive::since() {
  const std::lock_guard lock(mutex_);
  if (live_) return live_;
  if (!recalled_)
    if (auto done = recall(); !done) return std::unexpected(done.error());
  if (!live_)
    if (auto done = look(); !done) return std::unexpected(done.error());
  return live_;
}

// What an earlier start recorded.
Result<void> WentLive::recall() {
  const auto access = engine::Log::open(tools::access_of(data_), engine::OpenMode::read_only);
  if (!access) return std::unexpected(access.error());
  const auto read = (*access)->read_stream("access", kKind, [&](const RecordView& record) {
    const auto type = schemas::EventType::LedgerWentLive;
    if (schemas::type_of(record) != type || !schemas::verify(type, record.payload)) return true;
    const auto& act = schemas::payload_of<schemas::LedgerWentLive>(record);
    live_ = LiveSince{act.seq(), act.since()};
    return false;
  });
  if (!read && read.error().code != engine::ErrorCode::not_found)
    return std::unexpected(read.error());
  recalled_ = true;
  return {};
}

Result<void> WentLive::look() {
  const std::uint64_t size = log_.size();
  if (looked_at_ == size) return {};
  std::optional<LiveSince> found;
  const auto read = log_.read(looked_at_ + 1, size, [&](const RecordView& record) {
    if ((record.flags & engine::kImported) == 0) {
      found = LiveSince{record.seq, record.recorded_at};
      return false;
    }
    looked_at_ = record.seq;
    return true;
  });
  if (!read) return std::unexpected(read.error());
  if (!found) return {};
  if (auto recorded = record(*found); !recorded) return recorded;
  live_ = found;
  return {};
}

Result<void> WentLive::record(const LiveSince& found) {
  schemas::LedgerWentLiveT act;
  act.seq = found.seq;
  act.since = found.at;
  return access_.record(tools::Act{std::string(kKind), schemas::EventType::LedgerWentLive,
                                   schemas::pack(act), std::string(kKind)});
}

}  // namespace server
