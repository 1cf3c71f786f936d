// How each table of the schemas looks as a JSON object: made once from the reflection, so that
// neither reading nor writing looks anything up by name. Internal to the JSON door; docs and tests
// read it too.
#pragma once

#include <flatbuffers/reflection.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "event_generated.h"

namespace schemas {

struct TableForm;

enum class Shape : std::uint8_t {
  boolean,
  integer,
  enumeration,
  time,  // microseconds; RFC 3339
  date,  // days; YYYY-MM-DD
  text,
  sealed,   // bytes; a string, or {"sealed": base64}
  digest,   // bytes; lower-case hex
  dates,    // vector of days
  texts,    // vector of strings
  tables,   // vector of tables
  structs,  // vector of structs
};

struct FieldForm {
  std::string_view name;  // as in JSON: a trailing '_' stripped
  const reflection::Field* field = nullptr;
  Shape shape = Shape::integer;
  reflection::BaseType base = reflection::None;  // of a scalar
  flatbuffers::voffset_t offset = 0;             // in the vtable, or in the struct
  bool optional = false, pinned = false;
  bool nullable = false;            // a scalar without default: absent is none
  std::int64_t missing = 0;         // the default
  std::optional<std::int64_t> off;  // what JSON null is stored as
  std::int64_t least = 0;
  std::uint64_t most = 0;
  std::vector<std::string_view> names;  // of an enumeration, by number
  const TableForm* table = nullptr;     // of `tables` and `structs`
  // ReportFiled.supervisor alone: the field that takes the bytes when it comes sealed. -1: none.
  int twin = -1;
};

inline constexpr std::size_t kFieldsMax = 32;

struct TableForm {
  std::string_view name;
  std::vector<FieldForm> fields;  // in the order of the schema
};

[[nodiscard]] const TableForm& form_of(EventType type);  // CHECKs that it is known

}  // namespace schemas
