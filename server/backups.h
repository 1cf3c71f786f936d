// Backups beside the running server: `bihuan backup` finds the local socket DIR/backup, and this
// thread freezes ledger and access log for it, one backup at a time, while commands go on.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/log/file.h"
#include "engine/log/log.h"
#include "engine/result.h"

namespace server {

class Backups {
 public:
  // `log`, which outlives it, is open for writing in `data`.
  static engine::Result<std::unique_ptr<Backups>> open(const engine::Log& log, std::string data);
  // Ends a conversation in the middle of it: that backup fails.
  ~Backups();
  Backups(const Backups&) = delete;
  Backups& operator=(const Backups&) = delete;

 private:
  Backups(const engine::Log& log, std::string data, engine::File listening);
  void run();
  // False: it is to end.
  bool begin(engine::File client);
  void serve();

  const engine::Log& log_;
  const std::string data_;
  const engine::File listening_;
  std::mutex mutex_;
  bool stopping_ = false;
  engine::File client_;  // changed by the thread under the mutex
  std::thread thread_;
};

}  // namespace server
