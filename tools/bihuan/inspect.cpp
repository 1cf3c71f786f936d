// `bihuan inspect KEY|SEQ`: any stored thing as JSON: an event by its number, a stream, an id, a
// leaf, a root, the head.
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>

#include "engine/proof/hash.h"
#include "engine/proof/record.h"
#include "schemas/calendar.h"
#include "tools/bihuan/events.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/ledger.h"

namespace tools {

namespace json = boost::json;
using engine::Result;

namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<json::value> record_json(const engine::Log& log, std::uint64_t seq) {
  if (seq == 0 || seq > log.size())
    return engine::fail(engine::ErrorCode::not_found,
                        fmt::format("The ledger has the events 1 to {}, not {}.", log.size(), seq));
  json::object out;
  const auto read = log.read(seq, seq, [&](const engine::RecordView& record) {
    out = event_with_leaf(log, record);
    out["type"] = record.type;
    out["schema"] = record.schema;
    out["flags"] = record.flags;
    out["entry"] = engine::hex(engine::encode_entry(record));
    out["payload_sha256"] = engine::hex(engine::sha256(record.payload));
    out["payload"] = engine::hex(record.payload);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return json::value(std::move(out));
}

Result<json::value> head_json(const engine::Log& log) {
  const auto root = log.root_at(log.size());
  if (!root) return std::unexpected(root.error());
  json::value recorded_at;
  if (log.size() > 0) recorded_at = schemas::time_text(log.last_recorded_at());
  return json::value{{"district", log.name()},
                     {"seq", log.size()},
                     {"recorded_at", recorded_at},
                     {"root", engine::base64(*root)}};
}

Result<json::value> stream_json(const engine::Log& log, std::string_view kind,
                                std::string_view no) {
  json::array events;
  const auto read = log.read_stream(kind, no, [&](const engine::RecordView& record) {
    events.push_back(event_with_leaf(log, record));
    return true;
  });
  if (!read) return std::unexpected(read.error());
  if (events.empty())
    return engine::fail(engine::ErrorCode::not_found,
                        fmt::format("There is no stream {}/{}.", kind, no));
  return json::value{{"stream", fmt::format("{}/{}", kind, no)}, {"events", std::move(events)}};
}

Result<json::value> find(const engine::Log& log, const std::string& key) {
  if (const auto seq = number_of(key)) return record_json(log, *seq);
  if (key == "head") return head_json(log);
  if (key.starts_with("id:")) {
    const auto seq = log.find_id(std::string_view(key).substr(3));
    if (!seq) return std::unexpected(seq.error());
    if (!*seq)
      return engine::fail(engine::ErrorCode::not_found,
                          fmt::format("No command had the id {}.", key.substr(3)));
    return record_json(log, **seq);
  }
  const std::size_t slash = key.find('/');
  if (slash == std::string::npos || slash == 0)
    return engine::fail(engine::ErrorCode::bad_input,
                        "Ask for SEQ, KIND/NO, id:ID, root/N, leaf/N or head.");
  const std::string_view kind = std::string_view(key).substr(0, slash);
  const std::string_view no = std::string_view(key).substr(slash + 1);
  if (kind != "root" && kind != "leaf") return stream_json(log, kind, no);
  const auto number = number_of(no);
  if (!number || *number > log.size() || (kind == "leaf" && *number == 0))
    return engine::fail(engine::ErrorCode::not_found,
                        fmt::format("The ledger has the events 1 to {}.", log.size()));
  const auto hash = kind == "root" ? log.root_at(*number) : log.leaf_at(*number);
  if (!hash) return std::unexpected(hash.error());
  return json::value{{"seq", *number}, {kind, engine::base64(*hash)}, {"hex", engine::hex(*hash)}};
}

int inspect(const Session& session, const std::string& key) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  const auto found = find(**log, key);
  if (!found) return complain(found.error());
  print_json(*found);
  return kDone;
}

}  // namespace

void add_inspect(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "inspect", "以 JSON 显示任何存储内容",
                     "Any stored thing as JSON: SEQ, KIND/NO, id:ID, root/N, leaf/N, head");
  const auto key = std::make_shared<std::string>();
  sub->add_option("key", *key, both("事件号或键", "event number or key"))
      ->required()
      ->type_name("KEY");
  sub->callback([key, &session] { session.exit_code = inspect(session, *key); });
}

}  // namespace tools
