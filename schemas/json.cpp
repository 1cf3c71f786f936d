// History lines: from bytes to a checked command. The parser is Boost.JSON's; what it would let
// pass (keys given twice) is found by counting keys.
#include "schemas/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <type_traits>

#include "schemas/calendar.h"
#include "schemas/json_text.h"

namespace schemas {
namespace {

namespace bj = boost::json;
using enum RefusalCode;
using Failure = std::optional<Refusal>;

constexpr std::size_t kDepthMax = 16, kIdBytesMax = 64, kNameBytesMax = 120;

// Builds the value as bj::parser does, and counts every key it was given.
struct Handler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using Code = bj::error_code;
  using Text = bj::string_view;

  explicit Handler(unsigned char* buffer, std::size_t size) : values({}, buffer, size) {}

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_object_end(std::size_t n, Code&) {
    keys += n;
    values.push_object(n);
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t n, Code&) {
    values.push_array(n);
    return true;
  }
  bool on_key_part(Text text, std::size_t, Code&) {
    values.push_chars(text);
    return true;
  }
  bool on_key(Text text, std::size_t, Code&) {
    values.push_key(text);
    return true;
  }
  bool on_string_part(Text text, std::size_t, Code&) {
    values.push_chars(text);
    return true;
  }
  bool on_string(Text text, std::size_t, Code&) {
    values.push_string(text);
    return true;
  }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t number, Text, Code&) {
    values.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, Text, Code&) {
    values.push_uint64(number);
    return true;
  }
  bool on_double(double number, Text, Code&) {
    values.push_double(number);
    return true;
  }
  bool on_bool(bool value, Code&) {
    values.push_bool(value);
    return true;
  }
  bool on_null(Code&) {
    values.push_null();
    return true;
  }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

  bj::value_stack values;
  std::size_t keys = 0;
};

// Keys in the value as built; fewer than were read when one was given twice.
std::size_t count_keys(const bj::value& value) {
  std::size_t keys = 0;
  if (const auto* object = value.if_object()) {
    keys = object->size();
    for (const auto& member : *object) keys += count_keys(member.value());
  } else if (const auto* array = value.if_array()) {
    for (const bj::value& element : *array) keys += count_keys(element);
  }
  return keys;
}

// Where the text stops being UTF-8 (RFC 3629: no overlong forms, no surrogates); nullopt: nowhere.
std::optional<std::size_t> find_bad_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i), second = byte(i + 1);
    std::size_t more = 0;
    unsigned least = 0x80, most = 0xbf;  // of the second byte
    if (lead < 0x80) {
      ++i;
      continue;
    }
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    if (lead >= 0xe0 && lead <= 0xef) more = 2;
    if (lead >= 0xf0 && lead <= 0xf4) more = 3;
    if (lead == 0xe0) least = 0xa0;
    if (lead == 0xed) most = 0x9f;
    if (lead == 0xf0) least = 0x90;
    if (lead == 0xf4) most = 0x8f;
    if (more == 0 || second < least || second > most) return i;
    for (std::size_t j = 2; j <= more; ++j)
      if ((byte(i + j) & 0xc0) != 0x80) return i;
    i += more + 1;
  }
  return std::nullopt;
}

// Only once the parser has said no: which words help the one who reads them.
Refusal why_bad(std::string_view text, std::size_t read, const bj::error_code& error) {
  if (const auto at = find_bad_utf8(text))
    return Refusal{InvalidText, fmt::format("byte {}: not UTF-8", *at + 1)};
  if (text.starts_with("\xef\xbb\xbf")) return Refusal{BadJson, "it begins with a byte order mark"};
  return Refusal{BadJson, fmt::format("byte {}: {}", read + 1, error.message())};
}

Failure parse_value(std::string_view text, bj::storage_ptr storage, bj::value& value) {
  thread_local std::array<unsigned char, 2048> scratch;  // not cleared for every line
  bj::parse_options options;
  options.max_depth = kDepthMax;
  bj::basic_parser<Handler> parser(options, scratch.data(), scratch.size());
  parser.handler().values.reset(std::move(storage));
  bj::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = bj::error::extra_data;
  if (error) return why_bad(text, read, error);
  value = parser.handler().values.release();
  if (count_keys(value) != parser.handler().keys) return Refusal{BadJson, "a key is given twice"};
  return {};
}

Failure read_name(const bj::value& value, std::string_view field, std::size_t most,
                  std::string& into) {
  if (!value.is_string()) return Refusal{WrongType, std::string(field)};
  const std::string_view text = value.get_string();
  if (const auto code = check_name(text, most); code != none)
    return Refusal{code, std::string(field)};
  into = text;
  return {};
}

