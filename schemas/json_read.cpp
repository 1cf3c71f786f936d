// The `data` of a command as a FlatBuffer. Fields are placed in the order of the schema whatever
// their order in the JSON, and defaults are left out, so that equal commands have equal bytes.
#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/check.h"
#include "schemas/calendar.h"
#include "schemas/json.h"
#include "schemas/json_fields.h"
#include "schemas/json_text.h"

namespace schemas {
namespace {

namespace bj = boost::json;
using enum RefusalCode;
using Failure = std::optional<Refusal>;

constexpr std::size_t kElementsMax = 1'000;  // of a list; our choice

Failure fail(RefusalCode code, const FieldForm& form, std::string_view more = {}) {
  std::string detail(form.name);
  if (!more.empty()) detail.append(": ").append(more);
  return Refusal{code, std::move(detail)};
}

struct Slot {
  bool present = false;
  std::int64_t number = 0;
  flatbuffers::uoffset_t at = 0;  // of what was written before the table: strings, vectors
};

class TableReader {
 public:
  explicit TableReader(flatbuffers::FlatBufferBuilder& builder) : builder_(builder) {}

  Failure read(const TableForm& form, const bj::object& object, flatbuffers::uoffset_t& result) {
    std::array<Slot, kFieldsMax> slots;
    std::array<const bj::value*, kFieldsMax> given{};
    if (auto failure = assign(form, object, given)) return failure;
    for (std::size_t i = 0; i < form.fields.size(); ++i)
      if (auto failure = read_field(form, i, given[i], slots)) return failure;
    const auto start = builder_.StartTable();
    for (std::size_t i = 0; i < form.fields.size(); ++i)
      if (slots[i].present) add(form.fields[i], slots[i]);
    result = builder_.EndTable(start);
    return {};
  }

 private:
  using Slots = std::array<Slot, kFieldsMax>;

  static Failure assign(const TableForm& form, const bj::object& object,
                        std::array<const bj::value*, kFieldsMax>& given) {
    const std::size_t count = form.fields.size();
    std::size_t next = 0;  // members usually come in the order of the schema
    for (const auto& member : object) {
      std::size_t tried = 0;
      while (tried < count && form.fields[next].name != std::string_view(member.key())) {
        next = next + 1 < count ? next + 1 : 0;
        ++tried;
      }
      if (tried == count || form.fields[next].pinned)
        return Refusal{UnknownField, shown(member.key())};
      given[next] = &member.value();
      next = next + 1 < count ? next + 1 : 0;
    }
    return {};
  }

  Failure read_field(const TableForm& form, std::size_t i, const bj::value* value, Slots& slots) {
    const FieldForm& field = form.fields[i];
    if (value == nullptr)
      return field.optional || field.pinned ? Failure{} : fail(MissingField, field);
    if (value->is_null()) {
      if (field.off) {
        slots[i] = {true, *field.off, 0};
        return {};
      }
      return field.optional ? Failure{} : fail(WrongType, field, "null");
    }
    if (field.twin >= 0 && value->is_object()) {
      const auto twin = static_cast<std::size_t>(field.twin);
      return read_sealed(form.fields[twin], *value, slots[twin]);
    }
    return read_value(field, *value, slots[i]);
  }

  Failure read_value(const FieldForm& field, const bj::value& value, Slot& slot) {
    switch (field.shape) {
      case Shape::boolean:
        if (!value.is_bool()) return fail(WrongType, field, "true or false");
        slot = {true, value.get_bool() ? 1 : 0, 0};
        return {};
      case Shape::integer:
        return read_integer(field, value, slot);
      case Shape::enumeration:
        return read_name(field, value, slot);
      case Shape::time:
      case Shape::date:
        return read_moment(field, value, slot);
      case Shape::text:
        return read_text(field, value, slot);
      case Shape::sealed:
        return read_sealed(field, value, slot);
      case Shape::dates:
      case Shape::texts:
      case Shape::tables:
        return read_list(field, value, slot);
      case Shape::digest:
      case Shape::structs:
        break;  // these are always pinned
    }
    return fail(UnknownField, field);
  }

