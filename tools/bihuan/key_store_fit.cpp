#include "tools/bihuan/key_store_fit.h"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>

#include "schemas/event.h"
#include "schemas/json_fields.h"

namespace tools {

engine::Result<KeyStoreFit> fit_of(const engine::Log& log, const engine::KeyRing& keys) {
  KeyStoreFit out;
  const auto look = [&](const engine::RecordView& record, const schemas::FieldForm& field) {
    const auto* const table = flatbuffers::GetRoot<flatbuffers::Table>(record.payload.data());
    const auto* const value =
        table->GetPointer<const flatbuffers::Vector<std::uint8_t>*>(field.offset);
    if (value == nullptr || value->size() == 0) return;
    const engine::SealedPlace place{record.kind, record.no, record.version, field.name};
    if (keys.unseal(place, {value->data(), value->size()})) {
      ++out.opened;
    } else if (keys.destroyed(record.kind, record.no)) {
      ++out.destroyed;
    } else {
      if (out.closed++ == 0) out.first_closed = record.seq;
    }
  };
  const auto read = log.read(1, log.size(), [&](const engine::RecordView& record) {
    const auto type = static_cast<schemas::EventType>(record.type);
    if (schemas::find_event(record.type) == nullptr) return true;
    const schemas::TableForm& form = schemas::form_of(type);
    const auto is_sealed = [](const schemas::FieldForm& field) {
      return field.shape == schemas::Shape::sealed;
    };
    if (std::ranges::none_of(form.fields, is_sealed) || !schemas::verify(type, record.payload))
      return true;
    for (const schemas::FieldForm& field : form.fields)
      if (is_sealed(field)) look(record, field);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return out;
}

}  // namespace tools
