#include "projections/profile_columns.h"

#include "schemas/profile_fields.h"

namespace projections {
namespace {

bool is_text(schemas::ProfileField field) {
  const schemas::FieldKind kind = schemas::info_of(field).kind;
  return kind == schemas::FieldKind::text || kind == schemas::FieldKind::industry;
}

}  // namespace

void ProfileColumns::add(const schemas::Profile& profile) {
  for (const schemas::KnownValue& one : profile.values)
    columns_.at(static_cast<std::size_t>(one.field))
        .values.push_back({is_text(one.field) ? texts_.intern(one.value) : one.number, one.as_of,
                           texts_.intern(one.source)});
  for (Column<Value>& column : columns_)
    column.first.push_back(static_cast<std::uint32_t>(column.values.size()));
  add_held(tags_, profile.tags);
  add_held(qualifications_, profile.qualifications);
  ++size_;
}

void ProfileColumns::add_held(Column<Held>& column, const std::vector<schemas::Holding>& held) {
  for (const schemas::Holding& one : held)
    column.values.push_back(
        {texts_.intern(one.name), texts_.intern(one.source), one.from, one.last});
  column.first.push_back(static_cast<std::uint32_t>(column.values.size()));
}

}  // namespace projections
