// JSON both ways for every command and event, driven by the schemas. Outside bytes go through
// Boost.JSON and our own table builder; they never reach flatbuffers::Parser (reliability.md
// section 11).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "engine/sealer.h"
#include "schemas/command.h"
#include "schemas/event.h"
#include "schemas/refusal.h"

namespace schemas {

inline constexpr std::size_t kLineBytesMax = 1 << 20;

// One history line (interfaces.md section 2) -> a checked command. `detail` of a refusal names the
// field. Refuses: BadJson (also duplicate keys, depth over 16), UnknownCommand, UnknownField,
// MissingField, WrongType, OutOfRange, InvalidText, LineTooLong, WrongStream.
[[nodiscard]] std::expected<Command, Refusal> parse_line(std::string_view line);

// A command that is asked for over the network (interfaces.md section 5): the same line, but when
// and by whom is not its to say: `at`, `actor` and `derived` are UnknownField, and left empty.
// `command` and `id` may stand beside it (a path, a header); then they are UnknownField in it.
struct Beside {
  std::string_view command, id;
};
[[nodiscard]] std::expected<Command, Refusal> parse_request(std::string_view line,
                                                            const Beside& beside);

// The `data` object of a command -> a verified FlatBuffer of its table. A sealed field is a string
// (kept as kPlain || text until decide seals it) or {"sealed": base64} as export writes it.
[[nodiscard]] std::expected<std::vector<std::uint8_t>, Refusal> parse_data(
    const EventInfo& info, const boost::json::object& data);

// The payload as a JSON object, fields in schema order. `pinned`: with the pinned fields (an event)
// or without (the command that asks for it). Absent optional fields are left out.
enum class Pinned : bool { leave_out, include };
[[nodiscard]] boost::json::object data_json(const EventInfo& info,
                                            std::span<const std::uint8_t> payload, Pinned pinned);

// A record as the history line that records it again: for export. Only for records without
// kFollows.
[[nodiscard]] boost::json::object history_line(const engine::RecordView& record);

// A record as an event object: seq, stream, version, type, recorded_at, occurred_at, actor, flags,
// data.
[[nodiscard]] boost::json::object event_json(const engine::RecordView& record);

[[nodiscard]] std::string_view role_name(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view name);

}  // namespace schemas
