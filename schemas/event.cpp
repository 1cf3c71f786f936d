// The registry is built once from the embedded reflection: an enum value with a table of the same
// name is an event; its hundred says which stream it belongs to (event.fbs).
#include "schemas/event.h"

#include <absl/container/flat_hash_map.h>

#include <array>

#include "engine/check.h"
#include "event_bfbs_generated.h"
#include "schemas/event_list.h"

namespace schemas {
namespace {

constexpr std::string_view kNamespace = "schemas.";
constexpr std::size_t kNumbers = 9100;  // event numbers are below this
constexpr flatbuffers::uoffset_t kDepthMax = 16, kTablesMax = 10'000;

std::string_view kind_of(EventType type) {
  if (type == EventType::DeadlineRecomputed) return {};  // in the stream whose clock it is
  switch (static_cast<unsigned>(type) / 100) {
    case 1:
      return "calendar";
    case 2:
      return "rules";
    case 3:
      return "department";
    case 4:
      return "enterprise";
    case 5:
      return "appeal";
    case 6:
      return "supervisor";
    case 7:
      return "supervisor-report";
    case 8:
      return "plan";
    case 9:
      return "task";
    case 10:
      return "policy";
    case 11:
      return "vocabulary";
    case 12:
      return "item";
    case 13:
      return "application";
    case 90:
      return "access";
  }
  CHECK(false && "an event number outside the hundreds of event.fbs");
  return {};
}

struct Registry {
  std::vector<EventInfo> events;
  std::array<const EventInfo*, kNumbers> by_number{};
  absl::flat_hash_map<std::string_view, const EventInfo*> by_command;
};

Registry make_registry() {
  Registry registry;
  const auto* types = schema().enums()->LookupByKey("schemas.EventType");
  CHECK(types != nullptr);
  for (const reflection::EnumVal* value : *types->values()) {  // flatc sorts them by number
    const auto type = static_cast<EventType>(value->value());
    if (type == EventType::none) continue;
    const std::string name = std::string(kNamespace) + value->name()->str();
    const reflection::Object* table = schema().objects()->LookupByKey(name.c_str());
    CHECK(table != nullptr);
    std::string_view command;
    if (table->attributes() != nullptr)
      if (const auto* found = table->attributes()->LookupByKey("command"))
        command = view(found->value());
    registry.events.push_back({type, view(value->name()), command, kind_of(type), table});
  }
  for (const EventInfo& info : registry.events) {
    CHECK(static_cast<std::size_t>(info.type) < kNumbers);
    registry.by_number[static_cast<std::size_t>(info.type)] = &info;
    if (!info.command.empty()) registry.by_command.emplace(info.command, &info);
  }
  return registry;
}

const Registry& registry() {
  static const Registry made = make_registry();
  return made;
}

template <class Table>
bool verify_as(std::span<const std::uint8_t> payload) {
  flatbuffers::Verifier verifier(payload.data(), payload.size(), kDepthMax, kTablesMax);
  return verifier.VerifyBuffer<Table>(nullptr);
}

}  // namespace

std::span<const EventInfo> all_events() { return registry().events; }

const EventInfo* find_event(std::uint16_t number) {
  return number < kNumbers ? registry().by_number[number] : nullptr;
}

const EventInfo& info_of(EventType type) {
  const EventInfo* info = find_event(static_cast<std::uint16_t>(type));
  CHECK(info != nullptr);
  return *info;
}

const EventInfo* find_command(std::string_view command) {
  const auto found = registry().by_command.find(command);
  return found == registry().by_command.end() ? nullptr : found->second;
}

const reflection::Schema& schema() {
  static const reflection::Schema& root = *reflection::GetSchema(EventBinarySchema::data());
  return root;
}

flatbuffers::FlatBufferBuilder& reused_builder() {
  thread_local flatbuffers::FlatBufferBuilder builder(1024);
  builder.Clear();
  return builder;
}

bool verify(EventType type, std::span<const std::uint8_t> payload) {
  switch (type) {
    case EventType::none:
      return false;
#define SCHEMAS_VERIFY(name) \
  case EventType::name:      \
    return verify_as<name>(payload);
      SCHEMAS_EVENTS(SCHEMAS_VERIFY)
#undef SCHEMAS_VERIFY
  }
  return false;
}

}  // namespace schemas
