#include "server/backups.h"

#include <sys/socket.h>

#include "server/journal.h"
#include "tools/ledger/backup_socket.h"

namespace server {

using engine::File;
using engine::Result;

Result<std::unique_ptr<Backups>> Backups::open(const engine::Log& log, std::string data) {
  auto listening = tools::listen_for_backups(data);
  if (!listening) return std::unexpected(listening.error());
  return std::unique_ptr<Backups>(new Backups(log, std::move(data), std::move(*listening)));
}

Backups::Backups(const engine::Log& log, std::string data, File listening)
    : log_(log),
      data_(std::move(data)),
      listening_(std::move(listening)),
      thread_([this] { run(); }) {}

Backups::~Backups() {
  {
    // Whatever the thread waits for comes to an end.
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ::shutdown(listening_.get(), SHUT_RDWR);
    if (client_.get() >= 0) ::shutdown(client_.get(), SHUT_RDWR);
  }
  thread_.join();
  engine::remove_file(data_ + "/backup");
}

void Backups::run() {
  while (auto client = tools::next_client(listening_)) {
    if (!begin(std::move(*client))) return;
    serve();
    const std::lock_guard lock(mutex_);
    File ended;
    std::swap(client_, ended);
  }
}

bool Backups::begin(File client) {
  const std::lock_guard lock(mutex_);
  client_ = std::move(client);
  return !stopping_;
}

void Backups::serve() {
  const auto to = tools::asked_by(client_);
  if (!to) return;
  const auto frozen = tools::freeze_for_backup(log_, data_, *to);
  if (frozen)
    note(Grade::info, "backup begun", {{"events", frozen->ledger.seq}});
  else
    note(Grade::error, "backup failed", {{"why", frozen.error().text}});
  tools::hold_for(client_, frozen);
  tools::drop_frozen(data_);
  if (frozen) note(Grade::info, "backup ended", {{"events", frozen->ledger.seq}});
}

}  // namespace server
