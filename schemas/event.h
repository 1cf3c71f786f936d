// The registry of event types: name, command, subject, and typed access to verified payloads.
// Everything is read from the embedded schemas; adding a table and its number is all there is to do.
#pragma once

#include <flatbuffers/flatbuffers.h>
#include <flatbuffers/reflection.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"

namespace schemas {

struct EventInfo {
  EventType type = EventType::none;
  std::string_view name;     // "AppealAccepted"
  std::string_view command;  // "AcceptAppeal"; empty: only a consequence of other commands
  std::string_view kind;     // stream kind; empty for DeadlineRecomputed, which goes to any stream
  const reflection::Object* table = nullptr;
};

inline constexpr std::uint16_t kSchemaVersion = 1;

[[nodiscard]] std::span<const EventInfo> all_events();             // by number
[[nodiscard]] const EventInfo* find_event(std::uint16_t number);   // nullptr: unknown
[[nodiscard]] const EventInfo& info_of(EventType type);            // CHECKs that it is known
[[nodiscard]] const EventInfo* find_command(std::string_view command);
[[nodiscard]] const reflection::Schema& schema();
// Is `payload` a well-formed FlatBuffer of that type's table (bounds, depth 16, 10,000 tables)?
[[nodiscard]] bool verify(EventType type, std::span<const std::uint8_t> payload);

// The payload of a record whose type is T's and which was verified when it came in.
template <class T>
[[nodiscard]] const T& payload_of(std::span<const std::uint8_t> payload) {
  return *flatbuffers::GetRoot<T>(payload.data());
}
template <class T>
[[nodiscard]] const T& payload_of(const engine::RecordView& record) {
  return payload_of<T>(record.payload);
}

[[nodiscard]] inline EventType type_of(const engine::RecordView& record) {
  return static_cast<EventType>(record.type);
}

// An empty builder whose memory was used before: one a thread, so only for one payload at a time.
[[nodiscard]] flatbuffers::FlatBufferBuilder& reused_builder();

// FlatBuffer bytes of an object-API value (`AppealAcceptedT` and so on). Deterministic.
template <class NativeTable>
[[nodiscard]] std::vector<std::uint8_t> pack(const NativeTable& value) {
  flatbuffers::FlatBufferBuilder& builder = reused_builder();
  builder.Finish(NativeTable::TableType::Pack(builder, &value));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

[[nodiscard]] inline std::string_view view(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view{} : text->string_view();
}

}  // namespace schemas