Failure read_time(const bj::value& value, std::string_view field, engine::Micros& into) {
  if (!value.is_string()) return Refusal{WrongType, std::string(field)};
  const auto time = parse_time(value.get_string());
  if (!time) return Refusal{WrongType, fmt::format("{}: RFC 3339", field)};
  into = *time;
  return {};
}

Failure read_actor(const bj::value& value, Actor& actor) {
  if (!value.is_object()) return Refusal{WrongType, "actor"};
  bool role_given = false;
  for (const auto& member : value.get_object()) {
    const std::string_view key = member.key();
    if (key == "id") {
      if (auto failure = read_name(member.value(), "actor.id", kNameBytesMax, actor.id))
        return failure;
    } else if (key == "role") {
      const auto* name = member.value().if_string();
      if (name == nullptr) return Refusal{WrongType, "actor.role"};
      const auto role = parse_role(*name);
      if (!role) return Refusal{OutOfRange, "actor.role"};
      actor.role = *role;
      role_given = true;
    } else if (key == "department") {
      if (member.value().is_null()) continue;
      if (auto failure =
              read_name(member.value(), "actor.department", kNameBytesMax, actor.department))
        return failure;
    } else {
      return Refusal{UnknownField, "actor." + shown(key)};
    }
  }
  if (actor.id.empty()) return Refusal{MissingField, "actor.id"};
  if (!role_given) return Refusal{MissingField, "actor.role"};
  if (actor.role == Role::department_officer && actor.department.empty())
    return Refusal{MissingField, "actor.department"};
  return {};
}

Failure read_stream(const bj::value& value, Command& command) {
  if (!value.is_string()) return Refusal{WrongType, "stream"};
  const std::string_view text = value.get_string();
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return Refusal{WrongStream, "kind/number"};
  const std::string_view no = text.substr(slash + 1);
  if (check_name(no, kNameBytesMax) != none || no.find_first_of(" /") != std::string_view::npos)
    return Refusal{WrongStream, "number: 1..120 bytes without spaces and slashes"};
  command.kind = text.substr(0, slash);
  command.no = no;
  return {};
}

// The members of a line, found in one pass over it whatever their order.
struct Members {
  const bj::value* at = nullptr;
  const bj::value* occurred_at = nullptr;
  const bj::value* actor = nullptr;
  const bj::value* command = nullptr;
  const bj::value* stream = nullptr;
  const bj::value* id = nullptr;
  const bj::value* expected_version = nullptr;
  const bj::value* derived = nullptr;
  const bj::value* imported = nullptr;
  const bj::value* data = nullptr;
};

struct MemberName {
  std::string_view name;
  const bj::value* Members::* place;
  bool needed;
  bool of_history = false;  // not asked for over the network
};
constexpr std::array kMembers{
    MemberName{"at", &Members::at, true, true},
    MemberName{"actor", &Members::actor, true, true},
    MemberName{"command", &Members::command, true},
    MemberName{"stream", &Members::stream, true},
    MemberName{"id", &Members::id, true},
    MemberName{"data", &Members::data, true},
    MemberName{"occurred_at", &Members::occurred_at, false},
    MemberName{"expected_version", &Members::expected_version, false},
    MemberName{"derived", &Members::derived, false, true},
    MemberName{"imported", &Members::imported, false, true},
};

Failure find_members(const bj::object& line, Members& members) {
  for (const auto& member : line) {
    const auto* found = kMembers.begin();
    while (found != kMembers.end() && found->name != std::string_view(member.key())) ++found;
    if (found == kMembers.end()) return Refusal{UnknownField, shown(member.key())};
    if (!found->needed && member.value().is_null()) continue;
    members.*found->place = &member.value();
  }
  return {};
}

Failure refuse_missing(const Members& members, bool of_history) {
  for (const MemberName& one : kMembers)
    if (one.needed && members.*one.place == nullptr && (of_history || !one.of_history))
      return Refusal{MissingField, std::string(one.name)};
  return {};
}

Failure refuse_history(const Members& members) {
  for (const MemberName& one : kMembers)
    if (one.of_history && members.*one.place != nullptr)
      return Refusal{UnknownField, std::string(one.name)};
  return {};
}

Failure read_marks(const Members& members, Command& command) {
  if (members.derived != nullptr) {
    if (!members.derived->is_bool()) return Refusal{WrongType, "derived"};
    if (members.derived->get_bool()) command.flags |= engine::kDerived;
  }
  if (members.imported != nullptr) {
    if (!members.imported->is_bool()) return Refusal{WrongType, "imported"};
    if (!members.imported->get_bool()) command.flags &= ~engine::kImported;
  }
  if (members.expected_version != nullptr) {
    const auto number = whole_number(*members.expected_version);
    if (!number) return Refusal{WrongType, "expected_version"};
    if (*number < 0 || *number > std::numeric_limits<std::uint32_t>::max())
      return Refusal{OutOfRange, "expected_version"};
    command.expected_version = static_cast<std::uint32_t>(*number);
  }
  return {};
}

