// What each field of an enterprise's profile 画像 holds, and how a condition may compare it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "event_generated.h"
#include "schemas/calendar.h"

namespace schemas {

enum class FieldKind : std::uint8_t {
  text,      // compared as it is
  industry,  // GB/T 4754-2017; a shorter code takes in the longer ones
  size,      // a SizeClass by name
  number,    // whole, not negative unless `may_fall`
  date,      // YYYY-MM-DD
  flag,      // yes, no
  held,      // a tag or a qualification: not a value of the profile, but in a list of its own
};

struct ProfileFieldInfo {
  ProfileField field;
  FieldKind kind;
  std::string_view name, chinese, unit;
  bool may_fall = false;  // a number that may be below zero
};

[[nodiscard]] const ProfileFieldInfo& info_of(ProfileField field);

// The value as it is compared: a number, the day of a date, 1 or 0 of a flag; 0 of a text. nullopt:
// the text is no value of this field.
[[nodiscard]] std::optional<std::int64_t> parse_value(const ProfileFieldInfo& info,
                                                      std::string_view text);

// The same of a value that a condition compares with: of within_years a number of years, up to 200.
[[nodiscard]] std::optional<std::int64_t> parse_asked(const ProfileFieldInfo& info,
                                                      Comparison comparison, std::string_view text);

// May a condition compare a field of this kind so, and with that many values?
[[nodiscard]] bool may_compare(FieldKind kind, Comparison comparison, std::size_t values);

}  // namespace schemas