  static Failure read_integer(const FieldForm& field, const bj::value& value, Slot& slot) {
    const auto range = [&] {
      return fail(OutOfRange, field, fmt::format("{}..{}", field.least, field.most));
    };
    const auto number = whole_number(value);
    if (!number) {
      if (value.is_uint64() && field.most == std::numeric_limits<std::uint64_t>::max()) {
        slot = {true, static_cast<std::int64_t>(value.get_uint64()), 0};
        return {};
      }
      return value.is_number() && !value.is_double() ? range()
                                                     : fail(WrongType, field, "a whole number");
    }
    if (*number < field.least || (*number > 0 && static_cast<std::uint64_t>(*number) > field.most))
      return range();
    if (field.off && *number == *field.off) return fail(OutOfRange, field, "null switches off");
    slot = {true, *number, 0};
    return {};
  }

  static Failure read_name(const FieldForm& field, const bj::value& value, Slot& slot) {
    if (!value.is_string()) return fail(WrongType, field, "a name");
    const auto found = std::ranges::find(field.names, std::string_view(value.get_string()));
    if (found == field.names.end())
      return fail(OutOfRange, field, fmt::format("{}", fmt::join(field.names, ", ")));
    slot = {true, found - field.names.begin(), 0};
    return {};
  }

  static Failure read_moment(const FieldForm& field, const bj::value& value, Slot& slot) {
    if (!value.is_string()) return fail(WrongType, field, "a text");
    const std::string_view text = value.get_string();
    std::optional<std::int64_t> moment;
    if (field.shape == Shape::time) {
      moment = parse_time(text);
    } else if (const auto day = parse_date(text)) {
      moment = *day;
    }
    if (!moment)
      return fail(WrongType, field, field.shape == Shape::time ? "RFC 3339" : "YYYY-MM-DD");
    slot = {true, *moment, 0};
    return {};
  }

  Failure read_text(const FieldForm& field, const bj::value& value, Slot& slot) {
    if (!value.is_string()) return fail(WrongType, field, "a text");
    const std::string_view text = value.get_string();
    if (text.empty()) return field.optional ? Failure{} : fail(MissingField, field);
    if (const auto code = check_text(text); code != none) return fail(code, field);
    slot = {true, 0, builder_.CreateString(text.data(), text.size()).o};
    return {};
  }

  Failure read_sealed(const FieldForm& field, const bj::value& value, Slot& slot) {
    std::string bytes;
    if (value.is_string()) {
      const std::string_view text = value.get_string();
      if (text.empty()) return field.optional ? Failure{} : fail(MissingField, field);
      if (const auto code = check_text(text); code != none) return fail(code, field);
      bytes.assign(1, static_cast<char>(engine::kPlain)).append(text);
    } else {
      const auto sealed = sealed_bytes(value);
      if (!sealed) return fail(WrongType, field, "a text or {\"sealed\": base64}");
      bytes = *sealed;
    }
    std::vector<std::uint8_t> stored(bytes.begin(), bytes.end());
    slot = {true, 0, builder_.CreateVector(stored).o};
    return {};
  }

  // The one form of {"sealed": base64}: canonical base64 of bytes that begin with kSealed.
  static std::optional<std::string> sealed_bytes(const bj::value& value) {
    if (!value.is_object() || value.get_object().size() != 1) return std::nullopt;
    const auto* text = value.get_object().if_contains("sealed");
    if (text == nullptr || !text->is_string()) return std::nullopt;
    const std::string_view base64 = text->get_string();
    std::string bytes;
    if (!absl::Base64Unescape({base64.data(), base64.size()}, &bytes) || bytes.size() < 2 ||
        absl::Base64Escape(bytes) != base64 || bytes[0] != static_cast<char>(engine::kSealed))
      return std::nullopt;
    return bytes;
  }

