// Since when the ledger is worked with: the first event that was not imported. It is found once and
// recorded as an act of the machine's (LedgerWentLive, access/live), so that no later import moves
// it and no later start looks for it.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "engine/log/log.h"
#include "engine/result.h"
#include "server/access_desk.h"

namespace server {

// From its instant on the clock ticks: an imported past gets no cards of today.
struct LiveSince {
  std::uint64_t seq = 0;
  engine::Micros at = 0;
};

class WentLive {
 public:
  // Both outlive it.
  WentLive(const engine::Log& log, std::string data, AccessDesk& access)
      : log_(log), data_(std::move(data)), access_(access) {}

  // nullopt: nothing was recorded yet but by imports. Reads what it has not looked at; any thread
  // that may be kept. An error: it could not be read, or not be recorded.
  engine::Result<std::optional<LiveSince>> since();

 private:
  engine::Result<void> recall();
  engine::Result<void> look();
  engine::Result<void> record(const LiveSince& found);

  const engine::Log& log_;
  const std::string data_;
  AccessDesk& access_;
  std::mutex mutex_;
  std::optional<LiveSince> live_;
  bool recalled_ = false;
  std::uint64_t looked_at_ = 0;  // records that were imported, all of them
};

}  // namespace server
