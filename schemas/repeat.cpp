#include "schemas/repeat.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "schemas/event.h"
#include "schemas/json.h"

namespace schemas {
namespace {

using Bytes = std::span<const std::uint8_t>;

Bytes bytes_of(const flatbuffers::Vector<std::uint8_t>* vector) {
  return vector == nullptr ? Bytes{} : Bytes{vector->data(), vector->size()};
}

Bytes field_bytes(Bytes payload, const reflection::Field& field) {
  const auto* table = flatbuffers::GetAnyRoot(payload.data());
  return bytes_of(flatbuffers::GetFieldV<std::uint8_t>(*table, field));
}

// Does a field of a command (plain or sealed) say what the stored one says?
bool says_the_same(Bytes said, Bytes stored, const engine::SealedPlace& place,
                   const engine::Sealer& sealer) {
  if (said.empty() || stored.empty()) return said.empty() == stored.empty();
  if (said[0] != engine::kPlain) return std::ranges::equal(said, stored);
  const auto text = sealer.unseal(place, stored);
  const Bytes plain = said.subspan(1);
  return text && std::ranges::equal(*text, plain, [](char a, std::uint8_t b) {
           return static_cast<std::uint8_t>(a) == b;
         });
}

// A sealed report moves the supervisor's ID into `reporter`; its actor is then a pseudonym.
bool same_reporter(const Command& command, const engine::RecordView& first,
                   const engine::Sealer& sealer, std::string_view said) {
  const auto stored = bytes_of(payload_of<ReportFiled>(first).reporter());
  const auto given = bytes_of(payload_of<ReportFiled>(Bytes{command.data}).reporter());
  if (!given.empty()) return std::ranges::equal(given, stored);
  const auto text = sealer.unseal({first.kind, first.no, first.version, "reporter"}, stored);
  return text && *text == said;
}

bool same_sealed_fields(const EventInfo& info, const Command& command,
                        const engine::RecordView& first, const engine::Sealer& sealer,
                        boost::json::object& said, boost::json::object& stored) {
  for (const reflection::Field* field : *info.table->fields()) {
    const auto* attributes = field->attributes();
    if (attributes == nullptr || attributes->LookupByKey("sealed") == nullptr) continue;
    const std::string_view name = field->name()->string_view();
    if (!says_the_same(field_bytes(command.data, *field), field_bytes(first.payload, *field),
                       {first.kind, first.no, first.version, name}, sealer))
      return false;
    said.erase(name);
    stored.erase(name);
  }
  return true;
}

// "Left out: as requested" (appeal.fbs): decide() fills these fields, so the same line does not say
// them.
void forget_what_was_filled(EventType event, const boost::json::object& said,
                            boost::json::object& stored) {
  if (event != EventType::ExtensionApproved && event != EventType::LongTermApproved) return;
  for (const std::string_view name : {"workdays", "plan", "until"})
    if (!said.contains(name)) stored.erase(name);
}

}  // namespace

bool is_repeat(const Command& command, const engine::RecordView& first,
               const engine::Sealer& sealer) {
  const bool sealed_report = type_of(first) == EventType::ReportFiled &&
                             !bytes_of(payload_of<ReportFiled>(first).reporter()).empty();
  if (command.event != type_of(first) || command.kind != first.kind || command.no != first.no)
    return false;
  const bool actor = command.actor.id == first.actor ||
                     first.actor == sealer.pseudonym(first.kind, first.no, first.version);
  if (!actor || role_name(command.actor.role) != first.role ||
      command.actor.department != first.department)
    return false;
  if (command.occurred_at ? *command.occurred_at != first.occurred_at
                          : first.occurred_at != first.recorded_at)
    return false;
  if (((command.flags ^ first.flags) & engine::kDerived) != 0) return false;

  const EventInfo& info = info_of(command.event);
  boost::json::object said = data_json(info, command.data, Pinned::leave_out);
  boost::json::object stored = data_json(info, first.payload, Pinned::leave_out);
  forget_what_was_filled(command.event, said, stored);
  if (sealed_report) {
    const auto* supervisor = payload_of<ReportFiled>(Bytes{command.data}).supervisor();
    if (!same_reporter(command, first, sealer, view(supervisor))) return false;
    said.erase("supervisor");
    stored.erase("supervisor");
    said.erase("reporter");
    stored.erase("reporter");
    return said == stored;
  }
  return same_sealed_fields(info, command, first, sealer, said, stored) && said == stored;
}

}  // namespace schemas