Failure read_members(const Members& members, Command& command) {
  if (!members.command->is_string()) return Refusal{WrongType, "command"};
  const std::string_view name = members.command->get_string();
  const EventInfo* info = find_command(name);
  if (info == nullptr) return Refusal{UnknownCommand, shown(name)};
  command.event = info->type;
  if (auto failure = read_stream(*members.stream, command)) return failure;
  if (command.kind != info->kind) return Refusal{WrongStream, std::string(info->kind) + "/..."};
  if (members.at != nullptr)
    if (auto failure = read_time(*members.at, "at", command.at)) return failure;
  if (members.occurred_at != nullptr) {
    if (auto failure =
            read_time(*members.occurred_at, "occurred_at", command.occurred_at.emplace()))
      return failure;
  }
  if (members.actor != nullptr)
    if (auto failure = read_actor(*members.actor, command.actor)) return failure;
  if (auto failure = read_name(*members.id, "id", kIdBytesMax, command.id)) return failure;
  if (auto failure = read_marks(members, command)) return failure;
  if (!members.data->is_object()) return Refusal{WrongType, "data"};
  auto data = parse_data(*info, members.data->get_object());
  if (!data) return std::move(data.error());
  command.data = std::move(*data);
  return {};
}

}  // namespace

RefusalCode check_text(std::string_view text) {
  if (text.size() > kTextBytesMax) return OutOfRange;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') return InvalidText;
  return none;
}

RefusalCode check_name(std::string_view text, std::size_t most) {
  if (text.empty()) return MissingField;
  if (text.size() > most) return OutOfRange;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return InvalidText;
  return none;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kShownMax = 40;
  if (check_name(text, kShownMax) == none) return std::string(text);
  return fmt::format("({} bytes)", text.size());
}

std::string_view role_name(Role role) { return EnumNameRole(role); }

std::optional<Role> parse_role(std::string_view name) {
  constexpr std::size_t kRoles = std::extent_v<std::remove_reference_t<decltype(EnumValuesRole())>>;
  static const auto kNames = [] {
    std::array<std::string_view, kRoles> names;
    std::ranges::transform(EnumValuesRole(), names.begin(), role_name);
    return names;
  }();
  const auto at = std::ranges::find(kNames, name);
  if (at == kNames.end()) return std::nullopt;
  return EnumValuesRole()[at - kNames.begin()];
}

namespace {

// Reads a line and gives its members to `take`, which fills the command.
template <class Take>
std::expected<Command, Refusal> parse_members(std::string_view line, Take take) {
  if (line.size() > kLineBytesMax)
    return std::unexpected(Refusal{LineTooLong, fmt::format("{} bytes", line.size())});
  thread_local std::array<unsigned char, 8192> memory;  // not cleared for every line
  bj::monotonic_resource resource(memory.data(), memory.size());
  bj::value value(&resource);
  if (auto failure = parse_value(line, &resource, value)) return std::unexpected(*failure);
  if (!value.is_object()) return std::unexpected(Refusal{BadJson, "a line is one object"});
  Members members;
  if (auto failure = find_members(value.get_object(), members)) return std::unexpected(*failure);
  Command command;
  if (auto failure = take(members, command)) return std::unexpected(std::move(*failure));
  return command;
}

// What stands beside the line, as if it stood in it; a value in the line's own place is refused.
Failure put_beside(std::string_view name, std::string_view text, bj::value& value,
                   const bj::value*& place) {
  if (text.empty()) return {};
  if (place != nullptr) return Refusal{UnknownField, std::string(name)};
  value = bj::string(text);
  place = &value;
  return {};
}

}  // namespace

std::expected<Command, Refusal> parse_line(std::string_view line) {
  return parse_members(line, [](const Members& members, Command& command) -> Failure {
    if (auto failure = refuse_missing(members, /*of_history=*/true)) return failure;
    command.flags = engine::kImported;  // unless the line says that its ledger recorded it live
    return read_members(members, command);
  });
}

std::expected<Command, Refusal> parse_request(std::string_view line, const Beside& beside) {
  return parse_members(line, [&](Members& members, Command& command) -> Failure {
    if (auto failure = refuse_history(members)) return failure;
    bj::value name, id;
    if (auto failure = put_beside("command", beside.command, name, members.command)) return failure;
    if (auto failure = put_beside("id", beside.id, id, members.id)) return failure;
    if (auto failure = refuse_missing(members, /*of_history=*/false)) return failure;
    return read_members(members, command);
  });
}

}  // namespace schemas