  Failure read_list(const FieldForm& field, const bj::value& value, Slot& slot) {
    if (!value.is_array()) return fail(WrongType, field, "a list");
    const bj::array& list = value.get_array();
    if (list.empty() && field.optional) return {};
    if (list.size() > kElementsMax) return fail(OutOfRange, field, "too many");
    std::vector<std::int32_t> days;
    std::vector<flatbuffers::Offset<void>> parts;
    for (std::size_t i = 0; i < list.size(); ++i) {
      Slot one;
      if (auto failure = read_element(field, list[i], one)) {
        failure->detail = fmt::format("{}[{}]{}", field.name, i, failure->detail);
        return failure;
      }
      if (field.shape == Shape::dates)
        days.push_back(static_cast<std::int32_t>(one.number));
      else
        parts.emplace_back(one.at);
    }
    slot.present = true;
    slot.at = field.shape == Shape::dates ? builder_.CreateVector(days).o
                                          : builder_.CreateVector(parts).o;
    return {};
  }

  // The detail of its refusal is what follows "field[i]".
  Failure read_element(const FieldForm& field, const bj::value& value, Slot& one) {
    if (field.shape == Shape::tables) {
      if (!value.is_object()) return Refusal{WrongType, ": an object"};
      auto failure = read(*field.table, value.get_object(), one.at);
      if (failure) failure->detail.insert(0, ".");
      return failure;
    }
    if (!value.is_string())
      return Refusal{WrongType, field.shape == Shape::dates ? ": YYYY-MM-DD" : ": a text"};
    const std::string_view text = value.get_string();
    if (field.shape == Shape::dates) {
      const auto day = parse_date(text);
      if (!day) return Refusal{WrongType, ": YYYY-MM-DD"};
      one.number = *day;
      return {};
    }
    if (text.empty()) return Refusal{MissingField, {}};
    if (const auto code = check_text(text); code != none) return Refusal{code, {}};
    one.at = builder_.CreateString(text.data(), text.size()).o;
    return {};
  }

  template <class T>
  void add_as(const FieldForm& field, const Slot& slot) {
    const auto value = static_cast<T>(slot.number);
    if (field.nullable)
      builder_.AddElement<T>(field.offset, value);
    else
      builder_.AddElement<T>(field.offset, value, static_cast<T>(field.missing));
  }

  void add(const FieldForm& field, const Slot& slot) {
    switch (field.base) {
      case reflection::Bool:
      case reflection::UByte:
        return add_as<std::uint8_t>(field, slot);
      case reflection::Byte:
        return add_as<std::int8_t>(field, slot);
      case reflection::Short:
        return add_as<std::int16_t>(field, slot);
      case reflection::UShort:
        return add_as<std::uint16_t>(field, slot);
      case reflection::Int:
        return add_as<std::int32_t>(field, slot);
      case reflection::UInt:
        return add_as<std::uint32_t>(field, slot);
      case reflection::Long:
        return add_as<std::int64_t>(field, slot);
      case reflection::ULong:
        return add_as<std::uint64_t>(field, slot);
      default:
        builder_.AddOffset(field.offset, flatbuffers::Offset<void>(slot.at));
    }
  }

  flatbuffers::FlatBufferBuilder& builder_;
};

}  // namespace

std::optional<std::int64_t> whole_number(const boost::json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (!value.is_double()) return std::nullopt;
  const double number = value.get_double();
  constexpr double kExact = 9'007'199'254'740'992.0;  // 2^53: beyond it a double is no exact count
  if (!(number >= -kExact && number <= kExact) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::expected<std::vector<std::uint8_t>, Refusal> parse_data(const EventInfo& info,
                                                             const boost::json::object& data) {
  flatbuffers::FlatBufferBuilder& builder = reused_builder();
  flatbuffers::uoffset_t root = 0;
  if (auto failure = TableReader(builder).read(form_of(info.type), data, root))
    return std::unexpected(std::move(*failure));
  builder.Finish(flatbuffers::Offset<void>(root));
  std::vector<std::uint8_t> bytes(builder.GetBufferPointer(),
                                  builder.GetBufferPointer() + builder.GetSize());
  CHECK(verify(info.type, bytes));
  return bytes;
}

}  // namespace schemas
