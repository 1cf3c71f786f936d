#include "tools/ledger/sealed_fields.h"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>

#include "engine/proof/seal.h"
#include "schemas/event.h"
#include "schemas/json_fields.h"

namespace tools {

engine::Result<std::set<std::string>> visit_sealed(const engine::Log& log,
                                                   const SealedVisitor& visit) {
  std::set<std::string> erased;
  const auto read = log.read(1, log.size(), [&](const engine::RecordView& record) {
    const auto type = static_cast<schemas::EventType>(record.type);
    if (schemas::find_event(record.type) == nullptr) return true;
    if (type == schemas::EventType::PersonalDataErased)
      erased.insert(engine::subject_of(record.kind, record.no));
    const schemas::TableForm& form = schemas::form_of(type);
    const auto is_sealed = [](const schemas::FieldForm& field) {
      return field.shape == schemas::Shape::sealed;
    };
    if (std::ranges::none_of(form.fields, is_sealed) || !schemas::verify(type, record.payload))
      return true;
    const auto* const table = flatbuffers::GetRoot<flatbuffers::Table>(record.payload.data());
    for (const schemas::FieldForm& field : form.fields) {
      if (!is_sealed(field)) continue;
      const auto* const value =
          table->GetPointer<const flatbuffers::Vector<std::uint8_t>*>(field.offset);
      if (value != nullptr && value->size() != 0)
        visit(record, field.name, {value->data(), value->size()});
    }
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return erased;
}

}  // namespace tools
