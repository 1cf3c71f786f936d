// Payloads and records as JSON. Every field that the schema needs is printed, so that what is
// exported can be read again by parse_line.
#include <absl/strings/escaping.h>

#include "schemas/calendar.h"
#include "schemas/json.h"
#include "schemas/json_fields.h"

namespace schemas {
namespace {

namespace bj = boost::json;
using flatbuffers::Table;

std::int64_t number_at(const std::uint8_t* place, reflection::BaseType base) {
  return flatbuffers::GetAnyValueI(base, place);
}

bj::value number_json(const FieldForm& form, std::int64_t number) {
  if (form.off && number == *form.off) return nullptr;
  switch (form.shape) {
    case Shape::boolean:
      return number != 0;
    case Shape::time:
      return number == 0 ? bj::value(nullptr) : bj::value(time_text(number));  // pinned "never"
    case Shape::date:
      if (number == 0 && form.pinned) return nullptr;
      return bj::value(date_text(static_cast<Day>(number)));
    case Shape::enumeration: {
      const auto index = static_cast<std::size_t>(number);
      if (index < form.names.size()) return bj::value(bj::string_view(form.names[index]));
      return number;  // only of a tampered record: shown as it is
    }
    default:
      if (form.base == reflection::ULong) return static_cast<std::uint64_t>(number);
      return number;
  }
}

bj::value sealed_json(const flatbuffers::Vector<std::uint8_t>& bytes) {
  const std::string text(bytes.begin(), bytes.end());
  if (!text.empty() && text[0] == static_cast<char>(engine::kPlain))
    return bj::value(text.substr(1));
  bj::object sealed;
  sealed["sealed"] = absl::Base64Escape(text);
  return sealed;
}

bj::object table_json(const TableForm& form, const Table& table, Pinned pinned);

bj::object struct_json(const TableForm& form, const std::uint8_t* place) {
  bj::object object;
  for (const FieldForm& field : form.fields)
    object[field.name] = number_json(field, number_at(place + field.offset, field.base));
  return object;
}

bj::array structs_json(const FieldForm& field, const Table& table) {
  bj::array list;
  const auto* structs = table.GetPointer<const flatbuffers::VectorOfAny*>(field.offset);
  if (structs == nullptr) return list;
  const auto* object =
      schema().objects()->Get(static_cast<flatbuffers::uoffset_t>(field.field->type()->index()));
  const auto size = static_cast<std::size_t>(object->bytesize());
  for (flatbuffers::uoffset_t i = 0; i < structs->size(); ++i)
    list.push_back(struct_json(*field.table, structs->Data() + i * size));
  return list;
}

bj::value list_json(const FieldForm& field, const Table& table, Pinned pinned) {
  bj::array list;
  if (field.shape == Shape::structs) return structs_json(field, table);
  if (field.shape == Shape::dates) {
    const auto* days = table.GetPointer<const flatbuffers::Vector<std::int32_t>*>(field.offset);
    if (days != nullptr)
      for (const std::int32_t day : *days) list.push_back(bj::value(date_text(day)));
  } else if (field.shape == Shape::texts) {
    const auto* texts =
        table.GetPointer<const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>*>(
            field.offset);
    if (texts != nullptr)
      for (const flatbuffers::String* text : *texts)
        list.push_back(bj::value(bj::string_view(view(text))));
  } else {
    const auto* tables =
        table.GetPointer<const flatbuffers::Vector<flatbuffers::Offset<Table>>*>(field.offset);
    if (tables != nullptr)
      for (const Table* one : *tables) list.push_back(table_json(*field.table, *one, pinned));
  }
  return list;
}

bool is_present(const FieldForm& field, const Table& table) {
  return table.GetOptionalFieldOffset(field.offset) != 0;
}

bj::value value_json(const FieldForm& field, const Table& table, Pinned pinned) {
  switch (field.shape) {
    case Shape::text:
      return bj::value(
          bj::string_view(view(table.GetPointer<const flatbuffers::String*>(field.offset))));
    case Shape::sealed: {
      const auto* bytes = table.GetPointer<const flatbuffers::Vector<std::uint8_t>*>(field.offset);
      return bytes == nullptr ? bj::value("") : sealed_json(*bytes);
    }
    case Shape::digest: {
      const auto* bytes = table.GetPointer<const flatbuffers::Vector<std::uint8_t>*>(field.offset);
      if (bytes == nullptr) return bj::value("");
      return bj::value(
          absl::BytesToHexString({reinterpret_cast<const char*>(bytes->Data()), bytes->size()}));
    }
    case Shape::dates:
    case Shape::texts:
    case Shape::tables:
    case Shape::structs:
      return list_json(field, table, pinned);
    default:
      break;
  }
  if (!is_present(field, table)) return number_json(field, field.missing);
  return number_json(field, number_at(table.GetAddressOf(field.offset), field.base));
}

// Does an absent field still say something? Needed ones do (their default), as do pinned numbers.
bool is_printed(const FieldForm& field, const Table& table) {
  if (is_present(field, table)) return true;
  if (field.optional || field.nullable) return false;
  return !(field.pinned && (field.shape == Shape::text || field.shape == Shape::sealed ||
                            field.shape == Shape::digest));
}

bj::object table_json(const TableForm& form, const Table& table, Pinned pinned) {
  bj::object object;
  for (const FieldForm& field : form.fields) {
    const bool sealed_elsewhere =
        field.twin >= 0 && pinned == Pinned::leave_out &&
        is_present(form.fields[static_cast<std::size_t>(field.twin)], table);
    if (sealed_elsewhere)
      object[field.name] =
          value_json(form.fields[static_cast<std::size_t>(field.twin)], table, pinned);
    else if (!(field.pinned && pinned == Pinned::leave_out) && is_printed(field, table))
      object[field.name] = value_json(field, table, pinned);
  }
  return object;
}

bj::object actor_json(const engine::RecordView& record) {
  bj::object actor;
  actor["id"] = bj::string_view(record.actor);
  actor["role"] = bj::string_view(record.role);
  if (!record.department.empty()) actor["department"] = bj::string_view(record.department);
  return actor;
}

std::string stream_text(const engine::RecordView& record) {
  return std::string(record.kind).append("/").append(record.no);
}

}  // namespace

boost::json::object data_json(const EventInfo& info, std::span<const std::uint8_t> payload,
                              Pinned pinned) {
  return table_json(form_of(info.type), *flatbuffers::GetAnyRoot(payload.data()), pinned);
}

boost::json::object history_line(const engine::RecordView& record) {
  const EventInfo& info = info_of(type_of(record));
  bj::object line;
  line["at"] = time_text(record.recorded_at);
  if (record.occurred_at != record.recorded_at) line["occurred_at"] = time_text(record.occurred_at);
  line["actor"] = actor_json(record);
  line["command"] = bj::string_view(info.command);
  line["stream"] = stream_text(record);
  line["id"] = bj::string_view(record.id);
  line["data"] = data_json(info, record.payload, Pinned::leave_out);
  if ((record.flags & engine::kDerived) != 0) line["derived"] = true;
  // A copy of a ledger has its root only if what was live there stays so.
  if ((record.flags & engine::kImported) == 0) line["imported"] = false;
  return line;
}

boost::json::object event_json(const engine::RecordView& record) {
  const EventInfo& info = info_of(type_of(record));
  bj::object event;
  event["seq"] = record.seq;
  event["stream"] = stream_text(record);
  event["version"] = record.version;
  event["event"] = bj::string_view(info.name);
  event["recorded_at"] = time_text(record.recorded_at);
  event["occurred_at"] = time_text(record.occurred_at);
  event["actor"] = actor_json(record);
  event["imported"] = (record.flags & engine::kImported) != 0;
  event["derived"] = (record.flags & engine::kDerived) != 0;
  event["follows"] = (record.flags & engine::kFollows) != 0;
  event["id"] = bj::string_view(record.id);
  event["data"] = data_json(info, record.payload, Pinned::include);
  return event;
}

}  // namespace schemas
