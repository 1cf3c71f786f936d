#include "tools/ledger/backup_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>

#include "engine/log/copying.h"
#include "engine/proof/checkpoint.h"
#include "schemas/event.h"
#include "tools/ledger/access.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::File;
using engine::Result;

namespace {

constexpr std::size_t kLineBytesMax = std::size_t{1} << 14U;  // longer than any path

// A socket's name may have 107 bytes, a directory's more: it is named through its descriptor.
struct Place {
  File directory;
  sockaddr_un address{};
  [[nodiscard]] const sockaddr* name() const {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
  }
};

Result<Place> place_of(const std::string& data) {
  auto directory = engine::open_file(data, O_PATH | O_DIRECTORY);
  if (!directory) return std::unexpected(directory.error());
  Place place{std::move(*directory), {}};
  place.address.sun_family = AF_UNIX;
  const std::string name = fmt::format("/proc/self/fd/{}/backup", place.directory.get());
  name.copy(&place.address.sun_path[0], sizeof(place.address.sun_path) - 1);
  return place;
}

Result<File> new_socket(const std::string& data) {
  const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return std::unexpected(engine::error_of_errno(data + "/backup", "making a socket"));
  return File(made);
}

bool send_line(const File& to, const json::value& line) {
  const std::string text = json::serialize(line) + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t put = ::send(to.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    sent += static_cast<std::size_t>(put);
  }
  return true;
}

// null: the other side went away, or says too much or what is not JSON.
json::value receive_line(const File& from) {
  std::string text;
  while (!text.ends_with('\n')) {
    char buffer[1024];
    const ssize_t got = ::recv(from.get(), buffer, sizeof(buffer), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || text.size() > kLineBytesMax) return nullptr;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  json::error_code wrong;
  json::value line = json::parse(text, wrong);
  return wrong ? json::value(nullptr) : line;
}

json::object object_of(const engine::Frozen& one) {
  return {{"path", one.path}, {"seq", one.seq}, {"root", engine::base64(one.root)}};
}

// Where it is, the client knows by its own name of the directory.
std::optional<engine::Frozen> frozen_of(const json::object& line, std::string_view which,
                                        const std::string& dir) {
  const json::value* const one = line.if_contains(which);
  if (one == nullptr || !one->is_object()) return std::nullopt;
  const json::value* const seq = one->as_object().if_contains("seq");
  const json::value* const root = one->as_object().if_contains("root");
  if (seq == nullptr || root == nullptr || !root->is_string()) return std::nullopt;
  json::error_code wrong;
  const auto number = seq->to_number<std::uint64_t>(wrong);
  const auto hash = engine::hash_from_base64(root->as_string());
  if (wrong || !hash) return std::nullopt;
  return engine::Frozen{dir + "/frozen", number, *hash};
}

ErrorCode code_of(const json::object& line) {
  json::error_code wrong;
  const json::value* const code = line.if_contains("code");
  const auto number = code == nullptr ? 0 : code->to_number<std::uint8_t>(wrong);
  const bool known = code != nullptr && !wrong && number <= static_cast<int>(ErrorCode::corrupt);
  return known ? static_cast<ErrorCode>(number) : ErrorCode::io;
}

}  // namespace

Result<File> listen_for_backups(const std::string& data) {
  auto place = place_of(data);
  if (!place) return std::unexpected(place.error());
  auto listening = new_socket(data);
  if (!listening) return listening;
  ::unlink(&place->address.sun_path[0]);
  // Its mode before it has a name, so that there is no moment with another one.
  const bool bound = ::fchmod(listening->get(), 0600) == 0 &&
                     ::bind(listening->get(), place->name(), sizeof(place->address)) == 0 &&
                     ::listen(listening->get(), 4) == 0;
  if (!bound) return std::unexpected(engine::error_of_errno(data + "/backup", "listening"));
  return listening;
}

std::optional<File> next_client(const File& listening) {
  for (;;) {
    const int accepted = ::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted >= 0) return File(accepted);
    if (errno != EINTR && errno != ECONNABORTED) return std::nullopt;
  }
}

std::optional<std::string> asked_by(const File& client) {
  const json::value line = receive_line(client);
  if (!line.is_object()) return std::nullopt;
  const json::value* const to = line.get_object().if_contains("freeze_for");
  if (to == nullptr || !to->is_string()) return std::nullopt;
  return std::string(to->get_string());
}

Result<FrozenLedger> freeze_for_backup(const engine::Log& log, const std::string& data,
                                       const std::string& to) {
  auto ledger = log.freeze();
  if (!ledger) return std::unexpected(ledger.error());
  auto acts = AccessLog::open(data);
  if (!acts) return std::unexpected(acts.error());
  schemas::BackupMadeT act;
  act.to = to;
  act.seq = ledger->seq;
  if (auto put = acts->record("backup", schemas::EventType::BackupMade, schemas::pack(act)); !put)
    return std::unexpected(put.error());
  auto access = acts->freeze();
  if (!access) return std::unexpected(access.error());
  return FrozenLedger{std::move(*ledger), std::move(*access)};
}

void hold_for(const File& client, const Result<FrozenLedger>& frozen) {
  if (!frozen) {
    const auto code = static_cast<std::uint8_t>(frozen.error().code);
    send_line(client, {{"error", frozen.error().text}, {"code", code}});
    return;
  }
  if (send_line(client,
                {{"ledger", object_of(frozen->ledger)}, {"access", object_of(frozen->access)}}))
    static_cast<void>(receive_line(client));  // it says nothing more, and closes
}

void drop_frozen(const std::string& data) {
  // What cannot be removed now is when the next one is made.
  static_cast<void>(engine::remove_directory(data + "/frozen"));
  static_cast<void>(engine::remove_directory(access_of(data) + "/frozen"));
}

Result<HeldLedger> HeldLedger::ask(const std::string& data, const std::string& to) {
  const auto place = place_of(data);
  if (!place) return std::unexpected(place.error());
  auto writer = new_socket(data);
  if (!writer) return std::unexpected(writer.error());
  if (::connect(writer->get(), place->name(), sizeof(place->address)) != 0)
    return fail(ErrorCode::locked, "Another process has the ledger " + data +
                                       " open, and it does not answer at its backup socket.");
  const json::value said =
      send_line(*writer, {{"freeze_for", to}}) ? receive_line(*writer) : json::value(nullptr);
  if (!said.is_object())
    return fail(ErrorCode::locked, "The process that has the ledger " + data + " open went away.");
  const json::object& line = said.get_object();
  if (const json::value* const error = line.if_contains("error");
      error != nullptr && error->is_string())
    return fail(code_of(line),
                "The ledger could not be frozen: " + std::string(error->get_string()));
  const auto ledger = frozen_of(line, "ledger", data);
  const auto access = frozen_of(line, "access", access_of(data));
  if (!ledger || !access)
    return fail(ErrorCode::io, data + "/backup: the answer is not one of this version.");
  return HeldLedger(std::move(*writer), {*ledger, *access});
}

}  // namespace tools
